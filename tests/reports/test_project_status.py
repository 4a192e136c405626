"""The project status report: every number from a read of the API, and a page that is whole."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from govern.reports.page import to_html
from govern.services import projects
from tests.reports import houses
from tests.reports.pages import well_made
from tests.reports.traced import trace
from tests.services.house import NOW
from tests.web.caller import Callers, good, problem
from tests.web.test_as_of import seal

KIND = "project-status"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Callers]:
    """P1 in trouble, whose plan was changed with an effect; P2 at a gate, its name to be escaped; P3 on
    hold, of which next to nothing is known."""
    with houses.opened(migrated_sqlite, tmp_path_factory.mktemp("status")) as house:
        found = houses.decided(house)
        empty = {"id": "P3", "portfolio": "main", "name": "An idea"}
        projects.add_project(house.runtime, house.pia, empty, now=NOW)
        held = {"decision": "hold", "reason": "Not now.", "resume_on": "2027-03-01"}
        good(found.sam.post("/projects/P3/moves", held, version=1))
        yield found


@pytest.fixture(scope="module")
def report(people: Callers) -> dict[str, Any]:
    return good(people.eve.get(f"/reports/{KIND}?project=P1&currency=EUR"))


def content(report: dict[str, Any], name: str) -> Any:
    return next(each["content"] for each in report["sections"] if each["name"] == name)


@pytest.mark.parametrize("project", ["P1", "P2"])
def test_every_number_is_asked_for_again(people: Callers, project: str) -> None:
    found = good(people.eve.get(f"/reports/{KIND}?project={project}"))
    assert trace(people.eve, found) > 20


def test_it_tells_where_the_project_stands(report: dict[str, Any]) -> None:
    told = content(report, "standing")
    assert report["about"] == {"type": "project", "id": "P1", "name": "Project P1"}
    assert told["project"]["stage"] == told["visit"]["stage"] == "monitoring"
    assert (told["visit"]["since"], told["visit"]["days"]) == ("2026-11-24", 0)
    assert [each["gate"] for each in told["gates"]] == ["value_check", "post_review"]
    assert told["waiting"] == []


def test_a_project_before_a_gate_says_which(people: Callers) -> None:
    found = good(people.eve.get(f"/reports/{KIND}?project=P2"))
    [waiting] = content(found, "standing")["waiting"]
    assert (waiting["title"], waiting["submission"]["gate"]) == (
        "Value is defined",
        "value_defined",
    )


def test_of_a_project_of_which_nothing_is_known_nothing_is_made_up(people: Callers) -> None:
    found = good(people.eve.get(f"/reports/{KIND}?project=P3"))
    told = content(found, "standing")
    assert (told["project"]["stage"], told["project"]["budget"], told["worst"]) == (
        *("on_hold", None),
        None,
    )
    assert content(found, "kpis") == {"items": []}
    page = people.eve.get(f"/reports/{KIND}?project=P3&format=html").text
    assert "It stood in draft; resumes 1 Mar 2027." in page
    assert trace(people.eve, found) > 3


def test_it_tells_the_figures_of_each_kpi(report: dict[str, Any]) -> None:
    [kpi] = content(report, "kpis")["items"]
    assert kpi["kpi"] == "P1-K1"
    assert kpi["stands"]["attainment"] == {"value": None, "why": "no figure for 2026-10-31"}
    assert kpi["ahead"]["promised"] == "1000"
    points = {each["day"]: (each["planned"], each["actual"]) for each in kpi["points"]}
    assert len(points) == 12
    assert points["2026-09-30"] == ("900", "700")
    assert points["2026-10-31"] == ("1000", None)
    assert points["2025-11-30"] == (None, None)


def test_it_tells_what_was_changed_and_what_it_is_to_bring(report: dict[str, Any]) -> None:
    told = content(report, "changes")
    assert [(each["title"], each["state"]) for each in told["changes"]] == [
        ("A smaller web shop", "applied")
    ]
    [effect] = told["effects"]
    assert (effect["kpi"], effect["size"], effect["by"], effect["state"]) == (
        *("P1-K1", "50", "2027-01-31"),
        "running",
    )


def test_it_tells_what_is_overdue_and_what_is_to_be_delivered(report: dict[str, Any]) -> None:
    [owed] = content(report, "overdue")["items"]
    periods = [each["period"] for each in owed["periods"]]
    assert (owed["kpi"], periods[-1]) == ("P1-K1", "2026-10-31")
    assert "2026-09-30" not in periods
    told = content(report, "deliverables")
    assert (told["number"], told["in_progress"], told["done"]) == (1, 1, 0)


@pytest.mark.parametrize("project", ["P1", "P2", "P3"])
def test_the_page_is_whole_and_shows_no_number_of_its_own(people: Callers, project: str) -> None:
    path = f"/reports/{KIND}?project={project}"
    found = good(people.eve.get(path))
    page = people.eve.get(f"{path}&format=html")
    assert page.status_code == 200
    well_made(page.text, found)
    assert "Pay <less>" not in page.text


def test_it_looks_back(people: Callers, report: dict[str, Any]) -> None:
    size = seal(people.house, NOW)
    path = f"/reports/{KIND}?project=P1&currency=EUR&as_of_size={size}"
    then = good(people.aud.get(path))
    assert then["as_of_size"] == size
    assert content(then, "kpis") == content(report, "kpis")
    assert trace(people.aud, then) > 20
    assert to_html(KIND, then) == to_html(KIND, good(people.aud.get(path)))


def test_who_may_not_see_the_project_sees_no_report(people: Callers) -> None:
    problem(people.nil.get(f"/reports/{KIND}?project=P1"), 404, "not-found")
    problem(people.eve.get(f"/reports/{KIND}"), 422, "invalid-input")
