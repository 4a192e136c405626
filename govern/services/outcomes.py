"""Outcomes: list, read, add, change, and tie to the KPIs they move and the outcomes they lead to."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.benefits.map import Key, Kind
from govern.domain.record import Record
from govern.domain.refusal import Duplicate
from govern.domain.role import Permission
from govern.services.access import check_version, outcome_for, project_for, require
from govern.services.changes import changed_fields
from govern.services.ledger import record_event
from govern.services.map_links import refuse_links
from govern.services.runtime import Runtime
from govern.store import outcomes
from govern.store.paging import Page, PageRequest
from govern.store.taken import refused_if_taken

DEFAULTS: dict[str, Any] = {"description": None, "owner": None, "serves": {}, "leads_to": {}}

EDITABLE = ("name", *DEFAULTS)


def list_outcomes(
    runtime: Runtime, actor: Actor, request: PageRequest, *, project: str | None = None
) -> Page:
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        return outcomes.page(connection, actor, request, project_id=project)


def get_outcome(runtime: Runtime, actor: Actor, outcome_id: str) -> Record:
    with runtime.store.reading() as connection:
        return outcome_for(connection, actor, outcome_id)[0]


def add_outcome(runtime: Runtime, actor: Actor, fields: dict[str, Any], *, now: datetime) -> Record:
    """Adds an outcome to a project. `fields` needs `id`, `project` and `name`.

    Raises Duplicate, NotAllowed, NotFound, and InvalidInput for links out of the project, round in a
    circle, or of over 100 %.
    """
    with runtime.store.writing() as connection:
        project = project_for(connection, actor, fields["project"], lock=True)
        require(actor, Permission.EDIT_PROJECT, project)
        values = {**DEFAULTS, **fields}
        _refuse_links(connection, values, values)
        taken = Duplicate(f"There is an outcome '{values['id']}' already.", outcome=values["id"])
        with refused_if_taken(taken):
            outcomes.add(connection, values, now)
        record_event(connection, project["id"], actor, "outcome.added", values, now)
    return get_outcome(runtime, actor, fields["id"])


def change_outcome(
    runtime: Runtime,
    actor: Actor,
    outcome_id: str,
    fields: dict[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Writes the fields that differ. Raises StaleVersion, InvalidInput, NotAllowed, NotFound."""
    with runtime.store.writing() as connection:
        found, project = outcome_for(connection, actor, outcome_id, lock=True)
        require(actor, Permission.EDIT_PROJECT, project)
        check_version(found, version)
        changes = changed_fields(found, fields, EDITABLE)
        _refuse_links(connection, found, {name: fields[name] for name in changes})
        if changes:
            new = {name: fields[name] for name in changes}
            outcomes.change(connection, outcome_id, found["version"], new)
            told = {"outcome": outcome_id, "changes": changes}
            record_event(connection, project["id"], actor, "outcome.changed", told, now)
    return get_outcome(runtime, actor, outcome_id)


def _refuse_links(connection: Connection, own: Record, values: dict[str, Any]) -> None:
    links = {name: values[name] for name in ("serves", "leads_to") if name in values}
    refuse_links(connection, own["project"], Key(Kind.OUTCOME, own["id"]), links)
