"""The plain reading of the history functions, from the definitions: one row and those before it."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from govern.domain.kpi import Direction
from govern.domain.measures import LOWER_IS_BETTER
from govern.language.meaning import Value
from govern.language.numbers import (
    billionths,
    deviation,
    quotient,
    share_of_billionths,
    sum_of_two,
    total,
)

Past = Callable[[int], Value]
"""A value so many periods before; `None` where it is unknown or was before the first period."""
LINE = 6
"""Periods through whose attainments a forecast's line is laid."""
LEAST_KNOWN = 3
"""How many of them must be known."""


def trend(actual: Past, direction: Value, count: int) -> Value:
    sign = _sign(direction)
    numbers = [number for back in range(count) if isinstance(number := actual(back), Decimal)]
    if sign is None or len(numbers) < count:
        return None
    steps = [sign * (after - before) for after, before in pairwise(numbers)]
    if all(step >= 0 for step in steps) and any(steps):
        return "rising"
    return "falling" if all(step <= 0 for step in steps) and any(steps) else "flat"


def change(actual: Past, direction: Value, count: int) -> Value:
    sign = _sign(direction)
    now, before = actual(0), actual(count)
    if sign is None or not isinstance(now, Decimal) or not isinstance(before, Decimal):
        return None
    if before == 0:
        return None
    difference = sum_of_two(now, -before)
    return None if difference is None else quotient(difference * sign, abs(before))


def streak(condition: Past, periods: int) -> Value:
    """`periods`: how many there are up to this one."""
    counted = 0
    for back in range(periods):
        held = condition(back)
        if held is False:
            break
        counted += held is True
    return Decimal(counted)


def average(past: Past, count: int) -> Value:
    """The mean of the last `count` values."""
    numbers = _numbers(past, count)
    return total(numbers, count) if len(numbers) == count else None


def volatility(past: Past, count: int) -> Value:
    """The population standard deviation of the last `count` values."""
    mean = average(past, count)
    return deviation(_numbers(past, count), mean) if isinstance(mean, Decimal) else None


def forecast(attainment: Past, ahead: int) -> Value:
    """The line of least squares through the known of the last `LINE` attainments, so far ahead.

    With t = 0 now and −1 a period ago, n known points (t, a), and Σ over them: slope =
    (n·Σta − Σt·Σa) / (n·Σt² − (Σt)²) and value at 0 = (Σt²·Σa − Σt·Σta) / (n·Σt² − (Σt)²).
    """
    points = [
        (-back, whole)
        for back in range(LINE)
        if isinstance(known := attainment(back), Decimal)
        and (whole := billionths(known)) is not None
    ]
    if len(points) < LEAST_KNOWN:
        return None
    times, values = sum(t for t, _ in points), sum(a for _, a in points)
    squares, products = sum(t * t for t, _ in points), sum(t * a for t, a in points)
    spread = len(points) * squares - times * times
    slope = len(points) * products - times * values
    return share_of_billionths(squares * values - times * products + slope * ahead, spread)


def _numbers(past: Past, count: int) -> list[Decimal]:
    return [number for back in range(count) if isinstance(number := past(back), Decimal)]


def _sign(direction: Value) -> Decimal | None:
    if direction in {Direction.INCREASE, Direction.AT_LEAST}:
        return Decimal(1)
    return Decimal(-1) if direction in LOWER_IS_BETTER else None
