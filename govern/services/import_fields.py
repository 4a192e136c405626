"""The fields of imported rows, and which of them a row says something about."""

from dataclasses import fields
from typing import Any

from govern.domain.kpi import Aggregation, Direction, Kpi, ToleranceIn
from govern.domain.period import Cadence
from govern.domain.project import Deliverable, Project
from govern.domain.record import Record
from govern.services import deliverables, projects

PROJECT_FIELDS = projects.EDITABLE
KPI_FIELDS = tuple(each.name for each in fields(Kpi) if each.name not in ("id", "project_id"))
DELIVERABLE_FIELDS = deliverables.EDITABLE


def project_values(project: Project) -> dict[str, Any]:
    values = {name: getattr(project, name) for name in PROJECT_FIELDS}
    values["tags"] = list(project.tags)
    return values


def kpi_values(kpi: Kpi) -> dict[str, Any]:
    return {name: getattr(kpi, name) for name in KPI_FIELDS}


def deliverable_values(deliverable: Deliverable) -> dict[str, Any]:
    return {name: getattr(deliverable, name) for name in DELIVERABLE_FIELDS}


_COLUMN_OF = {"status_text": "status"}


def stated(values: dict[str, Any], columns: frozenset[str]) -> dict[str, Any]:
    """The fields that a row says something about: a blank leaves what is stored."""
    return {name: value for name, value in values.items() if _COLUMN_OF.get(name, name) in columns}


def kpi_of(record: Record) -> Kpi:
    """A stored KPI as a domain value."""
    named: dict[str, Any] = {name: record[name] for name in KPI_FIELDS}
    named["direction"] = Direction(record["direction"]) if record["direction"] else None
    named["cadence"] = Cadence(record["cadence"])
    named["aggregation"] = Aggregation(record["aggregation"])
    named["tolerance_in"] = ToleranceIn(record["tolerance_in"])
    return Kpi(id=record["id"], project_id=record["project"], **named)
