"""Moves between stages. Every one goes through the machine and stands in the ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.decision import Decision
from govern.domain.record import Record
from govern.domain.refusal import AlreadySubmitted, NotAllowed
from govern.domain.role import Role
from govern.domain.stage import ON_HOLD
from govern.process.definition import BASELINE, Gate
from govern.process.machine import REOPEN, RESUME, Moved
from govern.services import baselines, holds
from govern.services import projects as project_services
from govern.services.access import check_version, project_for
from govern.services.catalog import Process
from govern.services.holds import Until
from govern.services.ledger import Told, record_events
from govern.services.receipts import receipt
from govern.services.runtime import Runtime
from govern.store import projects, submissions

OUTSIDE_GATES = (RESUME, Decision.HOLD.value, Decision.KILL.value, REOPEN)
"""What can be decided about a project that stands before no gate."""


def apply(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    project: Record,
    decision: Decision,
    *,
    gate: Gate,
    until: Until | None = None,
    now: datetime,
) -> list[Told]:
    """Takes a gate's decision to the project, which the caller has locked; returns the events of it, which
    are the caller's to record. Raises IllegalMove.

    `until` says when a hold ends.
    """
    process = runtime.catalog.process(connection, project["workflow_digest"])
    moved = process.machine.move(project["stage"], project["held_from"], decision, gate.id)
    told: list[Told] = []
    frozen: dict[str, Any] = {}
    if decision.passes and gate.freezes == BASELINE and project["baseline_frozen_at"] is None:
        frozen, kept = baselines.freeze(connection, actor, project, gate.id, now)
        told.append(kept)
    why: dict[str, Any] = {"gate": gate.id, "decision": decision}
    return [*told, *_written(connection, project, moved, frozen, why, now, until)]


def move(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    to_do: str,
    reason: str,
    until: Until | None = None,
    version: int | None,
    now: datetime,
) -> Record:
    """Holds, resumes, kills or reopens a project outside a gate: for those who decide its next gate,
    and a reopening for those whom its workflow names.

    Raises NotFound, NotAllowed, StaleVersion, IllegalMove, AlreadySubmitted while a gate is open,
    InvalidInput for an end of a hold that cannot be.
    """
    with runtime.store.writing() as connection:
        project = project_for(connection, actor, project_id, lock=True)
        process = runtime.catalog.process(connection, project["workflow_digest"])
        if to_do == REOPEN:
            _require_reopener(actor, project, process)
        else:
            _require_decider(actor, project, process)
        check_version(project, version)
        waiting = submissions.open_one(connection, project_id)
        if waiting is not None:
            raise AlreadySubmitted(
                f"Gate '{waiting['gate']}' is open: decide submission {waiting['id']} instead.",
                submission=waiting["id"],
                gate=waiting["gate"],
            )
        stage, held_from = project["stage"], project["held_from"]
        if until is not None:
            holds.check_until(until, to_do, now.date())
        if to_do == RESUME:
            moved = process.machine.resume(stage, held_from)
        elif to_do == REOPEN:
            moved = process.machine.reopen(
                stage, held_from or _ended_in(connection, process, project)
            )
        else:
            moved = process.machine.move(stage, held_from, Decision(to_do))
        why: dict[str, Any] = {"decision": to_do, "reason": reason}
        write(connection, actor, project, moved, {}, why, now, until)
        signed = receipt(runtime, connection, project["id"])
    moved_to = project_services.view_project(runtime, actor, project_id, now=now)
    return {**moved_to, "receipt": signed}


def write(
    connection: Connection,
    actor: Actor,
    project: Record,
    moved: Moved,
    further: dict[str, Any],
    why: dict[str, Any],
    now: datetime,
    until: Until | None = None,
) -> None:
    """Writes a move that the machine has made, with why, to the project and the ledger."""
    told = _written(connection, project, moved, further, why, now, until)
    if told:
        record_events(connection, project["id"], actor, told, now)


def _written(
    connection: Connection,
    project: Record,
    moved: Moved,
    further: dict[str, Any],
    why: dict[str, Any],
    now: datetime,
    until: Until | None,
) -> list[Told]:
    """Writes a move to the project; returns the event of it, none where the project stays."""
    stays = moved.stage == project["stage"]
    held = until if moved.stage == ON_HOLD else None
    fields: dict[str, Any] = {
        "stage": moved.stage,
        "held_from": moved.held_from,
        "resume_on": held.on if held else None,
        "resume_when": held.when if held else None,
        **({} if stays else {"held_by_lapse": False}),
        **further,
    }
    projects.change(connection, project["id"], project["version"], fields)
    if stays:
        return []
    projects.add_move(connection, project["id"], project["stage"], moved.stage, now.date(), now)
    told = {
        "from": project["stage"],
        "to": moved.stage,
        "held_from": moved.held_from,
        **({"resume_on": held.on, "resume_when": held.when} if held else {}),
        **({"held_by_lapse": True} if fields["held_by_lapse"] else {}),
        **why,
        "version": project["version"] + 1,
    }
    return [("stage.moved", told)]


def _require_decider(actor: Actor, project: Record, process: Process) -> None:
    """Whoever decides a gate that leads out of the stage, or of the one the project was held in."""
    stage = project["held_from"] or project["stage"]
    deciders: set[Role] = set()
    for gate in process.machine.gates_from(stage):
        deciders |= gate.roles
    held = actor.roles_on(project["portfolio"], project["id"])
    if held.isdisjoint(deciders):
        needed = sorted(role.value for role in deciders)
        raise NotAllowed(
            f"Project {project['id']} is held, resumed and ended by {', '.join(needed) or 'nobody'}"
            f" in stage {stage}.",
            needed=needed,
            held=sorted(role.value for role in held),
        )


def _require_reopener(actor: Actor, project: Record, process: Process) -> None:
    held = actor.roles_on(project["portfolio"], project["id"])
    if held.isdisjoint(process.workflow.reopen):
        needed = sorted(role.value for role in process.workflow.reopen)
        raise NotAllowed(
            f"A project of workflow '{process.workflow.id}' is reopened by "
            f"{', '.join(needed) or 'nobody'}.",
            needed=needed,
            held=sorted(role.value for role in held),
        )


def _ended_in(connection: Connection, process: Process, project: Record) -> str:
    """The last stage of the workflow that a project was in, for one that ended before that was kept."""
    live = process.workflow.live
    known = [each for each in projects.stages_of(connection, project["id"]) if each in live]
    return known[-1] if known else process.workflow.initial
