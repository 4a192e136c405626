"""The pages of projects: what stands on them, who sees them, and that a file has what the page has."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask

from govern.domain.role import Role
from govern.services import people
from govern.services.people import OPERATOR
from govern.services.readings import record_readings
from govern.services.sweeps import sweep
from govern.web.app import create_app
from tests.services.house import NOW, House, add_project, report, submit
from tests.web.pages.approving import BASE, Browsing, Open, in_money, sign_in, text_of

TABS = ("", "/kpis", "/benefits", "/recommendations", "/gates", "/history", "/kpis/P1-K1")


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house.runtime, lambda: NOW)


@pytest.fixture
def open_for(house: House, app: Flask) -> Open:
    return lambda name: sign_in(app, house.runtime, f"{name}@example.org")


@pytest.fixture
def pia(house: House, open_for: Open) -> Browsing:
    add_project(house, "P1", department="Sales")
    report(house, "P1-K1", {"2026-09-30": 80, "2026-10-31": 100})
    return open_for("pia")


def _csv(browsing: Browsing, path: str) -> list[dict[str, str]]:
    answer = browsing.client.get(path, base_url=BASE)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_leads_to_every_other(pia: Browsing, tab: str) -> None:
    page = pia.get(f"/projects/P1{tab}")
    for other in TABS[1:6]:
        assert f'href="/projects/P1{other}"' in page
    assert page.count("<h1>") == 1
    assert page.count('<li><a href="/projects/P1') == 6


def test_the_overview_tells_value_and_who_leads(house: House, pia: Browsing) -> None:
    in_money(house, "P1-K1")
    submit(house, "P1", "value_defined")
    told = text_of(pia.get("/projects/P1"))
    assert "Manager Max, Pia" in told
    assert "Sponsor Max, Sam" in told
    assert "Next gate Value is defined , waits for a decision" in told
    assert "waits for sponsor: Max, Sam" in told
    assert "Promised 1,200" in told


def test_what_is_unknown_is_told_and_never_nothing(house: House, open_for: Open) -> None:
    add_project(house, "P9")
    in_money(house, "P9-K1")
    told = text_of(open_for("pia").get("/projects/P9"))
    assert "Realised unknown" in told
    assert "Forecast at completion unknown" in told
    assert "What is unknown, and in no sum" in told
    assert "Realised 0" not in told


def test_the_list_is_narrowed_sorted_and_taken_as_a_file(house: House, pia: Browsing) -> None:
    add_project(house, "P2", name="Web shop for Norway")
    add_project(house, "P3")
    submit(house, "P2", "value_defined")
    page = pia.get("/projects")
    assert "3 of 3 projects" in text_of(page)
    assert '<a href="/projects/P2">' in page
    assert "1 of 3 projects" in text_of(pia.get("/projects?text=norway+SHOP"))
    assert "0 of 3 projects" in text_of(pia.get("/projects?stage=closed"))
    assert "No project matches." in pia.get("/projects?manager=Nobody")
    rows = _csv(pia, "/projects?csv=projects&sort-projects=-id")
    assert [each["id"] for each in rows] == ["P3", "P2", "P1"]
    assert rows[1]["gate"] == "Value is defined"
    assert {each["managers"] for each in rows} == {"Max, Pia"}
    assert rows[0]["gate"] == ""


def test_a_long_list_comes_in_parts_and_its_file_is_whole(house: House, pia: Browsing) -> None:
    from govern.web.pages import paged, projects  # noqa: PLC0415

    rows = [{"id": f"P{number:03}"} for number in range(120)]
    table = projects.Table("projects", "", (projects.Column("id", "Id"),), rows)
    part, at = paged.paged(table, {"page-projects": "3", "sort-projects": "-id"})
    assert [each["id"] for each in part.rows] == [f"P{number:03}" for number in range(19, -1, -1)]
    assert (at.number, at.of, at.first, at.last, at.total) == (3, 3, 101, 120, 120)
    assert paged.paged(table, {"page-projects": "99"})[1].number == 3
    assert paged.paged(table, {"page-projects": "x"})[1].number == 1
    assert len(paged.paged(table, {"csv": "projects", "page-projects": "2"})[0].rows) == 120


def test_who_has_no_role_on_a_project_finds_no_page_of_it(
    house: House, pia: Browsing, app: Flask
) -> None:
    add_project(house, "P2")
    people.add_person(house.runtime, OPERATOR, email="eve@example.org", name="Eve", now=NOW)
    people.grant_role(
        house.runtime,
        OPERATOR,
        email="eve@example.org",
        role=Role.DATA_OWNER,
        project="P2",
        now=NOW,
    )
    eve = sign_in(app, house.runtime, "eve@example.org")
    assert "P1" not in eve.get("/projects")
    for tab in (*TABS, "/report"):
        eve.get(f"/projects/P1{tab}", status=404)
    eve.get("/projects/P2")
    # Nor is a KPI found below a project that it does not belong to.
    eve.get("/projects/P2/kpis/P1-K1", status=404)


def test_a_kpi_shows_thresholds_and_what_its_rules_say(house: House, pia: Browsing) -> None:
    page = pia.get("/projects/P1/kpis/P1-K1")
    told = text_of(page)
    assert "Behind plan" in told
    assert "80 % of plan" in told
    assert "var(--chart-blue" in page
    assert "The forecast is unknown : 2 figures were reported; a forecast needs 4" in told
    rows = _csv(pia, "/projects/P1/kpis/P1-K1?csv=figures")
    by_day = {each["day"]: each for each in rows}
    assert by_day["2026-10-31"]["planned"] == "1000"
    assert by_day["2026-10-31"]["actual"] == "100"
    assert by_day["2026-08-31"]["actual"] == ""


def test_a_correction_stays_visible_with_who_and_why(house: House, pia: Browsing) -> None:
    later = NOW + timedelta(hours=1)
    record_readings(
        house.runtime,
        house.fay,
        [
            {
                "kpi": "P1-K1",
                "period": NOW.date().replace(month=10, day=31),
                "actual": 640,
                "reason": "A branch was missing.",
            }
        ],
        now=later,
    )
    rows = _csv(pia, "/projects/P1/kpis/P1-K1?csv=corrections")
    assert len(rows) == 1
    (row,) = rows
    assert (row["was"], row["corrected_to"]) == ("100", "640")
    assert (row["reported_by"], row["corrected_by"]) == ("Dan", "Fay")
    assert row["reason"] == "A branch was missing."
    page = pia.get("/projects/P1/kpis/P1-K1")
    assert "A cross stands where a corrected figure was first reported." in text_of(page)
    assert "corrected: 31 Oct 2026, was 100" in page


def test_the_map_is_drawn_in_the_page_and_told_as_a_list(pia: Browsing) -> None:
    page = pia.get("/projects/P1/benefits")
    assert "<style>" not in page
    assert "var(--map-deliverable" in page
    told = text_of(page)
    assert "Deliverable P1-D1: Web shop KPI P1-K1: Revenue, 60 %" in told
    assert "serves nothing" not in told


def test_a_deliverable_that_serves_nothing_is_warned_of(house: House, pia: Browsing) -> None:
    from govern.services import deliverables  # noqa: PLC0415

    deliverables.add_deliverable(
        house.runtime, house.pia, {"id": "P1-D2", "project": "P1", "name": "Posters"}, now=NOW
    )
    told = text_of(pia.get("/projects/P1/benefits"))
    assert "1 deliverable serves nothing: P1-D2" in told
    rows = _csv(pia, "/projects/P1/benefits?csv=deliverables")
    assert {each["id"]: each["serves"] for each in rows} == {"P1-D1": "P1-K1", "P1-D2": ""}


def test_what_people_wrote_is_text_on_every_page(house: House, open_for: Open) -> None:
    wild = "<b onclick=x>${7*7}</b>"
    add_project(house, "P1", name=wild, objective=wild, department=wild)
    pia = open_for("pia")
    for path in ("/projects", *(f"/projects/P1{tab}" for tab in TABS), "/portfolio"):
        assert "<b onclick" not in pia.get(path), path


def test_recommendations_stand_on_their_tab(house: House, pia: Browsing) -> None:
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    rows = _csv(pia, "/projects/P1/recommendations?csv=recommendations")
    assert rows
    assert "1 recommendation waits for an answer." in text_of(
        pia.get("/projects/P1/recommendations")
    )


def test_the_history_leads_to_each_event(house: House, pia: Browsing) -> None:
    page = pia.get("/projects/P1/history")
    assert 'href="/history/P1/1"' in page
    rows = _csv(pia, "/projects/P1/history?csv=events")
    assert [int(each["seq"]) for each in rows] == [*range(len(rows), 0, -1)]
    assert "KPI P1-K1 'Revenue'" in {each["told"] for each in rows}


def test_the_status_report_is_a_page_of_its_own(pia: Browsing) -> None:
    answer = pia.client.get("/projects/P1/report", base_url=BASE)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Project status" in answer.text
