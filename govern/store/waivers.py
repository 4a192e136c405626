"""Waivers: which criterion of which gate a project need not meet, until when, and who says so."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from govern.domain.record import Record
from govern.store.tables import waiver

_FIELDS = (
    waiver.c.id,
    waiver.c.project_id.label("project"),
    *(column for column in waiver.c if column.name not in ("id", "project_id")),
)


def add(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(waiver).values(**values, recorded_at=at, version=1).returning(waiver.c.id)
    ).scalar_one()


def find(connection: Connection, waiver_id: int, lock: bool = False) -> Record | None:
    query = select(*_FIELDS).where(waiver.c.id == waiver_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def of_project(connection: Connection, project_id: str) -> list[Record]:
    """Every waiver of a project, those that have ended too, the oldest first."""
    rows = connection.execute(
        select(*_FIELDS).where(waiver.c.project_id == project_id).order_by(waiver.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def in_force(connection: Connection, project_id: str, gate: str, on: date) -> dict[str, Record]:
    """Criterion → the newest waiver that holds on a day."""
    return {
        each["criterion"]: each
        for each in of_project(connection, project_id)
        if each["gate"] == gate and each["revoked_at"] is None and each["expires_on"] >= on
    }


def revoke(connection: Connection, found: Record, by: str, at: datetime) -> None:
    connection.execute(
        update(waiver)
        .where(waiver.c.id == found["id"])
        .values(revoked_by=by, revoked_at=at, version=found["version"] + 1)
    )
