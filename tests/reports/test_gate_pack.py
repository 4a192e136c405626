"""The gate pack: what whoever decides has to know, every number from a read of the API, on one whole page."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govern.reports.page import to_html
from govern.rulebook.load import load_sources
from govern.services import waivers
from govern.services.people import OPERATOR
from govern.services.rulebooks import publish
from govern.services.sweeps import sweep
from tests.reports import houses
from tests.reports.pages import well_made
from tests.reports.traced import trace
from tests.services import house as made
from tests.services.house import NOW, House
from tests.services.test_gates import to_stage, vote
from tests.web.caller import Callers, everybody, good, problem
from tests.web.test_as_of import seal

KIND = "gate-pack"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Callers]:
    """P2 for the second time before its first gate, with a waiver; P1 in trouble before a value check."""
    with houses.opened(migrated_sqlite, tmp_path_factory.mktemp("pack")) as house:
        _at_gates(house)
        yield everybody(house)


def _at_gates(house: House) -> None:
    to_stage(house, made.add_project(house), "monitoring")
    made.report(
        house,
        "P1-K1",
        {
            "2026-06-30": 300,
            "2026-07-31": 400,
            "2026-08-31": 500,
            "2026-09-30": 600,
            "2026-10-31": 700,
        },
    )
    rulebook = load_sources({"benefits.yaml": made.RULES}).rulebook
    assert rulebook is not None
    publish(house.runtime, OPERATOR, rulebook, note=None, now=NOW)
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    made.add_project(house, "P2", name="Pay <less> & $save$", spent=None)
    first = made.submit(house, "P2", "value_defined")
    vote(house, "sam", first, "recycle", override_reason="I know better.")
    made.submit(house, "P2", "value_defined")
    waivers.grant(
        house.runtime,
        house.gus,
        "P2",
        gate="planned",
        criterion="budget-set",
        reason="It comes next week.",
        expires_on=date(2026, 12, 31),
        now=NOW,
    )


def _numbers(people: Callers) -> dict[str, int]:
    found = good(people.eve.get("/submissions?state=open"))["items"]
    return {each["project"]: each["id"] for each in found}


def _pack(people: Callers, project: str) -> Any:
    return good(people.eve.get(f"/reports/{KIND}?submission={_numbers(people)[project]}"))


def content(report: dict[str, Any], name: str) -> Any:
    return next(each["content"] for each in report["sections"] if each["name"] == name)


def test_every_number_is_asked_for_again(people: Callers) -> None:
    assert trace(people.eve, _pack(people, "P2")) > 20


def test_it_tells_what_is_decided_and_what_a_go_changes(people: Callers) -> None:
    told = content(_pack(people, "P2"), "gate")
    assert (told["submission"]["gate"], told["submission"]["iteration"]) == ("value_defined", 2)
    assert {"decision": "go", "to": "value_defined"} in told["submission"]["leads_to"]
    assert told["process"]["approve"][0]["role"] == "sponsor"


def test_it_counts_the_criteria(people: Callers) -> None:
    told = content(_pack(people, "P2"), "criteria")
    outcomes = [each["outcome"] for each in told["results"]]
    assert len(outcomes) == told["met"] + told["not_met"] + told["unknown"] + told["waived"]
    assert told["met"] == outcomes.count("met") > 0


def test_it_tells_of_the_iteration_before_and_of_waivers(people: Callers) -> None:
    told = content(_pack(people, "P2"), "earlier")
    assert [(each["iteration"], each["decision"]) for each in told["earlier"]] == [(1, "recycle")]
    assert [each["criterion"] for each in told["waivers"]] == ["budget-set"]


def test_it_tells_what_was_decided_so_far(people: Callers) -> None:
    told = content(_pack(people, "P2"), "decided")
    assert [(each["gate"], each["decision"]) for each in told["items"]] == [
        ("value_defined", "recycle")
    ]


def test_it_tells_whose_vote_is_missing(people: Callers) -> None:
    told = content(_pack(people, "P2"), "votes")
    assert told["votes"] == []
    assert [(each["role"], each["votes"]) for each in told["missing"]] == [("sponsor", 1)]


def test_the_page_is_whole_and_shows_no_number_of_its_own(people: Callers) -> None:
    path = f"/reports/{KIND}?submission={_numbers(people)['P2']}"
    page = people.eve.get(f"{path}&format=html")
    assert page.status_code == 200
    well_made(page.text, good(people.eve.get(path)))
    assert "Pay <less>" not in page.text
    assert "It comes next week." in page.text


def test_open_recommendations_come_with_what_the_alternatives_come_to(people: Callers) -> None:
    house = people.house
    made.submit(house, "P1", "post_review")
    report = _pack(people, "P1")
    recommended = content(report, "recommendations")["items"]
    weighed, *_ = content(report, "alternatives")["items"]
    assert weighed["recommendation"] == recommended[0]["id"]
    names = [each["name"] for each in weighed["alternatives"]]
    assert names[0] == "nothing"
    [nothing] = weighed["alternatives"][0]["kpis"]
    assert (nothing["kpi"], nothing["change"]) == ("P1-K1", "0")
    assert "terminate" in names
    assert trace(people.eve, report) > 30
    path = f"/reports/{KIND}?submission={_numbers(people)['P1']}"
    page = people.eve.get(f"{path}&format=html").text
    well_made(page, report)


def test_it_looks_back(people: Callers) -> None:
    number = _numbers(people)["P2"]
    size = seal(people.house, NOW)
    path = f"/reports/{KIND}?submission={number}&as_of_size={size}"
    then = good(people.aud.get(path))
    assert then["as_of_size"] == size
    assert trace(people.aud, then) > 20
    assert to_html(KIND, then) == to_html(KIND, good(people.aud.get(path)))


def test_who_may_not_see_the_project_sees_no_pack(people: Callers) -> None:
    problem(people.nil.get(f"/reports/{KIND}?submission=1"), 404, "not-found")
    problem(people.eve.get(f"/reports/{KIND}?submission=99"), 404, "not-found")
