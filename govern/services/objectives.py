"""Strategic objectives: list, read, add, change. They are the organisation's, not a project's."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Duplicate, NotFound
from govern.domain.role import Permission
from govern.services.access import check_version, require_everywhere
from govern.services.changes import changed_fields
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import objectives
from govern.store.paging import Page, PageRequest
from govern.store.taken import refused_if_taken

DEFAULTS: dict[str, Any] = {"description": None, "owner": None}

EDITABLE = ("name", *DEFAULTS)


def list_objectives(runtime: Runtime, request: PageRequest) -> Page:
    """Everybody who has signed in may see what the organisation strives for."""
    with runtime.store.reading() as connection:
        return objectives.page(connection, request)


def get_objective(runtime: Runtime, objective_id: str) -> Record:
    """Raises NotFound."""
    with runtime.store.reading() as connection:
        return _found(connection, objective_id)


def add_objective(
    runtime: Runtime, actor: Actor, fields: dict[str, Any], *, now: datetime
) -> Record:
    """Adds an objective. `fields` needs `id` and `name`. Raises Duplicate, NotAllowed."""
    require_everywhere(actor, Permission.EDIT_OBJECTIVE)
    with runtime.store.writing() as connection:
        write_new(connection, actor, {**DEFAULTS, **fields}, now)
    return get_objective(runtime, fields["id"])


def write_new(connection: Connection, actor: Actor, values: dict[str, Any], now: datetime) -> None:
    """Adds an objective with all its values. Raises Duplicate."""
    taken = Duplicate(f"There is an objective '{values['id']}' already.", id=values["id"])
    with refused_if_taken(taken):
        objectives.add(connection, values, now)
    record_event(connection, SERVICE, actor, "objective.added", values, now)


def change_objective(
    runtime: Runtime,
    actor: Actor,
    objective_id: str,
    fields: dict[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Writes the fields that differ. Raises StaleVersion, NotAllowed, NotFound."""
    require_everywhere(actor, Permission.EDIT_OBJECTIVE)
    with runtime.store.writing() as connection:
        found = _found(connection, objective_id, lock=True)
        check_version(found, version)
        write_changed(connection, actor, found, changed_fields(found, fields, EDITABLE), now)
    return get_objective(runtime, objective_id)


def write_changed(
    connection: Connection,
    actor: Actor,
    found: Record,
    changes: dict[str, dict[str, Any]],
    now: datetime,
) -> None:
    """Writes the changes (field → from, to) of an objective, if there are any."""
    if changes:
        new = {name: each["to"] for name, each in changes.items()}
        objectives.change(connection, found["id"], found["version"], new)
        told = {"id": found["id"], "changes": changes}
        record_event(connection, SERVICE, actor, "objective.changed", told, now)


def _found(connection: Connection, objective_id: str, lock: bool = False) -> Record:
    found = objectives.find(connection, objective_id, lock)
    if found is None:
        raise NotFound(f"There is no objective '{objective_id}'.", id=objective_id)
    return found
