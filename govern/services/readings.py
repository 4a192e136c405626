"""Readings and planned values: one or many at a time, never overwritten."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.period import Cadence, is_period_end, period_end
from govern.domain.reading import PlannedValue, Reading
from govern.domain.record import Record
from govern.domain.refusal import BaselineFrozen, InvalidInput
from govern.domain.role import Permission
from govern.services.access import kpi_for, require
from govern.services.ledger import record_event
from govern.services.runtime import Runtime
from govern.store import readings
from govern.store.paging import Page, PageRequest

MOST_AT_ONCE = 10_000
STATES = readings.STATES
SAID = ("actual", "reported_on", "note", "confidence", "link")
"""What makes a reading another than the one before it."""


def list_readings(
    runtime: Runtime,
    actor: Actor,
    kpi_id: str,
    request: PageRequest,
    *,
    history: bool = False,
    state: str | None = None,
) -> Page:
    """The readings in force of a KPI; with `history` every one that was ever recorded.

    `state`: only those that are `provisional`, or `validated`.
    """
    with runtime.store.reading() as connection:
        kpi_for(connection, actor, kpi_id)
        return readings.page(connection, request, kpi_id, history=history, state=state)


def record_readings(
    runtime: Runtime, actor: Actor, reported: Sequence[dict[str, Any]], *, now: datetime
) -> list[Record]:
    """Records readings, all or none; returns one result per reading in the order given.

    Each has `kpi`, `period`, `actual` (`None` where there is no figure) and optionally
    `reported_on`, `note`, `reason`, `confidence`, `link` and `origin`. One that says what is in force
    already is `unchanged`. Raises
    InvalidInput naming every reading that cannot be taken and why, NotFound, NotAllowed.
    """
    if len(reported) > MOST_AT_ONCE:
        raise InvalidInput(
            "Too many readings at once.", errors={"readings": [f"at most {MOST_AT_ONCE}"]}
        )
    with runtime.store.writing() as connection:
        owners = _projects_of(connection, actor, reported)
        errors: dict[str, list[str]] = {}
        seen: dict[tuple[str, date], int] = {}
        for index, each in enumerate(reported):
            kpi, _ = owners[each["kpi"]]
            problem = _problem_with(each, kpi, now.date())
            first = seen.setdefault((each["kpi"], each["period"]), index)
            if problem is None and first != index:
                problem = f"the period stands twice: reading {first} has it too"
            if problem is not None:
                errors[f"readings.{index}.period"] = [problem]
        if errors:
            raise InvalidInput("No reading was recorded: some cannot be taken.", errors=errors)
        results: list[Record] = []
        fresh: dict[str, list[Reading]] = {}
        for each in reported:
            kpi, project = owners[each["kpi"]]
            in_force = readings.find(connection, kpi["id"], each["period"])
            status = _status(each, in_force)
            if status != "unchanged":
                fresh.setdefault(project["id"], []).append(_reading(each))
            results.append({"kpi": kpi["id"], "period": each["period"], "status": status})
        # In one order, so that two who report on the same projects do not wait for each other.
        for project_id, of_project in sorted(fresh.items()):
            ids = readings.add(connection, of_project, now, actor.person_id)
            record_event(
                connection,
                project_id,
                actor,
                "readings.recorded",
                {"readings": [*map(reading_fact, of_project, ids)]},
                now,
            )
    return results


def list_plan(runtime: Runtime, actor: Actor, kpi_id: str) -> list[Record]:
    """The trajectory in force of a KPI, in order of period."""
    with runtime.store.reading() as connection:
        _, project = kpi_for(connection, actor, kpi_id)
        planned = readings.planned_in_force(connection, {project["id"]})
    return [
        {"period": period, "planned": value}
        for (kpi, period), value in sorted(planned.items())
        if kpi == kpi_id
    ]


def record_plan(
    runtime: Runtime,
    actor: Actor,
    kpi_id: str,
    planned: Sequence[dict[str, Any]],
    *,
    now: datetime,
) -> int:
    """Sets planned values (`period`, `planned`) of a KPI's trajectory; returns how many are new.

    Raises BaselineFrozen once a gate has frozen the plan, InvalidInput, NotAllowed, NotFound.
    """
    with runtime.store.writing() as connection:
        kpi, project = kpi_for(connection, actor, kpi_id, lock=True)
        require(actor, Permission.EDIT_KPI, project)
        errors = {
            f"planned.{index}.period": [problem]
            for index, each in enumerate(planned)
            if (problem := _off_cadence(each["period"], kpi)) is not None
        }
        if errors:
            raise InvalidInput("No planned value was recorded.", errors=errors)
        in_force = readings.planned_in_force(connection, {project["id"]})
        wanted = {each["period"]: each["planned"] for each in planned}
        fresh = [
            PlannedValue(kpi_id, period, value)
            for period, value in sorted(wanted.items())
            if in_force.get((kpi_id, period)) != value
        ]
        if fresh and project["baseline_frozen_at"] is not None:
            raise BaselineFrozen(
                "The trajectory was agreed at a gate: changing it needs an approved scope change.",
                frozen_at=project["baseline_frozen_at"],
            )
        if fresh:
            ids = readings.add_planned(connection, fresh, now, actor.person_id)
            record_event(
                connection,
                project["id"],
                actor,
                "plan.recorded",
                {"planned": [*map(planned_fact, fresh, ids)]},
                now,
            )
    return len(fresh)


def reading_fact(reading: Reading, number: int) -> dict[str, Any]:
    """As an event tells a reading; `number` is that of its row."""
    return {
        "id": number,
        "kpi": reading.kpi_id,
        "period": reading.period,
        "actual": reading.actual,
        "reported_on": reading.reported_on,
        "note": reading.note,
        "reason": reading.reason,
        "confidence": reading.confidence,
        "link": reading.link,
        "origin": reading.origin,
    }


def planned_fact(planned: PlannedValue, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "kpi": planned.kpi_id,
        "period": planned.period,
        "planned": planned.planned,
    }


def _projects_of(
    connection: Connection, actor: Actor, reported: Sequence[dict[str, Any]]
) -> dict[str, tuple[Record, Record]]:
    owners: dict[str, tuple[Record, Record]] = {}
    for kpi_id in sorted({each["kpi"] for each in reported}):
        owners[kpi_id] = kpi_for(connection, actor, kpi_id)
        require(actor, Permission.RECORD_READING, owners[kpi_id][1])
    return owners


def _off_cadence(period: date, kpi: Record) -> str | None:
    cadence = Cadence(kpi["cadence"])
    if is_period_end(cadence, period):
        return None
    right = period_end(cadence, period)
    return (
        f"{period.isoformat()} does not end a {cadence.value} period; "
        f"the one it lies in ends on {right.isoformat()}"
    )


def _problem_with(each: dict[str, Any], kpi: Record, today: date) -> str | None:
    if each["period"] > today and each.get("actual") is not None:
        return f"the period ends after today, {today.isoformat()}: there can be no actual yet"
    return _off_cadence(each["period"], kpi)


def _status(each: dict[str, Any], in_force: Record | None) -> str:
    if in_force is None:
        return "recorded"
    same = all(in_force[name] == each.get(name) for name in SAID)
    return "unchanged" if same else "corrected"


def _reading(each: dict[str, Any]) -> Reading:
    return Reading(
        kpi_id=each["kpi"],
        period=each["period"],
        actual=each["actual"],
        reported_on=each.get("reported_on"),
        note=each.get("note"),
        reason=each.get("reason"),
        confidence=each.get("confidence"),
        link=each.get("link"),
        origin=each.get("origin"),
    )
