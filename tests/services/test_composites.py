"""Composite KPIs: what their formulas may say, and that whoever judges sees what they come to."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.actor import Actor
from govern.domain.refusal import BaselineFrozen, InvalidInput, NotFound
from govern.domain.role import Role
from govern.language.columns import evaluate
from govern.language.scopes import PROJECT
from govern.observation.facts import facts_of, tables_of
from govern.observation.frame import observe
from govern.services import composing, kpis, people, readings, validations
from govern.services.observing import load_tables
from govern.services.people import OPERATOR
from govern.services.replaying import replay
from govern.services.state_audit import audit_state
from govern.services.sweeps import sweep
from govern.store import people as stored_people
from govern.store.paging import PageRequest
from tests.language.portfolio import checked
from tests.services.house import NOW, House, add_project, publish_rules, report, submit
from tests.services.test_gates import to_stage

RULES = """\
schema: govern/rules/v1
area: benefits
owner: pmo@example.org
rules:
  - id: no-return
    title: What comes back is less than what is spent
    status: active
    applies_to: kpi = "Return"
    when: actual < 1
    if_unknown: report
    severity: red
    message: "{kpi} is {actual}"
"""
JAN, FEB = "2026-01-31", "2026-02-28"


def add(house: House, kpi_id: str, *, project: str = "P1", **fields: Any) -> dict[str, Any]:
    values = {"id": kpi_id, "project": project, "name": kpi_id, **fields}
    return kpis.add_kpi(house.runtime, house.pia, values, now=NOW)


def change(house: House, kpi_id: str, **fields: Any) -> dict[str, Any]:
    return kpis.change_kpi(house.runtime, house.pia, kpi_id, fields, version=None, now=NOW)


def refusal(house: House, kpi_id: str, **fields: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as refused:
        add(house, kpi_id, **fields)
    return refused.value.facts["errors"]


@pytest.fixture
def project(house: House) -> House:
    """A project with two KPIs that are reported: `benefit` and `cost`."""
    add_project(house)
    add(house, "benefit", direction="increase")
    add(house, "cost", direction="decrease")
    return house


def with_return(house: House, **fields: Any) -> House:
    add(
        house,
        "P1-ROI",
        **{"name": "Return", "direction": "increase", "formula": "benefit / cost", **fields},
    )
    return house


def test_a_name_that_is_a_kpi_need_not_be_among_the_inputs(project: House) -> None:
    added = add(project, "P1-ROI", formula="(b - cost) / cost", inputs={"b": "benefit"})
    assert added["inputs"] == {"b": "benefit", "cost": "cost"}
    changed = change(project, "P1-ROI", formula="cost * 2")
    assert changed["inputs"] == {"cost": "cost"}
    assert change(project, "P1-ROI", formula=None)["inputs"] == {}
    assert audit_state(project.runtime, OPERATOR).differences == ()


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"formula": "benefitt / cost"}, "formula", "did you mean 'benefit'?"),
        ({"formula": "benefit /"}, "formula", "expected a value"),
        ({"formula": "benefit > cost"}, "formula", "a number is needed here"),
        ({"formula": "1 + 1"}, "formula", "reads no other KPI"),
        ({"formula": "benefit", "inputs": {"x": "cost"}}, "formula", "does not read `x`"),
        ({"formula": "x", "inputs": {"x": "gone"}}, "inputs", "there is no such KPI"),
        ({"formula": "x", "inputs": {"x": "P1-ROI"}}, "inputs", "the KPI itself"),
        ({"inputs": {"x": "cost"}}, "inputs", "of no formula"),
        ({"formula": "benefit", "cadence": "weekly"}, "inputs", "reported monthly only"),
        ({"part_of": "costs"}, "part_of", "did you mean 'cost'?"),
        ({"part_of": "P1-ROI"}, "part_of", "the KPI itself"),
    ],
)
def test_what_a_kpi_cannot_say_of_others(
    project: House, fields: dict[str, Any], field: str, says: str
) -> None:
    (problem,) = refusal(project, "P1-ROI", **fields)[field]
    assert says in problem


def test_no_formula_and_no_part_closes_a_circle(project: House) -> None:
    add(project, "one", formula="cost * 2", part_of="cost")
    add(project, "two", formula="one * 2", part_of="one")
    with pytest.raises(InvalidInput) as refused:
        change(project, "one", formula="two + cost", part_of="two")
    errors = refused.value.facts["errors"]
    assert "one reads two reads one" in errors["inputs"][0]
    assert "one is part of two is part of one" in errors["part_of"][0]


def test_an_input_keeps_a_cadence_that_its_readers_can_read(project: House) -> None:
    add(project, "P1-ROI", formula="benefit / cost", cadence="quarterly")
    assert change(project, "cost", cadence="weekly")["cadence"] == "weekly"
    with pytest.raises(InvalidInput) as refused:
        change(project, "cost", cadence="yearly")
    assert "coarser than that of P1-ROI" in refused.value.facts["errors"]["cadence"][0]


def test_what_is_computed_is_not_reported_but_may_be_planned(project: House) -> None:
    with_return(project)
    with pytest.raises(InvalidInput) as refused:
        report(project, "P1-ROI", {JAN: 1})
    assert "it is computed from others" in str(refused.value.facts["errors"])
    planned = [{"period": date(2026, 1, 31), "planned": Decimal(2)}]
    assert readings.record_plan(project.runtime, project.pia, "P1-ROI", planned, now=NOW) == 1


def test_a_kpi_with_readings_does_not_become_a_composite(project: House) -> None:
    report(project, "cost", {JAN: 5})
    with pytest.raises(InvalidInput) as refused:
        change(project, "cost", formula="benefit * 2")
    assert "readings of its own" in refused.value.facts["errors"]["formula"][0]


def test_a_formula_is_agreed_at_the_gate_with_the_rest(project: House) -> None:
    with_return(project)
    to_stage(project, "P1", "monitoring")
    with pytest.raises(BaselineFrozen):
        change(project, "P1-ROI", formula="cost * 2")


def test_an_input_must_be_one_that_its_author_may_see(project: House) -> None:
    add_project(project, "P2")
    add(project, "P2-COST", project="P2")
    named = {"b": "benefit", "c": "P2-COST"}
    ida = who_sees_only(project, "P1")
    values = {"id": "P1-ROI", "project": "P1", "name": "x", "formula": "b / c", "inputs": named}
    with pytest.raises(InvalidInput) as refused:
        kpis.add_kpi(project.runtime, ida, values, now=NOW)
    assert "no such KPI that you may see" in refused.value.facts["errors"]["inputs"][0]
    assert add(project, "P1-ROI", formula="b / c", inputs=named)["inputs"] == named


def who_sees_only(house: House, project_id: str) -> Actor:
    email = "ida@example.org"
    added = people.add_person(house.runtime, OPERATOR, email=email, name="Ida", now=NOW)
    people.grant_role(
        house.runtime,
        OPERATOR,
        email=email,
        role=Role.PROJECT_MANAGER,
        project=project_id,
        now=NOW,
    )
    with house.runtime.store.reading() as connection:
        found = stored_people.actor_of_person(connection, added, NOW)
    assert found is not None
    return found


def tables(house: House, *projects: str) -> Any:
    with house.runtime.store.reading() as connection:
        return load_tables(connection, set(projects) or None)


def values(house: House, kpi_id: str, *projects: str) -> dict[str, tuple[Any, Any]]:
    found = tables(house, *projects).values
    return {
        row["period"].isoformat(): (row["actual"], row["planned"])
        for row in found.to_dicts()
        if row["kpi"] == kpi_id
    }


def test_whoever_judges_sees_what_a_formula_comes_to(project: House) -> None:
    with_return(project)
    report(project, "benefit", {JAN: 4, FEB: 6})
    report(project, "cost", {JAN: 8, FEB: 0})
    assert values(project, "P1-ROI", "P1") == {JAN: (0.5, None)}
    publish_rules(project.runtime, RULES)
    result = sweep(project.runtime, OPERATOR, as_of=date(2026, 1, 31), now=NOW)
    assert (result.counts["fires"], result.readings) == (1, 4)


def test_facts_hold_what_was_computed(project: House) -> None:
    with_return(project)
    report(project, "benefit", {JAN: 4})
    report(project, "cost", {JAN: 8})
    day = date(2026, 1, 31)
    found = tables(project, "P1")
    again = tables_of([facts_of(found, "P1", day)])
    condition = checked('count(kpis[kpi = "Return" and actual = 0.5]) = 1', PROJECT)
    for each in (found, again):
        assert evaluate(observe(each, day), [condition])[0].to_list()[-1] is True


def test_a_decision_on_a_composite_replays(project: House) -> None:
    with_return(project, owner="Olga", category="revenue", target=Decimal(2), unit="ratio")
    report(project, "benefit", {JAN: 4})
    report(project, "cost", {JAN: 8})
    submit(project, "P1", "value_defined")
    report(project, "cost", {JAN: 2})
    replayed = replay(project.runtime, OPERATOR)
    assert (replayed.found, replayed.counts["gate.submitted"]) == ((), {"same": 1})


def test_inputs_of_another_project_come_with_it(project: House) -> None:
    add_project(project, "P2")
    add(project, "P2-COST", project="P2")
    with_return(project, formula="benefit / c", inputs={"c": "P2-COST"})
    report(project, "benefit", {JAN: 4})
    report(project, "P2-COST", {JAN: 8})
    assert values(project, "P1-ROI", "P1") == {JAN: (0.5, None)}
    assert values(project, "P1-ROI") == {JAN: (0.5, None)}
    own = tables(project, "P1")
    assert set(own.kpis["project"]) == {"P1"}
    assert "P2-COST" not in own.values["kpi"].to_list()


def test_a_computed_value_is_told_with_what_it_was_computed_from(project: House) -> None:
    with_return(project, formula="(benefit - cost) / cost")
    report(project, "benefit", {JAN: 6, FEB: 3})
    report(project, "cost", {JAN: 4})
    told = composing.list_computed(project.runtime, project.pia, "P1-ROI")
    first, second = told["items"]
    assert (first["period"], first["actual"]) == (date(2026, 1, 31), Decimal("0.5"))
    assert first["inputs"] == [
        {"name": "benefit", "kpi": "benefit", "actual": Decimal(6)},
        {"name": "cost", "kpi": "cost", "actual": Decimal(4)},
    ]
    assert first["parts"]["parts"][0] == {
        "text": "benefit - cost",
        "value": "2",
        "parts": [
            {"text": "benefit", "value": "6", "parts": []},
            {"text": "cost", "value": "4", "parts": []},
        ],
    }
    assert (second["actual"], second["inputs"][1]["actual"]) == (None, None)
    assert second["parts"]["value"] is None


def test_a_reported_kpi_has_no_computed_values(project: House) -> None:
    with pytest.raises(InvalidInput):
        composing.list_computed(project.runtime, project.pia, "cost")
    with pytest.raises(NotFound):
        composing.list_computed(project.runtime, project.pia, "gone")


def test_figures_of_a_project_that_one_may_not_see_stay_out(project: House) -> None:
    add_project(project, "P2")
    add(project, "P2-COST", project="P2")
    with_return(project, formula="benefit / c", inputs={"c": "P2-COST"})
    report(project, "benefit", {JAN: 4})
    report(project, "P2-COST", {JAN: 8})
    ida = who_sees_only(project, "P1")
    (item,) = composing.list_computed(project.runtime, ida, "P1-ROI")["items"]
    assert item["actual"] == Decimal("0.5")
    assert [each["actual"] for each in item["inputs"]] == [Decimal(4), None]
    assert item["parts"] is None


def test_validated_is_what_rests_on_validated_values_alone(project: House) -> None:
    with_return(project)
    report(project, "benefit", {JAN: 4})
    report(project, "cost", {JAN: 8})
    page = readings.list_readings(project.runtime, project.fay, "benefit", PageRequest())
    ids = [each["id"] for each in page.items]

    def state() -> Any:
        (row,) = tables(project, "P1").values.filter(kpi="P1-ROI").to_dicts()
        return row["validated"]

    validations.validate_readings(project.runtime, project.fay, ids, now=NOW)
    assert state() is False
    page = readings.list_readings(project.runtime, project.fay, "cost", PageRequest())
    ids = [each["id"] for each in page.items]
    validations.validate_readings(project.runtime, project.fay, ids, now=NOW)
    assert state() is True
