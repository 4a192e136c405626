"""Counts of what waits, and since when, in one query each; all of them along an index."""

from datetime import date, datetime

from sqlalchemy import Connection, func, select, text

from govern.domain.recommendation import OPEN
from govern.store import submissions
from govern.store.query import AnySelect
from govern.store.tables import (
    delivery,
    news_delivery,
    news_lane,
    notice_mail,
    project,
    recommendation,
    submission,
    sweep,
)
from govern.store.types import UtcTime

REPORTS, NEWS, LETTERS = "reports", "news", "letters"
QUEUES = (REPORTS, NEWS, LETTERS)
"""What is sent: reports that are scheduled, news to webhooks, notices by mail."""

WAITING, FAILED = "waiting", "failed"
_ON_ITS_WAY = (WAITING, "sending")

_OLDEST_UNSEALED = text("""
    SELECT min(e.recorded_at) AS oldest
    FROM chain AS c
    LEFT JOIN sealed_chain AS s ON s.project = c.project
    JOIN event AS e ON e.project = c.project AND e.seq = coalesce(s.seq, 0) + 1
    WHERE c.seq > coalesce(s.seq, 0)
""").columns(oldest=UtcTime)


def oldest_unsealed(connection: Connection) -> datetime | None:
    """When the oldest event was recorded that is not in the log; None where all are. Of each chain the
    first one that is missing counts."""
    return connection.execute(_OLDEST_UNSEALED).one().oldest


def outbox(connection: Connection) -> dict[tuple[str, str], int]:
    """(queue, state) → how much is on its way, or failed for good, of each kind of thing that is sent."""
    found = {(queue, state): 0 for queue in QUEUES for state in (WAITING, FAILED)}
    for queue, table in (
        (REPORTS, delivery),
        (NEWS, news_delivery),
        (LETTERS, notice_mail),
    ):
        query = (
            select(table.c.state, func.count())
            .where(table.c.state.in_((*_ON_ITS_WAY, FAILED)))
            .group_by(table.c.state)
        )
        for state, count in _by_first(connection, query).items():
            found[queue, FAILED if state == FAILED else WAITING] += count
    return found


def oldest_due(connection: Connection, now: datetime) -> datetime | None:
    """Since when what has waited longest is due for a try, in any queue."""
    since = [
        connection.scalar(
            select(func.min(table.c.next_try_at)).where(
                table.c.state.in_(_ON_ITS_WAY), table.c.next_try_at <= now
            )
        )
        for table in (delivery, notice_mail)
    ]
    lanes = select(func.min(news_lane.c.next_try_at)).where(news_lane.c.next_try_at <= now)
    return min((each for each in (*since, connection.scalar(lanes)) if each), default=None)


def gates_waiting(connection: Connection, *, overdue_on: date | None = None) -> int:
    """Submissions that wait for a decision; with a day, those that should be decided before it."""
    query = select(func.count()).where(submission.c.state == submissions.OPEN)
    if overdue_on is not None:
        query = query.where(submission.c.decide_by < overdue_on)
    return connection.scalar(query) or 0


def projects_by_stage(connection: Connection) -> dict[str, int]:
    query = select(project.c.stage, func.count()).group_by(project.c.stage)
    return _by_first(connection, query)


def open_recommendations(connection: Connection) -> dict[str, int]:
    """Severity → recommendations that wait for an answer."""
    query = (
        select(recommendation.c.severity, func.count())
        .where(recommendation.c.status.in_(sorted(OPEN)))
        .group_by(recommendation.c.severity)
    )
    return _by_first(connection, query)


def last_sweep_at(connection: Connection) -> datetime | None:
    """When a sweep last found something else than the one before it."""
    return connection.scalar(select(sweep.c.recorded_at).order_by(sweep.c.id.desc()).limit(1))


def _by_first(connection: Connection, query: AnySelect) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(query)}
