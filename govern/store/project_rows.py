"""The observation tables of one project as plain rows: what `observations` loads into frames.

A gate is judged while its project is locked, so that what is read here takes as few statements as it can.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Table,
    Text,
    bindparam,
    case,
    cast,
    exists,
    func,
    select,
)

from govern.domain.review import ReviewState
from govern.store import lessons
from govern.store.benefits import brought_through
from govern.store.observed import kept_in
from govern.store.query import AnySelect
from govern.store.reviews import follow_ups
from govern.store.tables import (
    baseline_version,
    condition,
    deliverable,
    deliverable_kpi,
    deliverable_outcome,
    kpi,
    kpi_objective,
    lesson,
    planned_value,
    project,
    reading,
    reading_validation,
    recommendation,
    review,
    stage_move,
)
from govern.store.types import Exact, Nearest

Rows = dict[str, list[dict[str, Any]]]

_ID: ColumnElement[str] = bindparam("project", type_=Text)


def load(connection: Connection, project_id: str) -> Rows | None:
    """The rows of each table. None where plain rows do not tell all: a KPI is computed from others, or
    the plan is no longer the one that was agreed first."""
    found = _all(connection, _PROJECT, project_id)
    said = {name: bool(found) and found[0].pop(name) for name in _SAID}
    of_kpis = _all(connection, _KPIS, project_id)
    if said["rebased"] or any(each["formula"] is not None for each in of_kpis):
        return None
    frozen = said["frozen"]
    reviewed = any(each["reviews_signed"] for each in found)
    later = follow_ups(connection, {project_id}) if reviewed else {}
    supported: dict[str, list[str]] = {}
    if said["supports"]:
        for row in connection.execute(_OBJECTIVES, {"project": project_id}).all():
            supported.setdefault(row[0], []).append(row[1])
    for each in of_kpis:
        each["objectives"] = supported.get(each["kpi"], [])
        each["original_baseline"] = each["baseline"] if frozen else None
        each["original_target"] = each["target"] if frozen else None
        each["follow_up"] = later.get(each["kpi"])
    return {
        "projects": found,
        "stages": _all(connection, _STAGES, project_id),
        "kpis": of_kpis,
        "values": _values(connection, project_id, frozen=frozen),
        "deliverables": _all(connection, _DELIVERABLES, project_id),
        "serves": _serves(connection, project_id, produces=said["produces"]),
        "conditions": _numbered(connection, _CONDITIONS, project_id, "condition")
        if said["owes"]
        else [],
        "recommendations": _numbered(connection, _RECOMMENDATIONS, project_id, "recommendation")
        if said["advised"]
        else [],
    }


def _all(connection: Connection, query: AnySelect, project_id: str) -> list[dict[str, Any]]:
    found = connection.execute(query, {"project": project_id})
    names = list(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


def _values(connection: Connection, project_id: str, *, frozen: bool) -> list[dict[str, Any]]:
    """Each period with the plan in force, the latest reading and, once a gate has frozen the plan, the
    first agreed plan, which is this one."""
    at: dict[tuple[str, date], dict[str, Any]] = {}
    planned_values = connection.execute(_PLANNED, {"project": project_id}).all()
    for kpi_id, period, planned in planned_values:
        at[kpi_id, period] = _period(kpi_id, period, planned, planned if frozen else None)
    for kpi_id, period, actual, validated, confidence in connection.execute(
        _REPORTED, {"project": project_id}
    ).all():
        row = at.get((kpi_id, period))
        if row is None:
            row = at[kpi_id, period] = _period(kpi_id, period, None, None)
        row["actual"], row["validated"], row["confidence"] = actual, validated, confidence
    return list(at.values())


def _period(
    kpi_id: str, period: date, planned: float | None, original: float | None
) -> dict[str, Any]:
    return {
        "kpi": kpi_id,
        "period": period,
        "planned": planned,
        "actual": None,
        "validated": None,
        "confidence": None,
        "original_planned": original,
    }


def _serves(connection: Connection, project_id: str, *, produces: bool) -> list[dict[str, Any]]:
    """Which KPIs a deliverable serves and by which share, directly and through outcomes together.
    `produces`: whether a deliverable of the project produces an outcome."""
    direct = _all(connection, _SERVES, project_id)
    if not produces:
        return direct
    through = brought_through(connection, {project_id})
    return [each for each in direct if each["deliverable"] not in through] + [
        {
            "deliverable": each,
            "kpi": kpi_id,
            "contribution": None if share is None else float(share),
        }
        for each, brought in through.items()
        for kpi_id, share in brought.items()
    ]


def _numbered(
    connection: Connection, query: AnySelect, project_id: str, name: str
) -> list[dict[str, Any]]:
    """With numbers as the text that names them."""
    rows = _all(connection, query, project_id)
    for each in rows:
        each[name] = str(each[name])
    return rows


def _columns(name: str, table: Table, but: Collection[str] = ()) -> list[ColumnElement[Any]]:
    """The columns of a table of observations, numbers as floats."""
    return [
        (cast(stored, Nearest) if isinstance(stored.type, Exact) else stored).label(column)
        for column, stored in kept_in(table, name, but).items()
    ]


def _count(of: ColumnElement[Any], *which: ColumnElement[bool]) -> ColumnElement[float]:
    count = select(func.count()).where(of == project.c.id, *which).scalar_subquery()
    return cast(count, Float)


def _newest(table: Any, *values: Any) -> AnySelect:
    # Row by row, along the index: grouped, PostgreSQL reads the rows of every project.
    later = table.alias()
    newest = (
        select(func.max(later.c.id))
        .where(later.c.kpi_id == table.c.kpi_id, later.c.period == table.c.period)
        .scalar_subquery()
    )
    return (
        select(table.c.kpi_id, table.c.period, *values)
        .join(kpi, kpi.c.id == table.c.kpi_id)
        .where(kpi.c.project_id == _ID, table.c.id == newest)
    )


_LATER = ("objectives", "original_baseline", "original_target", "follow_up")
_PROJECT = select(
    *_columns("projects", project, ("reviews_signed", "lessons")),
    _count(review.c.project_id, review.c.state == ReviewState.SIGNED.value).label("reviews_signed"),
    _count(lesson.c.project_id, lesson.c.state == lessons.RECORDED).label("lessons"),
    project.c.baseline_frozen_at.is_not(None).label("frozen"),
    exists()
    .where(baseline_version.c.project_id == project.c.id, baseline_version.c.number == 2)
    .label("rebased"),
    exists()
    .where(kpi_objective.c.kpi_id == kpi.c.id, kpi.c.project_id == project.c.id)
    .label("supports"),
    exists()
    .where(
        deliverable_outcome.c.deliverable_id == deliverable.c.id,
        deliverable.c.project_id == project.c.id,
    )
    .label("produces"),
    exists().where(condition.c.project_id == project.c.id).label("owes"),
    exists().where(recommendation.c.project_id == project.c.id).label("advised"),
).where(project.c.id == _ID)
_SAID = ("frozen", "rebased", "supports", "produces", "owes", "advised")
"""What else the project's row says: most projects have none of some things, which are not asked for."""
_STAGES = (
    select(
        stage_move.c.project_id.label("project"),
        stage_move.c.to_stage.label("stage"),
        stage_move.c.since,
    )
    .where(stage_move.c.project_id == _ID)
    .order_by(stage_move.c.number)
)
_KPIS = select(*_columns("kpis", kpi, _LATER)).where(kpi.c.project_id == _ID)
_OBJECTIVES = (
    select(kpi_objective.c.kpi_id, kpi_objective.c.objective_id)
    .join(kpi, kpi.c.id == kpi_objective.c.kpi_id)
    .where(kpi.c.project_id == _ID)
    .order_by(kpi_objective.c.kpi_id, kpi_objective.c.objective_id)
)
_PLANNED = _newest(planned_value, cast(planned_value.c.planned, Nearest))
_REPORTED = _newest(
    reading,
    cast(reading.c.actual, Nearest),
    case((reading_validation.c.id.is_not(None), True), else_=False),
    reading.c.confidence,
).outerjoin(reading_validation, reading_validation.c.reading_id == reading.c.id)
_DELIVERABLES = select(*_columns("deliverables", deliverable)).where(
    deliverable.c.project_id == _ID
)
_SERVES = (
    select(
        deliverable_kpi.c.deliverable_id.label("deliverable"),
        deliverable_kpi.c.kpi_id.label("kpi"),
        cast(deliverable_kpi.c.contribution, Nearest).label("contribution"),
    )
    .join(deliverable, deliverable.c.id == deliverable_kpi.c.deliverable_id)
    .where(deliverable.c.project_id == _ID)
)
_CONDITIONS = select(*_columns("conditions", condition)).where(condition.c.project_id == _ID)
_RECOMMENDATIONS = select(*_columns("recommendations", recommendation)).where(
    recommendation.c.project_id == _ID
)
