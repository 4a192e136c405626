"""Recommendations: list, read, and answer with a reason."""

from datetime import date, datetime

from govern.domain.actor import Actor
from govern.domain.recommendation import ANSWERS, RecommendationStatus
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed, RecommendationClosed
from govern.domain.role import Role
from govern.services.access import check_version, project_for, recommendation_for
from govern.services.ledger import record_event
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.store import recommendations
from govern.store.paging import Page, PageRequest


def list_recommendations(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    project: str | None = None,
    status: str | None = None,
    action: str | None = None,
    rule: str | None = None,
) -> Page:
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        return recommendations.page(
            connection, actor, request, project_id=project, status=status, action=action, rule=rule
        )


def get_recommendation(runtime: Runtime, actor: Actor, recommendation_id: int) -> Record:
    with runtime.store.reading() as connection:
        return recommendation_for(connection, actor, recommendation_id)[0]


def answer(
    runtime: Runtime,
    actor: Actor,
    recommendation_id: int,
    *,
    status: RecommendationStatus,
    reason: str,
    deferred_until: date | None = None,
    version: int | None,
    now: datetime,
) -> Record:
    """Accepts, rejects or defers, for whom the rule names as decider.

    Raises NotFound, NotAllowed, StaleVersion, RecommendationClosed, and InvalidInput where a
    deferral has no date in the future.
    """
    with runtime.store.writing() as connection:
        found, project = recommendation_for(connection, actor, recommendation_id, lock=True)
        decider = Role(found["decided_by_role"])
        held = actor.roles_on(project["portfolio"], project["id"])
        if decider not in held:
            raise NotAllowed(
                f"This recommendation is decided by {decider.value} of project {project['id']}.",
                needed=[decider.value],
                held=sorted(role.value for role in held),
            )
        current = RecommendationStatus(found["status"])
        allowed = ANSWERS.get(current, frozenset())
        if status not in allowed:
            raise RecommendationClosed(
                f"Recommendation {recommendation_id} is {current.value}: "
                + (
                    f"it can be {', '.join(sorted(allowed))}."
                    if allowed
                    else "it takes no answer any more."
                ),
                status=current.value,
                allowed=sorted(allowed),
            )
        check_version(found, version)
        deferring = status is RecommendationStatus.DEFERRED
        if deferring and (deferred_until is None or deferred_until <= now.date()):
            raise InvalidInput(
                "A deferral says until when.",
                errors={"deferred_until": [f"a date after today, {now.date().isoformat()}"]},
            )
        if not deferring and deferred_until is not None:
            raise InvalidInput(
                "Only a deferral has a date.",
                errors={"deferred_until": [f"none with the answer {status.value}"]},
            )
        values = {
            "status": status.value,
            "reason": reason,
            "deferred_until": deferred_until,
            "answered_by": actor.person_id,
            "answered_at": now,
        }
        recommendations.change(connection, recommendation_id, found["version"], values)
        record_event(
            connection,
            project["id"],
            actor,
            f"recommendation.{status.value}",
            {
                "recommendation": recommendation_id,
                "rule": found["rule"],
                "kpi": found["kpi"],
                "action": found["action"],
                "from": current,
                "reason": reason,
                "deferred_until": deferred_until,
            },
            now,
        )
        signed = receipt(runtime, connection, project["id"])
    return {**get_recommendation(runtime, actor, recommendation_id), "receipt": signed}
