"""Scope changes: one row each, changed under a version, and the votes on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect
from govern.store.tables import project, scope_change, scope_change_vote
from govern.store.visibility import visible_to

OPEN = "open"
APPLIED = "applied"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"
STATES = (OPEN, APPLIED, REJECTED, WITHDRAWN)

_FIELDS = (
    scope_change.c.id,
    scope_change.c.project_id.label("project"),
    scope_change.c.recommendation_id.label("recommendation"),
    *(
        column
        for column in scope_change.c
        if column.name not in ("id", "project_id", "recommendation_id")
    ),
)

SORTABLE = {
    "id": scope_change.c.id,
    "project": scope_change.c.project_id,
    "recorded_at": scope_change.c.recorded_at,
}


def _select() -> AnySelect:
    return select(*_FIELDS)


def add(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(scope_change)
        .values(**values, state=OPEN, revision=1, amended_by=[], version=1, recorded_at=at)
        .returning(scope_change.c.id)
    ).scalar_one()


def find(connection: Connection, scope_change_id: int, lock: bool = False) -> Record | None:
    query = _select().where(scope_change.c.id == scope_change_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def all_open(connection: Connection, actor: Actor) -> list[Record]:
    """Those of visible projects that wait for a decision, the oldest first."""
    rows = connection.execute(
        _select()
        .join(project, project.c.id == scope_change.c.project_id)
        .where(scope_change.c.state == OPEN, visible_to(actor))
        .order_by(scope_change.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def page(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    project_id: str | None = None,
    state: str | None = None,
) -> Page:
    query = (
        _select().join(project, project.c.id == scope_change.c.project_id).where(visible_to(actor))
    )
    if project_id is not None:
        query = query.where(scope_change.c.project_id == project_id)
    if state is not None:
        query = query.where(scope_change.c.state == state)
    return page_of(connection, query, request, SORTABLE, scope_change.c.id, "-id")


def change(
    connection: Connection, scope_change_id: int, version: int, values: dict[str, Any]
) -> None:
    """Writes values and the version after the one the caller holds the lock on."""
    connection.execute(
        update(scope_change)
        .where(scope_change.c.id == scope_change_id)
        .values(**values, version=version + 1)
    )


def add_vote(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(scope_change_vote).values(**values, recorded_at=at).returning(scope_change_vote.c.id)
    ).scalar_one()


def votes(connection: Connection, scope_change_id: int) -> list[Record]:
    """In the order in which they were cast."""
    rows = connection.execute(
        select(scope_change_vote)
        .where(scope_change_vote.c.scope_change_id == scope_change_id)
        .order_by(scope_change_vote.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def of_project(connection: Connection, project_id: str) -> list[Record]:
    """The scope changes of a project, the first one first."""
    query = _select().where(scope_change.c.project_id == project_id).order_by(scope_change.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]
