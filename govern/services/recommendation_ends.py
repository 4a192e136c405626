"""What becomes of a recommendation after its answer: raised as a scope change, done, verified.

All of it is written in the caller's transaction, who holds the lock of the project.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.recommendation import MOVES, RecommendationStatus
from govern.domain.record import Record
from govern.domain.refusal import NotFound, RecommendationClosed
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

    Raises RecommendationClosed unless it is accepted.
    """
    found = _in(connection, recommendation_id, RecommendationStatus.ACCEPTED)
    _write(connection, actor, found, "raised", {"scope_change_id": scope_change}, now)


def mark_implemented(
    connection: Connection,
    actor: Actor,
    recommendation_id: int,
    *,
    scope_change: int | None = None,
    note: str | None = None,
    now: datetime,
) -> None:
    """What was accepted is done: by a scope change that was applied, or as somebody reports.

    Raises RecommendationClosed unless it is accepted.
    """
    found = _in(connection, recommendation_id, RecommendationStatus.ACCEPTED)
    values = {
        "status": RecommendationStatus.IMPLEMENTED.value,
        "scope_change_id": found["scope_change_id"] if scope_change is None else scope_change,
        "implemented_by": actor.person_id,
        "implemented_at": now,
        "implemented_note": note,
    }
    _write(connection, actor, found, "implemented", values, now)


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

    Raises RecommendationClosed for one that is not implemented.
    """
    status = RecommendationStatus.EFFECTIVE if effective else RecommendationStatus.INEFFECTIVE
    found = find(connection, recommendation_id)
    if found["status"] == status.value:
        return
    refuse_unless_allowed(found, status)
    values = {"status": status.value, "closed_at": now}
    _write(connection, actor, found, status.value, values, now)


def find(connection: Connection, recommendation_id: int) -> Record:
    """Raises NotFound."""
    found = recommendations.find(connection, recommendation_id, lock=True)
    if found is None:
        raise NotFound(f"There is no recommendation {recommendation_id} that you may see.")
    return found


def refuse_unless_allowed(found: Record, status: RecommendationStatus) -> None:
    """Raises RecommendationClosed where no way leads from where it is to `status`."""
    current = RecommendationStatus(found["status"])
    if status not in MOVES[current]:
        raise RecommendationClosed(
            f"Recommendation {found['id']} is {current.value}: it cannot be {status.value}.",
            status=current.value,
            allowed=sorted(MOVES[current]),
        )


def _in(connection: Connection, recommendation_id: int, status: RecommendationStatus) -> Record:
    found = find(connection, recommendation_id)
    if found["status"] != status.value:
        raise RecommendationClosed(
            f"Recommendation {recommendation_id} is {found['status']}, not {status.value}.",
            status=found["status"],
            allowed=sorted(MOVES[RecommendationStatus(found["status"])]),
        )
    return found


def _write(
    connection: Connection,
    actor: Actor,
    found: Record,
    what: str,
    values: dict[str, Any],
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
        },
        now,
    )
