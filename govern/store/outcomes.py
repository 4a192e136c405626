"""Outcomes: what deliverables bring about, and what that leads to."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.shares import LEADS_TO, OUTCOME_SERVES, with_ties
from govern.store.tables import outcome, project
from govern.store.visibility import visible_to

_FIELDS = (
    outcome.c.id,
    outcome.c.project_id.label("project"),
    outcome.c.name,
    outcome.c.description,
    outcome.c.owner,
    outcome.c.version,
    outcome.c.recorded_at,
)

TIES = {"serves": OUTCOME_SERVES, "leads_to": LEADS_TO}

SORTABLE = {"id": outcome.c.id, "name": outcome.c.name, "project": outcome.c.project_id}


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        ("project_id" if name == "project" else name): value
        for name, value in fields.items()
        if name not in TIES
    }


def find(connection: Connection, outcome_id: str, lock: bool = False) -> Record | None:
    query = select(*_FIELDS).where(outcome.c.id == outcome_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return with_ties(connection, [dict(row)], TIES)[0] if row else None


def every(connection: Connection) -> list[Record]:
    rows = connection.execute(select(*_FIELDS).order_by(outcome.c.id)).mappings()
    return with_ties(connection, [dict(row) for row in rows], TIES)


def of_project(connection: Connection, project_id: str) -> list[Record]:
    rows = connection.execute(
        select(*_FIELDS).where(outcome.c.project_id == project_id).order_by(outcome.c.id)
    ).mappings()
    return with_ties(connection, [dict(row) for row in rows], TIES)


def project_of_each(connection: Connection) -> dict[str, str]:
    """Outcome id → project id, for every outcome."""
    rows = connection.execute(select(outcome.c.id, outcome.c.project_id))
    return {row.id: row.project_id for row in rows}


def page(
    connection: Connection, actor: Actor, request: PageRequest, *, project_id: str | None = None
) -> Page:
    query = (
        select(*_FIELDS)
        .join(project, project.c.id == outcome.c.project_id)
        .where(visible_to(actor))
    )
    if project_id is not None:
        query = query.where(outcome.c.project_id == project_id)
    found = page_of(connection, query, request, SORTABLE, outcome.c.id, "id")
    return Page(with_ties(connection, found.items, TIES), found.next_cursor)


def add_row(connection: Connection, fields: dict[str, Any], at: datetime) -> None:
    """The outcome alone, so that others may lead to it before it is tied itself."""
    connection.execute(insert(outcome).values(**_columns(fields), version=1, recorded_at=at))


def set_ties(connection: Connection, outcome_id: str, fields: dict[str, Any]) -> None:
    """Replaces the links that `fields` names as a whole."""
    for name, tie in TIES.items():
        if name in fields:
            tie.replace(connection, outcome_id, fields[name])


def add(connection: Connection, fields: dict[str, Any], at: datetime) -> None:
    add_row(connection, fields, at)
    set_ties(connection, fields["id"], fields)


def change(connection: Connection, outcome_id: str, version: int, fields: dict[str, Any]) -> None:
    connection.execute(
        update(outcome)
        .where(outcome.c.id == outcome_id)
        .values(**_columns(fields), version=version + 1)
    )
    set_ties(connection, outcome_id, fields)
