"""What is owed after a conditional go."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.tables import condition, project
from govern.store.visibility import visible_to

OPEN = "open"
CLOSED = "closed"

_FIELDS = (
    condition.c.id,
    condition.c.project_id.label("project"),
    condition.c.submission_id.label("submission"),
    condition.c.text,
    condition.c.owner,
    condition.c.due,
    condition.c.state,
    condition.c.evidence,
    condition.c.closed_by,
    condition.c.closed_at,
    condition.c.version,
    condition.c.recorded_at,
)

_OF_SUBMISSION = (
    select(*_FIELDS).where(condition.c.submission_id == bindparam("of")).order_by(condition.c.id)
)

SORTABLE = {"id": condition.c.id, "due": condition.c.due, "project": condition.c.project_id}


def find(connection: Connection, condition_id: int, lock: bool = False) -> Record | None:
    query = select(*_FIELDS).where(condition.c.id == condition_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def of_submission(connection: Connection, submission_id: int) -> list[Record]:
    rows = connection.execute(_OF_SUBMISSION, {"of": submission_id}).mappings()
    return [dict(row) for row in rows]


def owing(connection: Connection, before: date) -> list[tuple[str, int]]:
    """Project and submission of every conditional go with an open condition due before a day."""
    rows = connection.execute(
        select(condition.c.project_id, condition.c.submission_id)
        .where(condition.c.state == OPEN, condition.c.due < before)
        .distinct()
        .order_by(condition.c.project_id, condition.c.submission_id)
    )
    return [(row[0], row[1]) for row in rows]


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
        .join(project, project.c.id == condition.c.project_id)
        .where(visible_to(actor))
    )
    if project_id is not None:
        query = query.where(condition.c.project_id == project_id)
    if state is not None:
        query = query.where(condition.c.state == state)
    return page_of(connection, query, request, SORTABLE, condition.c.id, "due")


def add(
    connection: Connection,
    project_id: str,
    submission_id: int,
    text: str,
    owner: str,
    due: date,
    at: datetime,
) -> int:
    return connection.execute(
        insert(condition)
        .values(
            project_id=project_id,
            submission_id=submission_id,
            text=text,
            owner=owner,
            due=due,
            state=OPEN,
            version=1,
            recorded_at=at,
        )
        .returning(condition.c.id)
    ).scalar_one()


def change(connection: Connection, condition_id: int, version: int, values: dict[str, Any]) -> None:
    connection.execute(
        update(condition)
        .where(condition.c.id == condition_id)
        .values(**values, version=version + 1)
    )
