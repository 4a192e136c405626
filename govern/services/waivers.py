"""Waivers: the authority that a gate names lets a project pass without a criterion, until a day.

It changes no fact and no outcome but the one it names, which then reads *waived* everywhere. A
waiver that has ended stays listed.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import (
    Duplicate,
    InvalidInput,
    NotAllowed,
    SeparationOfDuties,
    WaiverEnded,
)
from govern.domain.role import Role
from govern.process import evidence
from govern.process.definition import Gate
from govern.services import gates, rounds, waiver_list
from govern.services.access import check_version, project_for, waiver_for
from govern.services.attempts import recorded_if_refused
from govern.services.ledger import record_event
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.services.waiver_list import WaiverState
from govern.store import submissions, waivers


def grant(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    gate: str,
    criterion: str,
    reason: str,
    expires_on: date,
    now: datetime,
) -> Record:
    """Waives a criterion of a gate for a project until a day, that day included.

    An open submission to the gate is judged again at once. Raises NotFound, NotAllowed with the
    roles that waive there, SeparationOfDuties for who has put the project before the gate (which
    is recorded), InvalidInput, Duplicate where it is waived already; nothing changes then.
    """
    tried = {"gate": gate, "criterion": criterion}
    with (
        recorded_if_refused(runtime, actor, "waiver.refused", tried, now),
        runtime.store.writing() as connection,
    ):
        project = project_for(connection, actor, project_id, lock=True)
        waiting = _open(connection, project_id, gate)
        digest = waiting["workflow_digest"] if waiting else project["workflow_digest"]
        asked = gates.gate_of(runtime.catalog.process(connection, digest), gate)
        role = _authority(actor, project, asked)
        if waiting is not None and waiting["submitted_by"] == actor.person_id:
            raise SeparationOfDuties(
                "You have put the project before this gate: somebody else waives a criterion there.",
                project=project_id,
                submission=waiting["id"],
                gate=gate,
            )
        _check(asked, criterion, expires_on, now.date())
        already = waivers.in_force(connection, project_id, gate, now.date()).get(criterion)
        if already is not None:
            raise Duplicate(
                f"'{criterion}' is waived until {already['expires_on'].isoformat()}: revoke that "
                "waiver first.",
                waiver=already["id"],
            )
        values: dict[str, Any] = {
            "gate": gate,
            "criterion": criterion,
            "reason": reason,
            "expires_on": expires_on,
            "role": role.value,
        }
        waiver_id = waivers.add(
            connection,
            {**values, "project_id": project_id, "recorded_by": actor.person_id},
            now,
        )
        record_event(
            connection, project_id, actor, "waiver.granted", {"waiver": waiver_id, **values}, now
        )
        if waiting is not None:
            rounds.refresh(runtime, connection, actor, waiting, project, asked, now=now)
        signed = receipt(runtime, connection, project["id"])
    made = waiver_list.get_waiver(runtime, actor, waiver_id, now=now)
    return {**made, "receipt": signed}


def revoke(
    runtime: Runtime,
    actor: Actor,
    waiver_id: int,
    *,
    reason: str,
    version: int | None,
    now: datetime,
) -> Record:
    """Ends a waiver at once: by the roles that waive at its gate. What has passed with it stays.

    An open submission to the gate is judged again at once. Raises NotFound, NotAllowed,
    StaleVersion, WaiverEnded.
    """
    with runtime.store.writing() as connection:
        found, project = waiver_for(connection, actor, waiver_id, lock=True)
        waiting = _open(connection, project["id"], found["gate"])
        digest = waiting["workflow_digest"] if waiting else project["workflow_digest"]
        asked = runtime.catalog.process(connection, digest).workflow.gate(found["gate"])
        _require_reviser(actor, project, found, asked)
        check_version(found, version)
        state = waiver_list.state_of(found, now.date())
        if state is not WaiverState.IN_FORCE:
            raise WaiverEnded(
                f"Waiver {waiver_id} has ended: it is {state}.", waiver=waiver_id, state=state
            )
        write_revoked(connection, actor, project["id"], found, reason, now)
        if waiting is not None and asked is not None:
            rounds.refresh(runtime, connection, actor, waiting, project, asked, now=now)
        signed = receipt(runtime, connection, project["id"])
    made = waiver_list.get_waiver(runtime, actor, waiver_id, now=now)
    return {**made, "receipt": signed}


def write_revoked(
    connection: Connection,
    actor: Actor,
    project_id: str,
    found: Record,
    reason: str,
    now: datetime,
) -> None:
    """Ends a waiver that is in force, and says so in the history."""
    waivers.revoke(connection, found, actor.person_id, now)
    record_event(
        connection,
        project_id,
        actor,
        "waiver.revoked",
        {
            "waiver": found["id"],
            "gate": found["gate"],
            "criterion": found["criterion"],
            "reason": reason,
        },
        now,
    )


def _open(connection: Connection, project_id: str, gate: str) -> Record | None:
    """The open submission to the gate, locked, where there is one."""
    waiting = submissions.open_one(connection, project_id)
    if waiting is None or waiting["gate"] != gate:
        return None
    return submissions.find(connection, waiting["id"], lock=True)


def _authority(actor: Actor, project: Record, gate: Gate) -> Role:
    held = actor.roles_on(project["portfolio"], project["id"])
    able = next((role for role in gate.waive if role in held), None)
    if able is None:
        needed = [role.value for role in gate.waive]
        raise NotAllowed(
            f"Criteria of gate '{gate.id}' are waived by {', '.join(needed)} of project "
            f"{project['id']}."
            if needed
            else f"Nobody waives criteria of gate '{gate.id}': its workflow names no role for it.",
            needed=needed,
            held=sorted(role.value for role in held),
        )
    return able


def _require_reviser(actor: Actor, project: Record, found: Record, gate: Gate | None) -> None:
    """Whoever waives at the gate; where its workflow has none any more, the role that had."""
    held = actor.roles_on(project["portfolio"], project["id"])
    able = gate.waive if gate is not None and gate.waive else (Role(found["role"]),)
    if held.isdisjoint(able):
        needed = [role.value for role in able]
        raise NotAllowed(
            f"A waiver of gate '{found['gate']}' is revoked by {', '.join(needed)} of project "
            f"{project['id']}.",
            needed=needed,
            held=sorted(role.value for role in held),
        )


def _check(gate: Gate, criterion: str, expires_on: date, today: date) -> None:
    known = [
        *(each.id for each in gate.criteria),
        *map(evidence.criterion_id, gate.evidence),
    ]
    errors: dict[str, list[str]] = {}
    if criterion not in known:
        errors["criterion"] = [f"one of {', '.join(known) or 'none: the gate has no criteria'}"]
    if expires_on < today:
        errors["expires_on"] = [f"today, {today.isoformat()}, or later"]
    if errors:
        raise InvalidInput("This cannot be waived so.", errors=errors)
