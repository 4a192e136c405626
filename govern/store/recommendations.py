"""Recommendations and what became of them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select, update

from govern.domain.actor import Actor
from govern.domain.finding import Severity
from govern.domain.recommendation import OPEN, Action, RecommendationStatus
from govern.domain.record import Record
from govern.domain.standing import Made
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect
from govern.store.tables import project, recommendation
from govern.store.visibility import visible_to

_RENAMED = {"project_id": "project", "kpi_id": "kpi", "rule_id": "rule"}

_FIELDS = tuple(column.label(_RENAMED.get(column.name, column.name)) for column in recommendation.c)

SORTABLE = {
    "id": recommendation.c.id,
    "project": recommendation.c.project_id,
    "rule": recommendation.c.rule_id,
    "severity": recommendation.c.severity,
    "status": recommendation.c.status,
    "decide_by": recommendation.c.decide_by,
}


def _select() -> AnySelect:
    return select(*_FIELDS)


def find(connection: Connection, recommendation_id: int, lock: bool = False) -> Record | None:
    query = _select().where(recommendation.c.id == recommendation_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def all_open(connection: Connection, actor: Actor | None = None) -> list[Record]:
    """The ones that wait for an answer, of all projects or of those the actor may see."""
    query = _select().where(recommendation.c.status.in_(sorted(OPEN)))
    if actor is not None:
        query = query.join(project, project.c.id == recommendation.c.project_id).where(
            visible_to(actor)
        )
    rows = connection.execute(query.order_by(recommendation.c.id)).mappings()
    return [dict(row) for row in rows]


def made(connection: Connection) -> list[Made]:
    """Every one that there is, as far as a sweep heeds them."""
    columns = recommendation.c
    rows = connection.execute(
        select(
            columns.id,
            columns.rule_id,
            columns.project_id,
            columns.kpi_id,
            columns.action,
            columns.severity,
            columns.status,
            columns.superseded_by,
        )
    )
    return [
        Made(
            row.id,
            (row.rule_id, row.project_id, row.kpi_id),
            Action(row.action),
            Severity(row.severity),
            RecommendationStatus(row.status),
            row.superseded_by,
        )
        for row in rows
    ]


def page(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    project_id: str | None = None,
    status: str | None = None,
    action: str | None = None,
    rule: str | None = None,
) -> Page:
    query = (
        _select()
        .join(project, project.c.id == recommendation.c.project_id)
        .where(visible_to(actor))
    )
    wanted = {
        recommendation.c.project_id: project_id,
        recommendation.c.status: status,
        recommendation.c.action: action,
        recommendation.c.rule_id: rule,
    }
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    return page_of(connection, query, request, SORTABLE, recommendation.c.id, "-id")


def add(connection: Connection, values: dict[str, Any]) -> int:
    return connection.execute(
        insert(recommendation).values(**values, version=1).returning(recommendation.c.id)
    ).scalar_one()


def change(
    connection: Connection, recommendation_id: int, version: int, values: dict[str, Any]
) -> None:
    connection.execute(
        update(recommendation)
        .where(recommendation.c.id == recommendation_id)
        .values(**values, version=version + 1)
    )


def statuses_of(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    rows = connection.execute(
        select(recommendation.c.id, recommendation.c.status).where(
            recommendation.c.id.in_(sorted(ids))
        )
    )
    return {row.id: row.status for row in rows}
