"""A plan brought nearer to its baseline by what reviews say of earlier forecasts.

Of a KPI's way from its baseline, so much is planned as came of those that were reviewed: the points of
the plan move to baseline + rate × (point − baseline), and the plan is drawn through them as before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from govern.domain.bias import adjusted
from govern.domain.plain import plain_decimal
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.trajectory import MORE_PLACES, Point
from govern.services.forecast_bias import By


@dataclass(frozen=True, slots=True)
class Way:
    """What a plan is drawn through: `points`, or the KPI's own baseline and target where there are none."""

    kpi: Mapping[str, Any]
    points: Sequence[Point]


def why_not(kpi: Mapping[str, Any], said: Record) -> str | None:
    """Why a plan of this KPI is not adjusted by what reviews say; None where it can be."""
    if said["why"] is not None:
        return said["why"]
    return "the KPI has no baseline to adjust towards" if kpi["baseline"] is None else None


def taken(kpi: Mapping[str, Any], bias: Sequence[Record], by: By) -> Record:
    """What reviews say by what was asked for. Raises InvalidInput where no plan is adjusted by it."""
    said = next((each for each in bias if each["by"] == by.value), None)
    why = f"the KPI has no {by.value}" if said is None else why_not(kpi, said)
    if said is None or why is not None:
        raise InvalidInput("The plan cannot be adjusted so.", errors={"adjust": [str(why)]})
    return said


def moved(way: Way, rate: Decimal) -> Way:
    """The way with its points, or its target, nearer to the baseline."""
    baseline = way.kpi["baseline"]
    points = [replace(each, value=_moved(each.value, baseline, rate)) for each in way.points]
    if points or way.kpi["target"] is None:
        return Way(way.kpi, points)
    return Way({**way.kpi, "target": _moved(way.kpi["target"], baseline, rate)}, points)


def _moved(value: Decimal, baseline: Decimal, rate: Decimal) -> Decimal:
    places = max(len(plain_decimal(each).partition(".")[2]) for each in (value, baseline))
    return adjusted(value, baseline, rate, places + MORE_PLACES)
