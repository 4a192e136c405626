"""Deliverables: list, read, add, change, and tie to the KPIs they serve."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.benefits.map import Key, Kind
from govern.domain.project import DeliverableState
from govern.domain.record import Record
from govern.domain.refusal import Duplicate
from govern.domain.role import Permission
from govern.services.access import check_version, deliverable_for, project_for, require
from govern.services.changes import changed_fields
from govern.services.frozen import frozen
from govern.services.ledger import record_event
from govern.services.map_links import refuse_links
from govern.services.runtime import Runtime
from govern.store import deliverables
from govern.store.paging import Page, PageRequest
from govern.store.taken import refused_if_taken

EDITABLE = ("name", "owner", "state", "due", "done_on", "cost", "serves", "produces")

_LINKS = ("serves", "produces")


def list_deliverables(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    project: str | None = None,
    state: str | None = None,
) -> Page:
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        return deliverables.page(connection, actor, request, project_id=project, state=state)


def get_deliverable(runtime: Runtime, actor: Actor, deliverable_id: str) -> Record:
    with runtime.store.reading() as connection:
        return deliverable_for(connection, actor, deliverable_id)[0]


def add_deliverable(
    runtime: Runtime, actor: Actor, fields: dict[str, Any], *, now: datetime
) -> Record:
    """Adds a deliverable to a project. `fields` needs `id`, `project` and `name`.

    Raises Duplicate, InvalidInput for KPIs or outcomes of another project or shares over 100 %,
    NotAllowed.
    """
    with runtime.store.writing() as connection:
        project = project_for(connection, actor, fields["project"], lock=True)
        require(actor, Permission.EDIT_PROJECT, project)
        write_new(connection, actor, fields, now)
    return get_deliverable(runtime, actor, fields["id"])


def write_new(
    connection: Connection, actor: Actor, fields: dict[str, Any], now: datetime, **also: Any
) -> None:
    """Adds a deliverable to a project that the caller has locked, where it can be so. `also` goes into
    the event. Raises Duplicate, InvalidInput."""
    values: dict[str, Any] = {"state": "planned", "serves": {}, "produces": {}, **fields}
    refuse_links(
        connection,
        values["project"],
        Key(Kind.DELIVERABLE, values["id"]),
        {name: values[name] for name in _LINKS},
        dropped=values["state"] == DeliverableState.DROPPED,
    )
    taken = Duplicate(f"There is a deliverable '{values['id']}' already.", deliverable=values["id"])
    if deliverables.find(connection, values["id"]) is not None:
        raise taken
    with refused_if_taken(taken):
        deliverables.add(connection, values, now)
    told = {**values, **also}
    record_event(connection, values["project"], actor, "deliverable.added", told, now)


def change_deliverable(
    runtime: Runtime,
    actor: Actor,
    deliverable_id: str,
    fields: dict[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Writes the fields that differ.

    Raises StaleVersion, InvalidInput, NotAllowed, NotFound, and BaselineFrozen where a gate has agreed
    the plan and the deliverable would be dropped, or taken up again.
    """
    with runtime.store.writing() as connection:
        found, project = deliverable_for(connection, actor, deliverable_id, lock=True)
        require(actor, Permission.EDIT_PROJECT, project)
        check_version(found, version)
        refuse_dropping(project, found, fields)
        write_changed(connection, actor, found, fields, now)
    return get_deliverable(runtime, actor, deliverable_id)


def write_changed(
    connection: Connection,
    actor: Actor,
    found: Record,
    fields: dict[str, Any],
    now: datetime,
    **also: Any,
) -> None:
    """Writes the fields that differ from the deliverable as it was found, where it can be so. The caller
    has locked the project; `also` goes into the event."""
    changes = changed_fields(found, fields, EDITABLE)
    wanted = {**found, **fields}
    # One that is taken up again claims its shares again.
    again = "state" in changes and found["state"] == DeliverableState.DROPPED
    claims = _LINKS if again else [name for name in _LINKS if name in changes]
    refuse_links(
        connection,
        found["project"],
        Key(Kind.DELIVERABLE, found["id"]),
        {name: wanted[name] for name in claims},
        dropped=wanted["state"] == DeliverableState.DROPPED,
    )
    if changes:
        new = {name: fields[name] for name in changes}
        deliverables.change(connection, found["id"], found["version"], new)
        told = {"deliverable": found["id"], "changes": changes, **also}
        record_event(connection, found["project"], actor, "deliverable.changed", told, now)


def drops(found: Record, fields: dict[str, Any]) -> bool:
    """Whether fields take a deliverable out of the scope, or into it again."""
    state = fields.get("state", found["state"])
    dropped = DeliverableState.DROPPED
    return (state == dropped) != (found["state"] == dropped)


def refuse_dropping(project: Record, found: Record, fields: dict[str, Any]) -> None:
    """Raises BaselineFrozen if fields drop what a gate has agreed, or take it up again."""
    if project["baseline_frozen_at"] is not None and drops(found, fields):
        raise frozen(project, "What is delivered was agreed at a gate", fields=["state"])
