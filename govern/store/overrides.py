"""Decided submissions, as the statistics of overrides read them."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, select

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.store.tables import project, submission, workflow_revision
from govern.store.visibility import visible_to


def decided(
    connection: Connection,
    actor: Actor,
    *,
    workflow: str | None = None,
    gate: str | None = None,
    portfolio: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[Record]:
    """`workflow`, `gate`, `decision`, `advice` and `results` of each decision on a project that the
    actor may see, made between two days in UTC, both included."""
    query = (
        select(
            workflow_revision.c.workflow_id.label("workflow"),
            submission.c.gate,
            submission.c.decision,
            submission.c.advice,
            submission.c.results,
        )
        .join(project, project.c.id == submission.c.project_id)
        .join(workflow_revision, workflow_revision.c.digest == submission.c.workflow_digest)
        .where(visible_to(actor), submission.c.decision.is_not(None))
        .order_by(submission.c.id)
    )
    if workflow is not None:
        query = query.where(workflow_revision.c.workflow_id == workflow)
    if gate is not None:
        query = query.where(submission.c.gate == gate)
    if portfolio is not None:
        query = query.where(project.c.portfolio_id == portfolio)
    if first is not None:
        query = query.where(submission.c.decided_at >= _midnight(first))
    if last is not None:
        query = query.where(submission.c.decided_at < _midnight(last + timedelta(days=1)))
    return [dict(row) for row in connection.execute(query).mappings()]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
