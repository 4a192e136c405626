"""The kinds of change that a scope change is made of: what each is asked by, and how it is applied.

A change is resolved once, when it is proposed: what it leaves open (a trajectory, a template) becomes the
values that it means, as plain data. What is applied is that and nothing else. A further kind is one entry
in `KINDS`.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain import agreed
from govern.domain.actor import Actor
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.trajectory import Point, Shape
from govern.services import plans
from govern.services.kpi_checks import settled
from govern.services.kpi_templates import filled, template_of
from govern.services.kpis import DEFAULTS, EDITABLE, write_changed, write_new
from govern.services.runtime import Runtime
from govern.services.trajectories import Asked, planned_of
from govern.store import kpis

Change = Mapping[str, Any]
"""`kind` and what else the kind is asked by."""


@dataclass(frozen=True, slots=True)
class Applying:
    """Where a change is applied: by `actor`, whom the events name; `proposer` is who asked for it, and
    sees the KPIs that it names. The project is locked. `number` is the scope change's, none yet while
    it is tried."""

    runtime: Runtime
    connection: Connection
    actor: Actor
    proposer: Actor
    project: Record
    number: int | None
    effective_on: date | None
    now: datetime

    def kpi(self, change: Change) -> Record:
        """The KPI of a change. Raises InvalidInput where the project has none of that id."""
        found = kpis.find(self.connection, change["kpi"])
        if found is None or found["project"] != self.project["id"]:
            raise InvalidInput(
                "A scope change is about the KPIs of its project.",
                errors={"kpi": [f"a KPI of project {self.project['id']}"]},
            )
        return found


@dataclass(frozen=True, slots=True)
class Kind:
    """`needs` and `takes` are the fields beside `kind` that a change of it must have, or may.

    `resolve` makes what is asked what it means, as plain data; `apply` writes that.
    """

    needs: frozenset[str]
    takes: frozenset[str]
    resolve: Callable[[Applying, Change], dict[str, Any]]
    apply: Callable[[Applying, Change], None]


def check(change: Change) -> None:
    """Raises InvalidInput for fields that its kind lacks or has no use for."""
    kind = KINDS[change["kind"]]
    given = {name for name, value in change.items() if value is not None} - {"kind"}
    errors = {
        name: [f"is needed for a change of kind {change['kind']}"]
        for name in sorted(kind.needs - given)
    } | {
        name: [f"has no meaning for a change of kind {change['kind']}"]
        for name in sorted(given - kind.needs - kind.takes)
    }
    if errors:
        raise InvalidInput("The change cannot be so.", errors=errors)


@contextmanager
def placed(prefix: str) -> Generator[None]:
    """What is refused within, with the place that its fields have in what was asked."""
    try:
        yield
    except InvalidInput as refused:
        errors = refused.facts.get("errors", {})
        raise InvalidInput(
            refused.detail, errors={f"{prefix}{name}": each for name, each in errors.items()}
        ) from refused


def _resolve_kpi(applying: Applying, change: Change) -> dict[str, Any]:
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


def _apply_kpi(applying: Applying, change: Change) -> None:
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


def _resolve_new_kpi(applying: Applying, change: Change) -> dict[str, Any]:
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


def _apply_new_kpi(applying: Applying, change: Change) -> None:
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


def _resolve_plan(applying: Applying, change: Change) -> dict[str, Any]:
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


def _apply_plan(applying: Applying, change: Change) -> None:
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


KINDS: Mapping[str, Kind] = {
    "kpi": Kind(frozenset({"kpi", "fields"}), frozenset(), _resolve_kpi, _apply_kpi),
    "plan": Kind(
        frozenset({"kpi"}), frozenset({"planned", "trajectory"}), _resolve_plan, _apply_plan
    ),
    "add_kpi": Kind(frozenset({"fields"}), frozenset(), _resolve_new_kpi, _apply_new_kpi),
}
