"""Deadlines of gates: reminded, escalated, expired, each once and in order."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from govern.domain.refusal import NotAllowed, SubmissionClosed
from govern.domain.role import Role
from govern.rulebook.load import load_sources
from govern.services import gates, notices, people, waivers
from govern.services.people import OPERATOR
from govern.services.projects import change_project
from govern.services.rulebooks import publish
from govern.services.telling import tell
from govern.services.ticking import tick
from govern.services.waiting import waiting_for
from govern.store.paging import PageRequest
from govern.store.tables import blob
from tests.services.house import NOW, RULES, House
from tests.services.timed import (
    WORKFLOW,
    at,
    days,
    events,
    kinds,
    pass_time,
    put,
    stage,
    start,
    take,
    vote,
)

CALENDAR = """\
schema: govern/calendar/v1
id: house
time_zone: Europe/Berlin
holidays: [{on: 2026-11-26, name: Founders' day}]
"""


@pytest.fixture
def submission(house: House) -> int:
    take(house)
    return put(house, start(house), "start")["id"]


def seen_by(house: House, who: str) -> list[str]:
    page = notices.list_notices(house.runtime, house.actors[who], PageRequest())
    return [each["kind"] for each in page.items]


def test_a_month_day_by_day_does_each_thing_on_its_day(house: House, submission: int) -> None:
    done = {day: kinds(pass_time(house, day)) for day in days("2026-11-24", 31)}
    assert {day: each for day, each in done.items() if each} == {
        "2026-12-02": ["gate.escalated"],
        "2026-12-04": ["gate.reminded"],
        "2026-12-08": ["gate.escalated"],
        "2026-12-23": ["gate.expired"],
    }


def test_a_jump_of_months_does_the_same_in_the_same_order_once(
    house: House, submission: int
) -> None:
    result = pass_time(house, "2027-03-01")
    assert kinds(result) == [
        "gate.escalated",
        "gate.reminded",
        "gate.escalated",
        "gate.expired",
    ]
    written = [each["kind"] for each in events(house) if each["kind"] != "notice.sent"]
    assert written[-4:] == kinds(result)
    length = len(events(house))
    assert kinds(pass_time(house, "2027-03-01")) == []
    assert kinds(pass_time(house, "2027-03-02")) == []
    assert len(events(house)) == length


def test_a_reminder_goes_to_those_who_can_still_vote(house: House, submission: int) -> None:
    vote(house, "sam", submission)
    (sent,) = (each for each in pass_time(house, "2026-12-04").done if each.kind == "gate.reminded")
    assert sent.told == ("Fay", "Gus")
    assert "to be decided by 2026-12-08. Missing: 1 of finance." in sent.text
    assert seen_by(house, "fay") == ["gate.reminded"]
    assert seen_by(house, "sam") == []


def test_where_nobody_can_vote_the_reminder_goes_to_who_can_change_that(house: House) -> None:
    nobody = WORKFLOW.replace("role: finance", "role: rule_author")
    for role in ("gatekeeper", "auditor"):
        nobody = nobody.replace(f"to: {role}", "to: rule_publisher")
    take(house, nobody)
    vote(house, "sam", put(house, start(house), "start")["id"])
    people.add_person(house.runtime, OPERATOR, email="ada@example.org", name="Ada", now=NOW)
    people.grant_role(house.runtime, OPERATOR, email="ada@example.org", role=Role.ADMIN, now=NOW)
    result = pass_time(house, "2026-12-04")
    (sent,) = (each for each in result.done if each.kind == "gate.reminded")
    assert sent.told == ("Ada",)
    assert "Too few people are left who hold rule_author" in sent.text
    (event,) = events(house, kind="gate.reminded")
    assert event["data"]["people"] == []


def test_an_escalated_gate_waits_for_the_next_role_which_fills_an_empty_seat(
    house: House, submission: int
) -> None:
    assert waiting_for(house.runtime, house.gus, now=NOW)["gates"] == []
    pass_time(house, "2026-12-02")
    (waiting,) = waiting_for(house.runtime, house.gus, now=at("2026-12-02"))["gates"]
    assert waiting["submission"] == submission
    assert seen_by(house, "gus") == ["gate.escalated"]
    vote(house, "gus", submission, now=at("2026-12-02"))
    vote(house, "sam", submission, now=at("2026-12-02"))
    assert stage(house) == "running"
    assert kinds(pass_time(house, "2026-12-23")) == []


def test_what_has_expired_is_not_decided_and_can_be_asked_again(
    house: House, submission: int
) -> None:
    vote(house, "sam", submission)
    pass_time(house, "2026-12-23")
    found = gates.get_submission(house.runtime, house.pia, submission, now=at("2026-12-23"))
    assert (found["state"], found["decision"], stage(house)) == ("expired", None, "draft")
    assert found["missing"] == []
    for who in ("sam", "fay", "gus", "aud"):
        assert waiting_for(house.runtime, house.actors[who], now=at("2026-12-23"))["gates"] == []
    assert seen_by(house, "pia") == ["gate.expired"]
    with pytest.raises(SubmissionClosed):
        vote(house, "fay", submission, now=at("2026-12-23"))
    again = put(house, "P1", "start", now=at("2026-12-23"))
    assert again["iteration"] == 2
    listed = gates.list_submissions(house.runtime, house.pia, PageRequest(), state="expired")
    assert [each["id"] for each in listed.items] == [submission]


def test_the_calendar_of_the_rulebook_in_force_counts(house: House) -> None:
    loaded = load_sources({"benefits.yaml": RULES, "house.yaml": CALENDAR})
    assert loaded.rulebook is not None, loaded.problems
    publish(house.runtime, OPERATOR, loaded.rulebook, note=None, now=NOW)
    take(house, WORKFLOW.replace("version: 1", "version: 1\ncalendar: house"))
    found = put(house, start(house), "start")
    # The holiday of the 26th is one working day fewer.
    assert found["decide_by"] == date(2026, 12, 9)
    assert found["expires_on"] == date(2026, 12, 23)
    assert events(house, kind="gate.submitted")[0]["data"]["calendar"] == "house"
    assert kinds(pass_time(house, "2026-12-02")) == []
    assert kinds(pass_time(house, "2026-12-03")) == ["gate.escalated"]
    # In Berlin the day begins an hour before it does in UTC.
    late = tick(house.runtime, OPERATOR, now=at("2026-12-23").replace(hour=23, minute=30))
    assert kinds(late)[-1] == "gate.expired"


def test_an_unknown_calendar_counts_monday_to_friday_and_that_is_said(house: House) -> None:
    take(house, WORKFLOW.replace("version: 1", "version: 1\ncalendar: house"))
    found = put(house, start(house), "start")
    assert found["decide_by"] == date(2026, 12, 8)
    (event,) = events(house, kind="gate.submitted")
    assert (event["data"]["calendar"], event["data"]["calendar_missing"]) == (
        "monday-to-friday",
        "house",
    )
    assert "the rules have no calendar 'house'" in tell(event["kind"], event["data"])


def test_an_open_submission_is_judged_again_and_its_voters_asked_again(
    house: House, submission: int
) -> None:
    vote(house, "sam", submission)
    change_project(house.runtime, house.pia, "P1", {"budget": Decimal(5)}, version=None, now=NOW)
    result = pass_time(house, "2026-11-25")
    assert kinds(result) == ["gate.rejudged"]
    assert result.done[0].told == ("Sam",)
    assert "now reads 5" in result.done[0].text
    found = gates.get_submission(house.runtime, house.pia, submission, now=at("2026-11-25"))
    assert (found["round"], len(found["missing"])) == (2, 2)
    assert kinds(pass_time(house, "2026-11-25")) == []


def test_only_an_administrator_lets_time_pass(house: House, submission: int) -> None:
    with pytest.raises(NotAllowed):
        tick(house.runtime, house.sam, now=at("2027-01-01"))
    assert len(events(house, kind="gate.expired")) == 0


def test_a_waiver_that_has_ended_asks_again(house: House) -> None:
    text = WORKFLOW.replace(
        "    criteria: {must: [{id: budget-set",
        "    waive: [gatekeeper]\n    criteria: {must: [{id: budget-set",
        1,
    )
    take(house, text)
    found = put(house, start(house, budget=None), "start")
    waivers.grant(
        house.runtime,
        house.gus,
        "P1",
        gate="start",
        criterion="budget-set",
        reason="The board released it.",
        expires_on=date(2026, 11, 30),
        now=NOW,
    )
    vote(house, "sam", found["id"])
    assert kinds(pass_time(house, "2026-11-30")) == []
    result = pass_time(house, "2026-12-01")
    assert kinds(result) == ["gate.rejudged"]
    assert "'budget-set' was waived and is now not met" in result.done[0].text
    seen = gates.get_submission(house.runtime, house.pia, found["id"], now=at("2026-12-01"))
    assert (seen["round"], seen["advice"]) == (2, "recycle")


def test_looking_again_without_a_change_leaves_nothing_behind(
    house: House, submission: int
) -> None:
    def kept() -> int:
        with house.runtime.store.reading() as connection:
            return connection.execute(select(func.count()).select_from(blob)).scalar_one()

    before = kept()
    assert kinds(pass_time(house, "2026-11-27")) == []
    assert kept() == before
