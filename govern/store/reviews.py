"""Reviews of what came of projects, the answers to their surveys, and what becomes of each KPI."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, update

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.review import ReviewState
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect, within
from govern.store.tables import project, review, review_answer, review_kpi
from govern.store.visibility import visible_to

_FIELDS = (
    review.c.id,
    review.c.project_id.label("project"),
    *(column for column in review.c if column.name not in ("id", "project_id")),
)

SORTABLE = {
    "id": review.c.id,
    "project": review.c.project_id,
    "due_on": review.c.due_on,
    "signed_at": review.c.signed_at,
}

OF_A_KPI = ("promised", "realised", "rate", "follow_up", "owner", "until", "note")


def _select() -> AnySelect:
    return select(*_FIELDS)


def newest_signed() -> AnySelect:
    """Project and number of the review of each project that was signed last."""
    return (
        select(review.c.project_id, func.max(review.c.number).label("number"))
        .where(review.c.state == ReviewState.SIGNED.value)
        .group_by(review.c.project_id)
    )


def add(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(review).values(**values, version=1, recorded_at=at).returning(review.c.id)
    ).scalar_one()


def find(connection: Connection, review_id: int, lock: bool = False) -> Record | None:
    query = _select().where(review.c.id == review_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def of_project(connection: Connection, project_id: str) -> list[Record]:
    """The first one first."""
    query = _select().where(review.c.project_id == project_id).order_by(review.c.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def page(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    project_id: str | None = None,
    state: str | None = None,
) -> Page:
    query = _select().join(project, project.c.id == review.c.project_id).where(visible_to(actor))
    if project_id is not None:
        query = query.where(review.c.project_id == project_id)
    if state is not None:
        query = query.where(review.c.state == state)
    return page_of(connection, query, request, SORTABLE, review.c.id, "-id")


def change(connection: Connection, review_id: int, version: int, values: dict[str, Any]) -> None:
    """Writes values and the version after the one the caller holds the lock on."""
    connection.execute(
        update(review).where(review.c.id == review_id).values(**values, version=version + 1)
    )


def add_answer(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(review_answer).values(**values, recorded_at=at).returning(review_answer.c.id)
    ).scalar_one()


def answers(connection: Connection, review_id: int) -> list[Record]:
    """Those that count, the newest of each person to each question, in the order they were given."""
    newest = (
        select(func.max(review_answer.c.id))
        .where(review_answer.c.review_id == review_id)
        .group_by(review_answer.c.question, review_answer.c.recorded_by)
        .scalar_subquery()
    )
    query = select(review_answer).where(review_answer.c.id.in_(newest)).order_by(review_answer.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def kpis(connection: Connection, review_id: int) -> dict[str, Record]:
    """KPI → what became of it."""
    query = (
        select(review_kpi).where(review_kpi.c.review_id == review_id).order_by(review_kpi.c.kpi_id)
    )
    return {row["kpi_id"]: dict(row) for row in connection.execute(query).mappings()}


def put_kpi(connection: Connection, review_id: int, kpi_id: str, values: dict[str, Any]) -> None:
    """Writes these of its columns, with a row where there is none yet."""
    found = and_(review_kpi.c.review_id == review_id, review_kpi.c.kpi_id == kpi_id)
    if connection.execute(update(review_kpi).where(found).values(**values)).rowcount == 0:
        connection.execute(insert(review_kpi).values(review_id=review_id, kpi_id=kpi_id, **values))


def follow_ups(
    connection: Connection, project_ids: Collection[str] | None = None
) -> dict[str, str]:
    """KPI → what the review of its project that was signed last says becomes of it."""
    newest = newest_signed().subquery()
    query = (
        select(review_kpi.c.kpi_id, review_kpi.c.follow_up)
        .join(review, review.c.id == review_kpi.c.review_id)
        .join(
            newest,
            and_(newest.c.project_id == review.c.project_id, newest.c.number == review.c.number),
        )
        .where(review_kpi.c.follow_up.is_not(None))
    )
    if project_ids is not None:
        query = query.where(within(connection, review.c.project_id, project_ids))
    return {row.kpi_id: row.follow_up for row in connection.execute(query)}
