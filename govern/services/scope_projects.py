"""Changes of a project itself, as scope changes make them: its terms, a hold, its end."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from govern.domain.decision import Decision
from govern.domain.plain import plain
from govern.domain.refusal import AlreadySubmitted, InvalidInput
from govern.services import holds, moves
from govern.services.holds import Until
from govern.services.projects import FROZEN, write_changed
from govern.services.scope_applying import Applying, Change, only, placed
from govern.store import submissions


def resolve_changed(applying: Applying, change: Change) -> dict[str, Any]:
    found, fields = applying.project_now(), change["fields"]
    only(fields, frozenset(FROZEN), "a project")
    meant = {name: value for name, value in fields.items() if value != found[name]}
    return {"fields": plain(meant)}


def apply_changed(applying: Applying, change: Change) -> None:
    fields = typed(change["fields"])
    with placed("fields."):
        write_changed(
            applying.connection,
            applying.actor,
            applying.project_now(),
            fields,
            applying.now,
            scope_change=applying.number,
        )


def resolve_hold(applying: Applying, change: Change) -> dict[str, Any]:
    until: date | None = change.get("until")
    if until is not None and until <= applying.now.date():
        raise InvalidInput(
            "A hold cannot end before it has begun.",
            errors={"until": [f"later than today, {applying.now.date().isoformat()}"]},
        )
    return {"until": plain(until)}


def apply_hold(applying: Applying, change: Change) -> None:
    until = change["until"]
    ends = Until(date.fromisoformat(until)) if until else None
    if ends is not None:
        holds.check_until(ends, Decision.HOLD.value, applying.now.date())
    _move(applying, Decision.HOLD, ends)


def resolve_terminated(applying: Applying, change: Change) -> dict[str, Any]:
    return {}


def apply_terminated(applying: Applying, change: Change) -> None:
    _move(applying, Decision.KILL)


def _move(applying: Applying, decision: Decision, until: Until | None = None) -> None:
    """Takes the project where the machine says. Raises IllegalMove, AlreadySubmitted."""
    project = applying.project_now()
    waiting = submissions.open_one(applying.connection, project["id"])
    if waiting is not None:
        raise AlreadySubmitted(
            f"Gate '{waiting['gate']}' is open: decide submission {waiting['id']} first.",
            submission=waiting["id"],
            gate=waiting["gate"],
        )
    process = applying.runtime.catalog.process(applying.connection, project["workflow_digest"])
    moved = process.machine.move(project["stage"], project["held_from"], decision)
    why: dict[str, Any] = {"decision": decision, "scope_change": applying.number}
    moves.write(applying.connection, applying.actor, project, moved, {}, why, applying.now, until)


def typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a project, from plain data to the types that it has."""
    return {name: _typed(name, value) for name, value in fields.items()}


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    return Decimal(value) if name == "budget" else date.fromisoformat(value)
