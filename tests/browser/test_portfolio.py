"""The portfolio in a browser: from a sum to the rows it is made of, and from those to the KPI."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.accessible import assert_accessible
from tests.browser.kinds import SignIn
from tests.browser.opening import NARROW, PHONE, Look
from tests.browser.people import APPROVER
from tests.browser.serving import Server

PAGES = (
    *("/portfolio", "/portfolio/rag", "/portfolio/pipeline", "/portfolio/overdue"),
    *("/portfolio/kpis", "/lessons", "/lessons/1"),
)


@pytest.fixture
def server(standing_server: Server) -> Server:
    return standing_server


def test_a_sum_leads_to_its_rows_and_a_row_to_its_kpi(signed_in_as: SignIn, tmp_path: Path) -> None:
    page = signed_in_as(APPROVER, "/portfolio")
    tile = page.get_by_role("listitem").filter(has_text="Promised").first
    promised = int(tile.get_by_role("link").inner_text().replace(",", ""))
    tile.get_by_role("link").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="KPIs as CSV").click()
    file = tmp_path / "kpis.csv"
    started.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = [each for each in csv.DictReader(opened) if each["currency"] and not each["within"]]
    assert sum(float(each["promised"]) for each in rows if each["promised"]) == promised
    page.get_by_role("rowheader").first.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/projects/.+/kpis/.+"))


def test_a_colour_leads_to_the_projects_that_stand_at_it(signed_in_as: SignIn) -> None:
    page = signed_in_as(APPROVER, "/portfolio")
    tile = page.get_by_role("listitem").filter(has_text="red projects")
    count = tile.get_by_role("strong").inner_text()
    tile.get_by_role("link").click()
    expect(page.get_by_text(re.compile(rf"^{count} of \d+ projects"))).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_use_it_in_light_and_dark(signed_in_as: SignIn, path: str) -> None:
    assert_accessible(signed_in_as(APPROVER, path))


@pytest.mark.parametrize("look", [PHONE, NARROW], ids=lambda look: look.name)
def test_nothing_is_cut_off(signed_in_as: SignIn, look: Look) -> None:
    page = signed_in_as(APPROVER, look=look)
    for path in PAGES:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, path


def test_it_prints(signed_in_as: SignIn) -> None:
    page = signed_in_as(APPROVER, "/portfolio")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Projects that need attention first")).to_be_visible()
    expect(page.get_by_role("button", name="Show")).to_be_hidden()
