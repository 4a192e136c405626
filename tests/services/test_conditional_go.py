"""A conditional go becomes a go once all is closed, or lapses to a hold, and comes back."""

from datetime import date
from typing import Any

import pytest

from govern.domain.record import Record
from govern.domain.refusal import SubmissionClosed
from govern.services import audit, conditions, gates, moves, notices
from govern.services.people import OPERATOR
from govern.services.projects import get_project
from govern.store.paging import PageRequest
from tests.services.house import NOW, House
from tests.services.timed import (
    WORKFLOW,
    at,
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

WITHOUT_CHECKS = WORKFLOW.replace("    repeats: monthly\n", "")

DUE = "2026-12-10"
LATE = "2026-12-11"


def owe(*texts: str, due: str = DUE, owner: str = "Fay") -> list[dict[str, Any]]:
    return [{"text": each, "owner": owner, "due": date.fromisoformat(due)} for each in texts]


def close(house: House, condition: int, day: str) -> None:
    conditions.close_condition(
        house.runtime, house.sam, condition, evidence="Seen.", version=None, now=at(day)
    )


def submission(house: House, number: int = 1) -> Record:
    return gates.get_submission(house.runtime, house.pia, number, now=NOW)


@pytest.fixture
def passed(house: House) -> Record:
    """P1 is in `running` on a conditional go with two conditions."""
    take(house, WITHOUT_CHECKS)
    return pass_gate(house, start(house), "start", "conditional_go", owed=owe("Contract", "Team"))


def test_it_becomes_a_go_by_itself_once_the_last_condition_is_closed(
    house: House, passed: Record
) -> None:
    first, second = (each["id"] for each in passed["conditions"])
    close(house, first, DUE)
    assert submission(house)["became"] is None
    close(house, second, DUE)
    found = submission(house)
    assert (found["decision"], found["became"], found["became_at"]) == (
        "conditional_go",
        "go",
        at(DUE),
    )
    (event,) = events(house, kind="gate.confirmed")
    assert (event["actor_name"], event["data"]["conditions"]) == ("Sam", [first, second])
    assert kinds(pass_time(house, LATE)) == []
    assert stage(house) == "running"


def test_one_overdue_lapses_to_hold_and_closing_all_resumes_and_makes_it_a_go(
    house: House, passed: Record
) -> None:
    first, second = (each["id"] for each in passed["conditions"])
    close(house, first, "2026-12-01")
    # Its due day counts until it is over.
    assert "gate.lapsed" not in kinds(pass_time(house, DUE))
    result = pass_time(house, LATE)
    (lapse,) = result.done
    assert (lapse.kind, lapse.told) == ("gate.lapsed", ("Fay", "Max", "Sam"))
    assert "'Team' by Fay, due 2026-12-10" in lapse.text
    assert stage(house) == "on_hold"
    project = get_project(house.runtime, house.pia, "P1")
    assert (project["held_from"], submission(house)["became"]) == ("running", "hold")
    assert kinds(pass_time(house, "2026-12-20")) == []
    close(house, second, "2026-12-21")
    assert (stage(house), submission(house)["became"]) == ("running", "go")
    told = [each["kind"] for each in events(house)]
    assert told[-5:] == [
        "gate.lapsed",
        "stage.moved",
        "condition.closed",
        "gate.confirmed",
        "stage.moved",
    ]
    assert audit.verify_ledger(house.runtime, OPERATOR).faults == ()
    # It is settled for good.
    assert "gate.lapsed" not in kinds(pass_time(house, "2027-03-01"))


def test_a_project_that_has_moved_on_is_held_where_it_stands(house: House, passed: Record) -> None:
    pass_gate(house, "P1", "next")
    pass_time(house, LATE)
    assert get_project(house.runtime, house.pia, "P1")["held_from"] == "review"
    for each in passed["conditions"]:
        close(house, each["id"], LATE)
    assert stage(house) == "review"


def test_what_is_before_a_gate_then_is_closed_undecided(house: House, passed: Record) -> None:
    waiting = put(house, "P1", "next")
    result = pass_time(house, LATE)
    assert kinds(result) == ["gate.lapsed", "gate.expired"]
    assert f"Submission {waiting['id']} was closed undecided." in result.done[0].text
    found = submission(house, waiting["id"])
    assert (found["state"], stage(house)) == ("expired", "on_hold")
    (event,) = events(house, kind="gate.expired")
    assert event["data"]["because"] == "the conditional go at gate 'Start' lapsed to a hold"
    with pytest.raises(SubmissionClosed):
        vote(house, "sam", waiting["id"], now=at(LATE))
    for each in passed["conditions"]:
        close(house, each["id"], LATE)
    assert put(house, "P1", "next", at(LATE))["iteration"] == 2


def test_a_hold_that_people_made_is_theirs_to_end(house: House, passed: Record) -> None:
    moves.move(house.runtime, house.sam, "P1", to_do="hold", reason="Ill.", version=None, now=NOW)
    result = pass_time(house, LATE)
    assert "The project is on hold already, and stays so." in result.done[0].text
    for each in passed["conditions"]:
        close(house, each["id"], LATE)
    assert (submission(house)["became"], stage(house)) == ("go", "on_hold")


def test_people_may_resume_it_though_it_has_lapsed(house: House, passed: Record) -> None:
    pass_time(house, LATE)
    moves.move(
        house.runtime, house.sam, "P1", to_do="resume", reason="Go.", version=None, now=at(LATE)
    )
    assert kinds(pass_time(house, "2026-12-12")) == []
    moves.move(
        house.runtime, house.sam, "P1", to_do="hold", reason="Ill.", version=None, now=at(LATE)
    )
    for each in passed["conditions"]:
        close(house, each["id"], "2026-12-13")
    # The hold is another one.
    assert (submission(house)["became"], stage(house)) == ("go", "on_hold")


def test_a_terminated_project_lapses_no_more_and_a_finished_one_is_only_told(
    house: House, passed: Record
) -> None:
    pass_gate(house, start(house, "P2"), "start", "conditional_go", owed=owe("Contract"))
    moves.move(house.runtime, house.sam, "P1", to_do="kill", reason="Over.", version=None, now=NOW)
    pass_gate(house, "P2", "next")
    pass_gate(house, "P2", "finish")
    result = pass_time(house, LATE)
    assert [(each.kind, each.project) for each in result.done] == [("condition.overdue", "P2")]
    assert (stage(house), stage(house, "P2")) == ("terminated", "done")
    assert kinds(pass_time(house, "2026-12-12")) == []
    close(house, 3, "2026-12-12")
    assert submission(house, 2)["became"] == "go"


def test_two_that_lapsed_are_both_made_good_before_it_goes_on(house: House, passed: Record) -> None:
    second = pass_gate(house, "P1", "next", "conditional_go", owed=owe("Report"))
    result = pass_time(house, LATE)
    assert kinds(result) == ["gate.lapsed", "gate.lapsed"]
    for each in passed["conditions"]:
        close(house, each["id"], LATE)
    assert (submission(house)["became"], stage(house)) == ("go", "on_hold")
    close(house, second["conditions"][0]["id"], LATE)
    assert stage(house) == "review"


def test_an_owner_reads_the_notice_by_name(house: House) -> None:
    take(house, WITHOUT_CHECKS)
    owed = owe("Contract", owner="dan@example.org")
    pass_gate(house, start(house), "start", "conditional_go", owed=owed)
    pass_time(house, LATE)
    seen = notices.list_notices(house.runtime, house.dan, PageRequest(), kind="gate.lapsed")
    assert [each["project"] for each in seen.items] == ["P1"]
    assert notices.list_notices(house.runtime, house.gus, PageRequest()).items == []
