"""Scope changes edited by those who decide them, and decided by deputies."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.actor import Actor
from govern.domain.refusal import (
    AlreadyVoted,
    InvalidInput,
    NotAllowed,
    PreviewChanged,
    ScopeChangeClosed,
    SeparationOfDuties,
    StaleVersion,
)
from govern.domain.role import Role
from govern.services import delegations, kpis, projects, scope_amending, scope_changes
from govern.services.waiting import waiting_for
from tests.services.gate_project import hire
from tests.services.house import NOW, House
from tests.services.test_scope_changes import LATER, TARGET, frozen, kinds, kpi, propose, vote

BUDGET = {"kind": "project", "fields": {"budget": Decimal(800)}}
EFFECT = {"kpi": "P1-K1", "size": Decimal(50), "by": date(2026, 12, 15)}
TODAY = NOW.date()


def amend(house: House, by: str, found: dict[str, Any], **fields: Any) -> Any:
    return scope_amending.amend(
        house.runtime,
        house.actors[by],
        found["id"],
        fields,
        version=fields.pop("version", None),
        now=LATER,
    )


def delegate(house: House, giver: str, to: str, **more: Any) -> None:
    delegations.delegate(
        house.runtime,
        house.actors[giver],
        to=house.actors[to].person_id,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=7),
        reason="On leave.",
        now=NOW,
        **more,
    )


def joined(house: House, **more: tuple[Role, ...]) -> House:
    hired: dict[str, Actor] = {
        name: hire(house.runtime, name, roles) for name, roles in more.items()
    }
    return House(house.runtime, {**house.actors, **hired})


def waits(house: House, name: str) -> list[tuple[list[str], str | None]]:
    found = waiting_for(house.runtime, house.actors[name], now=LATER)["scope_changes"]
    return [(each["as"], each["for"]) for each in found]


# --- amending ------------------------------------------------------------------------------------


def test_who_could_decide_it_amends_it_and_then_others_decide(house: House) -> None:
    frozen(house)
    people = joined(house, una=(Role.SPONSOR,))
    found = propose(people)
    vote(people, "fay", found)
    amended = amend(
        people, "sam", found, changes=[*TARGET, BUDGET], reason="Cheaper, too.", title="Cheaper"
    )
    assert (amended["revision"], amended["amended_by_names"]) == (2, ["Sam"])
    assert (amended["title"], amended["reason"]) == ("Cheaper", "Cheaper, too.")
    assert amended["terms"] == [{"field": "budget", "first": "1000", "second": "800"}]
    assert [(each["person"], each["revision"], each["counts"]) for each in amended["votes"]] == [
        ("Fay", 1, False)
    ]
    assert {each["role"]: each["who"] for each in amended["missing"]} == {
        "sponsor": ["Max", "Una"],
        "finance": ["Fay"],
    }
    with pytest.raises(SeparationOfDuties, match="You amended this"):
        vote(people, "sam", found)
    assert kinds(people)[-2:] == ["scope_change.amended", "scope_change.refused"]
    assert waits(people, "sam") == []
    assert waits(people, "fay") == [(["finance"], None)]
    vote(people, "una", found)
    done = vote(people, "fay", found)
    assert done["state"] == "applied"
    assert [(each["person"], each["counts"]) for each in done["votes"]] == [
        ("Fay", False),
        ("Una", True),
        ("Fay", True),
    ]
    assert projects.get_project(people.runtime, people.pia, "P1")["budget"] == 800
    assert kpi(people)["target"] == 900


def test_a_no_to_an_earlier_revision_is_no_no_to_this_one(house: House) -> None:
    frozen(house)
    found = propose(house)
    vote(house, "sam", found)
    amend(house, "pia", found, title="Less")
    assert vote(house, "fay", found)["state"] == "open"
    assert vote(house, "sam", found)["state"] == "applied"


def test_whoever_has_proposed_amends_and_the_next_one_goes_on_from_there(house: House) -> None:
    frozen(house)
    found = propose(house, effective_on=date(2026, 12, 1))
    amend(house, "pia", found, reason="Said better.")
    again = amend(house, "max", found, effective_on=None)
    assert (again["revision"], again["effective_on"]) == (3, None)
    assert again["amended_by_names"] == ["Pia", "Max"]
    assert again["reason"] == "Said better."
    assert again["effects"][0]["promised"]["change"] == -300
    assert amend(house, "pia", found, title="x")["amended_by_names"] == ["Max", "Pia"]


def test_an_amendment_mends_what_has_changed_meanwhile(house: House) -> None:
    frozen(house)
    found = propose(house)
    other = propose(house, [{"kind": "kpi", "kpi": "P1-K1", "fields": {"baseline": Decimal(100)}}])
    for name in ("sam", "fay"):
        vote(house, name, other)
    with pytest.raises(PreviewChanged):
        vote(house, "sam", found)
    amended = amend(house, "pia", found, reason="Still less.")
    assert (amended["changed"], amended["effects"][0]["promised"]["change"]) == ([], -300)
    assert amended["effects"][0]["promised"]["first"] == 1100
    for name in ("sam", "fay"):
        done = vote(house, name, found)
    assert (done["state"], kpi(house)["target"]) == ("applied", 900)


def test_every_kind_is_asked_again_as_it_was_kept(house: House) -> None:
    frozen(house)
    changes = [
        *TARGET,
        {
            "kind": "plan",
            "kpi": "P1-K1",
            "planned": [{"period": date(2026, 12, 31), "planned": Decimal("900.5")}],
        },
        {
            "kind": "add_kpi",
            "fields": {
                "id": "P1-K2",
                "name": "Margin",
                "direction": "increase",
                "baseline": Decimal(0),
                "target": Decimal(4),
                "target_on": date(2027, 3, 31),
            },
        },
        {
            "kind": "deliverable",
            "deliverable": "P1-D1",
            "fields": {"due": date(2027, 1, 31), "serves": {"P1-K1": Decimal("0.5")}},
        },
        {
            "kind": "add_deliverable",
            "fields": {"id": "P1-D2", "name": "Hotline", "cost": Decimal(10), "serves": {}},
        },
        {"kind": "drop_deliverable", "deliverable": "P1-D1"},
        {"kind": "project", "fields": {"budget": Decimal(5), "end": date(2027, 6, 30)}},
        {"kind": "hold", "until": date(2027, 1, 31)},
        {"kind": "terminate"},
    ]
    found = propose(house, changes)
    amended = amend(house, "pia", found, title="The same")
    same = ("changes", "effects", "deliverables", "terms", "lost")
    assert {name: amended[name] for name in same} == {name: found[name] for name in same}


def test_who_amends_and_who_does_not(house: House) -> None:
    frozen(house)
    found = propose(house)
    for name in ("gus", "dan", "aud"):
        with pytest.raises(NotAllowed):
            amend(house, name, found, title="x")
    with pytest.raises(StaleVersion):
        amend(house, "sam", found, title="x", version=7)
    with pytest.raises(InvalidInput):
        amend(house, "sam", found)
    with pytest.raises(InvalidInput) as refused:
        amend(house, "sam", found, changes=[{"kind": "kpi", "kpi": "P1-K1", "fields": {"id": "x"}}])
    assert list(refused.value.facts["errors"]) == ["changes.0.fields.id"]
    scope_changes.withdraw(
        house.runtime, house.pia, found["id"], reason="No.", version=None, now=LATER
    )
    with pytest.raises(ScopeChangeClosed):
        amend(house, "pia", found, title="x")


def test_what_is_expected_is_named_amended_and_begins_with_the_last_go(house: House) -> None:
    frozen(house)
    found = propose(house, [BUDGET], effects=[EFFECT])
    (one,) = found["expected"]
    assert (one["kpi"], one["size"], one["by"], one["state"]) == (
        "P1-K1",
        50,
        date(2026, 12, 31),
        "named",
    )
    amended = amend(house, "pia", found, effects=[{**EFFECT, "size": Decimal(70)}])
    assert [(each["size"], each["state"]) for each in amended["expected"]] == [(70, "named")]
    assert len(amend(house, "pia", found, title="x")["expected"]) == 1
    vote(house, "sam", found)
    done = vote(house, "fay", found)
    assert [each["state"] for each in done["expected"]] == ["running"]
    with pytest.raises(InvalidInput) as refused:
        propose(house, effects=[{**EFFECT, "size": Decimal(0)}])
    assert list(refused.value.facts["errors"]) == ["effects.0.size"]


# --- deputies ------------------------------------------------------------------------------------


def test_a_deputy_votes_for_a_colleague_who_stays_to_be_seen(house: House) -> None:
    frozen(house)
    people = joined(house, dee=(Role.DATA_OWNER,))
    delegate(people, "sam", "dee")
    found = propose(people)
    (sponsor, _) = found["missing"]
    assert (sponsor["who"], sponsor["deputies"]) == (
        ["Max", "Sam"],
        [{"name": "Dee", "for": "Sam"}],
    )
    assert waits(people, "dee") == [(["sponsor"], "Sam")]
    voted = vote(people, "dee", found)
    (cast,) = voted["votes"]
    assert (cast["person"], cast["for_person"], cast["role"]) == ("Dee", "Sam", "sponsor")
    assert waits(people, "dee") == []
    for name in ("dee", "sam"):
        with pytest.raises(AlreadyVoted):
            vote(people, name, found)
    assert vote(people, "fay", found)["state"] == "applied"


def test_a_deputy_says_for_whom_where_it_is_not_clear(house: House) -> None:
    frozen(house)
    people = joined(house, dee=(Role.DATA_OWNER,))
    for giver in ("sam", "fay"):
        delegate(people, giver, "dee")
    found = propose(people)
    with pytest.raises(InvalidInput) as refused:
        vote(people, "dee", found)
    assert list(refused.value.facts["errors"]) == ["on_behalf_of"]
    with pytest.raises(InvalidInput):
        vote(people, "dee", found, on_behalf_of="max@example.org")
    voted = vote(people, "dee", found, on_behalf_of="fay@example.org")
    assert [(each["for_person"], each["role"]) for each in voted["votes"]] == [("Fay", "finance")]
    with pytest.raises(AlreadyVoted):
        vote(people, "dee", found, on_behalf_of="sam@example.org")


def test_nobody_votes_for_or_as_whoever_has_proposed_or_amended(house: House) -> None:
    frozen(house)
    people = joined(house, dee=(Role.DATA_OWNER,), una=(Role.SPONSOR,))
    delegate(people, "max", "dee")
    found = propose(people, by="max")
    assert waits(people, "dee") == []
    with pytest.raises(SeparationOfDuties, match="nobody decides it for them"):
        vote(people, "dee", found)
    delegate(people, "sam", "max")
    with pytest.raises(SeparationOfDuties, match="You proposed this"):
        vote(people, "max", found, on_behalf_of="sam@example.org")
    assert all(each["name"] != "Max" for each in found["missing"][0]["deputies"])
    delegate(people, "una", "dee")
    amend(people, "una", found, title="x")
    with pytest.raises(SeparationOfDuties, match="nobody decides it for them"):
        vote(people, "dee", found, on_behalf_of="una@example.org")
    with pytest.raises(NotAllowed):
        amend(people, "dee", found, title="y")


def test_a_delegation_is_not_handed_on_and_holds_for_its_gate(house: House) -> None:
    frozen(house)
    people = joined(house, dee=(Role.DATA_OWNER,), eli=(Role.DATA_OWNER,))
    delegate(people, "sam", "dee")
    delegate(people, "dee", "eli")
    delegate(people, "fay", "eli", gate="closed")
    found = propose(people)
    with pytest.raises(NotAllowed):
        vote(people, "eli", found)
    amend(people, "dee", found, title="By a deputy")
    kpis.change_kpi(people.runtime, people.pia, "P1-K1", {"owner": "Ken"}, version=None, now=LATER)
    with pytest.raises(SeparationOfDuties):
        vote(people, "dee", found)
