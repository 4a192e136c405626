"""Scope changes of deliverables, of the project's terms, and of the project itself."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govern.domain.refusal import (
    AlreadySubmitted,
    BaselineFrozen,
    Duplicate,
    IllegalMove,
    InvalidInput,
    PreviewChanged,
)
from govern.services import (
    audit,
    baselines,
    deliverables,
    gates,
    history,
    kpis,
    moves,
    outcomes,
    projects,
    readings,
    scope_changes,
)
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from tests.services.house import NOW, House, add_project, report, submit
from tests.services.test_gates import to_stage
from tests.services.test_scope_changes import LATER, frozen, kinds, propose, vote

OCTOBER = date(2026, 10, 31)
DROP = {"kind": "drop_deliverable", "deliverable": "P1-D2"}


def with_a_map(house: House) -> str:
    """P1-D1 brings 60 % of P1-K1. P1-D2 brings 50 % of an outcome that brings 40 % of P1-K1, which is
    20 %, and 25 % of P1-K2. What P1-D3 brings to P1-K1 is not agreed. Both KPIs were complete in
    October: P1-K1 came to 800 of 1200 from 0, P1-K2 to 30 from 50 where 20 were promised."""
    project = add_project(house)
    kpis.change_kpi(
        house.runtime, house.pia, "P1-K1", {"target_on": OCTOBER}, version=None, now=NOW
    )
    kpis.add_kpi(
        house.runtime,
        house.pia,
        {
            "id": "P1-K2",
            "project": "P1",
            "name": "Days to deliver",
            "category": "cost",
            "unit": "days",
            "direction": "decrease",
            "baseline": Decimal(50),
            "baseline_on": date(2025, 12, 31),
            "target": Decimal(20),
            "target_on": OCTOBER,
            "tolerance": Decimal("0.1"),
            "owner": "Olga",
            "description": "From the order to the door.",
            "baseline_source": "Ledger of 2025",
            "department": "Sales",
            "source": "ERP",
            "calculation": "Mean of all orders.",
        },
        now=NOW,
    )
    plan = [{"period": OCTOBER, "planned": Decimal(20)}]
    readings.record_plan(house.runtime, house.pia, "P1-K2", plan, now=NOW)
    outcomes.add_outcome(
        house.runtime,
        house.pia,
        {
            "id": "P1-O1",
            "project": "P1",
            "name": "Customers order at night",
            "serves": {"P1-K1": Decimal("0.4")},
        },
        now=NOW,
    )
    for values in (
        {
            "id": "P1-D2",
            "name": "Night shop",
            "cost": Decimal(300),
            "due": date(2027, 3, 31),
            "serves": {"P1-K2": Decimal("0.25")},
            "produces": {"P1-O1": Decimal("0.5")},
        },
        {"id": "P1-D3", "name": "Newsletter", "serves": {"P1-K1": None}},
    ):
        deliverables.add_deliverable(
            house.runtime, house.pia, {"project": "P1", "owner": "Olga", **values}, now=NOW
        )
    to_stage(house, project, "planned")
    report(house, "P1-K1", {"2026-10-31": 800})
    report(house, "P1-K2", {"2026-10-31": 30})
    return project


def both(house: House, found: dict[str, Any]) -> Any:
    vote(house, "sam", found)
    return vote(house, "fay", found)


def deliverable(house: House, name: str) -> dict[str, Any]:
    return deliverables.get_deliverable(house.runtime, house.pia, name)


def project(house: House) -> dict[str, Any]:
    return projects.get_project(house.runtime, house.pia, "P1")


def told_of(house: House, kind: str) -> list[dict[str, Any]]:
    found = history.project_history(house.runtime, house.aud, "P1", limit=500, kind=kind)
    return [each["data"] for each in found.items]


def test_what_is_dropped_shows_the_value_that_is_lost(house: House) -> None:
    with_a_map(house)
    seen = scope_changes.preview(
        house.runtime,
        house.pia,
        "P1",
        changes=[DROP, {"kind": "drop_deliverable", "deliverable": "P1-D3"}],
        now=LATER,
    )
    assert [
        (e["deliverable"], e["kpi"], e["share"], e["promised"], e["forecast"]) for e in seen["lost"]
    ] == [
        ("P1-D2", "P1-K1", Decimal("0.2"), 240, 160),
        ("P1-D2", "P1-K2", Decimal("0.25"), Decimal("7.5"), 5),
        ("P1-D3", "P1-K1", None, None, None),
    ]
    assert "P1-D3" in seen["lost"][2]["why"]
    assert seen["deliverables"][0] == {
        "deliverable": "P1-D2",
        "name": "Night shop",
        "in_first": True,
        "in_second": True,
        "fields": [
            {"field": "dropped", "first": "no", "second": "yes"},
            {"field": "state", "first": "planned", "second": "dropped"},
        ],
    }
    assert deliverable(house, "P1-D2")["state"] == "planned"


def test_an_end_loses_what_every_open_deliverable_brings(house: House) -> None:
    with_a_map(house)
    found = propose(house, [DROP, {"kind": "terminate"}])
    assert [(each["deliverable"], each["kpi"], each["promised"]) for each in found["lost"]] == [
        ("P1-D2", "P1-K1", 240),
        ("P1-D2", "P1-K2", Decimal("7.5")),
        ("P1-D1", "P1-K1", 720),
        ("P1-D3", "P1-K1", None),
    ]


def lost_by(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    keys = ("change", "deliverable", "kpi", "share", "promised", "forecast")
    return [tuple(each[key] for key in keys) for each in found["lost"]]


def test_a_hold_loses_at_worst_what_is_not_begun(house: House) -> None:
    with_a_map(house)
    found = propose(house, [DROP, {"kind": "hold", "until": date(2027, 1, 31)}])
    dropped, held = "drop_deliverable", "hold"
    # P1-D1 is begun and goes on; what P1-D3 brings is not agreed.
    assert lost_by(found) == [
        (dropped, "P1-D2", "P1-K1", Decimal("0.2"), 240, 160),
        (dropped, "P1-D2", "P1-K2", Decimal("0.25"), Decimal("7.5"), 5),
        (held, "P1-D3", "P1-K1", None, None, None),
    ]
    alone = propose(house, [{"kind": "hold"}])
    assert {(each["change"], each["deliverable"]) for each in alone["lost"]} == {
        (held, "P1-D2"),
        (held, "P1-D3"),
    }


def test_what_is_to_bring_less_loses_the_difference(house: House) -> None:
    with_a_map(house)
    # Half of 0.6 of P1-K1 directly, and of the outcome, which brings 0.4 of it, 0.2 instead of 0.5.
    lower: list[dict[str, Any]] = [
        {
            "kind": "deliverable",
            "deliverable": "P1-D1",
            "fields": {"serves": {"P1-K1": Decimal("0.3")}},
        },
        {
            "kind": "deliverable",
            "deliverable": "P1-D2",
            "fields": {"produces": {"P1-O1": Decimal("0.2")}, "serves": {}},
        },
    ]
    found = propose(house, [*lower, {"kind": "terminate"}])
    assert lost_by(found)[:3] == [
        ("deliverable", "P1-D1", "P1-K1", Decimal("0.3"), 360, 240),
        ("deliverable", "P1-D2", "P1-K1", Decimal("0.12"), 144, 96),
        ("deliverable", "P1-D2", "P1-K2", Decimal("0.25"), Decimal("7.5"), 5),
    ]
    # The end takes what is left of it, and nothing twice.
    assert lost_by(found)[3:5] == [
        ("terminate", "P1-D1", "P1-K1", Decimal("0.3"), 360, 240),
        ("terminate", "P1-D2", "P1-K1", Decimal("0.08"), 96, 64),
    ]
    (proposed,) = told_of(house, "scope_change.proposed")
    assert [len(each["lost"]) for each in proposed["changes"]] == [1, 2, 3]


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        ({"serves": {"P1-K1": Decimal("0.6"), "P1-K2": Decimal("0.1")}}, []),
        ({"due": date(2027, 5, 31)}, []),
        ({"serves": {"P1-K1": None}}, [("deliverable", "P1-D1", "P1-K1", None, None, None)]),
    ],
)
def test_what_brings_as_much_or_more_loses_nothing_and_what_is_not_agreed_any_more_is_unknown(
    house: House, fields: dict[str, Any], lost: list[tuple[Any, ...]]
) -> None:
    with_a_map(house)
    change = {"kind": "deliverable", "deliverable": "P1-D1", "fields": fields}
    seen = scope_changes.preview(house.runtime, house.pia, "P1", changes=[change], now=LATER)
    assert lost_by(seen) == lost
    assert [each["why"] for each in seen["lost"]] == [
        "what P1-D1 brings to it is not agreed" for _ in lost
    ]


def test_all_of_it_is_applied_at_once_and_stands_in_the_next_baseline(house: House) -> None:
    with_a_map(house)
    found = propose(
        house,
        [
            DROP,
            {
                "kind": "deliverable",
                "deliverable": "P1-D1",
                "fields": {"due": date(2027, 2, 28), "cost": Decimal(450)},
            },
            {
                "kind": "add_deliverable",
                "fields": {
                    "id": "P1-D4",
                    "name": "Hotline",
                    "owner": "Olga",
                    "due": date(2027, 6, 30),
                    "serves": {"P1-K2": Decimal("0.1")},
                },
            },
            {
                "kind": "project",
                "fields": {"budget": Decimal(800), "end": date(2027, 6, 30)},
            },
        ],
    )
    assert found["terms"] == [
        {"field": "budget", "first": "1000", "second": "800"},
        {"field": "end", "first": "2027-12-31", "second": "2027-06-30"},
    ]
    assert [
        (each["deliverable"], each["in_first"], each["in_second"]) for each in found["deliverables"]
    ] == [("P1-D1", True, True), ("P1-D2", True, True), ("P1-D4", False, True)]
    done = both(house, found)
    assert done["state"] == "applied"
    assert deliverable(house, "P1-D2")["state"] == "dropped"
    changed = deliverable(house, "P1-D1")
    assert (changed["due"], changed["cost"], changed["state"]) == (
        date(2027, 2, 28),
        450,
        "in_progress",
    )
    assert deliverable(house, "P1-D4")["serves"] == {"P1-K2": Decimal("0.1")}
    now = project(house)
    assert (now["budget"], now["end"], now["start"]) == (
        800,
        date(2027, 6, 30),
        date(2026, 1, 1),
    )
    assert kinds(house)[-7:] == [
        "scope_change.voted",
        "scope_change.decided",
        "deliverable.changed",
        "deliverable.changed",
        "deliverable.added",
        "project.changed",
        "scope_change.applied",
    ]
    for kind in ("deliverable.changed", "deliverable.added", "project.changed"):
        assert told_of(house, kind)[-1]["scope_change"] == found["id"]
    second = baselines.get_baseline(house.runtime, house.aud, "P1", 2)
    assert [
        (each["deliverable"], {e["field"]: e["value"] for e in each["fields"]}["dropped"])
        for each in second["deliverables"]
    ] == [("P1-D1", "no"), ("P1-D2", "yes"), ("P1-D3", "no"), ("P1-D4", "no")]
    assert {each["field"]: each["value"] for each in second["terms"]} == {
        "budget": "800",
        "end": "2027-06-30",
        "start": "2026-01-01",
    }
    compared = baselines.compare(house.runtime, house.aud, "P1", 1, 2, now=LATER)
    assert compared["terms"] == found["terms"]
    assert [each["deliverable"] for each in compared["deliverables"]] == ["P1-D1", "P1-D2", "P1-D4"]
    assert compared["deliverables"][0]["fields"] == [
        {"field": "cost", "first": None, "second": "450"},
        {"field": "due", "first": "2026-12-31", "second": "2027-02-28"},
    ]
    assert audit.verify_ledger(house.runtime, OPERATOR).faults == ()


def test_one_that_fails_in_the_middle_leaves_nothing(house: House) -> None:
    with_a_map(house)
    end = {"kind": "terminate"}
    found = propose(house, [DROP, {"kind": "project", "fields": {"budget": Decimal(1)}}, end])
    vote(house, "sam", found)
    to_submit = gates.submit(house.runtime, house.pia, "P1", "monitoring", provided=[], now=LATER)
    before = kinds(house)
    with pytest.raises(AlreadySubmitted) as refused:
        vote(house, "fay", found)
    assert refused.value.facts["submission"] == to_submit["id"]
    assert kinds(house) == before
    assert (deliverable(house, "P1-D2")["state"], project(house)["budget"]) == ("planned", 1000)
    seen = scope_changes.get_scope_change(house.runtime, house.aud, found["id"], now=LATER)
    assert (seen["state"], len(seen["votes"])) == ("open", 1)


def test_a_project_is_held_and_ended_by_the_machine_alone(house: House) -> None:
    frozen(house)
    held = propose(house, [{"kind": "hold", "until": date(2027, 1, 31)}])
    assert held["terms"] == [
        {"field": "resume_on", "first": None, "second": "2027-01-31"},
        {"field": "stage", "first": "planned", "second": "on_hold"},
    ]
    assert both(house, held)["state"] == "applied"
    now = project(house)
    assert (now["stage"], now["held_from"], now["resume_on"]) == (
        "on_hold",
        "planned",
        date(2027, 1, 31),
    )
    moved = told_of(house, "stage.moved")[-1]
    assert (moved["decision"], moved["scope_change"]) == ("hold", held["id"])
    with pytest.raises(IllegalMove):
        propose(house, [{"kind": "hold"}])
    ended = propose(house, [{"kind": "terminate"}])
    both(house, ended)
    assert project(house)["stage"] == "terminated"
    with pytest.raises(IllegalMove):
        propose(house, [{"kind": "terminate"}])


def test_neither_while_a_gate_is_open(house: House) -> None:
    frozen(house)
    submit(house, "P1", "monitoring")
    for kind in ("hold", "terminate"):
        with pytest.raises(AlreadySubmitted):
            propose(house, [{"kind": kind}])


def test_what_moved_meanwhile_is_seen(house: House) -> None:
    with_a_map(house)
    found = propose(
        house, [DROP, {"kind": "project", "fields": {"end": date(2027, 6, 30)}}, {"kind": "hold"}]
    )
    for name, fields in (("P1-D2", {"state": "in_progress"}), ("P1-D1", {"cost": Decimal(1)})):
        deliverables.change_deliverable(
            house.runtime, house.pia, name, fields, version=None, now=LATER
        )
    other = propose(house, [{"kind": "project", "fields": {"budget": Decimal(900)}}])
    both(house, other)
    moves.move(house.runtime, house.gus, "P1", to_do="hold", reason="x", version=None, now=LATER)
    with pytest.raises(PreviewChanged) as refused:
        vote(house, "sam", found)
    assert refused.value.facts["changed"] == [
        "state of deliverable P1-D2 was planned and is in_progress.",
        "budget of project P1 was 1000 and is 900.",
        "stage of project P1 was planned and is on_hold.",
    ]


def test_progress_that_is_reported_does_not_stand_in_the_way(house: House) -> None:
    with_a_map(house)
    change = {"kind": "deliverable", "deliverable": "P1-D2", "fields": {"due": date(2027, 5, 31)}}
    found = propose(house, [change])
    deliverables.change_deliverable(
        house.runtime, house.pia, "P1-D2", {"state": "in_progress"}, version=None, now=LATER
    )
    projects.change_project(
        house.runtime, house.pia, "P1", {"spent": Decimal(200)}, version=None, now=LATER
    )
    assert both(house, found)["state"] == "applied"
    assert deliverable(house, "P1-D2")["due"] == date(2027, 5, 31)


def test_a_hold_whose_end_has_come_is_not_applied(house: House) -> None:
    frozen(house)
    found = propose(house, [{"kind": "hold", "until": date(2026, 11, 25)}])
    later = LATER.replace(day=26)
    with pytest.raises(PreviewChanged) as refused:
        vote(house, "sam", found, now=later)
    assert refused.value.facts["changed"] == ["The hold was to end on 2026-11-25, which has come."]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "drop_deliverable", "deliverable": "P2-D1"}, "deliverable"),
        ({"kind": "drop_deliverable"}, "deliverable"),
        ({"kind": "drop_deliverable", "deliverable": "P1-D1", "fields": {}}, "fields"),
        (
            {"kind": "deliverable", "deliverable": "P1-D1", "fields": {"state": "dropped"}},
            "fields.state",
        ),
        (
            {"kind": "deliverable", "deliverable": "P1-D1", "fields": {"target": Decimal(1)}},
            "fields.target",
        ),
        ({"kind": "deliverable", "deliverable": "P1-D1", "fields": {"id": "X"}}, "fields.id"),
        (
            {"kind": "deliverable", "deliverable": "P1-D1", "fields": {"state": "in_progress"}},
            "kind",
        ),
        (
            {
                "kind": "deliverable",
                "deliverable": "P1-D1",
                "fields": {"serves": {"P2-K1": Decimal("0.1")}},
            },
            "fields.serves.P2-K1",
        ),
        ({"kind": "add_deliverable", "fields": {"id": "X"}}, "fields.name"),
        ({"kind": "project", "fields": {"spent": Decimal(1)}}, "fields.spent"),
        ({"kind": "project", "fields": {"end": date(2025, 1, 1)}}, "fields.end"),
        ({"kind": "project", "fields": {"budget": Decimal(1000)}}, "kind"),
        ({"kind": "hold", "until": date(2026, 11, 24)}, "until"),
        ({"kind": "terminate", "until": date(2027, 1, 1)}, "until"),
    ],
)
def test_what_cannot_be_is_refused_by_its_place(
    house: House, change: dict[str, Any], field: str
) -> None:
    frozen(house)
    add_project(house, "P2")
    before = kinds(house)
    with pytest.raises(InvalidInput) as refused:
        propose(house, [change])
    assert list(refused.value.facts["errors"]) == [f"changes.0.{field}"]
    assert kinds(house) == before


def test_what_is_done_or_dropped_is_not_dropped_and_an_id_is_taken_once(house: House) -> None:
    frozen(house)
    deliverables.change_deliverable(
        house.runtime, house.pia, "P1-D1", {"state": "done"}, version=None, now=NOW
    )
    with pytest.raises(InvalidInput) as refused:
        propose(house, [{"kind": "drop_deliverable", "deliverable": "P1-D1"}])
    assert refused.value.facts["errors"] == {"changes.0.deliverable": ["P1-D1 is done already"]}
    with pytest.raises(Duplicate):
        propose(house, [{"kind": "add_deliverable", "fields": {"id": "P1-D1", "name": "Again"}}])


def test_what_was_agreed_is_not_changed_by_the_way(house: House) -> None:
    frozen(house)
    for fields, frozen_fields in (
        ({"budget": Decimal(1)}, ["budget"]),
        ({"end": date(2028, 1, 1), "start": date(2026, 2, 1)}, ["start", "end"]),
    ):
        with pytest.raises(BaselineFrozen) as refused:
            projects.change_project(house.runtime, house.pia, "P1", fields, version=None, now=NOW)
        assert refused.value.facts["fields"] == frozen_fields
        assert refused.value.facts["propose"] == "/projects/P1/scope-changes"
    with pytest.raises(BaselineFrozen, match="propose a scope change of project P1"):
        deliverables.change_deliverable(
            house.runtime, house.pia, "P1-D1", {"state": "dropped"}, version=None, now=NOW
        )
    told = {"state": "done", "done_on": date(2026, 11, 20), "due": date(2027, 1, 31)}
    deliverables.change_deliverable(
        house.runtime, house.pia, "P1-D1", {**told, "cost": Decimal(5)}, version=None, now=NOW
    )
    projects.change_project(
        house.runtime,
        house.pia,
        "P1",
        {"spent": Decimal(7), "budget": Decimal(1000)},
        version=None,
        now=NOW,
    )
    assert project(house)["spent"] == 7


def test_an_import_leaves_what_was_agreed_and_takes_the_rest(house: House, tmp_path: Path) -> None:
    frozen(house)
    (tmp_path / "projects.csv").write_text(
        "project_id,name,start,end,budget,spent\nP1,Another,2026-01-01,2028-01-31,1,250\n"
    )
    (tmp_path / "deliverables.csv").write_text(
        "deliverable_id,project_id,name,state,due,cost\nP1-D1,P1,Web shop,dropped,2027-01-31,70\n"
    )
    (tmp_path / "kpis.csv").write_text("kpi_id,project_id,name,cadence\n")
    told = import_folder(house.runtime, OPERATOR, tmp_path, keep_good=True, now=LATER)
    assert [(each.column, each.value) for each in told.refusals] == [
        ("end", "2028-01-31"),
        ("budget", "1"),
        ("state", "dropped"),
    ]
    assert all("scope change" in each.right for each in told.refusals)
    now, made = project(house), deliverable(house, "P1-D1")
    assert (now["name"], now["spent"], now["budget"], now["end"]) == (
        "Another",
        250,
        1000,
        date(2027, 12, 31),
    )
    assert (made["state"], made["due"], made["cost"]) == ("in_progress", date(2027, 1, 31), 70)


def test_before_a_gate_has_agreed_it_all_of_it_is_free(house: House) -> None:
    add_project(house)
    deliverables.change_deliverable(
        house.runtime, house.pia, "P1-D1", {"state": "dropped"}, version=None, now=NOW
    )
    projects.change_project(
        house.runtime, house.pia, "P1", {"budget": Decimal(1)}, version=None, now=NOW
    )
    assert (deliverable(house, "P1-D1")["state"], project(house)["budget"]) == ("dropped", 1)
