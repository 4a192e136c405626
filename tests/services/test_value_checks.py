"""Periodic value checks: opened once a period while a project is there, by nobody in particular."""

import pytest

from govern.domain.decision import Answer
from govern.domain.refusal import SeparationOfDuties
from govern.services import decisions, gates, moves
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.services.waiting import waiting_for
from govern.store.paging import PageRequest
from tests.services.house import NOW, House
from tests.services.timed import (
    at,
    days,
    events,
    kinds,
    pass_gate,
    pass_time,
    put,
    stage,
    start,
    take,
    vote,
)


@pytest.fixture
def project(house: House) -> str:
    """In `running`, where a check repeats monthly, since 2026-11-24."""
    take(house)
    pass_gate(house, start(house), "start")
    return "P1"


def checks(house: House) -> list[tuple[int, str]]:
    listed = gates.list_submissions(
        house.runtime, house.pia, PageRequest(sort="id"), project="P1", gate="check"
    )
    return [(each["iteration"], each["state"]) for each in listed.items]


def test_it_is_opened_at_the_end_of_each_period(house: House, project: str) -> None:
    assert kinds(pass_time(house, "2026-11-29")) == []
    result = pass_time(house, "2026-11-30")
    assert kinds(result) == ["value_check.opened"]
    assert result.done[0].told == ("Max", "Pia", "Sam")
    found = gates.get_submission(
        house.runtime, house.pia, result.done[0].submission or 0, now=at("2026-11-30")
    )
    assert found["submitted_by"] == OPERATOR.person_id
    assert found["note"] == "Value check for the period that ended on 2026-11-30."
    outcomes = {each["id"]: each["outcome"] for each in found["results"]}
    assert outcomes == {"budget-set": "met", "evidence-figures": "not_met"}
    (waiting,) = waiting_for(house.runtime, house.sam, now=at("2026-11-30"))["gates"]
    assert waiting["submission"] == found["id"]
    vote(house, "sam", found["id"], now=at("2026-12-01"))
    assert stage(house) == "running"
    opened = [day for day in days("2026-12-01", 62) if pass_time(house, day).done]
    # The one of December is still open when January ends: that is told, and no other is opened.
    assert opened == ["2026-12-31", "2027-01-31"]
    assert checks(house) == [(1, "decided"), (2, "open")]


def test_the_operator_opened_it_and_does_not_decide_it(house: House, project: str) -> None:
    result = pass_time(house, "2026-11-30")
    with pytest.raises(SeparationOfDuties):
        decisions.vote(
            house.runtime,
            OPERATOR,
            result.done[0].submission or 0,
            Ballot(Answer.GO, "x", "x"),
            version=None,
            now=at("2026-11-30"),
        )


def test_the_earlier_check_stays_and_that_is_told(house: House, project: str) -> None:
    pass_time(house, "2026-11-30")
    result = pass_time(house, "2027-01-02")
    assert kinds(result) == ["value_check.waits"]
    assert "is still open since 2026-11-30: it answers for the period that ended on 2026-12-31" in (
        result.done[0].text
    )
    assert kinds(pass_time(house, "2027-01-03")) == []
    vote(house, "sam", 2, now=at("2027-01-04"))
    assert kinds(pass_time(house, "2027-01-05")) == []
    assert kinds(pass_time(house, "2027-01-31")) == ["value_check.opened"]


def test_after_a_standstill_one_is_opened_for_the_last_period(house: House, project: str) -> None:
    result = pass_time(house, "2027-06-10")
    assert kinds(result) == ["value_check.opened"]
    assert "2027-05-31" in result.done[0].text
    assert len(checks(house)) == 1


def test_a_check_that_somebody_asked_for_counts(house: House, project: str) -> None:
    found = put(house, "P1", "check", at("2026-12-01"))
    vote(house, "sam", found["id"], now=at("2026-12-01"))
    assert kinds(pass_time(house, "2026-12-02")) == []


def test_another_gate_goes_first_and_the_check_comes_when_it_is_decided(
    house: House, project: str
) -> None:
    found = put(house, "P1", "next")
    assert kinds(pass_time(house, "2026-12-02")) == []
    vote(house, "sam", found["id"], "recycle", now=at("2026-12-03"))
    assert kinds(pass_time(house, "2026-12-03")) == ["value_check.opened"]


def test_no_check_of_a_project_that_is_elsewhere(house: House, project: str) -> None:
    start(house, "P2")
    moves.move(house.runtime, house.sam, "P1", to_do="hold", reason="Ill.", version=None, now=NOW)
    assert kinds(pass_time(house, "2026-12-02")) == []
    moves.move(
        house.runtime,
        house.sam,
        "P1",
        to_do="resume",
        reason="Well.",
        version=None,
        now=at("2026-12-05"),
    )
    assert kinds(pass_time(house, "2026-12-06")) == []
    assert kinds(pass_time(house, "2026-12-31")) == ["value_check.opened"]
    about_gates = [
        each["kind"]
        for each in events(house)
        if not str(each["data"].get("kind")).startswith("reading.")
    ]
    assert about_gates[-2:] == ["gate.submitted", "notice.sent"]
