"""KPIs: one row each, changed under a version."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect, in_parts
from govern.store.shares import SUPPORTS, with_ties
from govern.store.tables import kpi, project
from govern.store.visibility import visible_to

_FIELDS = (
    kpi.c.id,
    kpi.c.project_id.label("project"),
    *(column for column in kpi.c if column.name not in ("id", "project_id")),
)

TIES = {"supports": SUPPORTS}

SORTABLE = {
    "id": kpi.c.id,
    "name": kpi.c.name,
    "category": kpi.c.category,
    "project": kpi.c.project_id,
    "weight": kpi.c.weight,
}


_EVERY: AnySelect = select(*_FIELDS)
"""Made once: each use adds its own `where` to it, which takes a fraction of naming every column anew."""
_AMONG = kpi.c.id.in_(bindparam("ids", expanding=True))
_SOME = _EVERY.where(_AMONG)
_REPORTED_ON = select(
    kpi.c.id, kpi.c.project_id.label("project"), kpi.c.cadence, kpi.c.formula
).where(_AMONG)
_ONE = _EVERY.where(kpi.c.id == bindparam("of"))
_ONE_LOCKED = _ONE.with_for_update()


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        ("project_id" if name == "project" else name): value
        for name, value in fields.items()
        if name not in TIES
    }


def find(connection: Connection, kpi_id: str, lock: bool = False) -> Record | None:
    row = connection.execute(_ONE_LOCKED if lock else _ONE, {"of": kpi_id}).mappings().first()
    return with_ties(connection, [dict(row)], TIES)[0] if row else None


def some(connection: Connection, kpi_ids: Collection[str]) -> dict[str, Record]:
    """Those of these KPIs that there are, by id; in a few queries, however many."""
    found = [
        dict(row)
        for part in in_parts(kpi_ids)
        for row in connection.execute(_SOME, {"ids": part}).mappings()
    ]
    return {each["id"]: each for each in with_ties(connection, found, TIES)}


def reported_on(connection: Connection, kpi_ids: Collection[str]) -> dict[str, Record]:
    """As `some`, with no more of each than a reading is held against: `id`, `project`, `cadence` and
    `formula`."""
    return {
        row["id"]: dict(row)
        for part in in_parts(kpi_ids)
        for row in connection.execute(_REPORTED_ON, {"ids": part}).mappings()
    }


def of_project(connection: Connection, project_id: str) -> list[Record]:
    rows = connection.execute(
        _EVERY.where(kpi.c.project_id == project_id).order_by(kpi.c.id)
    ).mappings()
    return with_ties(connection, [dict(row) for row in rows], TIES)


def every(connection: Connection) -> list[Record]:
    rows = connection.execute(_EVERY.order_by(kpi.c.id)).mappings()
    return with_ties(connection, [dict(row) for row in rows], TIES)


def visible(connection: Connection, actor: Actor) -> list[Record]:
    """Every KPI that the actor may see, in order of id, with `frozen`: whether a gate has agreed its
    plan. What the KPIs are tied to is left out."""
    frozen = project.c.baseline_frozen_at.is_not(None).label("frozen")
    query = select(*_FIELDS, frozen).join(project, project.c.id == kpi.c.project_id)
    rows = connection.execute(query.where(visible_to(actor)).order_by(kpi.c.id)).mappings()
    return [dict(row) for row in rows]


def measures_of(connection: Connection, project_ids: Collection[str]) -> list[Record]:
    """What the KPIs of these projects measure, in order of id, and nothing else of them."""
    columns = (kpi.c.id, kpi.c.project_id.label("project"))
    told = (kpi.c.template, kpi.c.category, kpi.c.unit, kpi.c.direction)
    found = [
        dict(row)
        for part in in_parts(project_ids)
        for row in connection.execute(
            select(*columns, *told).where(kpi.c.project_id.in_(part))
        ).mappings()
    ]
    return sorted(found, key=lambda each: each["id"])


def project_of_each(connection: Connection) -> dict[str, str]:
    """KPI id → project id, for every KPI."""
    return {
        row.id: row.project_id for row in connection.execute(select(kpi.c.id, kpi.c.project_id))
    }


def page(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    project_id: str | None = None,
    category: str | None = None,
) -> Page:
    query = _EVERY.join(project, project.c.id == kpi.c.project_id).where(visible_to(actor))
    if project_id is not None:
        query = query.where(kpi.c.project_id == project_id)
    if category is not None:
        query = query.where(kpi.c.category == category)
    found = page_of(connection, query, request, SORTABLE, kpi.c.id, "id")
    return Page(with_ties(connection, found.items, TIES), found.next_cursor)


def add(connection: Connection, fields: dict[str, Any], at: datetime) -> None:
    connection.execute(insert(kpi).values(**_columns(fields), version=1, recorded_at=at))
    SUPPORTS.replace(connection, fields["id"], fields.get("supports", {}))


def change(connection: Connection, kpi_id: str, version: int, fields: dict[str, Any]) -> None:
    connection.execute(
        update(kpi).where(kpi.c.id == kpi_id).values(**_columns(fields), version=version + 1)
    )
    if "supports" in fields:
        SUPPORTS.replace(connection, kpi_id, fields["supports"])
