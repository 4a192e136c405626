"""Recommendations grouped by project: how many wait, how bad, for whom, and by when."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.finding import Severity
from govern.domain.recommendation import OPEN, RecommendationStatus
from govern.domain.record import Record
from govern.domain.role import Role
from govern.services.access import project_for
from govern.services.recommendations import views
from govern.services.runtime import Runtime
from govern.store import recommendations
from govern.store.paging import Page, PageRequest


def by_project(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    project: str | None = None,
    now: datetime,
) -> Page:
    """A row for each project of which something waits for an answer or to be done, in the order of
    their ids. Raises NotFound for a project that the actor may not see."""
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        page = recommendations.projects_page(connection, actor, request, project)
        ids = {each["project"] for each in page.items}
        waiting = recommendations.unfinished(connection, ids)
        told = views(runtime, connection, waiting, now)
    return Page(
        [
            {**each, **_summary([one for one in told if one["project"] == each["project"]], now)}
            for each in page.items
        ],
        page.next_cursor,
    )


def _summary(waiting: Sequence[Record], now: datetime) -> Record:
    still = [each for each in waiting if each["status"] in OPEN]
    asked = [
        each
        for each in still
        if each["status"] == RecommendationStatus.PROPOSED or each["deferred_until"] <= now.date()
    ]
    to_do = [
        each
        for each in waiting
        if each["status"] == RecommendationStatus.ACCEPTED and each["scope_change"] is None
    ]
    days = [each["decide_by"] for each in asked if each["decide_by"] is not None]
    severities = Counter(each["severity"] for each in still)
    turn = Counter(each["decided_by_role"] for each in asked)
    turn[Role.PROJECT_MANAGER.value] += len(to_do)
    return {
        "open": len(still),
        "by_severity": {each.value: severities[each.value] for each in Severity},
        "by_action": dict(sorted(Counter(each["action"] for each in still).items())),
        "next_decide_by": min(days, default=None),
        "overdue": sum(each["overdue"] for each in still),
        "deferred": len(still) - len(asked),
        "snoozed": sum(each["snoozed"] is not None for each in still),
        "to_do": len(to_do),
        "in_scope_changes": len(waiting) - len(still) - len(to_do),
        "oldest": _oldest(still),
        "turn": [
            {"role": role, "recommendations": number}
            for role, number in sorted(turn.items())
            if number
        ],
    }


def _oldest(still: Sequence[Record]) -> Record | None:
    if not still:
        return None
    first = min(still, key=lambda each: (each["recorded_at"], each["id"]))
    return {"recommendation": first["id"], "since": first["recorded_at"]}
