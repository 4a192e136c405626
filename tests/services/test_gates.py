"""Submitting to a gate, voting on it, and what that does to the project."""

import json
from datetime import date
from typing import Any

import pytest

from govern.domain.decision import Answer
from govern.domain.refusal import (
    AlreadySubmitted,
    AlreadyVoted,
    BaselineFrozen,
    ConditionsNeeded,
    IllegalMove,
    InvalidInput,
    NotAllowed,
    NotFound,
    OverrideNeedsReason,
    Refusal,
    SeparationOfDuties,
    StaleVersion,
    SubmissionClosed,
)
from govern.services import audit, conditions, decisions, gates, history, kpis, moves, projects
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.services.waiting import waiting_for
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project, submit


def vote(house: House, by: str, submission: dict[str, Any], decision: str, **more: Any) -> Any:
    return decisions.vote(
        house.runtime,
        house.actors[by],
        submission["id"],
        Ballot(
            Answer(decision),
            more.pop("reason", "Because."),
            more.pop("override_reason", None),
            more.pop("owed", ()),
            more.pop("resume_on", None),
            more.pop("resume_when", None),
        ),
        version=more.pop("version", None),
        now=more.pop("now", NOW),
        **more,
    )


def stage(house: House, project: str) -> str:
    return projects.get_project(house.runtime, house.pia, project)["stage"]


def to_stage(house: House, project: str, wanted: str) -> None:
    """Through the gates by the right people, against the advice where it must be."""
    deciders = {"planned": ("sam", "fay"), "monitoring": ("gus",), "value_defined": ("sam",)}
    for gate in ("value_defined", "planned", "monitoring"):
        submission = submit(house, project, gate)
        for by in deciders[gate]:
            vote(house, by, submission, "go", override_reason="Known and accepted.")
        if gate == wanted:
            return


def test_criteria_are_judged_with_the_values_they_saw(house: House) -> None:
    project = add_project(house)
    submission = submit(house, project, "value_defined")
    assert submission["advice"] == "go"
    results = {each["id"]: each for each in submission["results"]}
    assert results["kpis-named"]["outcome"] == "met"
    assert results["kpis-named"]["values"] == {"count(kpis)": "1"}
    assert {each["outcome"] for each in submission["results"]} == {"met"}


def test_missing_data_does_not_open_a_gate(house: House) -> None:
    project = add_project(house, budget=None)
    to_stage(house, project, "value_defined")
    submission = gates.submit(house.runtime, house.pia, project, "planned", now=NOW)
    results = {each["id"]: each["outcome"] for each in submission["results"]}
    assert results["budget-set"] == "not_met"
    assert results["evidence-benefits_realisation_plan"] == "not_met"
    assert submission["advice"] == "recycle"


def test_every_gate_slot_needs_its_own_person(house: House) -> None:
    project = add_project(house)
    to_stage(house, project, "value_defined")
    submission = submit(house, project, "planned")
    after = vote(house, "sam", submission, "go")
    assert (after["state"], stage(house, project)) == ("open", "value_defined")
    assert after["missing"] == [
        {"role": "finance", "votes": 1, "who": ["Fay"], "deputies": [], "unblock": None}
    ]
    after = vote(house, "fay", submission, "go")
    assert (after["state"], after["decision"], stage(house, project)) == (
        "decided",
        "go",
        "planned",
    )


def test_the_submitter_never_decides_and_the_attempt_is_recorded(house: House) -> None:
    project = add_project(house)
    submission = submit(house, project, "value_defined", by="max")
    with pytest.raises(SeparationOfDuties):
        vote(house, "max", submission, "go")
    assert stage(house, project) == "draft"
    kinds = [e["kind"] for e in history.project_history(house.runtime, house.aud, project).items]
    assert kinds[-1] == "vote.refused"


@pytest.mark.parametrize(
    ("by", "decision", "more", "refusal"),
    [
        ("dan", "go", {}, NotAllowed),
        ("aud", "go", {}, NotAllowed),
        ("fay", "go", {}, NotAllowed),
        ("sam", "recycle", {}, OverrideNeedsReason),
        ("sam", "recycle", {"override_reason": "  "}, OverrideNeedsReason),
        ("sam", "conditional_go", {"override_reason": "x"}, ConditionsNeeded),
        ("sam", "go", {"version": 7}, StaleVersion),
        (
            "sam",
            "go",
            {"owed": [{"text": "x", "owner": "y", "due": date(2027, 1, 1)}]},
            InvalidInput,
        ),
        (
            "sam",
            "conditional_go",
            {
                "override_reason": "x",
                "owed": [{"text": "x", "owner": "y", "due": date(2026, 1, 1)}],
            },
            InvalidInput,
        ),
    ],
)
def test_a_vote_that_is_refused_changes_nothing(
    house: House, by: str, decision: str, more: dict[str, Any], refusal: type[Refusal]
) -> None:
    project = add_project(house)
    submission = submit(house, project, "value_defined")
    before = history.project_history(house.runtime, house.aud, project).items
    with pytest.raises(refusal):
        vote(house, by, submission, decision, **more)
    assert history.project_history(house.runtime, house.aud, project).items == before
    found = gates.get_submission(house.runtime, house.pia, submission["id"], now=NOW)
    assert (found["state"], found["votes"]) == ("open", [])


def test_one_vote_each_and_none_after_the_decision(house: House) -> None:
    project = add_project(house)
    to_stage(house, project, "value_defined")
    submission = submit(house, project, "planned")
    vote(house, "sam", submission, "go")
    with pytest.raises(AlreadyVoted):
        vote(house, "sam", submission, "go")
    vote(house, "fay", submission, "go")
    with pytest.raises(SubmissionClosed):
        vote(house, "max", submission, "go")


