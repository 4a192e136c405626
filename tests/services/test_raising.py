"""Scope changes raised from recommendations, and what becomes of both."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.recommendation import RecommendationStatus
from govern.domain.refusal import InvalidInput, NotAllowed, RecommendationClosed, StaleVersion
from govern.services import deliverables, raising, recommendations, scope_changes
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project, report
from tests.services.test_gates import to_stage
from tests.services.test_scope_changes import LATER, kinds, vote

DROP = [{"kind": "drop_deliverable", "deliverable": "P1-D2"}]


@pytest.fixture
def recommended(house: House) -> House:
    """P1 runs, P1-K1 is at 70 %, and the rule recommends to descope what adds less than 5 %: P1-D2."""
    project = add_project(house)
    values = {"id": "P1-D2", "project": "P1", "name": "Newsletter", "owner": "Olga"}
    brings = {"cost": Decimal(50), "serves": {"P1-K1": Decimal("0.04")}}
    deliverables.add_deliverable(house.runtime, house.pia, {**values, **brings}, now=NOW)
    to_stage(house, project, "monitoring")
    report(house, "P1-K1", {"2026-10-31": 700})
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    return house


def the_one(house: House) -> dict[str, Any]:
    (found,) = recommendations.list_recommendations(
        house.runtime, house.sam, PageRequest(), now=NOW
    ).items
    return found


def accept(house: House, alternative: str | None = None) -> dict[str, Any]:
    return recommendations.answer(
        house.runtime,
        house.sam,
        the_one(house)["id"],
        status=RecommendationStatus.ACCEPTED,
        reason="As the rule says.",
        alternative=alternative,
        version=None,
        now=NOW,
    )


def raise_it(house: House, by: str = "pia", **more: Any) -> dict[str, Any]:
    return raising.raise_scope_change(
        house.runtime,
        house.actors[by],
        the_one(house)["id"],
        **{"version": None, "now": LATER, **more},
    )


def test_what_was_accepted_becomes_a_scope_change_and_is_done_by_it(recommended: House) -> None:
    house = recommended
    accept(house)
    found = raise_it(house)
    assert [(each["kind"], each["deliverable"]) for each in found["changes"]] == [
        ("drop_deliverable", "P1-D2")
    ]
    assert (found["recommendation"], found["action"]) == (the_one(house)["id"], "descope")
    assert (found["title"], found["reason"]) == (
        "Descope: behind-plan, P1-K1",
        "Revenue at 70% of plan",
    )
    (lost,) = found["lost"]
    # 4 % of the 1200 that are promised from 0.
    assert (lost["kpi"], lost["share"], lost["promised"]) == ("P1-K1", Decimal("0.04"), 48)
    told = the_one(house)
    assert (told["status"], told["scope_change"]) == ("accepted", found["id"])
    for name in ("sam", "fay"):
        done = vote(house, name, found)
    assert done["state"] == "applied"
    told = the_one(house)
    assert (told["status"], told["scope_change"], told["implemented_at"]) == (
        "implemented",
        found["id"],
        LATER,
    )
    made = deliverables.get_deliverable(house.runtime, house.pia, "P1-D2")
    assert made["state"] == "dropped"
    assert kinds(house)[-4:] == [
        "scope_change.decided",
        "deliverable.changed",
        "scope_change.applied",
        "recommendation.implemented",
    ]
    with pytest.raises(RecommendationClosed):
        raise_it(house, changes=DROP)


@pytest.mark.parametrize("how", ["rejected", "withdrawn"])
def test_what_came_to_nothing_is_raised_again(recommended: House, how: str) -> None:
    house = recommended
    accept(house)
    first = raise_it(house, title="At once", reason="It serves little.")
    assert (first["title"], first["reason"]) == ("At once", "It serves little.")
    with pytest.raises(RecommendationClosed, match=f"Scope change {first['id']} is raised"):
        raise_it(house)
    if how == "rejected":
        vote(house, "sam", first, "recycle")
    else:
        scope_changes.withdraw(
            house.runtime, house.pia, first["id"], reason="No.", version=None, now=LATER
        )
    told = the_one(house)
    assert (told["status"], told["scope_change"]) == ("accepted", None)
    again = raise_it(house, changes=DROP)
    assert the_one(house)["scope_change"] == again["id"]


def test_another_alternative_is_raised_where_it_was_accepted_or_is_named(
    recommended: House,
) -> None:
    house = recommended
    accept(house, "terminate")
    found = raise_it(house)
    assert [each["kind"] for each in found["changes"]] == ["terminate"]
    assert [each["deliverable"] for each in found["lost"]] == ["P1-D1", "P1-D2"]
    scope_changes.withdraw(
        house.runtime, house.pia, found["id"], reason="No.", version=None, now=LATER
    )
    named = raise_it(house, alternative="descope")
    assert [each["kind"] for each in named["changes"]] == ["drop_deliverable"]
    assert named["title"] == "Descope: behind-plan, P1-K1"


def test_what_it_is_to_bring_is_named_for_both(recommended: House) -> None:
    house = recommended
    accept(house)
    effect = {"kpi": "P1-K1", "size": Decimal(50), "by": date(2026, 12, 31)}
    found = raise_it(house, effects=[effect])
    (one,) = found["expected"]
    assert (one["size"], one["recommendation"]) == (50, the_one(house)["id"])


def test_who_raises_and_what_cannot_be_raised(recommended: House) -> None:
    house = recommended
    with pytest.raises(RecommendationClosed, match="is proposed"):
        raise_it(house)
    accept(house)
    for name in ("sam", "fay", "gus", "aud"):
        with pytest.raises(NotAllowed):
            raise_it(house, by=name)
    with pytest.raises(StaleVersion):
        raise_it(house, version=7)
    with pytest.raises(InvalidInput) as refused:
        raise_it(house, alternative="expand")
    assert list(refused.value.facts["errors"]) == ["alternative"]
    with pytest.raises(InvalidInput):
        raise_it(house, changes=[{"kind": "drop_deliverable", "deliverable": "P2-D1"}])
    told = the_one(house)
    assert (told["status"], told["scope_change"]) == ("accepted", None)
