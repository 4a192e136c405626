"""The pages of the portfolio: sums with what is unknown beside them, and the rows that they are made of."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from govern.domain.role import Role
from govern.services import people
from govern.services.importing import ensure_portfolio
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.web.app import create_app
from tests.services.house import NOW, House, add_project, report, submit
from tests.web.pages.approving import BASE, Browsing, Open, in_money, sign_in, text_of

PAGES = (
    "/portfolio",
    "/portfolio/rag",
    "/portfolio/pipeline",
    "/portfolio/overdue",
    "/portfolio/kpis",
)


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house.runtime, lambda: NOW)


@pytest.fixture
def open_for(house: House, app: Flask) -> Open:
    return lambda name: sign_in(app, house.runtime, f"{name}@example.org")


@pytest.fixture
def sam(house: House, open_for: Open) -> Browsing:
    add_project(house, "P1")
    add_project(house, "P2")
    for project in ("P1", "P2"):
        in_money(house, f"{project}-K1")
    report(house, "P1-K1", {"2026-10-31": 640})
    submit(house, "P2", "value_defined")
    return open_for("sam")


def _csv(browsing: Browsing, path: str) -> list[dict[str, str]]:
    answer = browsing.client.get(path, base_url=BASE)
    assert answer.mimetype == "text/csv", answer.text
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_value_is_told_and_what_is_unknown_is_named_and_in_no_sum(sam: Browsing) -> None:
    page = sam.get("/portfolio")
    told = text_of(page)
    assert "Promised 2,400 EUR a month" in told
    # Of P2 nobody has reported anything: it is no zero, and named.
    assert "Realised 640 EUR a month; 1 unknown" in told
    assert "no figure for 31 Oct 2026" in told
    assert 'href="/projects/P2/kpis/P2-K1"' in page


def test_every_number_leads_to_its_rows_and_the_file_has_them(sam: Browsing) -> None:
    assert 'href="/portfolio/kpis?per=month"' in sam.get("/portfolio")
    rows = _csv(sam, "/portfolio/kpis?per=month&csv=kpis")
    assert {each["name"] for each in rows} == {"Revenue"}
    promised = sum(Decimal(each["promised"]) for each in rows)
    realised = sum(Decimal(each["realised"]) for each in rows if each["realised"])
    assert (promised, realised) == (2400, 640)
    lacking = _csv(sam, "/portfolio/kpis?unknown=realised&csv=kpis")
    assert [each["project"] for each in lacking] == ["P2"]
    assert "realised: no figure" in lacking[0]["lacks"]


def test_the_matrix_has_the_worst_of_each_category(house: House, sam: Browsing) -> None:
    told = text_of(sam.get("/portfolio/rag"))
    assert "Project P1" in told
    assert "revenue" in told


def test_a_cell_of_the_matrix_leads_to_the_kpis_of_that_category(sam: Browsing) -> None:
    assert 'href="/projects/P1/kpis?category=revenue"' in sam.get("/portfolio/rag")
    there = text_of(sam.get("/projects/P1/kpis?category=revenue"))
    assert "of the category revenue alone" in there
    assert "Revenue" in there
    elsewhere = text_of(sam.get("/projects/P1/kpis?category=cost"))
    assert "Revenue" not in elsewhere
    assert "without a category" in text_of(sam.get("/projects/P1/kpis?category="))


def test_the_pipeline_says_how_many_wait_and_what_is_at_stake(sam: Browsing) -> None:
    rows = _csv(sam, "/portfolio/pipeline?csv=gates")
    assert [(each["title"], each["waiting"]) for each in rows] == [("Value is defined", "1")]
    assert rows[0]["stake"] == "1,200 EUR a month"
    waiting = _csv(sam, "/portfolio/pipeline?gate=value_defined&csv=waiting")
    assert [each["project"] for each in waiting] == ["P2"]
    assert _csv(sam, "/portfolio/pipeline?gate=planned&csv=stages")
    assert "No project waits at a gate." in sam.get("/portfolio/pipeline?gate=closed")


def test_what_needs_attention_says_why(house: House, sam: Browsing) -> None:
    sweep(house.runtime, OPERATOR, as_of=date(2026, 10, 31), now=NOW)
    rows = _csv(sam, "/portfolio?csv=attention")
    assert {each["project"]: each["because"] for each in rows} == {"P1": "1 recommendation waits"}


def test_a_person_sees_only_what_they_may(house: House, sam: Browsing, app: Flask) -> None:
    ensure_portfolio(house.runtime, OPERATOR, "other", "Other", now=NOW)
    people.add_person(house.runtime, OPERATOR, email="eve@example.org", name="Eve", now=NOW)
    people.grant_role(
        house.runtime, OPERATOR, email="eve@example.org", role=Role.SPONSOR, project="P1", now=NOW
    )
    eve = sign_in(app, house.runtime, "eve@example.org")
    for path in PAGES:
        assert "P2" not in eve.get(path)
    assert "Promised 1,200 EUR" in text_of(eve.get("/portfolio"))
    eve.get("/portfolio?portfolio=other", status=404)


def test_somebody_without_a_role_is_told_so(house: House, app: Flask) -> None:
    people.add_person(house.runtime, OPERATOR, email="eve@example.org", name="Eve", now=NOW)
    eve = sign_in(app, house.runtime, "eve@example.org")
    assert "There is no project that you may see." in text_of(eve.get("/portfolio"))
    for path in PAGES[1:]:
        eve.get(path)


def test_a_currency_that_there_is_not_is_refused_with_what_would_be_right(sam: Browsing) -> None:
    assert "There is no currency" in sam.get("/portfolio?currency=EURO", status=422)
    told = text_of(sam.get("/portfolio?currency=EUR&portfolio=main"))
    assert "Promised 2,400 EUR" in told


def test_the_value_report_is_a_page_of_its_own(sam: Browsing) -> None:
    answer = sam.client.get("/portfolio/report?portfolio=main", base_url=BASE)
    assert answer.status_code == 200
    assert "Portfolio value report" in answer.text


def test_lessons_are_found_by_words_and_read(house: House, sam: Browsing) -> None:
    from govern.services import lessons  # noqa: PLC0415

    made = lessons.add_lesson(
        house.runtime,
        house.pia,
        "P1",
        {
            "title": "Try it on a thousand customers",
            "happened": "Two letters were withdrawn.",
            "because": "Nobody had tried them.",
            "next_time": "Plan a trial.",
        },
        now=NOW,
    )
    assert "Try it on a thousand customers" in sam.get("/lessons?q=thousand")
    assert "No lesson has these words." in sam.get("/lessons?q=zebra")
    told = text_of(sam.get(f"/lessons/{made['id']}"))
    assert "Plan a trial." in told
    sam.get("/lessons/999", status=404)
