"""The simple models: each lays a path through the periods to come, and says how far it may be off.

A path is told by the mean of each step and by the standard deviation of any weighted sum of its steps,
since a KPI that counts the period asks for one step and a cumulative one for the sum of all. Time is
the number of the period, so that periods without a figure are gaps and never zeros. Sums are exact
sums of floating-point numbers (`math.fsum`), which do not depend on an order.

Sources of the formulas: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition,
sections 5.2 and 5.5 (mean, naive and drift), 7.6 and 7.9 (regression); for weighted sums the same
variances follow from each model's errors, which are independent with one variance.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, sqrt
from typing import TypeAlias

from govern.forecasting.history import Series

Weights: TypeAlias = Sequence[float]
"""One weight per step from the first."""


@dataclass(frozen=True, slots=True)
class Path:
    """`means` has one value per step. `deviation` gives the standard deviation of the weighted sum of
    the steps. `freedom` is the degrees of freedom that the error's variance was estimated with."""

    means: tuple[float, ...]
    deviation: Callable[[Weights], float]
    freedom: int


def last_value(series: Series, steps: int) -> Path | None:
    """What was reported last goes on: a random walk. Naive method, 5.2 and 5.5."""
    indexes = series.indexes
    if len(indexes) < 2:
        return None
    squares = [(series.known[b] - series.known[a]) ** 2 / (b - a) for a, b in pairwise(indexes)]
    variance = fsum(squares) / len(squares)
    means = (series.known[indexes[-1]],) * steps
    return Path(means, lambda weights: sqrt(variance * _walked(weights)), len(squares))


def mean(series: Series, steps: int) -> Path | None:
    """The mean of what was reported goes on. 5.2 and 5.5."""
    values = list(series.known.values())
    count = len(values)
    if count < 2:
        return None
    middle = fsum(values) / count
    variance = fsum((value - middle) ** 2 for value in values) / (count - 1)

    def deviation(weights: Weights) -> float:
        return sqrt(variance * (_squared(weights) + fsum(weights) ** 2 / count))

    return Path((middle,) * steps, deviation, count - 1)


def drift(series: Series, steps: int) -> Path | None:
    """A random walk that moves on by the mean step from the first to the last figure. 5.2 and 5.5."""
    indexes = series.indexes
    if len(indexes) < 3:
        return None
    first, last = indexes[0], indexes[-1]
    span = last - first
    step = (series.known[last] - series.known[first]) / span
    squares = [
        (series.known[b] - series.known[a] - step * (b - a)) ** 2 / (b - a)
        for a, b in pairwise(indexes)
    ]
    freedom = len(squares) - 1
    variance = fsum(squares) / freedom
    means = tuple(series.known[last] + step * ahead for ahead in range(1, steps + 1))

    def deviation(weights: Weights) -> float:
        moved = fsum(weight * ahead for ahead, weight in enumerate(weights, 1))
        return sqrt(variance * (_walked(weights) + moved**2 / span))

    return Path(means, deviation, freedom)


def plan_scaled(series: Series, steps: int) -> Path | None:
    """The plan times the attainment to date.

    For sums to date that is what was reported by what was planned for the same periods; for single
    periods the slope of least squares through the plan's zero (the baseline). The plan must reach to
    the last step.
    """
    indexes = [index for index in series.indexes if index in series.plan]
    last = max(series.known, default=0)
    ahead = range(last + 1, last + steps + 1)
    if len(indexes) < 3 or not all(index in series.plan for index in ahead):
        return None
    planned = [series.plan[index] - series.zero for index in indexes]
    gained = [series.known[index] - series.zero for index in indexes]
    count = len(indexes)
    if series.cumulative:
        whole = fsum(planned)
        if whole <= 0:
            return None
        share, leverage = fsum(gained) / whole, count / whole**2
    else:
        whole = _squared(planned)
        if whole <= 0:
            return None
        share = fsum(g * p for g, p in zip(gained, planned, strict=True)) / whole
        leverage = 1 / whole
    misses = [g - share * p for g, p in zip(gained, planned, strict=True)]
    variance = _squared(misses) / (count - 1)
    to_come = [series.plan[index] - series.zero for index in ahead]

    def deviation(weights: Weights) -> float:
        scaled = fsum(w * p for w, p in zip(weights, to_come, strict=False))
        return sqrt(variance * (_squared(weights) + scaled**2 * leverage))

    return Path(tuple(series.zero + share * each for each in to_come), deviation, count - 1)


def line(series: Series, steps: int) -> Path | None:
    """The straight line of least squares through all figures. 7.6 and 7.9."""
    indexes = series.indexes
    count = len(indexes)
    if count < 3:
        return None
    middle = fsum(indexes) / count
    level = fsum(series.known.values()) / count
    spread = fsum((index - middle) ** 2 for index in indexes)
    slope = fsum((i - middle) * (series.known[i] - level) for i in indexes) / spread
    misses = [series.known[i] - level - slope * (i - middle) for i in indexes]
    variance = _squared(misses) / (count - 2)
    ahead = [indexes[-1] + step - middle for step in range(1, steps + 1)]

    def deviation(weights: Weights) -> float:
        moved = fsum(w * a for w, a in zip(weights, ahead, strict=False))
        return sqrt(variance * (_squared(weights) + fsum(weights) ** 2 / count + moved**2 / spread))

    return Path(tuple(level + slope * each for each in ahead), deviation, count - 2)


def _squared(values: Sequence[float]) -> float:
    return fsum(value * value for value in values)


def _walked(weights: Weights) -> float:
    """The variance of a weighted sum of a random walk's steps, for steps of variance 1: the error of a
    step is in every later one."""
    later = 0.0
    squares: list[float] = []
    for weight in reversed(weights):
        later += weight
        squares.append(later * later)
    return fsum(squares)
