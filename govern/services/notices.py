"""Notices: what people are told as time passes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.role import Role
from govern.services.access import project_for
from govern.services.due import Done
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import notices, people
from govern.store.paging import Page, PageRequest

REMINDED = "gate.reminded"
ESCALATED = "gate.escalated"
EXPIRED = "gate.expired"
REJUDGED = "gate.rejudged"
LAPSED = "gate.lapsed"
OVERDUE = "condition.overdue"
RESUMED = "project.resumed"
CHECK_OPENED = "value_check.opened"
CHECK_WAITS = "value_check.waits"
REVIEW_OPENED = "review.opened"
REVIEW_DUE = "review.due"
REVIEW_OVERDUE = "review.overdue"
READING_DUE = "reading.due"
READING_OVERDUE = "reading.overdue"
READING_ESCALATED = "reading.escalated"
REPORT_NOT_SENT = "report.not_sent"
WEBHOOK_DISABLED = "webhook.disabled"
WEBHOOK_NOT_DELIVERED = "webhook.not_delivered"
EFFECT_MEASURED = "effect.measured"
POOR_RECORD = "rule.poor_record"
RECOMMENDATION_RESUMED = "recommendation.resumed"
RECOMMENDATION_DUE = "recommendation.due"
RECOMMENDATION_OVERDUE = "recommendation.overdue"
RECOMMENDATION_EXPIRED = "recommendation.expired"
KINDS = (
    REMINDED,
    ESCALATED,
    EXPIRED,
    REJUDGED,
    LAPSED,
    OVERDUE,
    RESUMED,
    CHECK_OPENED,
    CHECK_WAITS,
    REVIEW_OPENED,
    REVIEW_DUE,
    REVIEW_OVERDUE,
    READING_DUE,
    READING_OVERDUE,
    READING_ESCALATED,
    RECOMMENDATION_RESUMED,
    RECOMMENDATION_DUE,
    RECOMMENDATION_OVERDUE,
    RECOMMENDATION_EXPIRED,
    REPORT_NOT_SENT,
    WEBHOOK_DISABLED,
    WEBHOOK_NOT_DELIVERED,
    EFFECT_MEASURED,
    POOR_RECORD,
)


def send(
    connection: Connection,
    actor: Actor,
    kind: str,
    project: Record | None,
    text: str,
    to: Sequence[str],
    *,
    key: str,
    role: Role | None = None,
    submission: int | None = None,
    now: datetime,
) -> Done | None:
    """Tells people (ids), and whoever holds `role` on the project; `None` where the key was used.

    What concerns no project is told people by their ids.
    """
    chain = SERVICE if project is None else project["id"]
    told = {
        "kind": kind,
        "role": None if role is None else role.value,
        "people": sorted(set(to)),
        "text": text,
    }
    about = {"project_id": None if project is None else chain, "submission_id": submission}
    number = notices.add(connection, key, {**told, **about}, now)
    if number is None:
        return None
    what = {"notice": number, "key": key, "submission": submission, **told}
    record_event(connection, chain, actor, "notice.sent", what, now)
    roles = () if role is None else (role,)
    holders = [] if project is None else holding(connection, project, roles, now)
    named = people.names(connection, {*to, *holders})
    return Done(kind, chain, submission, text, tuple(sorted(set(named.values()))))


def holding(
    connection: Connection, project: Record, roles: Iterable[Role], now: datetime
) -> list[str]:
    """The ids of the people who hold one of the roles on a project."""
    found = {
        each["id"]
        for role in roles
        for each in people.holders(connection, role, project["portfolio"], project["id"], now)
    }
    return sorted(found)


def holding_everywhere(connection: Connection, now: datetime) -> list[str]:
    """The ids of the administrators of the whole installation."""
    # No project, and no portfolio: only grants on the whole installation reach there.
    return [each["id"] for each in people.holders(connection, Role.ADMIN, "", "", now)]


def list_notices(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    project: str | None = None,
    kind: str | None = None,
) -> Page:
    """Those for the actor, by name or in a role held on the project. Raises NotFound."""
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        return notices.page(connection, actor, request, project_id=project, kind=kind)
