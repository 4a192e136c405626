"""Scope changes: an agreed plan is changed by a proposal that the deciders of its gate approve."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import IllegalMove, NotAllowed, ScopeChangeClosed
from govern.domain.role import Permission
from govern.domain.stage import TERMINATED
from govern.process.definition import Workflow
from govern.services import scope_deciders, scope_effects, scope_view
from govern.services.access import check_version, project_for, require, scope_change_for
from govern.services.effects import drop, name_effects
from govern.services.ledger import record_event
from govern.services.receipts import receipt
from govern.services.recommendation_ends import mark_raised
from govern.services.runtime import Runtime
from govern.services.scope_kinds import Applying, Change
from govern.store import scope_changes
from govern.store.paging import Page, PageRequest

MOST_CHANGES = 200


def preview(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    changes: Sequence[Change],
    effective_on: date | None = None,
    now: datetime,
) -> Record:
    """What changes would do: to each KPI (`effects`), to `deliverables`, to the project (`terms`), and
    what is `lost` with what is dropped. Nothing is written.

    Raises what `propose` raises.
    """
    with runtime.store.writing() as connection:
        applying = opened(runtime, connection, actor, project_id, changes, effective_on, now)
        kept = scope_effects.tried(applying, changes)
    return {"project": project_id, **scope_view.done(project_id, kept)}


def propose(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    title: str,
    reason: str,
    changes: Sequence[Change],
    effective_on: date | None = None,
    effects: Sequence[Mapping[str, Any]] = (),
    now: datetime,
) -> Record:
    """Proposes changes of a plan that a gate has frozen: each has a `kind` and what it asks.

    They are tried first, one after the other, so that what is proposed can be done and what it does is
    seen. `effective_on` is the day from which they hold: planned values of periods that end before it
    stay. `effects` says which KPI will be better by how much, and by when. Raises NotFound, NotAllowed,
    IllegalMove for a plan that is not agreed yet and for a project that has ended, InvalidInput with
    every field of the first change that cannot be so, Duplicate, AlreadySubmitted where the project is
    to be held or ended while a gate is open.
    """
    with runtime.store.writing() as connection:
        applying = opened(runtime, connection, actor, project_id, changes, effective_on, now)
        number = add(applying, title, reason, changes, effects)
        signed = receipt(runtime, connection, project_id)
    return {**get_scope_change(runtime, actor, number, now=now), "receipt": signed}


def add(
    applying: Applying,
    title: str,
    reason: str,
    changes: Sequence[Change],
    effects: Sequence[Mapping[str, Any]],
    recommendation: Record | None = None,
) -> int:
    """The number of a new scope change, in the caller's transaction."""
    connection, actor, now = applying.connection, applying.actor, applying.now
    project_id = applying.project["id"]
    values: dict[str, Any] = {
        "title": title,
        "reason": reason,
        "changes": scope_effects.tried(applying, changes),
        "effective_on": applying.effective_on,
        "action": None if recommendation is None else recommendation["action"],
    }
    source = None if recommendation is None else recommendation["id"]
    row = {
        **values,
        "recommendation_id": source,
        "project_id": project_id,
        "proposed_by": actor.person_id,
    }
    number = scope_changes.add(connection, row, now)
    told = {"scope_change": number, "recommendation": source, **values}
    record_event(connection, project_id, actor, "scope_change.proposed", told, now)
    if effects:
        name_effects(
            connection,
            actor,
            applying.project,
            effects,
            scope_change=number,
            recommendation=source,
            now=now,
        )
    return number


def withdraw(
    runtime: Runtime,
    actor: Actor,
    scope_change_id: int,
    *,
    reason: str,
    version: int | None,
    now: datetime,
) -> Record:
    """Takes a proposal back, by whoever has made it. Raises NotFound, NotAllowed, StaleVersion,
    ScopeChangeClosed."""
    with runtime.store.writing() as connection:
        found, project = scope_change_for(connection, actor, scope_change_id, lock=True)
        if found["proposed_by"] != actor.person_id:
            raise NotAllowed(
                "A scope change is withdrawn by whoever has proposed it.",
                needed=[],
                held=sorted(x.value for x in actor.roles_on(project["portfolio"], project["id"])),
            )
        require_open(found)
        check_version(found, version)
        scope_changes.change(
            connection, scope_change_id, found["version"], {"state": scope_changes.WITHDRAWN}
        )
        release(connection, actor, found, now)
        told = {"scope_change": scope_change_id, "reason": reason}
        record_event(connection, project["id"], actor, "scope_change.withdrawn", told, now)
        signed = receipt(runtime, connection, project["id"])
    return {**get_scope_change(runtime, actor, scope_change_id, now=now), "receipt": signed}


def get_scope_change(
    runtime: Runtime, actor: Actor, scope_change_id: int, *, now: datetime
) -> Record:
    """A scope change with its `effects`, its votes, and, while it is open, whose votes are `missing` for
    a go and what has `changed` since it was proposed."""
    with runtime.store.reading() as connection:
        found, project = scope_change_for(connection, actor, scope_change_id)
        return scope_view.view(runtime, connection, found, project, now)


def list_scope_changes(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    project: str | None = None,
    state: str | None = None,
) -> Page:
    """The scope changes of the projects that somebody may see, or of one project, without what they do."""
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        return scope_changes.page(connection, actor, request, project_id=project, state=state)


def refuse_ended(project: Record, workflow: Workflow) -> None:
    """Raises IllegalMove for a project that has ended."""
    if project["stage"] in (TERMINATED, workflow.final):
        raise IllegalMove(
            f"Project {project['id']} has ended ({project['stage']}): its plan is not changed any more.",
            stage=project["stage"],
            legal=[],
        )


def require_open(found: Record) -> None:
    """Raises ScopeChangeClosed for one that waits for nothing any more."""
    if found["state"] != scope_changes.OPEN:
        raise ScopeChangeClosed(
            f"Scope change {found['id']} is {found['state']}.",
            scope_change=found["id"],
            state=found["state"],
            decided_at=found["decided_at"],
        )


def release(connection: Connection, actor: Actor, found: Record, now: datetime) -> None:
    """It came to nothing: what was expected of it is dropped, and what it was raised from can be raised
    again."""
    drop(connection, actor, found, now)
    source = found["recommendation"]
    if source is not None:
        mark_raised(connection, actor, source, scope_change=None, now=now)


def opened(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    project_id: str,
    changes: Sequence[Change],
    effective_on: date | None,
    now: datetime,
) -> Applying:
    """The project, locked, for somebody who may propose changes of its plan."""
    project = project_for(connection, actor, project_id)
    require(actor, Permission.EDIT_PROJECT, project)
    applying = Applying(runtime, connection, actor, actor, project, None, effective_on, now)
    scope_effects.lock(applying, changes)
    project = project_for(connection, actor, project_id, lock=True)
    if project["baseline_frozen_at"] is None:
        raise IllegalMove(
            f"The plan of project {project_id} is not agreed yet: change its KPIs and planned values "
            "themselves.",
            stage=project["stage"],
            legal=[],
        )
    workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
    refuse_ended(project, workflow)
    scope_deciders.gate_of(project, workflow)
    return Applying(runtime, connection, actor, actor, project, None, effective_on, now)
