"""Raising a scope change from a recommendation that was accepted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.recommendation import RecommendationStatus
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, RecommendationClosed
from govern.domain.role import Permission
from govern.services.access import check_version, recommendation_for, require
from govern.services.alternatives import changes_of
from govern.services.receipts import receipt
from govern.services.recommendation_ends import mark_raised
from govern.services.runtime import Runtime
from govern.services.scope_changes import add, get_scope_change, opened
from govern.services.scope_kinds import Change


def raise_scope_change(
    runtime: Runtime,
    actor: Actor,
    recommendation_id: int,
    *,
    alternative: str | None = None,
    title: str | None = None,
    reason: str | None = None,
    changes: Sequence[Change] | None = None,
    effects: Sequence[Mapping[str, Any]] = (),
    effective_on: date | None = None,
    version: int | None,
    now: datetime,
) -> Record:
    """Proposes what an accepted recommendation recommends as a scope change, in its name.

    Without `changes` they are those of the alternative that is named, or else of the one that was
    accepted, or else of what the rule recommends. Title and reason are the recommendation's unless
    given. Raises NotFound, NotAllowed, StaleVersion, RecommendationClosed where it is not accepted or a
    scope change of it waits or was applied, InvalidInput where the alternative changes no plan, and what
    a proposal raises.
    """
    with runtime.store.writing() as connection:
        found, project = recommendation_for(connection, actor, recommendation_id)
        require(actor, Permission.EDIT_PROJECT, project)
        name = alternative or _accepted(found)
        wanted = changes or _proposed(runtime, connection, found, name, now)
        applying = opened(runtime, connection, actor, project["id"], wanted, effective_on, now)
        found, _ = recommendation_for(connection, actor, recommendation_id, lock=True)
        check_version(found, version)
        _require_accepted(found)
        number = add(
            applying,
            title or _title(found, name),
            reason or found["message"],
            wanted,
            effects,
            found,
        )
        mark_raised(connection, actor, recommendation_id, scope_change=number, now=now)
        signed = receipt(runtime, connection, project["id"])
    return {**get_scope_change(runtime, actor, number, now=now), "receipt": signed}


def _accepted(found: Record) -> str:
    """The name of the alternative that was accepted: what the rule recommends, unless another was."""
    chosen: dict[str, Any] | None = found["alternative"]
    return found["action"] if chosen is None else chosen["name"]


def _proposed(
    runtime: Runtime, connection: Connection, found: Record, name: str, now: datetime
) -> Sequence[Change]:
    _require_accepted(found)
    changes = changes_of(runtime, connection, found, name, now)
    if not changes:
        raise InvalidInput(
            f"The alternative '{name}' changes nothing of the plan.",
            errors={
                "changes": ["say them, or report the recommendation as implemented once it is done"]
            },
        )
    return changes


def _require_accepted(found: Record) -> None:
    status = RecommendationStatus(found["status"])
    if status is not RecommendationStatus.ACCEPTED:
        raise RecommendationClosed(
            f"Recommendation {found['id']} is {status.value}: a scope change is raised from one that is "
            "accepted.",
            state=status.value,
            allowed=[],
        )
    if found["scope_change"] is not None:
        raise RecommendationClosed(
            f"Scope change {found['scope_change']} is raised from recommendation {found['id']} "
            "already.",
            state=status.value,
            scope_change=found["scope_change"],
            allowed=[],
        )


def _title(found: Record, name: str) -> str:
    about = found["kpi"] or found["project"]
    return f"{name.replace('_', ' ').capitalize()}: {found['rule']}, {about}"
