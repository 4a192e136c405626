"""What becomes of waivers when a project changes to a version that does not judge what they waive."""

from datetime import date, datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import NotFound
from govern.process.definition import Workflow
from govern.process.migration import judged
from govern.services.waivers import write_revoked
from govern.store import waivers


def pointless(
    connection: Connection, project_id: str, before: Workflow, after: Workflow, today: date
) -> list[Record]:
    """The waivers in force of what the new version does not judge."""
    gone = judged(before) - judged(after)
    return [
        each
        for each in waivers.of_project(connection, project_id)
        if each["revoked_at"] is None
        and each["expires_on"] >= today
        and (each["gate"], each["criterion"]) in gone
    ]


def told(waiver: Record) -> str:
    return (
        f"The waiver of '{waiver['criterion']}' at gate '{waiver['gate']}' until "
        f"{waiver['expires_on'].isoformat()} has nothing left to waive, and ends."
    )


def end(
    connection: Connection,
    actor: Actor,
    project_id: str,
    waiver_id: int,
    reason: str,
    now: datetime,
) -> None:
    """Revokes one with the migration, so that it does not come back with a later version."""
    found = waivers.find(connection, waiver_id, lock=True)
    if found is None:
        raise NotFound(f"There is no waiver {waiver_id}.", waiver=waiver_id)
    write_revoked(connection, actor, project_id, found, reason, now)
