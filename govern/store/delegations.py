"""Delegations: who votes for whom, from when until when, on what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, insert, or_, select, update

from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.tables import delegation

SORTABLE = {
    "id": delegation.c.id,
    "starts_on": delegation.c.starts_on,
    "ends_on": delegation.c.ends_on,
}


def _covers(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    return or_(column.is_(None), column == bindparam(value))


_COVERING = (
    select(delegation)
    .where(
        delegation.c.revoked_at.is_(None),
        delegation.c.starts_on <= bindparam("on"),
        delegation.c.ends_on >= bindparam("on"),
        _covers(delegation.c.portfolio_id, "portfolio"),
        _covers(delegation.c.project_id, "project"),
        _covers(delegation.c.gate, "gate"),
    )
    .order_by(delegation.c.id)
)


def add(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(delegation).values(**values, recorded_at=at, version=1).returning(delegation.c.id)
    ).scalar_one()


def find(connection: Connection, delegation_id: int, lock: bool = False) -> Record | None:
    query = select(delegation).where(delegation.c.id == delegation_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def in_force(
    connection: Connection, portfolio_id: str, project_id: str, gate: str, on: date
) -> list[Record]:
    """Those that cover a gate of a project on a day, the oldest first."""
    about = {"portfolio": portfolio_id, "project": project_id, "gate": gate, "on": on}
    return [dict(row) for row in connection.execute(_COVERING, about).mappings()]


def overlapping(
    connection: Connection, from_person: str, to_person: str, starts_on: date, ends_on: date
) -> list[Record]:
    """Those from one person to another that hold on any of the days, both ends included."""
    rows = connection.execute(
        select(delegation)
        .where(
            delegation.c.from_person_id == from_person,
            delegation.c.to_person_id == to_person,
            delegation.c.revoked_at.is_(None),
            delegation.c.starts_on <= ends_on,
            delegation.c.ends_on >= starts_on,
        )
        .order_by(delegation.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def page(connection: Connection, request: PageRequest, *, person_id: str | None = None) -> Page:
    """All of them, or those from and to one person."""
    query = select(delegation)
    if person_id is not None:
        query = query.where(
            or_(delegation.c.from_person_id == person_id, delegation.c.to_person_id == person_id)
        )
    return page_of(connection, query, request, SORTABLE, delegation.c.id, "-id")


def revoke(connection: Connection, found: Record, by: str, at: datetime) -> None:
    connection.execute(
        update(delegation)
        .where(delegation.c.id == found["id"])
        .values(revoked_by=by, revoked_at=at, version=found["version"] + 1)
    )
