"""Changes of what a project delivers, as scope changes make them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from govern.domain.plain import plain
from govern.domain.project import DeliverableState
from govern.domain.refusal import InvalidInput
from govern.services.deliverables import write_changed, write_new
from govern.services.scope_applying import Applying, Change, only, placed

FIELDS = frozenset({"name", "owner", "state", "due", "cost", "serves", "produces"})
"""What a scope change sets of a deliverable."""

_MADE = {
    DeliverableState.DONE: "is done already",
    DeliverableState.DROPPED: "is dropped already",
}


def resolve_changed(applying: Applying, change: Change) -> dict[str, Any]:
    found = applying.deliverable(change)
    fields = change["fields"]
    if "id" in fields:
        raise InvalidInput("A deliverable keeps its id.", errors={"fields.id": ["leave it out"]})
    only(fields, FIELDS, "a deliverable")
    _refuse_dropped(fields)
    meant = {name: value for name, value in fields.items() if value != found[name]}
    return {"deliverable": found["id"], "fields": plain(meant)}


def apply_changed(applying: Applying, change: Change) -> None:
    _write(applying, change, typed(change["fields"]), "fields.")


def resolve_dropped(applying: Applying, change: Change) -> dict[str, Any]:
    found = applying.deliverable(change)
    why = _MADE.get(DeliverableState(found["state"]))
    if why is not None:
        raise InvalidInput(
            "What is dropped is still to be made.",
            errors={"deliverable": [f"{found['id']} {why}"]},
        )
    return {"deliverable": found["id"]}


def apply_dropped(applying: Applying, change: Change) -> None:
    _write(applying, change, {"state": DeliverableState.DROPPED.value}, "")


def resolve_new(applying: Applying, change: Change) -> dict[str, Any]:
    fields = change["fields"]
    only(fields, FIELDS | {"id"}, "a deliverable")
    _refuse_dropped(fields)
    missing = [name for name in ("id", "name") if name not in fields]
    if missing:
        raise InvalidInput(
            "A new deliverable has an id and a name.",
            errors={f"fields.{name}": ["is needed for a new deliverable"] for name in missing},
        )
    return {"deliverable": fields["id"], "fields": plain(fields)}


def apply_new(applying: Applying, change: Change) -> None:
    values = {**typed(change["fields"]), "project": applying.project["id"]}
    with placed("fields."):
        write_new(
            applying.connection,
            applying.actor,
            values,
            applying.now,
            scope_change=applying.number,
        )


def typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a deliverable, from plain data to the types that it has."""
    return {name: _typed(name, value) for name, value in fields.items()}


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "due":
        return date.fromisoformat(value)
    if name == "cost":
        return Decimal(value)
    if name in ("serves", "produces"):
        return {key: None if each is None else Decimal(each) for key, each in value.items()}
    return value


def _refuse_dropped(fields: Change) -> None:
    if fields.get("state") == DeliverableState.DROPPED:
        raise InvalidInput(
            "A deliverable is dropped by a change of kind drop_deliverable.",
            errors={"fields.state": ["any other; what is dropped shows the value that is lost"]},
        )


def _write(applying: Applying, change: Change, fields: dict[str, Any], place: str) -> None:
    found = applying.deliverable(change)
    with placed(place):
        write_changed(
            applying.connection,
            applying.actor,
            found,
            fields,
            applying.now,
            scope_change=applying.number,
        )
