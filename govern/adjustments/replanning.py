"""Planned values anew: moved by some periods, or laid along a forecast."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from govern.adjustments.shifting import end_after
from govern.adjustments.standing import Benefit
from govern.domain.measures import CONTEXT
from govern.domain.period import ends_between
from govern.domain.worth import last_judged


def shifted(benefit: Benefit, today: date, count: int) -> dict[date, Decimal]:
    """What is planned and not yet judged, so many periods later, as far as it differs from the plan.

    In the periods between nothing is added to a cumulative KPI, and any other stays where its plan was.
    A composite has no plan of its own.
    """
    measured, cadence = benefit.measured, benefit.measured.cadence
    planned = measured.planned
    judged = last_judged(measured, today)
    to_come = [day for day in planned if day > judged]
    if benefit.inputs or not to_come:
        return {}
    before = max((day for day in planned if day <= judged), default=None)
    stays = Decimal(0) if measured.cumulative else measured.baseline
    if before is not None and not measured.cumulative:
        stays = planned[before]
    if stays is None:
        return {}
    begins = min(to_come)
    found = dict.fromkeys(
        ends_between(cadence, begins, end_after(cadence, begins, count - 1)), stays
    )
    found |= {end_after(cadence, day, count): planned[day] for day in to_come}
    return {day: value for day, value in sorted(found.items()) if planned.get(day) != value}


def along_forecast(benefit: Benefit) -> dict[date, Decimal]:
    """The forecast as a plan; nothing where it rests on figures that are missing."""
    found = benefit.forecast
    if benefit.inputs or found.estimated:
        return {}
    if not benefit.measured.cumulative:
        return {step.period: step.value for step in found.path}
    before = benefit.reported
    planned: dict[date, Decimal] = {}
    for step in found.path:
        planned[step.period] = CONTEXT.subtract(step.value, before)
        before = step.value
    return planned


def plan_change(kpi: str, planned: Mapping[date, Decimal]) -> dict[str, Any]:
    """As a change of a scope change."""
    return {
        "kind": "plan",
        "kpi": kpi,
        "planned": [{"period": day, "planned": value} for day, value in planned.items()],
    }
