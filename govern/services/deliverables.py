"""Deliverables: list, read, add, change, and tie to the KPIs they serve."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Duplicate, InvalidInput
from govern.domain.role import Permission
from govern.services.access import check_version, deliverable_for, project_for, require
from govern.services.changes import changed_fields
from govern.services.ledger import record_event
from govern.services.runtime import Runtime
from govern.store import deliverables, kpis
from govern.store.paging import Page, PageRequest
from govern.store.taken import refused_if_taken

EDITABLE = ("name", "owner", "state", "due", "done_on", "cost", "serves")


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

    Raises Duplicate, InvalidInput for KPIs of another project or shares over 100 %, NotAllowed.
    """
    with runtime.store.writing() as connection:
        project = project_for(connection, actor, fields["project"], lock=True)
        require(actor, Permission.EDIT_PROJECT, project)
        values: dict[str, Any] = {"state": "planned", "serves": {}, **fields}
        _check_serves(connection, project["id"], values["id"], values["serves"])
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
        if "serves" in changes:
            _check_serves(connection, project["id"], deliverable_id, fields["serves"])
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


def _check_serves(
    connection: Connection, project_id: str, deliverable_id: str, serves: dict[str, Decimal | None]
) -> None:
    own = {kpi["id"] for kpi in kpis.of_project(connection, project_id)}
    strangers = sorted(set(serves) - own)
    if strangers:
        raise InvalidInput(
            "A deliverable serves KPIs of its own project.",
            errors={f"serves.{each}": [f"not a KPI of project {project_id}"] for each in strangers},
        )
    others = [
        each
        for each in deliverables.of_project(connection, project_id)
        if each["id"] != deliverable_id
    ]
    errors: dict[str, list[str]] = {}
    for kpi_id, share in serves.items():
        claimed = sum((each["serves"].get(kpi_id) or Decimal(0) for each in others), Decimal(0))
        if share is not None and claimed + share > 1:
            left = max(Decimal(0), 1 - claimed)
            errors[f"serves.{kpi_id}"] = [
                f"the shares of this KPI would pass 100 %: {left:%} is left"
            ]
    if errors:
        raise InvalidInput("Contributions to a KPI add up to at most 100 %.", errors=errors)
