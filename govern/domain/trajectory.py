"""Trajectories: the value planned for each period, drawn through a few points.

All arithmetic is in exact fractions, so that the points are met exactly. A planned value is then rounded,
half to even, to two decimal places more than the points have: what runs between 0 and 1200 is planned in
hundredths, what runs between 0.10 and 0.25 in ten-thousandths. Rounding keeps the order of values, so
between points that rise nothing falls.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from govern.domain.period import Cadence, numbered_end, period_end, period_number
from govern.domain.plain import plain_decimal

MORE_PLACES = 2
MOST_PLACES = 18


class Shape(StrEnum):
    """How the plan runs from one point to the next.

    - `linear`: by as much every day.
    - `s_curve`: slowly at first and at the end, fastest between. The cubic through the points with a
      slope of zero at both ends; at a point between, the slope is the weighted harmonic mean of those
      beside it (F. N. Fritsch and J. Butland, A method for constructing local monotone piecewise cubic
      interpolants, SIAM J. Sci. Stat. Comput. 5, 1984). Between two points alone it is 3t² − 2t³.
    - `step`: stays at a point's value until the day of the next one.
    """

    LINEAR = "linear"
    S_CURVE = "s_curve"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Point:
    """So much is planned for this day; of a cumulative KPI, from the beginning to this day."""

    day: date
    value: Decimal


def fewest(shape: Shape) -> int:
    """How many points a shape takes at least."""
    return 1 if shape is Shape.STEP else 2


def trajectory(
    points: Sequence[Point],
    shape: Shape,
    cadence: Cadence,
    *,
    cumulative: bool = False,
    begins: date | None = None,
    ends: date | None = None,
    nothing_before: bool = False,
) -> dict[date, Decimal]:
    """Period end → planned value, for every period from the one that contains the first point to the
    one that contains the last, or of those from the one with `begins` to the one with `ends`.

    A period has the value of its last day, the last one at most the value of the last point. Of a
    cumulative KPI it has the increment: what the plan has grown by since the period before ended, and
    in the period of the first point all that was planned by then. The increments add up exactly, to the
    last value where they begin with the first point, else to what it has grown by; with
    `nothing_before` always to the last value. Raises `ValueError` for too few points and for two on
    one day.
    """
    known = sorted(points, key=lambda each: each.day)
    days = [each.day for each in known]
    if len(known) < fewest(shape) or len(set(days)) < len(days):
        raise ValueError("too few points, or two on one day")
    first = period_number(cadence, max(days[0], begins) if begins else days[0])
    last = period_number(cadence, min(days[-1], ends) if ends else days[-1])
    places = min(MORE_PLACES + max(_places(each.value) for each in known), MOST_PLACES)
    run = _Run(known, shape)

    def planned(day: date) -> Decimal:
        return _rounded(run.at(day), places)

    totals = {end: planned(end) for end in _ends(cadence, first, last)}
    if not cumulative or not totals:
        return totals
    before = Decimal(0)
    if not nothing_before and first > period_number(cadence, days[0]):
        before = planned(numbered_end(cadence, first - 1))
    increments: dict[date, Decimal] = {}
    for end, total in totals.items():
        increments[end] = _exactly(total, before, places)
        before = total
    return increments


def count_of(cadence: Cadence, first: date, last: date) -> int:
    """How many periods there are from the one of `first` to the one of `last`; none below 0."""
    return max(0, period_number(cadence, last) - period_number(cadence, first) + 1)


def after(cadence: Cadence, day: date) -> date:
    """The end of the first period that ends later than `day`."""
    end = period_end(cadence, day)
    return end if end > day else numbered_end(cadence, period_number(cadence, day) + 1)


class _Run:
    """The plan as a function of the day."""

    def __init__(self, points: Sequence[Point], shape: Shape) -> None:
        self._days = [each.day for each in points]
        self._at = [each.day.toordinal() for each in points]
        self._values = [Fraction(each.value) for each in points]
        self._shape = shape
        self._slopes = self._smooth() if shape is Shape.S_CURVE else []

    def at(self, day: date) -> Fraction:
        index = bisect_right(self._days, day) - 1
        if index < 0:
            return self._values[0]
        if self._shape is Shape.STEP or index == len(self._days) - 1:
            return self._values[index]
        width = self._at[index + 1] - self._at[index]
        share = Fraction(day.toordinal() - self._at[index], width)
        low, high = self._values[index], self._values[index + 1]
        if self._shape is Shape.LINEAR:
            return low + (high - low) * share
        rise, fall = self._slopes[index] * width, self._slopes[index + 1] * width
        square, cube = share * share, share * share * share
        return (
            (2 * cube - 3 * square + 1) * low
            + (cube - 2 * square + share) * rise
            + (3 * square - 2 * cube) * high
            + (cube - square) * fall
        )

    def _smooth(self) -> list[Fraction]:
        """The slope at each point: none at both ends and where the plan turns."""
        widths = [b - a for a, b in pairwise(self._at)]
        steps = [
            (b - a) / width
            for a, b, width in zip(self._values, self._values[1:], widths, strict=False)
        ]
        slopes = [Fraction(0)]
        for index in range(1, len(steps)):
            left, right = steps[index - 1], steps[index]
            if left * right <= 0:
                slopes.append(Fraction(0))
                continue
            of_left = 2 * widths[index] + widths[index - 1]
            of_right = widths[index] + 2 * widths[index - 1]
            slopes.append((of_left + of_right) / (of_left / left + of_right / right))
        return [*slopes, Fraction(0)]


def _ends(cadence: Cadence, first: int, last: int) -> Iterator[date]:
    return (numbered_end(cadence, number) for number in range(first, last + 1))


def _places(value: Decimal) -> int:
    return len(plain_decimal(value).partition(".")[2])


def _rounded(value: Fraction, places: int) -> Decimal:
    return Decimal(f"{round(value * 10**places)}E-{places}")


def _exactly(total: Decimal, before: Decimal, places: int) -> Decimal:
    """total − before, in whole numbers of the last place: the context's precision does not matter."""
    units = Fraction(total) - Fraction(before)
    return _rounded(units, places)
