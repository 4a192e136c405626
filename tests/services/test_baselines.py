"""Versions of the agreed plan: kept whole, comparable, and there for projects frozen before they were."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govern.domain.refusal import NotFound
from govern.services import audit, baselines, kpis, plan_content, readings, sealing
from govern.services.as_of import When, look_back
from govern.services.ledger import kept, record_event
from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from govern.store import projects
from govern.store.observations import load_tables
from tests.services.house import NOW, House, add_project, report
from tests.services.sealed import with_key
from tests.services.test_gates import to_stage
from tests.services.test_scope_changes import LATER, TARGET, propose, vote

OCTOBER = date(2026, 10, 31)


def approved(house: House, changes: Any = TARGET, **more: Any) -> None:
    found = propose(house, changes, **more)
    for name in ("sam", "fay"):
        vote(house, name, found)


def frozen_by_an_earlier_version(house: House, project: str = "P1") -> str:
    """As it was before versions were kept: the event names none, and says less of a KPI."""
    add_project(house, project)
    with house.runtime.store.writing() as connection:
        planned = readings.readings.planned_in_force(connection, {project})
        told = {
            "kpi": f"{project}-K1",
            "direction": "increase",
            "unit": "EUR",
            "baseline": Decimal(0),
            "baseline_on": date(2025, 12, 31),
            "target": Decimal(1200),
            "target_on": date(2026, 12, 31),
            "planned": {period.isoformat(): value for (_, period), value in planned.items()},
        }
        event = {"gate": "planned", "kpis": [told]}
        record_event(connection, project, house.pia, "baseline.frozen", event, NOW)
        projects.change(connection, project, 0, {"baseline_frozen_at": NOW})
    return project


def versions(house: House, project: str = "P1") -> list[Any]:
    return baselines.list_baselines(house.runtime, house.aud, project)


def fields(house: House, number: int, kpi: int = 0) -> dict[str, Any]:
    found = baselines.get_baseline(house.runtime, house.aud, "P1", number)["kpis"][kpi]
    return {each["field"]: each["value"] for each in found["fields"]}


def test_before_a_gate_there_is_none(house: House) -> None:
    add_project(house)
    assert versions(house) == []
    with pytest.raises(NotFound, match="no gate has frozen its plan"):
        baselines.get_baseline(house.runtime, house.aud, "P1", 1)


def test_the_gate_keeps_the_first_whole_and_under_its_digest(house: House) -> None:
    add_project(house)
    to_stage(house, "P1", "planned")
    (first,) = versions(house)
    assert (first["number"], first["scope_change"]) == (1, None)
    with house.runtime.store.reading() as connection:
        content = kept(connection, first["digest"])
    assert content["kpis"][0]["target"] == "1200"
    assert content["kpis"][0]["planned"]["2026-01-31"] == "100"
    assert fields(house, 1)["cumulative"] == "no"
    with pytest.raises(NotFound, match="it has 1"):
        baselines.get_baseline(house.runtime, house.aud, "P1", 2)
    assert audit.verify_ledger(house.runtime, OPERATOR).faults == ()


def test_what_was_frozen_before_has_a_first_version_too(house: House) -> None:
    frozen_by_an_earlier_version(house)
    (first,) = versions(house)
    assert (first["number"], first["digest"], first["recorded_at"]) == (1, None, NOW)
    assert fields(house, 1)["target"] == "1200"
    assert audit_state(house.runtime, OPERATOR, project_id="P1").differences == ()


def test_the_first_scope_change_keeps_it_before_anything_is_changed(house: House) -> None:
    frozen_by_an_earlier_version(house)
    approved(house)
    first, second = versions(house)
    assert (first["number"], second["number"]) == (1, 2)
    assert first["digest"] not in (None, second["digest"])
    assert (fields(house, 1)["target"], fields(house, 2)["target"]) == ("1200", "900")
    with house.runtime.store.reading() as connection:
        row = load_tables(connection).kpis.row(0, named=True)
    assert (row["target"], row["original_target"]) == (900, 1200)
    assert audit_state(house.runtime, OPERATOR, project_id="P1").differences == ()


def test_the_event_is_believed_rather_than_what_stands(house: House) -> None:
    """In earlier versions a KPI's currency was not agreed, and could be set after the gate."""
    frozen_by_an_earlier_version(house)
    with house.runtime.store.writing() as connection:
        kpis.kpis.change(connection, "P1-K1", 1, {"unit": "kEUR"})
    assert fields(house, 1)["unit"] == "EUR"


