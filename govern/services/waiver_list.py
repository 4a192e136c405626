"""The waivers of a project, as every later page lists them: those in force and those that ended."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.criterion import Outcome
from govern.domain.record import Record
from govern.services.access import project_for, waiver_for
from govern.services.runtime import Runtime
from govern.store import people, submissions, waivers
from govern.store.paging import Page, PageRequest


class WaiverState(StrEnum):
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REVOKED = "revoked"


def list_waivers(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    project: str | None = None,
    now: datetime,
) -> Page:
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        found = waivers.page(connection, actor, request, project_id=project)
        return Page(told(connection, found.items, now.date()), found.next_cursor)


def get_waiver(runtime: Runtime, actor: Actor, waiver_id: int, *, now: datetime) -> Record:
    with runtime.store.reading() as connection:
        found, _ = waiver_for(connection, actor, waiver_id)
        return told(connection, [found], now.date())[0]


def of_project(connection: Connection, project_id: str, today: date) -> list[Record]:
    """Every waiver of a project, the oldest first."""
    return told(connection, waivers.of_project(connection, project_id), today)


def all_visible(connection: Connection, actor: Actor, today: date) -> list[Record]:
    """Every waiver of the projects that somebody may see."""
    return told(connection, waivers.visible(connection, actor), today)


def by_project(runtime: Runtime, actor: Actor, *, now: datetime) -> dict[str, list[Record]]:
    """Project id → its waivers, for the projects that were given any and that somebody may see."""
    found: dict[str, list[Record]] = {}
    with runtime.store.reading() as connection:
        for each in all_visible(connection, actor, now.date()):
            found.setdefault(each["project"], []).append(each)
    return found


def told(connection: Connection, found: Sequence[Record], today: date) -> list[Record]:
    """With names, `state`, and `passed`: the submissions that passed their gate with the waiver."""
    if not found:
        return []
    named = people.names(
        connection, {each[by] for each in found for by in ("recorded_by", "revoked_by") if each[by]}
    )
    passed = _passed(connection, {each["project"] for each in found})
    return [
        {
            **each,
            "by": named.get(each["recorded_by"]),
            "revoked_by_name": named.get(each["revoked_by"]),
            "state": state_of(each, today),
            "passed": passed.get(each["id"], []),
        }
        for each in found
    ]


def state_of(found: Record, today: date) -> WaiverState:
    if found["revoked_at"] is not None:
        return WaiverState.REVOKED
    return WaiverState.IN_FORCE if found["expires_on"] >= today else WaiverState.EXPIRED


def _passed(connection: Connection, project_ids: set[str]) -> dict[int, list[Record]]:
    """Waiver id → the submissions that passed their gate while it let a criterion pass."""
    used: dict[int, list[Record]] = {}
    for each in submissions.passed(connection, project_ids):
        for result in each["results"]:
            waiver_id = result.get("waiver_id")
            if waiver_id is not None and result["outcome"] == Outcome.WAIVED:
                used.setdefault(waiver_id, []).append(
                    {
                        "submission": each["id"],
                        "iteration": each["iteration"],
                        "decision": each["decision"],
                        "decided_at": each["decided_at"],
                    }
                )
    return used
