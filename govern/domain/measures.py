"""What a KPI achieved: attainment, progress and variance, by the direction that is good.

All numbers belong to one KPI and one period. `None` means unknown: unknown in, unknown out.
A cumulative KPI passes its sums to date instead of the period's own values.

Attainment is a ratio of two distances in the good direction. Where the plan to date is not on the
good side (an increase planned to dip first, a level planned below zero), the ratio would show a
worse result as a higher attainment, so attainment is unknown there; variance still tells.
The column reading of the same formulas is `govern.observation.measures`.
"""

from decimal import ROUND_FLOOR, Context, Decimal
from enum import StrEnum

from govern.domain.kpi import Direction, ToleranceIn

CONTEXT = Context(prec=34)
"""IEEE 754 decimal128 precision, as FEEL computes (OMG DMN 1.5, 10.3.2.3.1)."""

PLACES = 9
"""Decimal places a ratio keeps, so that exactly 80 % is not below 80 %."""

LOWER_IS_BETTER = frozenset({Direction.DECREASE, Direction.AT_MOST})
LEVELS = frozenset({Direction.AT_LEAST, Direction.AT_MOST})
"""Directions that hold a level instead of moving from a baseline to a target."""


class Band(StrEnum):
    """Where a result lies by the KPI's own tolerances."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


_UNIT = Decimal(1).scaleb(-PLACES)
_HALF = Decimal("0.5")


def rounded(value: Decimal) -> Decimal:
    """`value` to 9 decimal places, half up towards +∞: floor(x·10⁹ + ½) / 10⁹."""
    units = CONTEXT.add(CONTEXT.scaleb(value, PLACES), _HALF)
    whole = units.to_integral_value(ROUND_FLOOR, CONTEXT)
    return CONTEXT.multiply(whole, _UNIT)


def ratio(numerator: Decimal, divisor: Decimal) -> Decimal | None:
    """The quotient to 9 places; `None` where the divisor is 0."""
    return None if divisor == 0 else rounded(CONTEXT.divide(numerator, divisor))


def attainment(
    direction: Direction | None,
    baseline: Decimal | None,
    planned: Decimal | None,
    actual: Decimal | None,
) -> Decimal | None:
    """Value realised against value planned to date, as a share (1 = as planned), to 9 places.

    - increase, milestone: (actual − baseline) / (planned − baseline); actual / planned without one
    - decrease: the same with a baseline; planned / actual without one
    - at_least: actual / planned; at_most: planned / actual, whatever the baseline

    `None` without a direction, where an input is missing, where the divisor is 0, and where the
    ratio would be reversed (see the module).
    """
    if direction is None or planned is None or actual is None:
        return None
    lower_is_better = direction in LOWER_IS_BETTER
    if baseline is None or direction in LEVELS:
        reverses = planned < 0 or (lower_is_better and actual < 0)
        parts = (planned, actual) if lower_is_better else (actual, planned)
    else:
        reverses = planned > baseline if lower_is_better else planned < baseline
        parts = (CONTEXT.subtract(actual, baseline), CONTEXT.subtract(planned, baseline))
    return None if reverses else ratio(*parts)


def progress(
    direction: Direction | None,
    baseline: Decimal | None,
    target: Decimal | None,
    actual: Decimal | None,
) -> Decimal | None:
    """The share of the whole promise, (actual − baseline) / (target − baseline), to 9 places.

    Never clamped: below 0 the KPI is worse than it began, above 1 the promise is surpassed. A level
    to hold has no way from a baseline to a target, so `at_least` and `at_most` have no progress;
    nor has a KPI without a direction.
    """
    if direction is None or direction in LEVELS:
        return None
    if baseline is None or target is None or actual is None:
        return None
    return ratio(CONTEXT.subtract(actual, baseline), CONTEXT.subtract(target, baseline))


def variance(
    direction: Direction | None, planned: Decimal | None, actual: Decimal | None
) -> Decimal | None:
    """actual − planned, in the KPI's unit, signed so that positive is good; exact, not rounded."""
    if direction is None or planned is None or actual is None:
        return None
    if direction in LOWER_IS_BETTER:
        return CONTEXT.subtract(planned, actual)
    return CONTEXT.subtract(actual, planned)


def band(
    variance: Decimal | None,
    planned: Decimal | None,
    tolerance: Decimal | None,
    tolerance_red: Decimal | None,
    tolerance_in: ToleranceIn = ToleranceIn.SHARE,
) -> Band | None:
    """How far a variance lies within the tolerances; a miss of exactly a tolerance is within it.

    Tolerances are shares of the planned value, to 9 places, or numbers of the KPI's unit. Without
    `tolerance_red` whatever is beyond `tolerance` is amber. `None` where the variance or the
    tolerance is unknown.
    """
    if variance is None or tolerance is None or planned is None:
        return None

    def beyond(limit: Decimal) -> bool:
        allowed = limit
        if tolerance_in is ToleranceIn.SHARE:
            allowed = rounded(CONTEXT.multiply(limit, abs(planned)))
        return -variance > allowed

    if not beyond(tolerance):
        return Band.GREEN
    return Band.RED if tolerance_red is not None and beyond(tolerance_red) else Band.AMBER
