"""What people were told as time passed, each thing once: its key is unique."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite

from govern.domain.actor import Actor, Grant
from govern.store.engine import is_sqlite
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import in_parts
from govern.store.tables import notice, project
from govern.store.visibility import visible_to

_FIELDS = (
    notice.c.id,
    notice.c.kind,
    notice.c.project_id.label("project"),
    notice.c.submission_id.label("submission"),
    notice.c.role,
    notice.c.people,
    notice.c.text,
    notice.c.recorded_at,
)

SORTABLE = {
    "id": notice.c.id,
    "project": notice.c.project_id,
    "kind": notice.c.kind,
    "recorded_at": notice.c.recorded_at,
}


def add(connection: Connection, key: str, values: dict[str, Any], at: datetime) -> int | None:
    """The id of a new one; None where a notice has this key already: nothing is written."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    added = connection.execute(
        dialect.insert(notice)
        .values(key=key, **values, recorded_at=at)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(notice.c.id)
    )
    return added.scalar_one_or_none()


def told(connection: Connection, keys: Collection[str]) -> set[str]:
    """Those of the keys that a notice has."""
    return {
        key
        for part in in_parts(keys)
        for key in connection.scalars(select(notice.c.key).where(notice.c.key.in_(part)))
    }


def page(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    project_id: str | None = None,
    kind: str | None = None,
) -> Page:
    """Those for a person: by name, or in a role that they hold on the project. What concerns no project
    is for those whom it names."""
    named = _names(actor.person_id)
    on_a_project = and_(visible_to(actor), or_(named, *map(_in_role, actor.grants)))
    query = (
        select(*_FIELDS)
        .join(project, project.c.id == notice.c.project_id, isouter=True)
        .where(or_(and_(notice.c.project_id.is_(None), named), on_a_project))
    )
    if project_id is not None:
        query = query.where(notice.c.project_id == project_id)
    if kind is not None:
        query = query.where(notice.c.kind == kind)
    return page_of(connection, query, request, SORTABLE, notice.c.id, "-id")


def _names(person_id: str) -> ColumnElement[bool]:
    # Both databases write the list as JSON text, each id in quotation marks.
    return cast(notice.c.people, Text).contains(f'"{person_id}"', autoescape=True)


def _in_role(grant: Grant) -> ColumnElement[bool]:
    if grant.project_id is not None:
        where = project.c.id == grant.project_id
    elif grant.portfolio_id is not None:
        where = project.c.portfolio_id == grant.portfolio_id
    else:
        where = true()
    return and_(notice.c.role == grant.role.value, where)
