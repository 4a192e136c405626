"""What becomes of a recommendation after its answer: raised as a scope change, done, verified.

All of it is written in the caller's transaction, who holds the lock of the project.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.recommendation import MOVES, RecommendationStatus
from govern.domain.record import Record
from govern.domain.refusal import NotFound, RecommendationNotReady
from govern.services.ledger import record_event
from govern.store import recommendations


def mark_raised(
    connection: Connection,
    actor: Actor,
    recommendation_id: int,
    *,
    scope_change: int | None,
    now: datetime,
) -> None:
    """Names the scope change that is to do what was accepted; `None` once that came to nothing.

    Raises RecommendationNotReady unless it is accepted.
    """
    found = find(connection, recommendation_id)
    refuse_unless_accepted(found)
    _write(connection, actor, found, "raised", {"scope_change_id": scope_change}, {}, now)


def mark_implemented(
    connection: Connection,
    actor: Actor,
    recommendation_id: int,
    *,
    scope_change: int | None = None,
    note: str | None = None,
    link: str | None = None,
    now: datetime,
) -> None:
    """What was accepted is done: by a scope change that was applied, or as somebody reports.

    Raises RecommendationNotReady unless it is accepted.
    """
    found = find(connection, recommendation_id)
    refuse_unless_accepted(found)
    values = {
        "scope_change_id": found["scope_change"] if scope_change is None else scope_change,
        "implemented_by": actor.person_id,
        "implemented_at": now,
        "implemented_note": note,
        "implemented_link": link,
    }
    move(connection, actor, found, RecommendationStatus.IMPLEMENTED, values, now=now)


def mark_verified(
    connection: Connection,
    actor: Actor,
    recommendation_id: int,
    *,
    effective: bool,
    now: datetime,
) -> None:
    """Whether what was done has brought what it should. Measured anew, it may turn; the same again
    writes nothing.

    Raises RecommendationNotReady for one that is not implemented.
    """
    status = RecommendationStatus.EFFECTIVE if effective else RecommendationStatus.INEFFECTIVE
    found = find(connection, recommendation_id)
    if found["status"] != status.value:
        move(connection, actor, found, status, {"closed_at": now}, now=now)


def find(connection: Connection, recommendation_id: int) -> Record:
    """Locked. Raises NotFound."""
    found = recommendations.find(connection, recommendation_id, lock=True)
    if found is None:
        raise NotFound(f"There is no recommendation {recommendation_id} that you may see.")
    return found


def refuse_unless_accepted(found: Record) -> None:
    """Raises RecommendationNotReady."""
    if found["status"] != RecommendationStatus.ACCEPTED:
        raise RecommendationNotReady(
            f"Recommendation {found['id']} is {found['status']}: only what is accepted is done.",
            state=found["status"],
        )


def move(
    connection: Connection,
    actor: Actor,
    found: Record,
    status: RecommendationStatus,
    values: Mapping[str, Any],
    *,
    cited: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Puts a recommendation into another status, with the columns that change and what the event
    cites beside them.

    Raises RecommendationNotReady where no way leads there.
    """
    current = RecommendationStatus(found["status"])
    if status not in MOVES[current]:
        raise RecommendationNotReady(
            f"Recommendation {found['id']} is {current.value}: it cannot be {status.value}.",
            state=current.value,
        )
    resumed = status is RecommendationStatus.PROPOSED
    what = "resumed" if resumed else status.value
    _write(connection, actor, found, what, {"status": status.value, **values}, cited or {}, now)


def _write(
    connection: Connection,
    actor: Actor,
    found: Record,
    what: str,
    values: dict[str, Any],
    cited: Mapping[str, Any],
    now: datetime,
) -> None:
    recommendations.change(connection, found["id"], found["version"], values)
    told = {name: value for name, value in values.items() if name != "status"}
    record_event(
        connection,
        found["project"],
        actor,
        f"recommendation.{what}",
        {
            "recommendation": found["id"],
            "rule": found["rule"],
            "kpi": found["kpi"],
            "action": found["action"],
            "from": found["status"],
            "to": values.get("status", found["status"]),
            **told,
            **cited,
        },
        now,
    )
