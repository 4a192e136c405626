"""How far sources have been read: only ever added to; the newest of a source says how far."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from govern.domain.record import Record
from govern.store.tables import source_pull


def last(connection: Connection, source_id: str) -> Record | None:
    row = (
        connection.execute(
            select(source_pull)
            .where(source_pull.c.source_id == source_id)
            .order_by(source_pull.c.id.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    return dict(row) if row else None


def last_of_each(connection: Connection) -> dict[str, Record]:
    """Source → its newest pull."""
    newest = select(func.max(source_pull.c.id)).group_by(source_pull.c.source_id).scalar_subquery()
    rows = connection.execute(select(source_pull).where(source_pull.c.id.in_(newest))).mappings()
    return {row["source_id"]: dict(row) for row in rows}


def add(connection: Connection, values: Mapping[str, Any], at: datetime, by: str) -> int:
    """Adds one; returns its number."""
    added = insert(source_pull).values(**values, recorded_at=at, recorded_by=by)
    return connection.execute(added.returning(source_pull.c.id)).scalar_one()
