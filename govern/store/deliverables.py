"""Deliverables and the KPIs they serve."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.shares import PRODUCES, with_ties
from govern.store.tables import deliverable, deliverable_kpi, project
from govern.store.visibility import visible_to

_FIELDS = (
    deliverable.c.id,
    deliverable.c.project_id.label("project"),
    deliverable.c.name,
    deliverable.c.owner,
    deliverable.c.state,
    deliverable.c.due,
    deliverable.c.done_on,
    deliverable.c.cost,
    deliverable.c.version,
    deliverable.c.recorded_at,
)

IDS_AT_ONCE = 10_000

TIES = {"produces": PRODUCES}
"""Beside the KPIs that a deliverable serves."""

SORTABLE = {
    "id": deliverable.c.id,
    "name": deliverable.c.name,
    "due": deliverable.c.due,
    "state": deliverable.c.state,
    "project": deliverable.c.project_id,
}


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        ("project_id" if name == "project" else name): value
        for name, value in fields.items()
        if name != "serves" and name not in TIES
    }


def _serves(connection: Connection, ids: list[str]) -> dict[str, dict[str, Decimal | None]]:
    served: dict[str, dict[str, Decimal | None]] = {each: {} for each in ids}
    # A statement takes a bounded number of parameters.
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        rows = connection.execute(
            select(deliverable_kpi)
            .where(deliverable_kpi.c.deliverable_id.in_(some))
            .order_by(deliverable_kpi.c.kpi_id)
        )
        for row in rows:
            served[row.deliverable_id][row.kpi_id] = row.contribution
    return served


def _with_serves(connection: Connection, found: list[Record]) -> list[Record]:
    served = _serves(connection, [each["id"] for each in found]) if found else {}
    return with_ties(connection, [{**each, "serves": served[each["id"]]} for each in found], TIES)


def find(connection: Connection, deliverable_id: str, lock: bool = False) -> Record | None:
    query = select(*_FIELDS).where(deliverable.c.id == deliverable_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return _with_serves(connection, [dict(row)])[0] if row else None


def every(connection: Connection) -> list[Record]:
    rows = connection.execute(select(*_FIELDS).order_by(deliverable.c.id)).mappings()
    return _with_serves(connection, [dict(row) for row in rows])


def of_project(connection: Connection, project_id: str) -> list[Record]:
    rows = connection.execute(
        select(*_FIELDS).where(deliverable.c.project_id == project_id).order_by(deliverable.c.id)
    ).mappings()
    return _with_serves(connection, [dict(row) for row in rows])


def project_of_each(connection: Connection) -> dict[str, str]:
    return {
        row.id: row.project_id
        for row in connection.execute(select(deliverable.c.id, deliverable.c.project_id))
    }


def page(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    project_id: str | None = None,
    state: str | None = None,
) -> Page:
    query = (
        select(*_FIELDS)
        .join(project, project.c.id == deliverable.c.project_id)
        .where(visible_to(actor))
    )
    if project_id is not None:
        query = query.where(deliverable.c.project_id == project_id)
    if state is not None:
        query = query.where(deliverable.c.state == state)
    found = page_of(connection, query, request, SORTABLE, deliverable.c.id, "id")
    return Page(_with_serves(connection, found.items), found.next_cursor)


def add(connection: Connection, fields: dict[str, Any], at: datetime) -> None:
    connection.execute(insert(deliverable).values(**_columns(fields), version=1, recorded_at=at))
    set_serves(connection, fields["id"], fields.get("serves", {}))
    PRODUCES.replace(connection, fields["id"], fields.get("produces", {}))


def change(
    connection: Connection, deliverable_id: str, version: int, fields: dict[str, Any]
) -> None:
    connection.execute(
        update(deliverable)
        .where(deliverable.c.id == deliverable_id)
        .values(**_columns(fields), version=version + 1)
    )
    if "serves" in fields:
        set_serves(connection, deliverable_id, fields["serves"])
    if "produces" in fields:
        PRODUCES.replace(connection, deliverable_id, fields["produces"])


def set_serves(
    connection: Connection, deliverable_id: str, serves: dict[str, Decimal | None]
) -> None:
    """Replaces the KPIs that a deliverable serves, with their shares."""
    connection.execute(
        delete(deliverable_kpi).where(deliverable_kpi.c.deliverable_id == deliverable_id)
    )
    if serves:
        connection.execute(
            insert(deliverable_kpi),
            [
                {"deliverable_id": deliverable_id, "kpi_id": kpi_id, "contribution": share}
                for kpi_id, share in serves.items()
            ],
        )
