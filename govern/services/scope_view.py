"""A scope change as it is told: what it does, who has voted how, and what is still needed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.record import Record
from govern.services import plan_differences, scope_deciders, scope_effects
from govern.services.effects import effects_of
from govern.services.runtime import Runtime
from govern.services.scope_subjects import What
from govern.store import people, scope_changes


def view(
    runtime: Runtime, connection: Connection, found: Record, project: Record, now: datetime
) -> Record:
    cast = scope_changes.votes(connection, found["id"])
    named = people.names(
        connection,
        {
            found["proposed_by"],
            *found["amended_by"],
            *(each["recorded_by"] for each in cast),
            *(each["for_person_id"] for each in cast if each["for_person_id"]),
        },
    )
    is_open = found["state"] == scope_changes.OPEN
    process = runtime.catalog.process(connection, project["workflow_digest"])
    return {
        **found,
        "changes": [_said(each) for each in found["changes"]],
        **done(project["id"], found["changes"]),
        "expected": effects_of(connection, scope_change=found["id"]),
        "proposed_by_name": named.get(found["proposed_by"]),
        "amended_by_names": [named.get(each, each) for each in found["amended_by"]],
        "votes": [
            {
                **each,
                "person": named.get(each["recorded_by"]),
                "for_person": named.get(each["for_person_id"]) if each["for_person_id"] else None,
                "counts": each["revision"] == found["revision"],
            }
            for each in cast
        ],
        "missing": (
            scope_deciders.missing(connection, found, project, process.workflow, cast, now)
            if is_open
            else []
        ),
        "changed": (
            scope_effects.changed_since(connection, project["id"], found["changes"], now.date())
            if is_open
            else []
        ),
        "receipt": None,
    }


def done(project_id: str, changes: Sequence[scope_effects.Kept]) -> dict[str, Any]:
    """What becomes of each KPI (`effects`), of each deliverable (`deliverables`) and of the project
    (`terms`), and what of the KPIs is lost, and by which kind of change (`lost`)."""
    deliverables = scope_effects.sides(project_id, changes, What.DELIVERABLE)
    terms = scope_effects.sides(project_id, changes, What.PROJECT)
    return {
        "effects": plan_differences.told(scope_effects.effects(project_id, changes)),
        "deliverables": [
            plan_differences.deliverable_told(each, *sides) for each, sides in deliverables.items()
        ],
        "terms": [
            each for sides in terms.values() for each in plan_differences.fields_told(*sides)
        ],
        "lost": [
            {"change": change["kind"], **_lost(each)}
            for change in changes
            for each in change.get("lost", ())
        ],
    }


def _lost(kept: Mapping[str, Any]) -> dict[str, Any]:
    figures = ("share", "promised", "forecast")
    return {
        **kept,
        **{name: None if kept[name] is None else Decimal(kept[name]) for name in figures},
    }


def _said(change: Mapping[str, Any]) -> dict[str, Any]:
    fields, planned, until = change.get("fields"), change.get("planned"), change.get("until")
    return {
        "kind": change["kind"],
        "kpi": change.get("kpi"),
        "deliverable": change.get("deliverable"),
        "fields": None if fields is None else plan_differences.in_words(fields),
        "planned": None
        if planned is None
        else [
            {
                "period": date.fromisoformat(each["period"]),
                "planned": Decimal(each["planned"]),
            }
            for each in planned
        ],
        "until": None if until is None else date.fromisoformat(until),
    }
