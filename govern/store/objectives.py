"""Strategic objectives: the installation's, one row each, changed under a version."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import in_parts
from govern.store.tables import objective

SORTABLE = {"id": objective.c.id, "name": objective.c.name}


def find(connection: Connection, objective_id: str, lock: bool = False) -> Record | None:
    query = select(objective).where(objective.c.id == objective_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def every(connection: Connection) -> list[Record]:
    rows = connection.execute(select(objective).order_by(objective.c.id)).mappings()
    return [dict(row) for row in rows]


def known(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of the ids that there are."""
    return {
        each
        for part in in_parts(ids)
        for each in connection.scalars(select(objective.c.id).where(objective.c.id.in_(part)))
    }


def page(connection: Connection, request: PageRequest) -> Page:
    return page_of(connection, select(objective), request, SORTABLE, objective.c.id, "id")


def add(connection: Connection, fields: dict[str, Any], at: datetime) -> None:
    connection.execute(insert(objective).values(**fields, version=1, recorded_at=at))


def change(connection: Connection, objective_id: str, version: int, fields: dict[str, Any]) -> None:
    connection.execute(
        update(objective)
        .where(objective.c.id == objective_id)
        .values(**fields, version=version + 1)
    )
