"""Changes of KPIs and of what is planned for them, as scope changes make them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from govern.domain import agreed
from govern.domain.plain import plain
from govern.domain.refusal import InvalidInput
from govern.domain.trajectory import Point, Shape
from govern.services import plans
from govern.services.kpi_checks import settled
from govern.services.kpi_templates import filled, template_of
from govern.services.kpis import DEFAULTS, EDITABLE, write_changed, write_new
from govern.services.scope_applying import Applying, Change, placed
from govern.services.trajectories import Asked, planned_of


def resolve_kpi(applying: Applying, change: Change) -> dict[str, Any]:
    found = applying.kpi(change)
    fields = change["fields"]
    if "id" in fields:
        raise InvalidInput("A KPI keeps its id.", errors={"fields.id": ["leave it out"]})
    _refuse_others(fields)
    with placed("fields."):
        template_of(applying.runtime, fields.get("template"))
        wanted = settled(applying.connection, applying.proposer, {**found, **fields}, fields)
    meant = {name: wanted[name] for name in (*fields, "inputs") if wanted[name] != found[name]}
    return {"kpi": found["id"], "fields": plain(meant)}


def apply_kpi(applying: Applying, change: Change) -> None:
    found = applying.kpi(change)
    wanted = {**found, **agreed.typed(change["fields"])}
    with placed("fields."):
        write_changed(
            applying.connection,
            applying.actor,
            found,
            wanted,
            applying.now,
            seen_by=applying.proposer,
            scope_change=applying.number,
        )


def resolve_new_kpi(applying: Applying, change: Change) -> dict[str, Any]:
    fields = change["fields"]
    _refuse_others(fields)
    missing = [name for name in ("id", "name") if name not in fields]
    if missing:
        raise InvalidInput(
            "A new KPI has an id and a name.",
            errors={f"fields.{name}": ["is needed for a new KPI"] for name in missing},
        )
    with placed("fields."):
        template = template_of(applying.runtime, fields.get("template"))
        values = {**DEFAULTS, **filled(template, fields), "project": applying.project["id"]}
        values = settled(applying.connection, applying.proposer, values)
    return {"kpi": fields["id"], "fields": plain(values)}


def apply_new_kpi(applying: Applying, change: Change) -> None:
    values = agreed.typed(change["fields"])
    with placed("fields."):
        write_new(
            applying.connection,
            applying.actor,
            values,
            applying.now,
            seen_by=applying.proposer,
        )


def _refuse_others(fields: Change) -> None:
    others = sorted(set(fields) - {*EDITABLE, "id"})
    if others:
        raise InvalidInput(
            "A scope change is about the fields of KPIs.",
            errors={f"fields.{name}": ["is none of a KPI's own fields"] for name in others},
        )


def resolve_plan(applying: Applying, change: Change) -> dict[str, Any]:
    found = applying.kpi(change)
    drawn = change.get("trajectory")
    if (drawn is None) == (change.get("planned") is None):
        raise InvalidInput(
            "A plan is given by its values or by a trajectory.",
            errors={"planned": ["either planned or trajectory"]},
        )
    if drawn is not None:
        with placed("trajectory."):
            wanted = planned_of(found, _asked(drawn, applying.effective_on))
    else:
        wanted = plans.check(found, change["planned"])
    new = plans.fresh(applying.connection, found, wanted)
    _refuse_before(new, applying.effective_on)
    return {
        "kpi": found["id"],
        "planned": [
            {"period": each.period.isoformat(), "planned": plain(each.planned)} for each in new
        ],
    }


def _asked(drawn: Mapping[str, Any], effective_on: date | None) -> Asked:
    begins: date | None = drawn.get("from")
    if effective_on is not None:
        begins = effective_on if begins is None else max(begins, effective_on)
    points = [Point(each["day"], each["value"]) for each in drawn.get("points") or ()]
    return Asked(Shape(drawn["shape"]), points, begins, drawn.get("to"))


def _refuse_before(new: list[Any], effective_on: date | None) -> None:
    early = [each.period.isoformat() for each in new if effective_on and each.period < effective_on]
    if early:
        raise InvalidInput(
            "What was planned before the change takes effect stays.",
            errors={"planned": [f"periods that end on {effective_on} or later; not {early[0]}"]},
        )


def apply_plan(applying: Applying, change: Change) -> None:
    found = applying.kpi(change)
    wanted = {
        date.fromisoformat(each["period"]): Decimal(each["planned"]) for each in change["planned"]
    }
    plans.write(
        applying.connection,
        applying.actor,
        found,
        plans.fresh(applying.connection, found, wanted),
        applying.now,
        scope_change=applying.number,
    )
