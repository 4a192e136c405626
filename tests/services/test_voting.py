"""Who may vote how, what a vote is bound to, and what is told to whoever waits."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.refusal import (
    AlreadyVoted,
    DelegationCircle,
    IllegalMove,
    InvalidInput,
    NotAllowed,
    NotFound,
    SeparationOfDuties,
    StaleVersion,
)
from govern.domain.role import Role
from govern.process.load import load_sources
from govern.services import (
    decisions,
    delegations,
    gates,
    history,
    kpis,
    moves,
    people,
    projects,
    readings,
    waiting,
)
from govern.services.ballots import Ballot
from govern.services.holds import Until
from govern.services.people import OPERATOR
from govern.services.workflows import take_workflows
from govern.store import people as stored_people
from govern.store.paging import PageRequest
from tests.services.house import NOW, ROOT, House, add_project, report, submit

TODAY = NOW.date()
WEEK = timedelta(days=7)


def person(house: House, name: str, *roles: Role) -> Actor:
    """Somebody more, with roles on the portfolio."""
    email = f"{name}@example.org"
    person_id = people.add_person(house.runtime, OPERATOR, email=email, name=name.title(), now=NOW)
    for role in roles:
        people.grant_role(
            house.runtime, OPERATOR, email=email, role=role, portfolio="main", now=NOW
        )
    with house.runtime.store.reading() as connection:
        actor = stored_people.actor_of_person(connection, person_id, NOW)
    assert actor is not None
    return actor


def decided_by(house: House, approve: str, further: str = "") -> None:
    """New projects start under a workflow whose first gate is decided so."""
    text = (ROOT / "workflows" / "value-realization.yaml").read_text()
    old = "    approve:\n      - {role: sponsor, votes: 1}\n    separation: [submitter]\n"
    assert old in text
    text = text.replace(old, f"    approve: {approve}\n{further}", 1)
    version = next(line for line in text.splitlines() if line.startswith("version: "))
    text = text.replace(version, "version: 99", 1)
    if "reopen:" not in text:
        text = text.replace("stages: [", "reopen: [gatekeeper]\nstages: [", 1)
    loaded = load_sources({"workflows/value-realization.yaml": text})
    assert not [p for p in loaded.problems if p.level == "error"], loaded.problems
    take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=NOW)


def vote(house: House, by: Actor, opened: dict[str, Any], answer: str, **more: Any) -> Any:
    ballot = {
        name: more.pop(name)
        for name in ("override_reason", "owed", "resume_on", "resume_when")
        if name in more
    }
    ballot.setdefault("override_reason", "Known and accepted.")
    return decisions.vote(
        house.runtime,
        by,
        opened["id"],
        Ballot(Answer(answer), "Because.", **ballot),
        version=more.pop("version", None),
        now=more.pop("now", NOW),
        **more,
    )


def opened_project(house: House, project: str = "P1") -> dict[str, Any]:
    add_project(house, project)
    return submit(house, project, "value_defined")


def delegate(house: House, giver: Actor, to: Actor, **more: Any) -> Any:
    return delegations.delegate(
        house.runtime,
        giver,
        to=to.person_id,
        starts_on=more.pop("starts_on", TODAY),
        ends_on=more.pop("ends_on", TODAY + WEEK),
        reason="On leave.",
        now=NOW,
        **more,
    )


def stage(house: House, project: str = "P1") -> str:
    return projects.get_project(house.runtime, house.pia, project)["stage"]


# --- quorum -----------------------------------------------------------------------------------


def test_a_panel_decides_by_its_quorum(house: House) -> None:
    decided_by(house, "[{role: gatekeeper, votes: 2, of: 3}]")
    gil, gro = person(house, "gil", Role.GATEKEEPER), person(house, "gro", Role.GATEKEEPER)
    opened = opened_project(house)
    after = vote(house, house.gus, opened, "kill")
    assert (after["state"], stage(house)) == ("open", "draft")
    assert [(m["role"], m["votes"]) for m in after["missing"]] == [("gatekeeper", 2)]
    assert after["missing"][0]["who"] == ["Gil", "Gro", "Max"]
    vote(house, gil, opened, "go")
    after = vote(house, gro, opened, "go")
    assert (after["decision"], stage(house)) == ("go", "value_defined")
    assert [each["seat"] for each in after["votes"]] == [None, "gatekeeper", "gatekeeper"]


def test_a_panel_that_cannot_reach_its_quorum_any_more_has_decided(house: House) -> None:
    decided_by(house, "[{role: gatekeeper, votes: 2, of: 3}]")
    gil = person(house, "gil", Role.GATEKEEPER)
    opened = opened_project(house)
    vote(house, house.gus, opened, "hold")
    after = vote(house, gil, opened, "recycle")
    assert (after["decision"], stage(house)) == ("recycle", "draft")


def test_who_holds_both_roles_leaves_the_other_seat_to_a_colleague(house: House) -> None:
    decided_by(house, "[{role: sponsor}, {role: finance}]")
    both = person(house, "bo", Role.SPONSOR, Role.FINANCE)
    opened = opened_project(house)
    after = vote(house, both, opened, "go")
    assert after["state"] == "open"
    after = vote(house, house.sam, opened, "go")
    assert after["decision"] == "go"
    seats = {each["person"]: each["seat"] for each in after["votes"]}
    assert seats == {"Bo": "finance", "Sam": "sponsor"}


def test_a_veto_decides_at_once_though_its_vote_is_not_needed(house: House) -> None:
    decided_by(house, "[{role: gatekeeper, votes: 2, of: 3}]", "    veto: [finance]\n")
    opened = opened_project(house)
    after = vote(house, house.fay, opened, "recycle")
    assert (after["decision"], stage(house)) == ("recycle", "draft")


def test_who_abstains_fills_no_seat_and_overrides_nothing(house: House) -> None:
    opened = opened_project(house)
    after = vote(house, house.sam, opened, "abstain", override_reason=None)
    assert after["state"] == "open"
    assert after["votes"][0]["override_reason"] is None
    assert after["missing"][0]["who"] == ["Max"]
    with pytest.raises(AlreadyVoted):
        vote(house, house.sam, opened, "go")


def test_who_can_help_is_told_where_nobody_is_left(house: House) -> None:
    decided_by(house, "[{role: finance, votes: 2}]")
    ada = person(house, "ada")
    people.grant_role(house.runtime, OPERATOR, email="ada@example.org", role=Role.ADMIN, now=NOW)
    after = vote(house, house.fay, opened_project(house), "go")
    (missing,) = after["missing"]
    assert (missing["who"], missing["deputies"]) == ([], [])
    assert ada.name in missing["unblock"]
    assert "finance" in missing["unblock"]


def test_what_a_vote_means_stands_with_it(house: House) -> None:
    decided_by(house, "[{role: sponsor, meaning: I answer for the value.}]")
    after = vote(house, house.sam, opened_project(house), "go")
    assert after["votes"][0]["meaning"] == "I answer for the value."


# --- what a vote is bound to ------------------------------------------------------------------


def test_a_material_change_asks_again_and_says_what_changed(house: House) -> None:
    decided_by(house, "[{role: sponsor}, {role: finance}]")
    opened = opened_project(house)
    first = vote(house, house.sam, opened, "go", version=opened["version"])
    kpi = kpis.get_kpi(house.runtime, house.pia, "P1-K1")
    kpis.change_kpi(
        house.runtime, house.pia, "P1-K1", {"owner": None}, version=kpi["version"], now=NOW
    )
    with pytest.raises(StaleVersion) as refused:
        vote(house, house.fay, first, "go", version=first["version"])
    assert refused.value.facts["changed"] == [
        "Criterion 'owners-named' was met and is now not met.",
        "Criterion 'profiles-complete' was met and is now not met.",
    ]
    again = gates.get_submission(house.runtime, house.fay, opened["id"], now=NOW)
    assert (again["round"], again["state"]) == (2, "open")
    assert [(each["person"], each["counts"]) for each in again["votes"]] == [("Sam", False)]
    assert {each["role"] for each in again["missing"]} == {"sponsor", "finance"}
    vote(house, house.fay, again, "go", version=again["version"])
    after = vote(house, house.sam, again, "go")
    assert after["decision"] == "go"
    kinds = [each["kind"] for each in _history(house, "P1")]
    assert kinds.count("gate.rejudged") == 1
    assert kinds.count("vote.cast") == 3


def test_a_fact_that_a_criterion_reads_asks_again_though_it_comes_out_as_before(
    house: House,
) -> None:
    decided_by(house, "[{role: sponsor}, {role: finance}]")
    opened = opened_project(house)
    vote(house, house.sam, opened, "go")
    kpi = kpis.get_kpi(house.runtime, house.pia, "P1-K1")
    change = {"target": Decimal(1300)}
    kpis.change_kpi(house.runtime, house.pia, "P1-K1", change, version=kpi["version"], now=NOW)
    after = vote(house, house.fay, opened, "go")
    assert (after["round"], after["state"]) == (2, "open")
    assert after["changed"] == ["KPI P1-K1: target was 1200 and is now 1300."]
    assert [each["counts"] for each in after["votes"]] == [False, True]


def test_what_no_criterion_reads_asks_nobody_again(house: House) -> None:
    decided_by(house, "[{role: sponsor}, {role: finance}]")
    opened = opened_project(house)
    vote(house, house.sam, opened, "go")
    report(house, "P1-K1", {"2026-10-31": 100})
    after = vote(house, house.fay, opened, "go", now=NOW + timedelta(days=3))
    assert (after["round"], after["decision"]) == (1, "go")


def test_every_vote_names_what_its_voter_saw(house: House) -> None:
    opened = opened_project(house)
    after = vote(house, house.sam, opened, "go")
    assert after["votes"][0]["seen_digest"] == opened["seen_digest"]


# --- delegation -------------------------------------------------------------------------------


def test_a_deputy_votes_and_the_vote_stays_whose_it_is(house: House) -> None:
    dee = person(house, "dee", Role.AUDITOR)
    opened = opened_project(house)
    delegate(house, house.sam, dee)
    told = gates.get_submission(house.runtime, house.pia, opened["id"], now=NOW)["missing"][0]
    assert told["deputies"] == [{"name": "Dee", "for": "Sam"}]
    assert [x["as"] for x in waiting.waiting_for(house.runtime, dee, now=NOW)["gates"]] == [
        ["sponsor"]
    ]
    after = vote(house, dee, opened, "go")
    (cast,) = after["votes"]
    assert (cast["person"], cast["for_person"], cast["through"]) == ("Dee", "Sam", "delegation")
    assert after["decision"] == "go"


def test_nobody_votes_twice_through_a_delegation(house: House) -> None:
    decided_by(house, "[{role: sponsor}, {role: finance}]")
    dee = person(house, "dee", Role.FINANCE)
    opened = opened_project(house)
    delegate(house, house.sam, dee)
    vote(house, dee, opened, "go")
    with pytest.raises(AlreadyVoted):
        vote(house, dee, opened, "go", on_behalf_of="sam@example.org")
    vote(house, house.sam, opened, "go")


def test_who_was_voted_for_cannot_vote_again(house: House) -> None:
    decided_by(house, "[{role: sponsor, votes: 2}]")
    dee = person(house, "dee", Role.AUDITOR)
    opened = opened_project(house)
    delegate(house, house.sam, dee)
    vote(house, dee, opened, "go")
    with pytest.raises(AlreadyVoted):
        vote(house, house.sam, opened, "go")


def test_a_delegation_is_not_handed_on(house: House) -> None:
    dee, eli = person(house, "dee"), person(house, "eli", Role.AUDITOR)
    opened = opened_project(house)
    delegate(house, house.sam, dee)
    delegate(house, dee, eli)
    with pytest.raises(NotAllowed):
        vote(house, eli, opened, "go")


@pytest.mark.parametrize(
    "days",
    [(TODAY + timedelta(days=1), TODAY + WEEK)],
)
def test_a_delegation_holds_on_its_days_only(house: House, days: tuple[date, date]) -> None:
    dee = person(house, "dee", Role.AUDITOR)
    opened = opened_project(house)
    delegate(house, house.sam, dee, starts_on=days[0], ends_on=days[1])
    with pytest.raises(NotAllowed):
        vote(house, dee, opened, "go")
    with pytest.raises(NotAllowed):
        vote(house, dee, opened, "go", now=NOW + WEEK + timedelta(days=1))
    assert vote(house, dee, opened, "go", now=NOW + WEEK)["decision"] == "go"


@pytest.mark.parametrize(
    ("narrowed", "may"),
    [
        ({"gate": "value_defined"}, True),
        ({"gate": "planned"}, False),
        ({"portfolio": "main"}, True),
        ({"project": "P1"}, True),
        ({"project": "P2"}, False),
    ],
)
def test_a_delegation_covers_what_it_names(
    house: House, narrowed: dict[str, str], may: bool
) -> None:
    dee = person(house, "dee", Role.AUDITOR)
    add_project(house, "P2")
    opened = opened_project(house)
    delegate(house, house.sam, dee, **narrowed)
    if may:
        assert vote(house, dee, opened, "go")["decision"] == "go"
    else:
        with pytest.raises(NotAllowed):
            vote(house, dee, opened, "go")


def test_a_revoked_delegation_lets_nobody_vote(house: House) -> None:
    dee = person(house, "dee", Role.AUDITOR)
    opened = opened_project(house)
    given = delegate(house, house.sam, dee)
    delegations.revoke(
        house.runtime, house.sam, given["id"], reason="Back.", version=given["version"], now=NOW
    )
    with pytest.raises(NotAllowed):
        vote(house, dee, opened, "go")


def test_the_submitter_decides_through_nobody(house: House) -> None:
    """Max submits; neither Max in any role, nor Max for Sam, nor Dee for Max may decide."""
    dee = person(house, "dee", Role.AUDITOR)
    add_project(house)
    opened = submit(house, "P1", "value_defined", by="max")
    delegate(house, house.sam, house.max)
    delegate(house, house.max, dee)
    for voter, more in (
        (house.max, {}),
        (house.max, {"on_behalf_of": "sam@example.org"}),
        (dee, {}),
    ):
        with pytest.raises(SeparationOfDuties):
            vote(house, voter, opened, "go", **more)
    refused = [each for each in _history(house, "P1") if each["kind"] == "vote.refused"]
    assert len(refused) == 3
    assert gates.get_submission(house.runtime, dee, opened["id"], now=NOW)["votes"] == []


def test_who_reported_values_does_not_decide_where_the_gate_says_so(house: House) -> None:
    decided_by(house, "[{role: sponsor}]", "    separation: [submitter, reading_submitter]\n")
    both = person(house, "bo", Role.SPONSOR, Role.DATA_OWNER)
    add_project(house)
    readings.record_readings(
        house.runtime,
        both,
        [{"kpi": "P1-K1", "period": date(2026, 10, 31), "actual": Decimal(1)}],
        now=NOW,
    )
    opened = submit(house, "P1", "value_defined")
    with pytest.raises(SeparationOfDuties):
        vote(house, both, opened, "go")
    assert vote(house, house.sam, opened, "go")["decision"] == "go"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"to": "sam"}, "to"),
        ({"to": "nobody"}, "to"),
        ({"ends_on": TODAY - timedelta(days=1), "starts_on": TODAY - WEEK}, "ends_on"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
        ({"portfolio": "nowhere"}, "portfolio"),
    ],
)
def test_what_cannot_be_delegated_is_refused_by_field(
    house: House, more: dict[str, Any], field: str
) -> None:
    values = {"to": "fay", "starts_on": TODAY, "ends_on": TODAY + WEEK, **more}
    to = f"{values.pop('to')}@example.org"
    with pytest.raises(InvalidInput) as refused:
        delegations.delegate(house.runtime, house.sam, to=to, reason="Leave.", now=NOW, **values)
    assert list(refused.value.facts["errors"]) == [field]
    page = delegations.list_delegations(house.runtime, house.sam, PageRequest())
    assert page.items == []


def test_two_people_do_not_stand_in_for_each_other(house: House) -> None:
    delegate(house, house.sam, house.fay)
    with pytest.raises(DelegationCircle):
        delegate(house, house.fay, house.sam, starts_on=TODAY + WEEK, ends_on=TODAY + 2 * WEEK)
    delegate(
        house,
        house.fay,
        house.sam,
        starts_on=TODAY + WEEK + timedelta(days=1),
        ends_on=TODAY + 2 * WEEK,
    )


def test_only_an_administrator_arranges_anothers_votes_and_never_takes_them(house: House) -> None:
    with pytest.raises(NotAllowed):
        delegate(house, house.fay, house.gus, of="sam@example.org")
    person(house, "ada")
    people.grant_role(house.runtime, OPERATOR, email="ada@example.org", role=Role.ADMIN, now=NOW)
    with house.runtime.store.reading() as connection:
        found = stored_people.by_email(connection, "ada@example.org")
        assert found is not None
        ada = stored_people.actor_of_person(connection, found["id"], NOW)
    assert ada is not None
    with pytest.raises(InvalidInput):
        delegate(house, ada, ada, of="sam@example.org")
    given = delegate(house, ada, house.gus, of="sam@example.org")
    assert (given["from_name"], given["to_name"]) == ("Sam", "Gus")


def test_a_delegation_is_seen_by_whom_it_concerns(house: House) -> None:
    given = delegate(house, house.sam, house.fay)
    for who in (house.sam, house.fay):
        assert delegations.get_delegation(house.runtime, who, given["id"])["id"] == given["id"]
    with pytest.raises(NotFound):
        delegations.get_delegation(house.runtime, house.gus, given["id"])


# --- holding and reopening --------------------------------------------------------------------


def test_a_hold_says_when_it_ends(house: House) -> None:
    opened = opened_project(house)
    until = {"resume_on": TODAY + WEEK, "resume_when": "budget >= 2000"}
    vote(house, house.sam, opened, "hold", **until)
    project = projects.get_project(house.runtime, house.pia, "P1")
    assert project["stage"] == "on_hold"
    assert {name: project[name] for name in until} == until


@pytest.mark.parametrize(
    ("answer", "until", "field"),
    [
        ("hold", {"resume_on": TODAY}, "resume_on"),
        ("hold", {"resume_when": "bugdet > 3"}, "resume_when"),
        ("hold", {"resume_when": "budget"}, "resume_when"),
        ("go", {"resume_on": TODAY + WEEK}, "resume_on"),
        ("recycle", {"resume_when": "budget > 3"}, "resume_when"),
    ],
)
def test_a_hold_that_could_not_end_is_refused(
    house: House, answer: str, until: dict[str, Any], field: str
) -> None:
    opened = opened_project(house)
    with pytest.raises(InvalidInput) as refused:
        vote(house, house.sam, opened, answer, **until)
    assert list(refused.value.facts["errors"]) == [field]
    assert gates.get_submission(house.runtime, house.sam, opened["id"], now=NOW)["votes"] == []


def test_a_project_that_ended_is_reopened_by_the_named_authority_only(house: House) -> None:
    decided_by(house, "[{role: sponsor}]")
    vote(house, house.sam, opened_project(house), "kill")
    with pytest.raises(NotAllowed):
        _move(house, house.sam, "reopen")
    assert _move(house, house.gus, "reopen")["stage"] == "draft"
    last = _history(house, "P1")[-1]
    assert last["kind"] == "stage.moved"
    assert last["data"]["reason"] == "The market is back."


def test_what_has_not_ended_cannot_be_reopened(house: House) -> None:
    decided_by(house, "[{role: sponsor}]")
    add_project(house)
    with pytest.raises(IllegalMove):
        _move(house, house.gus, "reopen")


def test_holding_without_a_gate_says_when_it_ends_too(house: House) -> None:
    add_project(house)
    held = _move(house, house.sam, "hold", Until(TODAY + WEEK, None))
    assert held["resume_on"] == TODAY + WEEK
    resumed = _move(house, house.sam, "resume")
    assert resumed["resume_on"] is None


def _move(house: House, by: Actor, to_do: str, until: Until | None = None) -> dict[str, Any]:
    return moves.move(
        house.runtime,
        by,
        "P1",
        to_do=to_do,
        reason="The market is back.",
        until=until,
        version=None,
        now=NOW,
    )


def _history(house: House, project: str) -> list[dict[str, Any]]:
    aud = house.aud
    return history.project_history(house.runtime, aud, project, limit=200).items
