"""Readings and planned values: only ever added to; the newest of a period is the one in force."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Subquery, bindparam, case, func, insert, select
from sqlalchemy.sql.dml import ReturningInsert

from govern.domain.reading import PlannedValue, Reading
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect, in_parts
from govern.store.tables import kpi, planned_value, reading, reading_validation

PROVISIONAL = "provisional"
VALIDATED = "validated"
STATES = (PROVISIONAL, VALIDATED)

_ADD = insert(reading).returning(reading.c.id, sort_by_parameter_order=True)
_ADD_PLANNED = insert(planned_value).returning(planned_value.c.id, sort_by_parameter_order=True)
_NEWEST = select(reading).where(
    reading.c.id.in_(
        select(func.max(reading.c.id))
        .where(
            reading.c.kpi_id.in_(bindparam("kpis", expanding=True)),
            reading.c.period.between(bindparam("first"), bindparam("last")),
        )
        .group_by(reading.c.kpi_id, reading.c.period)
        .scalar_subquery()
    )
)

SORTABLE = {"period": reading.c.period, "recorded_at": reading.c.recorded_at}


def add(connection: Connection, readings: Iterable[Reading], at: datetime, by: str) -> list[int]:
    """Adds readings in one statement; returns their ids in order."""
    rows = [
        {
            "kpi_id": r.kpi_id,
            "period": r.period,
            "actual": r.actual,
            "reported_on": r.reported_on,
            "note": r.note,
            "reason": r.reason,
            "confidence": r.confidence,
            "link": r.link,
            "origin": r.origin,
            "recorded_at": at,
            "recorded_by": by,
        }
        for r in readings
    ]
    return _add(connection, _ADD, rows)


def add_planned(
    connection: Connection, planned: Iterable[PlannedValue], at: datetime, by: str
) -> list[int]:
    rows = [
        {
            "kpi_id": p.kpi_id,
            "period": p.period,
            "planned": p.planned,
            "recorded_at": at,
            "recorded_by": by,
        }
        for p in planned
    ]
    return _add(connection, _ADD_PLANNED, rows)


def _add(
    connection: Connection, adding: ReturningInsert[int], rows: list[dict[str, Any]]
) -> list[int]:
    if not rows:
        return []
    # One by itself is not prepared as many are, which takes longer than it does.
    return list(connection.scalars(adding, rows[0] if len(rows) == 1 else rows))


def _newest_readings() -> AnySelect:
    newest = (
        select(func.max(reading.c.id))
        .group_by(reading.c.kpi_id, reading.c.period)
        .scalar_subquery()
    )
    return select(reading).where(reading.c.id.in_(newest))


def in_force(
    connection: Connection, project_ids: set[str] | None = None
) -> dict[tuple[str, date], Row[Any]]:
    """(KPI id, period) → the newest reading, every column of it."""
    query = _newest_readings()
    if project_ids is not None:
        query = query.join(kpi, kpi.c.id == reading.c.kpi_id).where(
            kpi.c.project_id.in_(sorted(project_ids))
        )
    return {(row.kpi_id, row.period): row for row in connection.execute(query)}


def newest(
    connection: Connection, kpi_ids: Collection[str], between: tuple[date, date]
) -> dict[tuple[str, date], Record]:
    """(KPI id, period) → the reading in force, for these KPIs and the periods from one day to another."""
    found: dict[tuple[str, date], Record] = {}
    for part in in_parts(kpi_ids):
        about = {"kpis": part, "first": between[0], "last": between[1]}
        rows = connection.execute(_NEWEST, about).mappings()
        found |= {(row["kpi_id"], row["period"]): dict(row) for row in rows}
    return found


def planned_of(connection: Connection, kpi_ids: Collection[str]) -> dict[tuple[str, date], Decimal]:
    """(KPI id, period) → the planned value in force, for these KPIs."""
    found: dict[tuple[str, date], Decimal] = {}
    for part in in_parts(kpi_ids):
        ids = (
            select(func.max(planned_value.c.id))
            .where(planned_value.c.kpi_id.in_(part))
            .group_by(planned_value.c.kpi_id, planned_value.c.period)
            .scalar_subquery()
        )
        rows = connection.execute(select(planned_value).where(planned_value.c.id.in_(ids)))
        found |= {(row.kpi_id, row.period): row.planned for row in rows}
    return found


def planned_in_force(
    connection: Connection, project_ids: set[str] | None = None
) -> dict[tuple[str, date], Decimal]:
    """(KPI id, period) → the newest planned value."""
    newest = (
        select(func.max(planned_value.c.id))
        .group_by(planned_value.c.kpi_id, planned_value.c.period)
        .scalar_subquery()
    )
    query = select(planned_value.c.kpi_id, planned_value.c.period, planned_value.c.planned).where(
        planned_value.c.id.in_(newest)
    )
    if project_ids is not None:
        query = query.join(kpi, kpi.c.id == planned_value.c.kpi_id).where(
            kpi.c.project_id.in_(sorted(project_ids))
        )
    return {(row.kpi_id, row.period): row.planned for row in connection.execute(query)}


def page(
    connection: Connection,
    request: PageRequest,
    kpi_id: str,
    *,
    history: bool = False,
    state: str | None = None,
) -> Page:
    """The readings of a KPI: the ones in force, or with `history` every correction too.

    `state` is `validated` where finance has validated the very reading, else `provisional`. Of each
    reading `corrects` and `corrected_by` are the ids of the one before and after it for its period.
    """
    is_validated = reading_validation.c.id.is_not(None)
    chain = _chain(kpi_id)
    query = select(
        reading.c.id,
        reading.c.kpi_id.label("kpi"),
        reading.c.period,
        reading.c.actual,
        reading.c.reported_on,
        reading.c.note,
        reading.c.reason,
        reading.c.confidence,
        reading.c.link,
        reading.c.origin,
        reading.c.recorded_at,
        reading.c.recorded_by,
        chain.c.corrects,
        chain.c.corrected_by,
        case((is_validated, VALIDATED), else_=PROVISIONAL).label("state"),
        reading_validation.c.recorded_by.label("validated_by"),
        reading_validation.c.recorded_at.label("validated_at"),
    ).where(reading.c.kpi_id == kpi_id)
    query = query.join(chain, chain.c.id == reading.c.id)
    query = query.outerjoin(reading_validation, reading_validation.c.reading_id == reading.c.id)
    if state is not None:
        query = query.where(is_validated if state == VALIDATED else ~is_validated)
    if not history:
        newest = (
            select(func.max(reading.c.id))
            .where(reading.c.kpi_id == kpi_id)
            .group_by(reading.c.period)
            .scalar_subquery()
        )
        query = query.where(reading.c.id.in_(newest))
    return page_of(connection, query, request, SORTABLE, reading.c.id, "period")


def _chain(kpi_id: str) -> Subquery:
    """Each reading of a KPI with those before and after it for its period."""
    period, number = reading.c.period, reading.c.id
    return (
        select(
            number,
            func.lag(number).over(partition_by=period, order_by=number).label("corrects"),
            func.lead(number).over(partition_by=period, order_by=number).label("corrected_by"),
        )
        .where(reading.c.kpi_id == kpi_id)
        .subquery()
    )


def find(connection: Connection, kpi_id: str, period: date) -> Record | None:
    """The reading in force for a KPI and a period."""
    row = (
        connection.execute(
            select(reading)
            .where(reading.c.kpi_id == kpi_id, reading.c.period == period)
            .order_by(reading.c.id.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    return dict(row) if row else None


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(reading)).scalar_one()


def recorders(connection: Connection, project_id: str, since: datetime | None) -> set[str]:
    """Who has recorded a reading of one of the project's KPIs, since a time if given."""
    query = (
        select(reading.c.recorded_by)
        .join(kpi, kpi.c.id == reading.c.kpi_id)
        .where(kpi.c.project_id == project_id)
        .distinct()
    )
    if since is not None:
        query = query.where(reading.c.recorded_at >= since)
    return set(connection.execute(query).scalars())
