"""KPIs: list, read, add, change — until a gate has frozen the baseline."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.period import Cadence, is_period_end
from govern.domain.record import Record
from govern.domain.refusal import BaselineFrozen, Duplicate, InvalidInput
from govern.domain.role import Permission
from govern.services.access import check_version, kpi_for, project_for, require
from govern.services.changes import changed_fields
from govern.services.ledger import record_event
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
        return kpis.page(connection, actor, request, project_id=project, category=category)


def get_kpi(runtime: Runtime, actor: Actor, kpi_id: str) -> Record:
    with runtime.store.reading() as connection:
        return kpi_for(connection, actor, kpi_id)[0]


def add_kpi(runtime: Runtime, actor: Actor, fields: dict[str, Any], *, now: datetime) -> Record:
    """Adds a KPI to a project. `fields` needs `id`, `project` and `name`.

    Raises Duplicate, BaselineFrozen where the plan was agreed already, NotAllowed, NotFound.
    """
    with runtime.store.writing() as connection:
        project = project_for(connection, actor, fields["project"], lock=True)
        require(actor, Permission.EDIT_KPI, project)
        if project["baseline_frozen_at"] is not None:
            raise BaselineFrozen(
                "The plan was agreed at a gate: a new KPI needs an approved scope change.",
                frozen_at=project["baseline_frozen_at"],
            )
        values = {**DEFAULTS, **fields}
        with refused_if_taken(
            Duplicate(f"There is a KPI '{values['id']}' already.", kpi=values["id"])
        ):
            kpis.add(connection, values, now)
        record_event(connection, project["id"], actor, "kpi.added", values, now)
    return get_kpi(runtime, actor, fields["id"])


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

    Raises BaselineFrozen, StaleVersion, NotAllowed, NotFound, and InvalidInput for a cadence that
    the stored values do not have.
    """
    with runtime.store.writing() as connection:
        found, project = kpi_for(connection, actor, kpi_id, lock=True)
        require(actor, Permission.EDIT_KPI, project)
        check_version(found, version)
        changes = changed_fields(found, fields, EDITABLE)
        refuse_frozen(project, changes)
        if "cadence" in changes:
            _refuse_off_cadence(connection, project, kpi_id, Cadence(fields["cadence"]))
        if changes:
            kpis.change(
                connection, kpi_id, found["version"], {name: fields[name] for name in changes}
            )
            record_event(
                connection,
                project["id"],
                actor,
                "kpi.changed",
                {"kpi": kpi_id, "changes": changes},
                now,
            )
    return get_kpi(runtime, actor, kpi_id)


def off_cadence(cadence: Cadence, periods: Iterable[date]) -> list[date]:
    """The periods that do not end one of this cadence, in order.

    Stored values of another cadence would meet in one period, and no sweep could tell them apart.
    """
    return sorted(period for period in periods if not is_period_end(cadence, period))


def _refuse_off_cadence(
    connection: Connection, project: Record, kpi_id: str, cadence: Cadence
) -> None:
    known = {project["id"]}
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
        raise BaselineFrozen(
            f"{', '.join(touched)} {'was' if len(touched) == 1 else 'were'} agreed at a gate: "
            "changing it needs an approved scope change.",
            fields=touched,
            frozen_at=project["baseline_frozen_at"],
        )
