"""Recommendations: list, read, and answer with a reason."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.recommendation import (
    ALTERNATIVES,
    ANSWERS,
    NOTHING,
    OPEN,
    RecommendationStatus,
    RejectedBecause,
)
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed, RecommendationClosed
from govern.domain.role import Role
from govern.rulebook.rule import Rulebook
from govern.services.access import check_version, project_for, recommendation_for
from govern.services.ledger import record_event
from govern.services.proposing import snooze_over, subject_of
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.store import recommendations, rulebooks
from govern.store.paging import Page, PageRequest


def list_recommendations(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    overdue: bool = False,
    now: datetime,
    **wanted: Any,
) -> Page:
    """Narrowed to what is `wanted` (the fields of `store.recommendations.Wanted`), and to those whose
    day to decide has passed. Raises NotFound for a project that the actor may not see."""
    narrowed = recommendations.Wanted(**wanted, overdue_on=now.date() if overdue else None)
    with runtime.store.reading() as connection:
        if narrowed.project is not None:
            project_for(connection, actor, narrowed.project)
        found = recommendations.page(connection, actor, request, narrowed)
        return Page(views(runtime, connection, found.items, now), found.next_cursor)


def get_recommendation(
    runtime: Runtime, actor: Actor, recommendation_id: int, *, now: datetime
) -> Record:
    with runtime.store.reading() as connection:
        found = recommendation_for(connection, actor, recommendation_id)[0]
        return views(runtime, connection, [found], now)[0]


def views(
    runtime: Runtime, connection: Connection, found: Iterable[Record], now: datetime
) -> list[Record]:
    """As they are told: with whether the day to decide has passed, and the snooze that an open one is
    under by the rulebook in force."""
    told: list[Record] = []
    rulebook: Rulebook | None = None
    for each in found:
        snooze = None
        if each["status"] in OPEN:
            rulebook = rulebook or in_force(runtime, connection)
            snooze = rulebook and snooze_over(rulebook, subject_of(each), now.date())
        told.append(
            {
                **each,
                "overdue": each["status"] == RecommendationStatus.PROPOSED
                and each["decide_by"] is not None
                and each["decide_by"] < now.date(),
                "snoozed": snooze
                and {"until": snooze.until, "by": snooze.by, "because": snooze.because},
            }
        )
    return told


def in_force(runtime: Runtime, connection: Connection) -> Rulebook | None:
    """The rulebook in force, or None where none has been published."""
    revision = rulebooks.in_force(connection)
    return None if revision is None else runtime.catalog.rulebook(connection, revision["digest"])


def answer(
    runtime: Runtime,
    actor: Actor,
    recommendation_id: int,
    *,
    status: RecommendationStatus,
    reason: str,
    deferred_until: date | None = None,
    rejected_because: RejectedBecause | None = None,
    alternative: str | None = None,
    version: int | None,
    now: datetime,
) -> Record:
    """Accepts, rejects or defers, for whom the rule names as decider.

    Accepted may be an `alternative` to what the rule recommends, by its name. `rejected_because` is
    counted per rule; it is `other` unless said. Raises NotFound, NotAllowed, StaleVersion,
    RecommendationClosed, and InvalidInput where a deferral has no date in the future, and for a field
    that does not belong to the answer.
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
                state=current.value,
                allowed=sorted(allowed),
            )
        check_version(found, version)
        _check_answer(status, deferred_until, rejected_because, alternative, now.date())
        rejecting = status is RecommendationStatus.REJECTED
        because = (rejected_because or RejectedBecause.OTHER).value if rejecting else None
        values = {
            "status": status.value,
            "reason": reason,
            "deferred_until": deferred_until,
            "rejected_because": because,
            "alternative": None if alternative is None else {"name": alternative},
            "closed_at": now if rejecting else None,
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
                **{
                    name: value
                    for name, value in values.items()
                    if name not in ("status", "answered_by", "answered_at")
                },
            },
            now,
        )
        signed = receipt(runtime, connection, project["id"])
    told = get_recommendation(runtime, actor, recommendation_id, now=now)
    return {**told, "receipt": signed}


def _check_answer(
    status: RecommendationStatus,
    deferred_until: date | None,
    rejected_because: RejectedBecause | None,
    alternative: str | None,
    today: date,
) -> None:
    errors: dict[str, list[str]] = {}
    if status is RecommendationStatus.DEFERRED:
        if deferred_until is None or deferred_until <= today:
            errors["deferred_until"] = [f"a date after today, {today.isoformat()}"]
    elif deferred_until is not None:
        errors["deferred_until"] = [f"none with the answer {status.value}"]
    if rejected_because is not None and status is not RecommendationStatus.REJECTED:
        errors["rejected_because"] = [f"none with the answer {status.value}"]
    if alternative is not None:
        if status is not RecommendationStatus.ACCEPTED:
            errors["alternative"] = [f"none with the answer {status.value}"]
        elif alternative == NOTHING:
            errors["alternative"] = ["to do nothing is to reject: say why"]
        elif alternative not in ALTERNATIVES:
            errors["alternative"] = [f"one of {', '.join(ALTERNATIVES)}"]
    if errors:
        raise InvalidInput("The answer is not complete, or says too much.", errors=errors)
