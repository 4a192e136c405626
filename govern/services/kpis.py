"""KPIs: list, read, add, change — until a gate has frozen the baseline."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import BaselineFrozen, Duplicate
from govern.domain.role import Permission
from govern.services.access import check_version, kpi_for, project_for, require
from govern.services.changes import changed_fields
from govern.services.ledger import record_event
from govern.services.runtime import Runtime
from govern.store import kpis
from govern.store.paging import Page, PageRequest

FROZEN = frozenset(
    {
        "direction",
        "baseline",
        "baseline_on",
        "target",
        "target_on",
        "cumulative",
        "aggregation",
        "unit",
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
        if kpis.find(connection, fields["id"]) is not None:
            raise Duplicate(f"There is a KPI '{fields['id']}' already.", kpi=fields["id"])
        values = {**DEFAULTS, **fields}
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
    """Writes the fields that differ. Raises BaselineFrozen, StaleVersion, NotAllowed, NotFound."""
    with runtime.store.writing() as connection:
        found, project = kpi_for(connection, actor, kpi_id, lock=True)
        require(actor, Permission.EDIT_KPI, project)
        check_version(found, version)
        changes = changed_fields(found, fields, EDITABLE)
        refuse_frozen(project, changes)
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
