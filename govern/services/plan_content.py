"""What a version of the agreed plan holds: as it stands, as it is kept, as it was before that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain import agreed
from govern.domain.agreed import Agreed
from govern.domain.record import Record
from govern.domain.terms import Terms
from govern.services import agreed_terms
from govern.services.kpis import FROZEN
from govern.store import events, kpis, projects, readings

AGREED = ("name", *sorted(FROZEN))
"""What a version holds of a KPI, beside its planned values."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is agreed: of each KPI and deliverable by its id, and of the project. Versions that were kept
    before they held deliverables and the project say nothing of them: those are `None`."""

    kpis: Mapping[str, Agreed]
    deliverables: Mapping[str, Terms] | None = None
    project: Terms | None = None


def kpis_as_they_stand(
    connection: Connection, project_id: str, names: Iterable[str] = AGREED
) -> dict[str, Agreed]:
    """What is agreed of KPIs now: KPI id → its fields (of these names) and planned values in force."""
    planned: dict[str, dict[date, Decimal]] = {}
    for (kpi_id, period), value in readings.planned_in_force(connection, {project_id}).items():
        planned.setdefault(kpi_id, {})[period] = value
    return {
        each["id"]: Agreed(
            each["id"], {name: each[name] for name in names}, planned.get(each["id"], {})
        )
        for each in kpis.of_project(connection, project_id)
    }


def as_it_stands(connection: Connection, project_id: str) -> Plan:
    """All that is agreed, as it stands."""
    found = projects.find(connection, project_id)
    return Plan(
        kpis_as_they_stand(connection, project_id),
        agreed_terms.of_deliverables(connection, project_id),
        None if found is None else agreed_terms.of_project(found),
    )


def told(plan: Plan) -> dict[str, Any]:
    """As plain data: what a kept version and an event say of it."""
    held = plan.deliverables
    return {
        "kpis": [agreed.told(plan.kpis[each]) for each in sorted(plan.kpis)],
        "deliverables": None
        if held is None
        else [{"deliverable": each, **held[each]} for each in sorted(held)],
        "terms": plan.project,
    }


def read(content: Mapping[str, Any]) -> Plan:
    """The inverse of `told`."""
    held: list[dict[str, Any]] | None = content.get("deliverables")
    return Plan(
        {each["kpi"]: agreed.read(each) for each in content["kpis"]},
        None
        if held is None
        else {
            each["deliverable"]: {n: v for n, v in each.items() if n != "deliverable"}
            for each in held
        },
        content.get("terms"),
    )


def reconstructed(connection: Connection, project: Record) -> Plan:
    """Version 1 of a project that was frozen before versions were kept: its KPIs, and no more."""
    plan = kpis_as_they_stand(connection, project["id"])
    for event in events.of_kind(connection, project["id"], "baseline.frozen"):
        for each in event["data"]["kpis"]:
            told = agreed.read(each)
            standing = plan.get(told.kpi)
            fields = {**(standing.fields if standing else {}), **told.fields}
            plan[told.kpi] = Agreed(told.kpi, fields, told.planned)
    return Plan(plan)