def test_a_project_stands_before_one_gate_at_a_time_and_only_the_next(house: House) -> None:
    project = add_project(house)
    with pytest.raises(IllegalMove) as refused:
        submit(house, project, "planned")
    assert {
        "gate": "value_defined",
        "decision": "go",
        "to": "value_defined",
    } in refused.value.facts["legal"]
    submit(house, project, "value_defined")
    with pytest.raises(AlreadySubmitted):
        submit(house, project, "value_defined")
    with pytest.raises(NotFound):
        submit(house, add_project(house, "P2"), "value_defined", by="pia") and gates.submit(
            house.runtime, house.pia, "P2", "nonsense", now=NOW
        )
    with pytest.raises(NotAllowed):
        submit(house, add_project(house, "P3"), "value_defined", by="sam")


def test_recycle_opens_a_new_iteration(house: House) -> None:
    project = add_project(house)
    first = submit(house, project, "value_defined")
    vote(house, "sam", first, "recycle", override_reason="The benefit is not attributable.")
    assert stage(house, project) == "draft"
    second = submit(house, project, "value_defined")
    assert (first["iteration"], second["iteration"]) == (1, 2)


def test_a_conditional_go_moves_on_and_owes(house: House) -> None:
    project = add_project(house)
    submission = submit(house, project, "value_defined")
    owed = [{"text": "Sign the data agreement", "owner": "Olga", "due": date(2026, 12, 31)}]
    after = vote(
        house, "sam", submission, "conditional_go", override_reason="Data owner new.", owed=owed
    )
    assert stage(house, project) == "value_defined"
    (condition,) = after["conditions"]
    assert (condition["state"], condition["text"]) == ("open", "Sign the data agreement")
    closed = conditions.close_condition(
        house.runtime, house.sam, condition["id"], evidence="Signed.", version=1, now=NOW
    )
    assert closed["state"] == "closed"
    with pytest.raises(Refusal):
        conditions.close_condition(
            house.runtime, house.sam, condition["id"], evidence="Again.", version=2, now=NOW
        )


def test_hold_resumes_where_it_stopped_and_kill_ends(house: House) -> None:
    project = add_project(house)
    to_stage(house, project, "planned")
    submission = submit(house, project, "monitoring")
    vote(house, "gus", submission, "hold", override_reason="Wait for the audit.")
    assert stage(house, project) == "on_hold"
    with pytest.raises(NotAllowed):
        moves.move(
            house.runtime, house.pia, project, to_do="resume", reason="x", version=None, now=NOW
        )
    moves.move(
        house.runtime, house.gus, project, to_do="resume", reason="Audited.", version=None, now=NOW
    )
    assert stage(house, project) == "planned"
    moves.move(
        house.runtime, house.gus, project, to_do="kill", reason="Too late.", version=None, now=NOW
    )
    assert stage(house, project) == "terminated"
    with pytest.raises(IllegalMove):
        submit(house, project, "monitoring")


def test_the_planned_gate_freezes_the_baseline(house: House) -> None:
    project = add_project(house)
    to_stage(house, project, "planned")
    with pytest.raises(BaselineFrozen):
        kpis.change_kpi(house.runtime, house.pia, "P1-K1", {"target": 1}, version=None, now=NOW)
    kpis.change_kpi(house.runtime, house.pia, "P1-K1", {"owner": "Ken"}, version=None, now=NOW)
    frozen = [
        each
        for each in history.project_history(house.runtime, house.aud, project).items
        if each["kind"] == "baseline.frozen"
    ]
    assert frozen[0]["data"]["kpis"][0]["planned"]["2026-01-31"] == "100"


def test_what_waits_is_what_one_can_act_on(house: House) -> None:
    project = add_project(house)
    submission = submit(house, project, "value_defined", by="max")
    waiting = {
        name: [each["submission"] for each in waiting_for(house.runtime, actor, now=NOW)["gates"]]
        for name, actor in house.actors.items()
    }
    assert waiting == {
        "pia": [],
        "sam": [submission["id"]],
        "fay": [],
        "gus": [],
        "dan": [],
        "aud": [],
        "max": [],
    }


def test_the_decision_tells_who_what_why_on_which_facts(house: House) -> None:
    project = add_project(house)
    submission = submit(house, project, "value_defined")
    vote(house, "sam", submission, "recycle", reason="Not yet.", override_reason="Too vague.")
    told = history.gate_history(house.runtime, house.aud, project, "value_defined").items
    assert [each["kind"] for each in told] == ["gate.submitted", "vote.cast", "gate.decided"]
    decided = told[-1]
    assert decided["actor_name"] == "Sam"
    assert decided["data"]["override"] is True
    assert decided["data"]["votes"][0]["reason"] == "Not yet."
    facts = history.facts(house.runtime, house.aud, project, decided["data"]["facts_digest"])
    assert "Web shop" in json.dumps(facts)
    assert decided["data"]["rulebook_digest"].startswith("sha256:")
    add_project(house, "P2")
    with pytest.raises(NotFound):
        history.facts(house.runtime, house.aud, "P2", decided["data"]["facts_digest"])
    assert audit.verify_ledger(house.runtime, OPERATOR).faults == ()


def test_submissions_are_listed(house: House) -> None:
    for number in (1, 2, 3):
        submit(house, add_project(house, f"P{number}"), "value_defined")
    page = gates.list_submissions(house.runtime, house.sam, PageRequest(limit=2), state="open")
    rest = gates.list_submissions(
        house.runtime, house.sam, PageRequest(limit=2, cursor=page.next_cursor), state="open"
    )
    assert [e["project"] for e in page.items + rest.items] == ["P3", "P2", "P1"]
    assert rest.next_cursor is None
