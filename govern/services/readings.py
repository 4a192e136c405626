"""Readings and planned values: one or many at a time, never overwritten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.role import Permission
from govern.services import plans
from govern.services.access import kpi_for, require
from govern.services.frozen import frozen
from govern.services.recording import Wrong, judge, write
from govern.services.runtime import Runtime
from govern.store import readings
from govern.store.paging import Page, PageRequest

MOST_AT_ONCE = 10_000
STATES = readings.STATES


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
    runtime: Runtime, actor: Actor, reported: Sequence[Record], *, now: datetime
) -> list[Record]:
    """Records readings, all or none; returns one result per reading in the order given.

    Each has `kpi`, `period`, `actual` (`None` where there is no figure) and optionally
    `reported_on`, `note`, `reason`, `confidence`, `link` and `origin`. One that says what is in force
    already is `unchanged`. Raises
    InvalidInput naming every reading that cannot be taken and why, NotFound, NotAllowed.
    """
    _require_few(reported)
    with runtime.store.writing() as connection:
        judged = judge(connection, actor, reported, today=now.date())
        refusals = {each.kpi: each.refusal for each in judged if each.refusal is not None}
        if refusals:
            raise min(refusals.items(), key=lambda each: str(each[0]))[1]
        errors = {
            f"readings.{index}.{name}": problems
            for index, each in enumerate(judged)
            if each.twin is None or each.twin < index
            for name, problems in each.errors.items()
        }
        if errors:
            raise InvalidInput("No reading was recorded: some cannot be taken.", errors=errors)
        write(connection, actor, judged, now=now)
    return [each.result for each in judged]


def record_each(
    runtime: Runtime, actor: Actor, reported: Sequence[Record | Wrong], *, now: datetime
) -> list[Record]:
    """As `record_readings`, row by row: those that can be taken are recorded in one transaction.

    One that cannot be is `refused`, with its `errors`: field → what is wrong with it. Raises
    InvalidInput for more than `MOST_AT_ONCE`.
    """
    _require_few(reported)
    with runtime.store.writing() as connection:
        judged = judge(connection, actor, reported, today=now.date())
        write(connection, actor, judged, now=now)
    return [each.result for each in judged]


def _require_few(reported: Sequence[Any]) -> None:
    if len(reported) > MOST_AT_ONCE:
        raise InvalidInput(
            "Too many readings at once.", errors={"readings": [f"at most {MOST_AT_ONCE}"]}
        )


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
        new = plans.fresh(connection, kpi, plans.check(kpi, planned))
        if new and project["baseline_frozen_at"] is not None:
            raise frozen(project, "The trajectory was agreed at a gate")
        plans.write(connection, actor, kpi, new, now)
    return len(new)
