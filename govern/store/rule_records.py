"""What became of each recommendation: what records of rules are counted from."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, select

from govern.domain.actor import Actor
from govern.domain.recommendation import RecommendationStatus
from govern.domain.rule_record import Recommended
from govern.store.tables import project, recommendation
from govern.store.visibility import visible_to


def recommended(
    connection: Connection,
    actor: Actor | None = None,
    *,
    portfolio: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[Recommended]:
    """Those of all projects, or of those the actor may see, that were proposed on these days (UTC)."""
    columns = recommendation.c
    query = select(
        columns.rule_id,
        columns.action,
        columns.status,
        columns.recorded_at,
        columns.answered_at,
        columns.implemented_at,
        columns.rejected_because,
    ).join(project, project.c.id == columns.project_id)
    if actor is not None:
        query = query.where(visible_to(actor))
    if portfolio is not None:
        query = query.where(project.c.portfolio_id == portfolio)
    if first is not None:
        query = query.where(columns.recorded_at >= _begin(first))
    if last is not None:
        query = query.where(columns.recorded_at < _begin(last) + timedelta(days=1))
    return [
        Recommended(
            rule=row.rule_id,
            action=row.action,
            status=RecommendationStatus(row.status),
            proposed_at=row.recorded_at,
            answered_at=row.answered_at,
            implemented_at=row.implemented_at,
            rejected_because=row.rejected_because,
        )
        for row in connection.execute(query.order_by(columns.id))
    ]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
