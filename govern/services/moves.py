"""Moves between stages. Every one goes through the machine and stands in the ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.decision import Decision
from govern.domain.record import Record
from govern.domain.refusal import AlreadySubmitted, NotAllowed
from govern.domain.role import Role
from govern.process.definition import BASELINE, Gate
from govern.process.machine import Moved
from govern.services import projects as project_services
from govern.services.access import check_version, project_for
from govern.services.catalog import Process
from govern.services.ledger import record_event
from govern.services.runtime import Runtime
from govern.store import kpis, projects, readings, submissions

RESUME = "resume"
OUTSIDE_GATES = (RESUME, Decision.HOLD.value, Decision.KILL.value)
"""What can be decided about a project that stands before no gate."""


def apply(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    project: Record,
    decision: Decision,
    *,
    gate: Gate,
    now: datetime,
) -> None:
    """Takes a gate's decision to the project, which the caller has locked. Raises IllegalMove."""
    process = runtime.catalog.process(connection, project["workflow_digest"])
    moved = process.machine.move(project["stage"], project["held_from"], decision, gate.id)
    frozen: dict[str, Any] = {}
    if decision.passes and gate.freezes == BASELINE and project["baseline_frozen_at"] is None:
        frozen = {"baseline_frozen_at": now}
        record_event(
            connection,
            project["id"],
            actor,
            "baseline.frozen",
            {"gate": gate.id, "kpis": _baseline(connection, project["id"])},
            now,
        )
    _write(connection, actor, project, moved, frozen, {"gate": gate.id, "decision": decision}, now)


def move(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    to_do: str,
    reason: str,
    version: int | None,
    now: datetime,
) -> Record:
    """Holds, resumes or kills a project outside a gate: for those who decide its next gate.

    Raises NotFound, NotAllowed, StaleVersion, IllegalMove, AlreadySubmitted while a gate is open.
    """
    with runtime.store.writing() as connection:
        project = project_for(connection, actor, project_id, lock=True)
        process = runtime.catalog.process(connection, project["workflow_digest"])
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
        if to_do == RESUME:
            moved = process.machine.resume(stage, held_from)
        else:
            moved = process.machine.move(stage, held_from, Decision(to_do))
        _write(connection, actor, project, moved, {}, {"decision": to_do, "reason": reason}, now)
    return project_services.get_project(runtime, actor, project_id)


def _write(
    connection: Connection,
    actor: Actor,
    project: Record,
    moved: Moved,
    further: dict[str, Any],
    why: dict[str, Any],
    now: datetime,
) -> None:
    stays = moved.stage == project["stage"]
    fields = {"stage": moved.stage, "held_from": moved.held_from, **further}
    projects.change(connection, project["id"], project["version"], fields)
    if stays:
        return
    projects.add_move(connection, project["id"], project["stage"], moved.stage, now.date(), now)
    record_event(
        connection,
        project["id"],
        actor,
        "stage.moved",
        {"from": project["stage"], "to": moved.stage, "held_from": moved.held_from, **why},
        now,
    )


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


def _baseline(connection: Connection, project_id: str) -> list[dict[str, Any]]:
    """What is agreed: each KPI's baseline, target and trajectory."""
    planned = readings.planned_in_force(connection, {project_id})
    return [
        {
            "kpi": kpi["id"],
            "direction": kpi["direction"],
            "unit": kpi["unit"],
            "baseline": kpi["baseline"],
            "baseline_on": kpi["baseline_on"],
            "target": kpi["target"],
            "target_on": kpi["target_on"],
            "planned": {
                period.isoformat(): value
                for (kpi_id, period), value in sorted(planned.items())
                if kpi_id == kpi["id"]
            },
        }
        for kpi in kpis.of_project(connection, project_id)
    ]
