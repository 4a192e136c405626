"""Deliverables: list, read, add, change, and tie to the KPIs they serve."""

from datetime import datetime
from typing import Any

from govern.domain.actor import Actor
from govern.domain.benefits.map import Key, Kind
from govern.domain.project import DeliverableState
from govern.domain.record import Record
from govern.domain.refusal import Duplicate
from govern.domain.role import Permission
from govern.services.access import check_version, deliverable_for, project_for, require
from govern.services.changes import changed_fields
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
        values: dict[str, Any] = {"state": "planned", "serves": {}, "produces": {}, **fields}
        refuse_links(
            connection,
            project["id"],
            Key(Kind.DELIVERABLE, values["id"]),
            {name: values[name] for name in _LINKS},
            dropped=values["state"] == DeliverableState.DROPPED,
        )
        taken = Duplicate(
            f"There is a deliverable '{values['id']}' already.", deliverable=values["id"]
        )
        with refused_if_taken(taken):
            deliverables.add(connection, values, now)
        record_event(connection, project["id"], actor, "deliverable.added", values, now)
    return get_deliverable(runtime, actor, fields["id"])


def change_deliverable(
    runtime: Runtime,
    actor: Actor,
    deliverable_id: str,
    fields: dict[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Writes the fields that differ. Raises StaleVersion, InvalidInput, NotAllowed, NotFound."""
    with runtime.store.writing() as connection:
        found, project = deliverable_for(connection, actor, deliverable_id, lock=True)
        require(actor, Permission.EDIT_PROJECT, project)
        check_version(found, version)
        changes = changed_fields(found, fields, EDITABLE)
        wanted = {**found, **fields}
        # One that is taken up again claims its shares again.
        again = "state" in changes and found["state"] == DeliverableState.DROPPED
        claims = _LINKS if again else [name for name in _LINKS if name in changes]
        refuse_links(
            connection,
            project["id"],
            Key(Kind.DELIVERABLE, deliverable_id),
            {name: wanted[name] for name in claims},
            dropped=wanted["state"] == DeliverableState.DROPPED,
        )
        if changes:
            deliverables.change(
                connection,
                deliverable_id,
                found["version"],
                {name: fields[name] for name in changes},
            )
            record_event(
                connection,
                project["id"],
                actor,
                "deliverable.changed",
                {"deliverable": deliverable_id, "changes": changes},
                now,
            )
    return get_deliverable(runtime, actor, deliverable_id)
