"""The plain reading of the history functions, from the definitions: one row and those before it."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from govern.domain.kpi import Direction
from govern.domain.measures import LOWER_IS_BETTER
from govern.language.meaning import Value
from govern.language.numbers import quotient, sum_of_two

Past = Callable[[int], Value]
"""A value so many periods before; `None` where it is unknown or was before the first period."""


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


def _sign(direction: Value) -> Decimal | None:
    if direction in {Direction.INCREASE, Direction.AT_LEAST}:
        return Decimal(1)
    return Decimal(-1) if direction in LOWER_IS_BETTER else None
