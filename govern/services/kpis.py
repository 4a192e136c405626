"""KPIs: list, read, add, change — until a gate has frozen the baseline."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.period import Cadence, is_period_end
from govern.domain.profile import missing
from govern.domain.record import Record
from govern.domain.refusal import Duplicate, InvalidInput
from govern.domain.role import Permission
from govern.services.access import check_version, kpi_for, project_for, require
from govern.services.changes import changed_fields
from govern.services.frozen import frozen
from govern.services.kpi_checks import lock_named, refuse_wrong, settled
from govern.services.kpi_templates import filled, template_of
from govern.services.ledger import record_event
from govern.services.map_links import refuse_supports
from govern.services.runtime import Runtime
from govern.store import kpis, readings
from govern.store.paging import Page, PageRequest
from govern.store.taken import refused_if_taken

FROZEN = frozenset(
    {
        "direction",
        "baseline",
        "baseline_on",
        "target",
        "target_on",
        "cumulative",
        "aggregation",
        "cadence",
        "unit",
        "currency",
        "scale",
        "attribution",
        "formula",
        "inputs",
        "part_of",
    }
)
"""What a gate that freezes the baseline takes out of everyday editing."""

DEFAULTS: dict[str, Any] = {
    "category": None,
    "unit": None,
    "direction": None,
    "baseline": None,
    "baseline_on": None,
    "target": None,
    "target_on": None,
    "tolerance": None,
    "weight": Decimal(1),
    "cadence": "monthly",
    "owner": None,
    "source": None,
    "aggregation": "last",
    "cumulative": False,
    "disbenefit": False,
    "reporting_lag_days": 0,
    "description": None,
    "currency": None,
    "scale": Decimal(1),
    "baseline_source": None,
    "tolerance_red": None,
    "tolerance_in": "share",
    "department": None,
    "calculation": None,
    "cashable": None,
    "attribution": None,
    "template": None,
    "formula": None,
    "inputs": {},
    "part_of": None,
    "calendar": None,
    "supports": {},
}

EDITABLE = ("name", *DEFAULTS)


def list_kpis(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    project: str | None = None,
    category: str | None = None,
) -> Page:
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        page = kpis.page(connection, actor, request, project_id=project, category=category)
    return replace(page, items=[*map(with_profile, page.items)])


def get_kpi(runtime: Runtime, actor: Actor, kpi_id: str) -> Record:
    with runtime.store.reading() as connection:
        return with_profile(kpi_for(connection, actor, kpi_id)[0])


def with_profile(kpi: Record) -> Record:
    """A KPI with its `profile`: whether it is `complete`, and the fields that are `missing`."""
    left = missing(kpi)
    return {**kpi, "profile": {"complete": not left, "missing": list(left)}}


def add_kpi(runtime: Runtime, actor: Actor, fields: dict[str, Any], *, now: datetime) -> Record:
    """Adds a KPI to a project. `fields` needs `id`, `project` and `name`; what is left out comes from
    the template that is named, if one is.

    Raises Duplicate, BaselineFrozen where the plan was agreed already, NotAllowed, NotFound, and
    InvalidInput for what cannot be so.
    """
    values = {**DEFAULTS, **filled(template_of(runtime, fields.get("template")), fields)}
    with runtime.store.writing() as connection:
        lock_named(connection, actor, values)
        project = project_for(connection, actor, fields["project"], lock=True)
        require(actor, Permission.EDIT_KPI, project)
        if project["baseline_frozen_at"] is not None:
            raise frozen(project, "The plan was agreed at a gate, and a new KPI would change it")
        write_new(connection, actor, values, now)
    return get_kpi(runtime, actor, fields["id"])


def write_new(
    connection: Connection,
    actor: Actor,
    values: dict[str, Any],
    now: datetime,
    *,
    seen_by: Actor | None = None,
) -> None:
    """Adds a KPI with all its values to a project that the caller has locked, where it can be so.

    KPIs that it names are looked for among those that `seen_by` may see: who asked for it, where that
    is another than the actor. Raises Duplicate, InvalidInput.
    """
    taken = Duplicate(f"There is a KPI '{values['id']}' already.", kpi=values["id"])
    if kpis.find(connection, values["id"]) is not None:
        raise taken
    values = settled(connection, seen_by or actor, values)
    refuse_wrong(connection, seen_by or actor, values)
    refuse_supports(connection, values["supports"])
    with refused_if_taken(taken):
        kpis.add(connection, values, now)
    record_event(connection, values["project"], actor, "kpi.added", values, now)


def change_kpi(
    runtime: Runtime,
    actor: Actor,
    kpi_id: str,
    fields: dict[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Writes the fields that differ.

    Raises BaselineFrozen, StaleVersion, NotAllowed, NotFound, and InvalidInput for what cannot be so,
    and for a cadence that the stored values do not have.
    """
    template_of(runtime, fields.get("template"))
    with runtime.store.writing() as connection:
        lock_named(connection, actor, {**kpi_for(connection, actor, kpi_id)[0], **fields})
        found, project = kpi_for(connection, actor, kpi_id, lock=True)
        require(actor, Permission.EDIT_KPI, project)
        check_version(found, version)
        wanted = settled(connection, actor, {**found, **fields}, fields)
        refuse_frozen(project, changed_fields(found, wanted, EDITABLE))
        write_changed(connection, actor, found, wanted, now)
    return get_kpi(runtime, actor, kpi_id)


def write_changed(
    connection: Connection,
    actor: Actor,
    found: Record,
    wanted: Record,
    now: datetime,
    *,
    seen_by: Actor | None = None,
    **also: Any,
) -> None:
    """Writes the fields in which `wanted`, settled, differs from the KPI as it was found, where it can be
    so. The caller has locked the project; `also` goes into the event, `seen_by` as for `write_new`.
    """
    changes = changed_fields(found, wanted, EDITABLE)
    refuse_wrong(connection, seen_by or actor, wanted, before=found)
    if "supports" in changes:
        refuse_supports(connection, wanted["supports"])
    if "cadence" in changes:
        _refuse_off_cadence(connection, found["project"], found["id"], Cadence(wanted["cadence"]))
    if changes:
        new = {name: wanted[name] for name in changes}
        kpis.change(connection, found["id"], found["version"], new)
        told = {"kpi": found["id"], "changes": changes, **also}
        record_event(connection, found["project"], actor, "kpi.changed", told, now)


def off_cadence(cadence: Cadence, periods: Iterable[date]) -> list[date]:
    """The periods that do not end one of this cadence, in order.

    Stored values of another cadence would meet in one period, and no sweep could tell them apart.
    """
    return sorted(period for period in periods if not is_period_end(cadence, period))


def _refuse_off_cadence(
    connection: Connection, project_id: str, kpi_id: str, cadence: Cadence
) -> None:
    known = {project_id}
    stored = (
        *readings.in_force(connection, known),
        *readings.planned_in_force(connection, known),
    )
    off = off_cadence(cadence, (period for kpi, period in stored if kpi == kpi_id))
    if off:
        raise InvalidInput(
            "The cadence cannot be changed: there are values of another one.",
            errors={
                "cadence": [f"{off[0].isoformat()} has a value and ends no {cadence.value} period"]
            },
        )


def refuse_frozen(project: Record, changes: dict[str, Any]) -> None:
    """Raises BaselineFrozen if a change touches what the project's gate froze."""
    touched = sorted(FROZEN & changes.keys())
    if touched and project["baseline_frozen_at"] is not None:
        were = "was" if len(touched) == 1 else "were"
        raise frozen(project, f"{', '.join(touched)} {were} agreed at a gate", fields=touched)
