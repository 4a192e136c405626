"""What the figures of one KPI are worth: promised, planned to date, realised, in money or as attainment.

A figure is worth what it gained against the baseline, in the direction that is good, times the KPI's
scale and the share that the project may claim, exchanged into one currency:

- promised: target − baseline, at the rate of the day that is asked about;
- planned to date and realised: for a cumulative KPI the sum of its periods up to the last judged one,
  each at the rate of its own last day, less the baseline; else the last judged period's value;
- a KPI of which lower is better gains baseline − value; a disbenefit loses value − baseline, whatever
  its direction: its figures are the size of the drawback.

A cumulative KPI without a baseline counts from nothing; any other without one gains nobody knows what.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from govern.domain import measures
from govern.domain.kpi import Direction
from govern.domain.measures import CONTEXT, LOWER_IS_BETTER
from govern.domain.period import Cadence, ends_between, last_completed, period_end

Exchange = Callable[[date], Decimal | None]
"""The rate of a day into the currency that is asked for; `None` where there is none."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One KPI as known on a day: its profile, and its values by the last day of their period."""

    id: str
    direction: Direction | None
    baseline: Decimal | None
    target: Decimal | None
    cadence: Cadence
    lag_days: int
    cumulative: bool
    disbenefit: bool
    scale: Decimal
    attribution: Decimal | None
    planned: Mapping[date, Decimal]
    actual: Mapping[date, Decimal]


class Per(StrEnum):
    """What an amount is an amount of: of all periods to date, or of one period."""

    TO_DATE = "to_date"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


PER = {
    Cadence.WEEKLY: Per.WEEK,
    Cadence.MONTHLY: Per.MONTH,
    Cadence.QUARTERLY: Per.QUARTER,
    Cadence.HALF_YEARLY: Per.HALF_YEAR,
    Cadence.YEARLY: Per.YEAR,
}


@dataclass(frozen=True, slots=True)
class Worth:
    """A value, or why it is unknown."""

    value: Decimal | None
    why: str | None = None


def unknown(why: str) -> Worth:
    return Worth(None, why)


def per(kpi: Measured) -> Per:
    """Amounts of one period are not added to amounts of all, nor those of a month to a quarter's."""
    return Per.TO_DATE if kpi.cumulative else PER[kpi.cadence]


def last_judged(kpi: Measured, at: date) -> date:
    """The last period that ended by `at` and is reported, or due by its end and reporting lag."""
    due = last_completed(kpi.cadence, at - timedelta(days=max(kpi.lag_days, 0)))
    ended = last_completed(kpi.cadence, at)
    return max([due, *(day for day in kpi.actual if day <= ended)])


def judged_periods(kpi: Measured, at: date) -> tuple[date, ...]:
    """What counts up to the last judged period: all from the first with a value, or that one alone."""
    last = last_judged(kpi, at)
    if not kpi.cumulative:
        return (last,)
    valued = [day for day in (*kpi.planned, *kpi.actual) if day <= last]
    return ends_between(kpi.cadence, min(valued, default=last), last)


def promised(kpi: Measured, at: date, exchange: Exchange) -> Worth:
    if kpi.target is None:
        return unknown("no target")
    return _gained(kpi, kpi.target, at, exchange)


def planned_to_date(kpi: Measured, at: date, exchange: Exchange) -> Worth:
    return _to_date(kpi, kpi.planned, "planned value", at, exchange)


def realised(kpi: Measured, at: date, exchange: Exchange) -> Worth:
    return _to_date(kpi, kpi.actual, "figure", at, exchange)


def expected(kpi: Measured, completion: Decimal, at: date, exchange: Exchange) -> Worth:
    """What a value at completion is worth: what is realised as it is, the rest at the rate of `at`."""
    so_far = [
        (day, kpi.actual[day])
        for day in (judged_periods(kpi, at) if kpi.cumulative else ())
        if day in kpi.actual
    ]
    rest = completion
    for _, value in so_far:
        rest = CONTEXT.subtract(rest, value)
    return _summed(kpi, [*so_far, (at, rest)], at, exchange)


def attained(kpi: Measured, at: date) -> Worth:
    """The attainment of the last judged period, as a rule sees it."""
    if kpi.direction is None:
        return unknown("no direction")
    periods = judged_periods(kpi, at)
    sums: list[Decimal] = []
    for values, what in ((kpi.planned, "planned value"), (kpi.actual, "figure")):
        missing = [day for day in periods if day not in values]
        if missing:
            return unknown(_missing(what, missing))
        sums.append(_plain_sum([values[day] for day in periods]))
    found = measures.attainment(kpi.direction, kpi.baseline, *sums)
    return (
        unknown("the plan does not lead in the good direction") if found is None else Worth(found)
    )


def _to_date(
    kpi: Measured, values: Mapping[date, Decimal], what: str, at: date, exchange: Exchange
) -> Worth:
    periods = judged_periods(kpi, at)
    missing = [day for day in periods if day not in values]
    if missing:
        return unknown(_missing(what, missing))
    return _summed(kpi, [(day, values[day]) for day in periods], periods[-1], exchange)


def _missing(what: str, days: list[date]) -> str:
    more = f" and {len(days) - 1} more" if len(days) > 1 else ""
    return f"no {what} for {days[0].isoformat()}{more}"


def _gained(kpi: Measured, value: Decimal, on: date, exchange: Exchange) -> Worth:
    return _summed(kpi, [(on, value)], on, exchange)


def _summed(
    kpi: Measured, values: list[tuple[date, Decimal]], on: date, exchange: Exchange
) -> Worth:
    """The values, each at the rate of its day, less the baseline at that of `on`, in the good direction."""
    baseline = kpi.baseline
    if baseline is None:
        if not kpi.cumulative and not kpi.disbenefit:
            return unknown("no baseline")
        baseline = Decimal(0)
    if kpi.direction is None and not kpi.disbenefit:
        return unknown("no direction")
    total = Decimal(0)
    for day, value in [*values, *([(on, -baseline)] if baseline else [])]:
        rate = exchange(day)
        if rate is None:
            return unknown(f"no exchange rate for {day.isoformat()}")
        total = CONTEXT.add(total, CONTEXT.multiply(value, rate))
    claimed = CONTEXT.multiply(
        kpi.scale, kpi.attribution if kpi.attribution is not None else Decimal(1)
    )
    worth = CONTEXT.multiply(total, claimed)
    return Worth(-worth if kpi.disbenefit or kpi.direction in LOWER_IS_BETTER else worth)


def _plain_sum(values: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = CONTEXT.add(total, value)
    return total


def completion(
    cadence: Cadence,
    target_on: date | None,
    project_end: date | None,
    planned: Mapping[date, Decimal],
) -> tuple[date | None, str | None]:
    """The last day of the period of completion, and where it is from."""
    for day, source in (
        (target_on, "target_on"),
        (project_end, "project_end"),
        (max(planned, default=None), "last_planned_period"),
    ):
        if day is not None:
            return period_end(cadence, day), source
    return None, None
