"""Counts of what waits, and since when, in one query each; all of them along an index."""

from datetime import date, datetime

from sqlalchemy import Connection, func, select, text

from govern.domain.recommendation import OPEN
from govern.store import deliveries as outbox
from govern.store import submissions
from govern.store.query import AnySelect
from govern.store.tables import delivery, project, recommendation, submission, sweep
from govern.store.types import UtcTime

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


def deliveries(connection: Connection) -> dict[str, int]:
    """State → how many deliveries wait, are being sent, or failed for good."""
    told = (outbox.WAITING, outbox.SENDING, outbox.FAILED)
    query = (
        select(delivery.c.state, func.count())
        .where(delivery.c.state.in_(told))
        .group_by(delivery.c.state)
    )
    return dict.fromkeys(told, 0) | _by_first(connection, query)


def oldest_due_delivery(connection: Connection, now: datetime) -> datetime | None:
    """Since when the delivery is due for a try that has been so longest."""
    return connection.scalar(
        select(func.min(delivery.c.next_try_at)).where(
            delivery.c.state.in_((outbox.WAITING, outbox.SENDING)), delivery.c.next_try_at <= now
        )
    )


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
