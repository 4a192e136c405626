"""Waivers: which criterion of which gate a project need not meet, until when, and who says so."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect
from govern.store.tables import project, waiver
from govern.store.visibility import visible_to

_FIELDS = (
    waiver.c.id,
    waiver.c.project_id.label("project"),
    *(column for column in waiver.c if column.name not in ("id", "project_id")),
)

_OF_PROJECT = select(*_FIELDS).where(waiver.c.project_id == bindparam("of")).order_by(waiver.c.id)

SORTABLE = {
    "id": waiver.c.id,
    "project": waiver.c.project_id,
    "gate": waiver.c.gate,
    "expires_on": waiver.c.expires_on,
}


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
    rows = connection.execute(_OF_PROJECT, {"of": project_id}).mappings()
    return [dict(row) for row in rows]


def visible(connection: Connection, actor: Actor) -> list[Record]:
    """Every waiver of the projects that somebody may see, by project, the oldest first."""
    query = _visible(actor).order_by(waiver.c.project_id, waiver.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def page(
    connection: Connection, actor: Actor, request: PageRequest, *, project_id: str | None = None
) -> Page:
    query = _visible(actor)
    if project_id is not None:
        query = query.where(waiver.c.project_id == project_id)
    return page_of(connection, query, request, SORTABLE, waiver.c.id, "-id")


def _visible(actor: Actor) -> AnySelect:
    return (
        select(*_FIELDS).join(project, project.c.id == waiver.c.project_id).where(visible_to(actor))
    )


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
