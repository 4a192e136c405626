"""Recommendations and what became of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, exists, insert, or_, select, update

from govern.domain.actor import Actor
from govern.domain.finding import Severity
from govern.domain.recommendation import OPEN, Action, RecommendationStatus
from govern.domain.record import Record
from govern.domain.standing import Made
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect, in_parts
from govern.store.tables import project, recommendation
from govern.store.visibility import visible_to

_RENAMED = {
    "project_id": "project",
    "kpi_id": "kpi",
    "rule_id": "rule",
    "scope_change_id": "scope_change",
}

_FIELDS = tuple(column.label(_RENAMED.get(column.name, column.name)) for column in recommendation.c)

_UNFINISHED = sorted({*OPEN, RecommendationStatus.ACCEPTED})

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


def open_of(connection: Connection, project_ids: Collection[str]) -> list[Record]:
    """Those of projects that wait for an answer, in the order in which they were made."""
    found: list[Record] = []
    for part in in_parts(project_ids):
        query = _select().where(
            recommendation.c.project_id.in_(part), recommendation.c.status.in_(sorted(OPEN))
        )
        found += [dict(row) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda each: each["id"])


def made_of(connection: Connection, project_ids: Collection[str]) -> list[Made]:
    """Every one that there is of projects, as far as a sweep heeds them."""
    columns = recommendation.c
    heeded = (
        *(columns.id, columns.rule_id, columns.project_id, columns.kpi_id, columns.action),
        *(columns.severity, columns.status, columns.superseded_by),
    )
    found: list[Made] = []
    for part in in_parts(project_ids):
        for row in connection.execute(select(*heeded).where(columns.project_id.in_(part))):
            found.append(
                Made(
                    row.id,
                    (row.rule_id, row.project_id, row.kpi_id),
                    Action(row.action),
                    Severity(row.severity),
                    RecommendationStatus(row.status),
                    row.superseded_by,
                )
            )
    return found


def of_project(
    connection: Connection, project_id: str, statuses: Collection[RecommendationStatus]
) -> list[Record]:
    """Those of a project with one of the statuses, in the order in which they were made."""
    rows = connection.execute(
        _select()
        .where(recommendation.c.project_id == project_id)
        .where(recommendation.c.status.in_(sorted(statuses)))
        .order_by(recommendation.c.id)
    ).mappings()
    return [dict(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None is everything. `open`: those that wait for an answer, or the
    others. `overdue_on`: those that were to be answered before a day and are not."""

    project: str | None = None
    kpi: str | None = None
    rule: str | None = None
    action: str | None = None
    severity: str | None = None
    status: str | None = None
    decided_by_role: str | None = None
    open: bool | None = None
    overdue_on: date | None = None

    def narrow(self, query: AnySelect) -> AnySelect:
        columns = recommendation.c
        for column, value in (
            (columns.project_id, self.project),
            (columns.kpi_id, self.kpi),
            (columns.rule_id, self.rule),
            (columns.action, self.action),
            (columns.severity, self.severity),
            (columns.status, self.status),
            (columns.decided_by_role, self.decided_by_role),
        ):
            if value is not None:
                query = query.where(column == value)
        if self.open is not None:
            is_open = columns.status.in_(sorted(OPEN))
            query = query.where(is_open if self.open else ~is_open)
        if self.overdue_on is not None:
            proposed = RecommendationStatus.PROPOSED.value
            query = query.where(columns.status == proposed, columns.decide_by < self.overdue_on)
        return query


def page(connection: Connection, actor: Actor, request: PageRequest, wanted: Wanted) -> Page:
    query = (
        _select()
        .join(project, project.c.id == recommendation.c.project_id)
        .where(visible_to(actor))
    )
    return page_of(connection, wanted.narrow(query), request, SORTABLE, recommendation.c.id, "-id")


def projects_page(
    connection: Connection, actor: Actor, request: PageRequest, project_id: str | None
) -> Page:
    """The projects of which something waits for an answer or to be done."""
    waiting = exists().where(
        recommendation.c.project_id == project.c.id, recommendation.c.status.in_(_UNFINISHED)
    )
    query = select(project.c.id.label("project"), project.c.name.label("project_name")).where(
        visible_to(actor), waiting
    )
    if project_id is not None:
        query = query.where(project.c.id == project_id)
    order = {"project": project.c.id}
    return page_of(connection, query, request, order, project.c.id, "project")


def unfinished(connection: Connection, project_ids: Collection[str]) -> list[Record]:
    """Those of projects that wait for an answer or to be done, in the order they were made."""
    found: list[Record] = []
    for part in in_parts(project_ids):
        query = _select().where(
            recommendation.c.project_id.in_(part), recommendation.c.status.in_(_UNFINISHED)
        )
        found += [dict(row) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda each: each["id"])


def to_do(connection: Connection, actor: Actor) -> list[Record]:
    """What was accepted and nobody has begun, of the projects that the actor may see."""
    query = (
        _select()
        .join(project, project.c.id == recommendation.c.project_id)
        .where(
            visible_to(actor),
            recommendation.c.status == RecommendationStatus.ACCEPTED.value,
            recommendation.c.scope_change_id.is_(None),
        )
        .order_by(recommendation.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def due_by(connection: Connection, day: date, project_id: str | None = None) -> list[Record]:
    """The open ones whose day to decide, or to come back, is not after a day."""
    columns = recommendation.c
    query = (
        _select()
        .add_columns(project.c.portfolio_id.label("portfolio"))
        .join(project, project.c.id == columns.project_id)
        .where(
            or_(
                and_(
                    columns.status == RecommendationStatus.PROPOSED.value, columns.decide_by <= day
                ),
                and_(
                    columns.status == RecommendationStatus.DEFERRED.value,
                    columns.deferred_until <= day,
                ),
            )
        )
        .order_by(columns.project_id, columns.id)
    )
    if project_id is not None:
        query = query.where(columns.project_id == project_id)
    return [dict(row) for row in connection.execute(query).mappings()]


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
