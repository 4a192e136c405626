"""Projects: list, read, add, change."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Duplicate, InvalidInput, NotAllowed, NotFound
from govern.domain.role import ALLOWED, Permission
from govern.services import waiver_list
from govern.services.access import check_version, project_for, require
from govern.services.changes import changed_fields
from govern.services.frozen import frozen
from govern.services.ledger import record_event
from govern.services.runtime import Runtime
from govern.services.workflows import DEFAULT_WORKFLOW
from govern.store import portfolios, projects, revisions
from govern.store.paging import Page, PageRequest
from govern.store.taken import refused_if_taken

EDITABLE = (
    "name",
    "owner",
    "department",
    "start",
    "end",
    "budget",
    "spent",
    "status_text",
    "objective",
    "tags",
)

FROZEN = ("start", "end", "budget")
"""What a gate that freezes the baseline takes out of everyday editing."""


def list_projects(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    stage: str | None = None,
    department: str | None = None,
    portfolio: str | None = None,
) -> Page:
    with runtime.store.reading() as connection:
        return projects.page(
            connection, actor, request, stage=stage, department=department, portfolio=portfolio
        )


def get_project(runtime: Runtime, actor: Actor, project_id: str) -> Record:
    """The project, with the moves that its stage allows."""
    with runtime.store.reading() as connection:
        found = project_for(connection, actor, project_id)
        machine = runtime.catalog.process(connection, found["workflow_digest"]).machine
        legal = [move.fact() for move in machine.legal(found["stage"], found["held_from"])]
    return {**found, "legal": legal}


def view_project(runtime: Runtime, actor: Actor, project_id: str, *, now: datetime) -> Record:
    """The project, with the moves that its stage allows and every waiver it was given."""
    found = get_project(runtime, actor, project_id)
    with runtime.store.reading() as connection:
        return {**found, "waivers": waiver_list.of_project(connection, project_id, now.date())}


def add_project(
    runtime: Runtime,
    actor: Actor,
    fields: dict[str, Any],
    *,
    workflow: str = DEFAULT_WORKFLOW,
    now: datetime,
) -> Record:
    """Adds a project in its workflow's first stage. `fields` needs `id`, `portfolio` and `name`.

    Raises Duplicate, NotFound for an unknown portfolio or workflow, NotAllowed.
    """
    portfolio_id = fields["portfolio"]
    check_dates(fields.get("start"), fields.get("end"))
    with runtime.store.writing() as connection:
        if not actor.may(Permission.EDIT_PROJECT, portfolio_id, None):
            needed = sorted(role.value for role in ALLOWED[Permission.EDIT_PROJECT])
            raise NotAllowed(
                f"This takes one of the roles {', '.join(needed)} on portfolio {portfolio_id}.",
                needed=needed,
            )
        if portfolios.find(connection, portfolio_id) is None:
            raise NotFound(f"There is no portfolio '{portfolio_id}'.", portfolio=portfolio_id)
        revision = revisions.newest_workflow(connection, workflow)
        if revision is None:
            raise NotFound(f"There is no workflow '{workflow}'.", workflow=workflow)
        definition = runtime.catalog.process(connection, revision["digest"]).workflow
        values: dict[str, Any] = {
            **{name: fields.get(name) for name in EDITABLE},
            "id": fields["id"],
            "portfolio": portfolio_id,
            "tags": list(fields.get("tags") or []),
            "workflow_digest": revision["digest"],
            "stage": definition.initial,
        }
        taken = Duplicate(f"There is a project '{values['id']}' already.", project=values["id"])
        with refused_if_taken(taken):
            projects.add(connection, values, now)
        projects.add_move(connection, values["id"], None, definition.initial, now.date(), now)
        record_event(connection, values["id"], actor, "project.added", values, now)
    return view_project(runtime, actor, values["id"], now=now)


def change_project(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    fields: dict[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Writes the fields that differ. Raises StaleVersion, NotAllowed, NotFound, and BaselineFrozen where
    a gate has agreed one of them."""
    with runtime.store.writing() as connection:
        found = project_for(connection, actor, project_id, lock=True)
        require(actor, Permission.EDIT_PROJECT, found)
        check_version(found, version)
        _refuse_frozen(found, fields)
        write_changed(connection, actor, found, fields, now)
    return view_project(runtime, actor, project_id, now=now)


def write_changed(
    connection: Connection,
    actor: Actor,
    found: Record,
    fields: dict[str, Any],
    now: datetime,
    **also: Any,
) -> None:
    """Writes the fields that differ from the project, which the caller has locked. `also` goes into the
    event. Raises InvalidInput."""
    changes = changed_fields(found, fields, EDITABLE)
    merged = {**found, **fields}
    check_dates(merged["start"], merged["end"])
    if changes:
        new = {name: fields[name] for name in changes}
        projects.change(connection, found["id"], found["version"], new)
        record_event(connection, found["id"], actor, "project.changed", {**changes, **also}, now)


def _refuse_frozen(project: Record, fields: dict[str, Any]) -> None:
    touched = [*changed_fields(project, fields, FROZEN)]
    if touched and project["baseline_frozen_at"] is not None:
        were = "was" if len(touched) == 1 else "were"
        raise frozen(project, f"{', '.join(touched)} {were} agreed at a gate", fields=touched)


def check_dates(start: date | None, end: date | None) -> None:
    if start is not None and end is not None and end < start:
        raise InvalidInput(
            "A project cannot end before it starts.",
            errors={"end": [f"on or after the start, {start.isoformat()}"]},
        )
