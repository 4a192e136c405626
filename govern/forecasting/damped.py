"""The damped trend (ETS(A,Ad,N)), and Student's t: what is taken from statsmodels and scipy.

Both are imported when they are first needed, and nowhere else: they take longer to load than most
commands to run.

Source of the formulas: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing
(2008), sections 2.5 and 6.2; Hyndman and Athanasopoulos, 3rd edition, sections 8.2, 8.5 and 8.7.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, sqrt
from threading import Lock
from typing import Any

from govern.forecasting.history import Series
from govern.forecasting.models import Path, Weights

FEWEST = 10
"""Figures without a gap that the smoothing parameters are estimated from at least."""

_DAMPED = {
    "error": "add",
    "trend": "add",
    "damped_trend": True,
    "initialization_method": "heuristic",
}
_ONE_AT_A_TIME = Lock()
"""What warnings are caught is kept by the process, not by the thread."""


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Parameters, and the state before the first figure."""

    alpha: float
    beta: float
    phi: float
    level: float
    trend: float


def run_of(series: Series) -> list[float]:
    """The figures after the last gap."""
    run: list[float] = []
    index = max(series.known, default=-1)
    while index in series.known:
        run.append(series.known[index])
        index -= 1
    run.reverse()
    return run


@lru_cache(maxsize=4096)
def estimated(run: tuple[float, ...]) -> Smoothing | None:
    """By maximum likelihood, as statsmodels estimates an ETS model; `None` where it cannot."""
    largest = max(map(abs, run), default=0.0)
    if len(run) < FEWEST or largest == 0 or max(run) == min(run):
        return None
    # Statsmodels has no types.
    import numpy  # noqa: PLC0415 # pyright: ignore
    from statsmodels.tsa.exponential_smoothing.ets import (  # noqa: PLC0415 # pyright: ignore
        ETSModel,  # pyright: ignore
    )

    # Of one size, so that the optimiser does the same whatever the unit is.
    values: Any = numpy.array([value / largest for value in run])  # pyright: ignore
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        # It warns where the likelihood is flat; how good the model is, its past tells.
        warnings.simplefilter("ignore")
        model: Any = ETSModel(values, **_DAMPED)  # pyright: ignore
        try:
            found: Any = model.fit(disp=False)
        except (ValueError, ArithmeticError, numpy.linalg.LinAlgError):  # pyright: ignore
            return None
    named: dict[str, float] = dict(zip(model.param_names, map(float, found.params), strict=True))
    return Smoothing(
        named["smoothing_level"],
        named["smoothing_trend"],
        named["damping_trend"],
        float(found.initial_level) * largest,
        float(found.initial_trend) * largest,
    )


def damped_trend(
    series: Series, steps: int, smoothing: Smoothing | None, start: int
) -> Path | None:
    """A level and a trend that follow the figures, the trend fading the further ahead one looks.

    Fitted to the figures after the last gap, which begin at the index `start`, where `smoothing` was
    estimated for.
    """
    run = run_of(series)
    first = max(series.known, default=-1) - len(run) + 1
    if smoothing is None or len(run) < FEWEST or first != start:
        return None
    level, trend = smoothing.level, smoothing.trend
    alpha, beta, phi = smoothing.alpha, smoothing.beta, smoothing.phi
    misses: list[float] = []
    for value in run:
        miss = value - (level + phi * trend)
        misses.append(miss * miss)
        level, trend = level + phi * trend + alpha * miss, phi * trend + beta * miss
    freedom = len(run) - 5
    variance = fsum(misses) / freedom
    faded: list[float] = []
    for step in range(steps):
        faded.append((faded[-1] if faded else 0.0) + phi ** (step + 1))
    carried = [alpha + beta * each for each in faded]

    def deviation(weights: Weights) -> float:
        return sqrt(variance * _spread(weights, carried))

    return Path(tuple(level + each * trend for each in faded), deviation, freedom)


def _spread(weights: Weights, carried: Sequence[float]) -> float:
    """The variance of a weighted sum of steps, for errors of variance 1: the error of a step is in
    each later one, by the share that was carried on."""
    count = len(weights)
    return fsum(
        (
            weights[at]
            + fsum(weights[later] * carried[later - at - 1] for later in range(at + 1, count))
        )
        ** 2
        for at in range(count)
    )


@lru_cache(maxsize=1024)
def student(level: float, freedom: int) -> float:
    """How many standard deviations to both sides hold `level` of Student's t distribution."""
    from scipy.special import stdtrit  # noqa: PLC0415 # pyright: ignore

    return float(stdtrit(freedom, 0.5 + level / 2))  # pyright: ignore
