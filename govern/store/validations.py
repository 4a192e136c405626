"""Validated readings: only ever added to; a correction is another reading, and provisional again."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select

from govern.domain.record import Record
from govern.store.tables import kpi, reading, reading_validation


def projects_of(connection: Connection, reading_ids: Collection[int]) -> dict[int, str]:
    """Reading → its project, for the readings that there are."""
    rows = connection.execute(
        select(reading.c.id, kpi.c.project_id)
        .join(kpi, kpi.c.id == reading.c.kpi_id)
        .where(reading.c.id.in_(sorted(reading_ids)))
    )
    return {row.id: row.project_id for row in rows}


def versions_of(connection: Connection, reading_ids: Collection[int]) -> list[Record]:
    """These readings, and every other one of the same KPIs and periods, oldest first.

    With `wanted` (the reading that was asked for) and `validated_at`, `None` where it is provisional.
    """
    asked = reading.alias("asked")
    rows = connection.execute(
        select(
            asked.c.id.label("wanted"),
            reading.c.id,
            reading.c.kpi_id.label("kpi"),
            reading.c.period,
            reading.c.actual,
            reading.c.recorded_at,
            reading.c.recorded_by,
            reading_validation.c.recorded_at.label("validated_at"),
        )
        .join_from(
            asked,
            reading,
            (reading.c.kpi_id == asked.c.kpi_id) & (reading.c.period == asked.c.period),
        )
        .outerjoin(reading_validation, reading_validation.c.reading_id == reading.c.id)
        .where(asked.c.id.in_(sorted(reading_ids)))
        .order_by(asked.c.id, reading.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def add(
    connection: Connection, reading_ids: Iterable[int], at: datetime, by: str
) -> dict[int, int]:
    """Adds a validation of each reading; reading → the number of its validation."""
    wanted = [{"reading_id": each, "recorded_by": by, "recorded_at": at} for each in reading_ids]
    connection.execute(insert(reading_validation), wanted)
    rows = connection.execute(
        select(reading_validation.c.reading_id, reading_validation.c.id).where(
            reading_validation.c.reading_id.in_([each["reading_id"] for each in wanted])
        )
    )
    return {row.reading_id: row.id for row in rows}
