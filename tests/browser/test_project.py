"""A project in a browser: from the list to the KPI that is behind, on a desk, on a phone, in the dark."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.kinds import SignIn
from tests.browser.opening import NARROW, PHONE, WITHOUT_JAVASCRIPT, Look
from tests.browser.people import PROJECT_MANAGER
from tests.browser.serving import Server

PROJECT = "/projects/LE-002"
PAGES = ("/projects", *(PROJECT + tab for tab in ("", "/kpis", "/kpis/LE-002-K1", "/benefits")))
FURTHER = tuple(PROJECT + tab for tab in ("/recommendations", "/gates", "/history"))


@pytest.fixture
def server(standing_server: Server) -> Server:
    return standing_server


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_signing_in_to_the_kpi_that_is_behind(signed_in_as: SignIn) -> None:
    page = signed_in_as(PROJECT_MANAGER)
    page.get_by_role("link", name="Projects", exact=True).click()
    page.get_by_label("RAG").select_option("red")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Early offers for customers about to leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Early offers for customers about to leave"
    )
    expect(page.get_by_role("listitem").filter(has_text="here now")).to_contain_text("monitoring")
    page.get_by_role("link", name="Margin kept by retained customers").first.click()
    expect(page.get_by_role("img", name="Margin kept by retained customers")).to_be_visible()
    rule = page.get_by_role("row").filter(has_text="Revenue benefit is behind its plan")
    expect(rule).to_contain_text("fires")


@pytest.mark.parametrize("path", [*PAGES, *FURTHER])
def test_everybody_can_use_it_in_light_and_dark(signed_in_as: SignIn, path: str) -> None:
    page = signed_in_as(PROJECT_MANAGER, path)
    assert_accessible(page)


@pytest.mark.parametrize("look", [PHONE, NARROW, WITHOUT_JAVASCRIPT], ids=lambda look: look.name)
def test_nothing_is_cut_off(signed_in_as: SignIn, look: Look) -> None:
    page = signed_in_as(PROJECT_MANAGER, look=look)
    for path in (*PAGES, *FURTHER):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if look is not WITHOUT_JAVASCRIPT:
            assert fits(page), path


def test_a_file_has_the_rows_of_the_page(signed_in_as: SignIn, tmp_path: Path) -> None:
    page = signed_in_as(PROJECT_MANAGER, "/projects")
    page.get_by_role("columnheader", name="Ends").get_by_role("link").click()
    shown = page.get_by_role("rowheader").all_inner_texts()
    with page.expect_download() as started:
        page.get_by_role("link", name="Projects as CSV").click()
    file = tmp_path / "projects.csv"
    started.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        assert [each["id"] for each in csv.DictReader(opened)] == shown


def test_it_prints_as_evidence(signed_in_as: SignIn) -> None:
    page = signed_in_as(PROJECT_MANAGER, PROJECT)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_text("As known on")).to_be_hidden()


def test_the_chart_is_readable_in_the_dark(signed_in_as: SignIn) -> None:
    page = signed_in_as(PROJECT_MANAGER, PROJECT + "/kpis/LE-002-K1")
    told = "getComputedStyle(document.querySelector('.chart svg text')).fill"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(told)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(told) != light
