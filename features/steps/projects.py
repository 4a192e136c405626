"""Projects, what they promise, plan and deliver."""

from datetime import date
from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, day, number, rows, shares, word, yes
from govern.domain.period import Cadence, ends_between
from govern.services import deliverables, kpis, projects, readings
from govern.services.people import OPERATOR
from govern.services.workflows import DEFAULT_WORKFLOW

_PROJECT = {"start": day, "end": day, "budget": number, "spent": number}
_KPI = {
    "baseline": number,
    "baseline_on": day,
    "target": number,
    "target_on": day,
    "tolerance": number,
    "weight": number,
    "direction": word,
    "cadence": word,
    "disbenefit": yes,
    "cumulative": yes,
    "scale": number,
    "attribution": number,
}


def _read(row: dict[str, str], kinds: dict[str, Any]) -> dict[str, Any]:
    """The cells of a row under the names of the fields; a blank cell is a field nobody filled."""
    return {
        word(name): kinds.get(word(name), str)(text) for name, text in row.items() if text != ""
    }


@given(parsers.parse("{name} starts the project {project}"))
def _(house: House, name: str, project: str, datatable: list[list[str]]) -> None:
    fields = _read({row[0]: row[1] for row in datatable}, _PROJECT)
    values = {"id": project, "portfolio": "main", "name": project, **fields}
    projects.add_project(
        house.runtime,
        house.actor(name),
        values,
        workflow=house.noted.get("workflow", DEFAULT_WORKFLOW),
        now=house.now,
    )
    house.noted[project] = name


@given(parsers.parse("{project} promises"))
def _(house: House, project: str, datatable: list[list[str]]) -> None:
    by = house.actor(house.noted[project])
    for row in rows(datatable):
        fields = _read(row, _KPI)
        values = {"name": fields["kpi"], **fields, "id": fields.pop("kpi"), "project": project}
        values.pop("kpi", None)
        kpis.add_kpi(house.runtime, by, values, now=house.now)
        house.noted[values["id"]] = house.noted[project]


@given(parsers.parse("{kpi} is planned to rise by {step:d} a month from {first} to {last}"))
def _(house: House, kpi: str, step: int, first: str, last: str) -> None:
    ends = ends_between(Cadence.MONTHLY, date.fromisoformat(first), date.fromisoformat(last))
    planned = [{"period": end, "planned": number(str(step * n))} for n, end in enumerate(ends, 1)]
    readings.record_plan(house.runtime, house.actor(house.noted[kpi]), kpi, planned, now=house.now)


@given(parsers.parse("{name} has a complete case and plan for the project {project}"))
def _(house: House, name: str, project: str) -> None:
    """One KPI from 0 to 1,200 over the year, 100 a month, and one deliverable that serves it."""
    by = house.actor(name)
    year = house.today.year
    values: dict[str, Any] = {
        "id": project,
        "portfolio": "main",
        "name": project,
        "objective": "Grow online",
        "start": date(year, 1, 1),
        "end": date(year + 1, 12, 31),
        "budget": number("1000"),
        "spent": number("100"),
    }
    projects.add_project(
        house.runtime,
        by,
        values,
        workflow=house.noted.get("workflow", DEFAULT_WORKFLOW),
        now=house.now,
    )
    kpi = f"{project}-SALES"
    promise: dict[str, Any] = {
        "id": kpi,
        "project": project,
        "name": "Sales",
        "category": "revenue",
        "unit": "EUR",
        "direction": "increase",
        "baseline": number("0"),
        "baseline_on": date(year - 1, 12, 31),
        "target": number("1200"),
        "target_on": date(year, 12, 31),
        "tolerance": number("10%"),
        "owner": "Olga",
    }
    kpis.add_kpi(house.runtime, by, promise, now=house.now)
    ends = ends_between(Cadence.MONTHLY, date(year, 1, 31), date(year, 12, 31))
    planned = [{"period": end, "planned": number(str(100 * n))} for n, end in enumerate(ends, 1)]
    readings.record_plan(house.runtime, by, kpi, planned, now=house.now)
    output: dict[str, Any] = {
        "id": f"{project}-WEB",
        "project": project,
        "name": "Web shop",
        "owner": "Olga",
        "state": "in_progress",
        "due": date(year, 12, 31),
        "serves": shares(f"{kpi} 60%"),
    }
    deliverables.add_deliverable(house.runtime, by, output, now=house.now)
    house.noted |= {project: name, kpi: name}


def _budget(house: House, name: str, project: str, budget: str) -> None:
    path = f"/projects/{project}"
    version = house.ask(name, "GET", path)["version"]
    value = None if budget == "nothing" else budget
    house.ask(name, "PATCH", path, {"budget": value}, version)


@given(parsers.parse("{name} has changed the budget of {project} to {budget}"))
@when(parsers.parse("{name} changes the budget of {project} to {budget}"))
def _(house: House, name: str, project: str, budget: str) -> None:
    _budget(house, name, project, budget)


@when(parsers.parse("{name} tries to change the budget of {project} to {budget}"))
def _(house: House, name: str, project: str, budget: str) -> None:
    house.refused(lambda: _budget(house, name, project, budget))


@when(parsers.parse("{name} tries to change the target of {kpi} to {target}"))
def _(house: House, name: str, kpi: str, target: str) -> None:
    path = f"/kpis/{kpi}"
    version = house.ask(name, "GET", path)["version"]
    house.refused(lambda: house.ask(name, "PATCH", path, {"target": target}, version))


@then(parsers.parse("{project} stands in {stage}"))
def _(house: House, project: str, stage: str) -> None:
    assert projects.get_project(house.runtime, OPERATOR, project)["stage"] == word(stage)
