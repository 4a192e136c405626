"""What has a day by which it is to be done: open gates, recommendations, conditions and reviews.

Each query gives `id`, `project`, `on`, `name` and `number`, where a thing has those.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select

from govern.domain.recommendation import OPEN as UNANSWERED
from govern.domain.record import Record
from govern.store import conditions as of_conditions
from govern.store import submissions
from govern.store.tables import condition, recommendation, review, submission

_NOTHING = literal(None)


def gates(connection: Connection, projects: Collection[str], by: date) -> list[Record]:
    c = submission.c
    return _rows(
        connection, c, c.decide_by, projects, by, c.state == submissions.OPEN, c.gate, c.iteration
    )


def recommendations(connection: Connection, projects: Collection[str], by: date) -> list[Record]:
    """What was put off is due on the day that it was put off to."""
    c = recommendation.c
    on = func.coalesce(c.deferred_until, c.decide_by)
    waits = c.status.in_(sorted(UNANSWERED))
    return _rows(connection, c, on, projects, by, waits, c.title, _NOTHING)


def conditions(connection: Connection, projects: Collection[str], by: date) -> list[Record]:
    c = condition.c
    return _rows(
        connection, c, c.due, projects, by, c.state == of_conditions.OPEN, c.text, _NOTHING
    )


def reviews(connection: Connection, projects: Collection[str], by: date) -> list[Record]:
    c = review.c
    return _rows(connection, c, c.due_on, projects, by, c.signed_at.is_(None), _NOTHING, c.number)


def _rows(
    connection: Connection,
    columns: Any,
    on: ColumnElement[Any],
    projects: Collection[str],
    by: date,
    waits: ColumnElement[bool],
    name: ColumnElement[Any],
    number: ColumnElement[Any],
) -> list[Record]:
    query = (
        select(
            columns.id,
            columns.project_id.label("project"),
            on.label("on"),
            name.label("name"),
            number.label("number"),
        )
        .where(columns.project_id.in_(sorted(projects)), on <= by, waits)
        .order_by(columns.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
