"""Scope changes: proposed, decided as the gate that froze the plan, applied whole or not at all."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.decision import Answer
from govern.domain.refusal import (
    AlreadyVoted,
    BaselineFrozen,
    Duplicate,
    IllegalMove,
    InvalidInput,
    NotAllowed,
    PreviewChanged,
    ScopeChangeClosed,
    SeparationOfDuties,
    StaleVersion,
)
from govern.domain.role import Role
from govern.services import (
    audit,
    baselines,
    deliverables,
    history,
    kpis,
    moves,
    readings,
    scope_changes,
    scope_votes,
)
from govern.services.people import OPERATOR
from govern.services.status import portfolio_status
from govern.services.waiting import waiting_for
from govern.store.observations import load_tables
from govern.store.paging import PageRequest
from tests.services.gate_project import hire
from tests.services.house import NOW, House, add_project, report
from tests.services.test_gates import to_stage

LATER = NOW + timedelta(hours=1)
TARGET = [{"kind": "kpi", "kpi": "P1-K1", "fields": {"target": Decimal(900)}}]


def frozen(house: House, project_id: str = "P1") -> str:
    project = add_project(house, project_id)
    to_stage(house, project, "planned")
    return project


def propose(house: House, changes: Sequence[Any] = TARGET, **more: Any) -> dict[str, Any]:
    more = {"by": "pia", "project": "P1", "now": LATER, **more}
    return scope_changes.propose(
        house.runtime,
        house.actors[more.pop("by")],
        more.pop("project"),
        title="Less, and sooner",
        reason="The market has shrunk.",
        changes=changes,
        **more,
    )


def vote(house: House, by: str, found: dict[str, Any], how: str = "go", **more: Any) -> Any:
    return scope_votes.vote(
        house.runtime,
        house.actors[by],
        found["id"],
        decision=Answer(how),
        reason=f"I say {how}.",
        **{"version": None, "now": LATER, **more},
    )


def kpi(house: House, name: str = "P1-K1") -> dict[str, Any]:
    return kpis.get_kpi(house.runtime, house.pia, name)


def kinds(house: House, project: str = "P1") -> list[str]:
    return [
        each["kind"]
        for each in history.project_history(house.runtime, house.aud, project, limit=500).items
    ]


def test_a_scope_change_is_applied_once_the_deciders_of_the_gate_say_so(house: House) -> None:
    frozen(house)
    found = propose(
        house,
        [
            *TARGET,
            {
                "kind": "plan",
                "kpi": "P1-K1",
                "planned": [{"period": date(2026, 12, 31), "planned": Decimal(900)}],
            },
        ],
    )
    (effect,) = found["effects"]
    assert effect["promised"] == {"first": 1200, "second": 900, "change": -300}
    assert effect["planned_in_all"] == {"first": 1200, "second": 900, "change": -300}
    assert effect["fields"] == [{"field": "target", "first": "1200", "second": "900"}]
    assert {each["role"]: each["who"] for each in found["missing"]} == {
        "sponsor": ["Max", "Sam"],
        "finance": ["Fay"],
    }
    halfway = vote(house, "sam", found)
    assert (halfway["state"], kpi(house)["target"]) == ("open", 1200)
    assert [each["role"] for each in halfway["missing"]] == ["finance"]
    done = vote(house, "fay", found, version=halfway["version"])
    assert (done["state"], done["baseline_number"]) == ("applied", 2)
    assert kpi(house)["target"] == 900
    plan = {
        e["period"]: e["planned"] for e in readings.list_plan(house.runtime, house.pia, "P1-K1")
    }
    assert (plan[date(2026, 11, 30)], plan[date(2026, 12, 31)]) == (1100, 900)
    assert kinds(house)[-6:] == [
        "scope_change.voted",
        "scope_change.voted",
        "scope_change.decided",
        "kpi.changed",
        "plan.recorded",
        "scope_change.applied",
    ]
    with pytest.raises(ScopeChangeClosed):
        vote(house, "max", found)
    assert audit.verify_ledger(house.runtime, OPERATOR).faults == ()


def test_a_rejected_one_changes_nothing(house: House) -> None:
    frozen(house)
    found = propose(house)
    before = kpi(house)
    vote(house, "sam", found)
    done = vote(house, "fay", found, "recycle")
    assert (done["state"], done["baseline_number"]) == ("rejected", None)
    assert kpi(house) == before
    told = history.project_history(
        house.runtime, house.aud, "P1", limit=500, kind="scope_change.decided"
    ).items[0]["data"]
    assert (told["decision"], told["votes"][1]["reason"]) == ("recycle", "I say recycle.")
    assert [
        each["number"] for each in baselines.list_baselines(house.runtime, house.aud, "P1")
    ] == [1]


def test_who_proposes_never_decides_and_the_attempt_is_kept(house: House) -> None:
    frozen(house)
    found = propose(house, by="max")
    with pytest.raises(SeparationOfDuties):
        vote(house, "max", found)
    assert kinds(house)[-1] == "scope_change.refused"
    for name in ("pia", "gus", "dan", "aud"):
        with pytest.raises(NotAllowed):
            vote(house, name, found)
    vote(house, "sam", found)
    with pytest.raises(AlreadyVoted):
        vote(house, "sam", found)
    with pytest.raises(StaleVersion):
        vote(house, "fay", found, version=1)
    with pytest.raises(InvalidInput):
        vote(house, "fay", found, role=Role.SPONSOR)


def test_who_holds_two_roles_fills_one_seat(house: House) -> None:
    frozen(house)
    both = hire(house.runtime, "bo", (Role.SPONSOR, Role.FINANCE))
    people = House(house.runtime, {**house.actors, "bo": both})
    found = propose(people)
    vote(people, "sam", found)
    done = vote(people, "bo", found)
    assert done["state"] == "applied"
    assert [each["role"] for each in done["votes"]] == ["sponsor", "finance"]


def test_who_has_proposed_withdraws(house: House) -> None:
    frozen(house)
    found = propose(house)

    def withdraw(by: str, version: int | None = None) -> Any:
        return scope_changes.withdraw(
            house.runtime, house.actors[by], found["id"], reason="No.", version=version, now=LATER
        )

    with pytest.raises(NotAllowed):
        withdraw("max")
    with pytest.raises(StaleVersion):
        withdraw("pia", 7)
    assert withdraw("pia", 1)["state"] == "withdrawn"
    with pytest.raises(ScopeChangeClosed):
        withdraw("pia")
    with pytest.raises(ScopeChangeClosed):
        vote(house, "sam", found)


def test_one_that_would_do_something_else_than_it_showed_is_not_applied(house: House) -> None:
    frozen(house)
    found = propose(house)
    first = propose(house, [{"kind": "kpi", "kpi": "P1-K1", "fields": {"baseline": Decimal(100)}}])
    for name in ("sam", "fay"):
        vote(house, name, first)
    with pytest.raises(PreviewChanged) as refused:
        vote(house, "sam", found)
    assert refused.value.facts["changed"] == ["baseline of KPI P1-K1 was 0 and is 100."]
    seen = scope_changes.get_scope_change(house.runtime, house.aud, found["id"], now=LATER)
    assert seen["changed"] == refused.value.facts["changed"]
    assert seen["votes"] == []
    assert vote(house, "sam", found, "kill")["state"] == "rejected"


def test_everyday_editing_of_what_is_not_agreed_does_not_stand_in_the_way(house: House) -> None:
    frozen(house)
    found = propose(house)
    kpis.change_kpi(house.runtime, house.pia, "P1-K1", {"owner": "Ken"}, version=None, now=LATER)
    for name in ("sam", "fay"):
        done = vote(house, name, found)
    assert done["state"] == "applied"
    assert kpi(house)["owner"] == "Ken"


def test_a_kpi_is_added_with_its_trajectory(house: House) -> None:
    frozen(house)
    fields = {
        "id": "P1-K2",
        "name": "Margin",
        "category": "revenue",
        "direction": "increase",
        "owner": "Olga",
        "baseline": Decimal(0),
        "baseline_on": date(2026, 11, 30),
        "target": Decimal(40),
        "target_on": date(2027, 3, 31),
    }
    drawn = {"shape": "linear", "points": None, "from": None, "to": None}
    found = propose(
        house,
        [
            {"kind": "add_kpi", "fields": fields},
            {"kind": "plan", "kpi": "P1-K2", "trajectory": drawn},
        ],
    )
    (effect,) = found["effects"]
    assert (effect["kpi"], effect["in_first"], effect["in_second"]) == ("P1-K2", False, True)
    assert effect["promised"] == {"first": None, "second": 40, "change": None}
    for name in ("sam", "fay"):
        done = vote(house, name, found)
    assert done["state"] == "applied"
    plan = readings.list_plan(house.runtime, house.pia, "P1-K2")
    assert [each["planned"] for each in plan] == [
        Decimal("10.25"),
        Decimal("20.50"),
        Decimal("29.75"),
        Decimal("40.00"),
    ]
    assert kpi(house, "P1-K2")["owner"] == "Olga"
    with pytest.raises(Duplicate):
        propose(house, [{"kind": "add_kpi", "fields": fields}])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ([{"kind": "kpi", "kpi": "P2-K1", "fields": {"target": Decimal(1)}}], "changes.0.kpi"),
        ([{"kind": "kpi", "kpi": "P1-K1"}], "changes.0.fields"),
        ([{"kind": "kpi", "fields": {"target": Decimal(1)}}], "changes.0.kpi"),
        ([{"kind": "kpi", "kpi": "P1-K1", "fields": {"id": "X"}}], "changes.0.fields.id"),
        ([{"kind": "kpi", "kpi": "P1-K1", "fields": {"target": Decimal(1200)}}], "changes.0.kind"),
        ([*TARGET, {"kind": "add_kpi", "fields": {"id": "X"}}], "changes.1.fields.name"),
        (
            [{"kind": "kpi", "kpi": "P1-K1", "fields": {"cadence": "weekly"}}],
            "changes.0.fields.cadence",
        ),
        ([{"kind": "plan", "kpi": "P1-K1"}], "changes.0.planned"),
        (
            [
                {
                    "kind": "plan",
                    "kpi": "P1-K1",
                    "planned": [{"period": date(2026, 12, 30), "planned": Decimal(1)}],
                }
            ],
            "changes.0.planned.0.period",
        ),
        (
            [
                {
                    "kind": "plan",
                    "kpi": "P1-K1",
                    "planned": [{"period": date(2026, 5, 31), "planned": Decimal(1)}],
                }
            ],
            "changes.0.planned",
        ),
        (
            [
                {
                    "kind": "plan",
                    "kpi": "P1-K1",
                    "trajectory": {"shape": "linear", "points": [], "to": date(2020, 1, 1)},
                }
            ],
            "changes.0.trajectory.to",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_place(
    house: House, changes: list[Any], field: str
) -> None:
    frozen(house)
    add_project(house, "P2")
    before = len(kinds(house))
    with pytest.raises(InvalidInput) as refused:
        propose(house, changes, effective_on=date(2026, 6, 30))
    assert list(refused.value.facts["errors"]) == [field]
    assert len(kinds(house)) == before


def test_a_preview_writes_nothing(house: House) -> None:
    frozen(house)
    before = kinds(house)
    seen = scope_changes.preview(house.runtime, house.pia, "P1", changes=TARGET, now=LATER)
    assert seen["effects"][0]["promised"]["change"] == -300
    assert kinds(house) == before
    assert kpi(house)["target"] == 1200


def test_only_an_agreed_plan_of_a_project_that_runs(house: House) -> None:
    add_project(house)
    with pytest.raises(IllegalMove):
        propose(house)
    frozen(house, "P2")
    change = [{"kind": "kpi", "kpi": "P2-K1", "fields": {"target": Decimal(1)}}]
    found = propose(house, change, project="P2")
    moves.move(house.runtime, house.gus, "P2", to_do="kill", reason="x", version=None, now=NOW)
    with pytest.raises(IllegalMove):
        propose(house, change, project="P2")
    with pytest.raises(IllegalMove):
        vote(house, "sam", found)
    assert vote(house, "sam", found, "kill")["state"] == "rejected"
    for name in ("sam", "fay", "dan", "aud", "gus"):
        with pytest.raises(NotAllowed):
            propose(house, by=name)


def test_what_is_frozen_says_what_to_do(house: House) -> None:
    frozen(house)
    with pytest.raises(BaselineFrozen) as refused:
        kpis.change_kpi(house.runtime, house.pia, "P1-K1", {"target": 1}, version=None, now=NOW)
    assert "propose a scope change of project P1" in refused.value.detail
    assert refused.value.facts["propose"] == "/projects/P1/scope-changes"


def test_who_can_decide_is_told_that_it_waits(house: House) -> None:
    frozen(house)
    found = propose(house, by="max")

    def waits() -> set[str]:
        return {
            name
            for name, actor in house.actors.items()
            if waiting_for(house.runtime, actor, now=LATER)["scope_changes"]
        }

    assert waits() == {"sam", "fay"}
    vote(house, "sam", found)
    assert waits() == {"fay"}
    (told,) = portfolio_status(house.runtime, OPERATOR, now=LATER)["scope_changes"]
    assert (told["scope_change"], told["title"]) == (found["id"], "Less, and sooner")
    assert [each["role"] for each in told["missing"]] == ["finance"]
    vote(house, "fay", found)
    assert waits() == set()


def test_both_baselines_stay_comparable(house: House) -> None:
    frozen(house)
    report(house, "P1-K1", {"2026-10-31": 800})
    plan = [{"period": date(2026, 10, 31), "planned": Decimal(800)}]
    found = propose(house, [*TARGET, {"kind": "plan", "kpi": "P1-K1", "planned": plan}])
    for name in ("sam", "fay"):
        vote(house, name, found)
    seen = baselines.compare(house.runtime, house.aud, "P1", 1, 2, now=LATER)
    (one,) = seen["kpis"]
    assert (one["period"], one["actual"]) == (date(2026, 10, 31), 800)
    assert one["against_first"] == {
        "planned": 1000,
        "attainment": Decimal("0.8"),
        "progress": Decimal("0.666666667"),
        "variance": -200,
    }
    assert one["against_second"] == {
        "planned": 800,
        "attainment": 1,
        "progress": Decimal("0.888888889"),
        "variance": 0,
    }
    kept = [
        baselines.get_baseline(house.runtime, house.aud, "P1", number)["kpis"][0]
        for number in (1, 2)
    ]
    assert [{e["field"]: e["value"] for e in each["fields"]}["target"] for each in kept] == [
        "1200",
        "900",
    ]
    assert [
        {e["period"]: e["planned"] for e in each["planned"]}[date(2026, 10, 31)] for each in kept
    ] == [1000, 800]


def test_rules_see_the_first_agreed_plan_beside_the_one_in_force(house: House) -> None:
    frozen(house)
    add_project(house, "P2")
    frozen(house, "P3")
    plan = [{"period": date(2026, 10, 31), "planned": Decimal(800)}]
    found = propose(house, [*TARGET, {"kind": "plan", "kpi": "P1-K1", "planned": plan}])
    for name in ("sam", "fay"):
        vote(house, name, found)
    with house.runtime.store.reading() as connection:
        tables = load_tables(connection)
    rows = {row["kpi"]: row for row in tables.kpis.iter_rows(named=True)}
    assert [
        (rows[f"P{n}-K1"]["target"], rows[f"P{n}-K1"]["original_target"]) for n in (1, 2, 3)
    ] == [
        (900, 1200),
        (1200, None),
        (1200, 1200),
    ]
    values = {
        (row["kpi"], row["period"]): (row["planned"], row["original_planned"])
        for row in tables.values.iter_rows(named=True)
    }
    october = date(2026, 10, 31)
    assert values["P1-K1", october] == (800, 1000)
    assert values["P1-K1", date(2026, 11, 30)] == (1100, 1100)
    assert values["P2-K1", october] == (1000, None)
    assert values["P3-K1", october] == (1000, 1000)


def test_a_list_by_project_and_state(house: House) -> None:
    frozen(house)
    found = propose(house)
    deliverables.list_deliverables(house.runtime, house.pia, PageRequest())
    request = PageRequest()
    page = scope_changes.list_scope_changes(house.runtime, house.aud, request, project="P1")
    assert [each["id"] for each in page.items] == [found["id"]]
    none = scope_changes.list_scope_changes(house.runtime, house.aud, request, state="applied")
    assert none.items == []