def test_what_is_unknown_stays_unknown(house: House) -> None:
    add_project(house)
    kpis.add_kpi(
        house.runtime,
        house.pia,
        {
            "id": "P1-K2",
            "project": "P1",
            "name": "Cases closed",
            "category": "cost",
            "owner": "Olga",
            "direction": "increase",
            "baseline": Decimal(0),
            "baseline_on": date(2025, 12, 31),
            "target": Decimal(90),
            "target_on": date(2026, 12, 31),
            "cumulative": True,
            "aggregation": "sum",
        },
        now=NOW,
    )
    plan = [{"period": period, "planned": Decimal(10)} for period in (date(2026, 9, 30), OCTOBER)]
    readings.record_plan(house.runtime, house.pia, "P1-K2", plan, now=NOW)
    to_stage(house, "P1", "planned")
    report(house, "P1-K2", {"2026-10-31": 4})
    approved(house)
    seen = baselines.compare(house.runtime, house.aud, "P1", 1, 2, now=LATER)
    one, other = seen["kpis"]
    # Nothing was reported: the last period that is over, and nothing held against it.
    assert (one["period"], one["actual"]) == (OCTOBER, None)
    assert one["against_first"] == {
        "planned": 1000,
        "attainment": None,
        "progress": None,
        "variance": None,
    }
    # A sum to date needs every period since the first one planned.
    assert (other["period"], other["actual"]) == (OCTOBER, None)
    assert other["against_first"]["planned"] == 20
    assert other["against_first"]["attainment"] is None
    report(house, "P1-K2", {"2026-09-30": 6})
    _, other = baselines.compare(house.runtime, house.aud, "P1", 1, 2, now=LATER)["kpis"]
    assert (other["actual"], other["against_first"]["attainment"]) == (10, Decimal("0.5"))
    assert other["fields"] == other["planned"] == []


def test_a_kpi_that_came_later_stands_in_no_first_plan(house: House) -> None:
    add_project(house)
    to_stage(house, "P1", "planned")
    new = {"id": "P1-K0", "name": "Margin", "direction": "increase", "target": Decimal(5)}
    approved(house, [{"kind": "add_kpi", "fields": new}])
    added, _ = baselines.compare(house.runtime, house.aud, "P1", 1, 2, now=LATER)["kpis"]
    assert (added["kpi"], added["in_first"], added["in_second"]) == ("P1-K0", False, True)
    assert added["against_first"] is None
    assert added["promised"] == {"first": None, "second": None, "change": None}
    with house.runtime.store.reading() as connection:
        rows = {row["kpi"]: row for row in load_tables(connection).kpis.iter_rows(named=True)}
    assert rows["P1-K0"]["original_target"] is None
    assert rows["P1-K1"]["original_target"] == 1200


def test_figures_measured_otherwise_are_not_held_against_one_another(house: House) -> None:
    add_project(house)
    to_stage(house, "P1", "planned")
    report(house, "P1-K1", {"2026-10-31": 800})
    approved(
        house, [{"kind": "kpi", "kpi": "P1-K1", "fields": {"unit": "USD", "target": Decimal(1300)}}]
    )
    (one,) = baselines.compare(house.runtime, house.aud, "P1", 1, 2, now=LATER)["kpis"]
    assert one["comparable"] is False
    assert one["promised"] == {"first": 1200, "second": 1300, "change": None}
    assert one["against_first"] == {
        "planned": 1000,
        "attainment": None,
        "progress": None,
        "variance": None,
    }
    assert one["against_second"]["attainment"] == Decimal("0.8")
    with house.runtime.store.reading() as connection:
        row = load_tables(connection).kpis.row(0, named=True)
    assert (row["target"], row["original_target"]) == (1300, None)


def test_the_past_knows_the_versions_of_then(house: House, tmp_path: Path) -> None:
    keyed = with_key(house, tmp_path / "keys")
    add_project(keyed)
    to_stage(keyed, "P1", "planned")
    size = sealing.seal(keyed.runtime, NOW).size
    approved(keyed)
    sealing.seal(keyed.runtime, LATER)
    past = look_back(
        keyed.runtime, When(size=size), {"project": "P1"}, now=LATER + timedelta(hours=1)
    )
    (then,) = baselines.list_baselines(past.runtime, keyed.aud, "P1")
    assert then == versions(keyed)[0]
    one = baselines.get_baseline(past.runtime, keyed.aud, "P1", 1)
    assert one == baselines.get_baseline(keyed.runtime, keyed.aud, "P1", 1)
    with past.runtime.store.reading() as connection:
        row = load_tables(connection).kpis.row(0, named=True)
    assert (row["target"], row["original_target"]) == (1200, 1200)


def test_a_version_of_before_holds_no_more_than_its_kpis(house: House) -> None:
    frozen_by_an_earlier_version(house)
    budget = {"kind": "project", "fields": {"budget": Decimal(7)}}
    approved(house, [budget])
    first, second = (
        baselines.get_baseline(house.runtime, house.aud, "P1", number) for number in (1, 2)
    )
    assert (first["deliverables"], first["terms"]) == (None, None)
    assert [each["deliverable"] for each in second["deliverables"]] == ["P1-D1"]
    compared = baselines.compare(house.runtime, house.aud, "P1", 1, 2, now=LATER)
    assert (compared["deliverables"], compared["terms"]) == (None, None)


def test_what_was_kept_of_the_kpis_alone_is_still_read() -> None:
    told = {"kpi": "K1", "name": "Sales", "target": "900", "planned": {"2026-10-31": "800"}}
    plan = plan_content.read({"format": "govern/baseline/v1", "project": "P1", "kpis": [told]})
    assert plan.kpis["K1"].fields["target"] == 900
    assert (plan.deliverables, plan.project) == (None, None)
    again = plan_content.read(plan_content.told(plan))
    assert again == plan
