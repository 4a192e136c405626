"""How wrong each model was: forecasts from past periods, held against what came (a rolling origin).

From each of the last periods with a figure a forecast is made of what was known up to it, and the next
periods are held against what was reported for them. An error is in the KPI's unit and per period: that
of a period, or for a cumulative KPI that of the sum so far by the number of its periods. The scaled
error (MASE) divides by the mean error of carrying the last figure on by one period: Hyndman and
Koehler, Another look at measures of forecast accuracy (2006); Hyndman and Athanasopoulos, 3rd edition,
sections 5.8 and 5.10.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, fsum, inf, sqrt

from govern.forecasting.candidates import STEADY, Candidate, Model, candidates
from govern.forecasting.damped import FEWEST as FEWEST_FOR_DAMPED
from govern.forecasting.damped import run_of, student
from govern.forecasting.history import Series
from govern.forecasting.models import Path

FEWEST_BEFORE = 3
"""Figures before the first origin at least."""

MOST_ORIGINS = 12
MOST_STEPS = 6
"""Periods ahead that are held against what came, or as many as there are to completion."""


@dataclass(frozen=True, slots=True)
class Past:
    """The errors of one model; `ratios` are those in standard deviations as the model told them, and
    `steps` is the mean number of periods that they were ahead."""

    candidate: Candidate
    errors: tuple[float, ...]
    ratios: tuple[float, ...]
    covered: int
    origins: int
    steps: float

    @property
    def mean_error(self) -> float:
        return fsum(self.errors) / len(self.errors)

    def reach(self, ahead: int) -> float:
        """By how much the deviation is stretched so many periods ahead.

        A random walk's error grows by itself. That of a mean, a line or a scaled plan would stay as it
        is, which holds no further than the past could show: beyond it the error is taken to grow as a
        random walk's does, with the square root of the periods. This rule is our own.
        """
        steady = self.candidate.model in STEADY
        return sqrt(max(1.0, ahead / self.steps)) if steady else 1.0

    def widening(self, level: float) -> float:
        """How many standard deviations held `level` of the past errors: the ⌈level·(n+1)⌉-th of the n
        ratios in order, or the largest (split conformal prediction: Lei and others, Distribution-free
        predictive inference for regression, 2018). Infinite where the model was surer than it could be."""
        ordered = sorted(self.ratios)
        place = min(ceil(level * (len(ordered) + 1)), len(ordered))
        return ordered[place - 1] if ordered else 0.0


def tried(series: Series, steps: int, level: float) -> list[Past]:
    """The past of each model that could be fitted at every origin, the simplest first.

    All are held against the same periods. `level` is that of the interval whose hits are counted.
    """
    indexes = series.indexes
    count = len(indexes)
    first = max(FEWEST_BEFORE, count // 2, count - MOST_ORIGINS)
    damped = len(run_of(series)) == count and count >= FEWEST_FOR_DAMPED + 4
    if damped:
        first = max(first, FEWEST_FOR_DAMPED)
    if first >= count:
        return []
    ahead = min(steps, MOST_STEPS)
    origins = indexes[first - 1 : count - 1]
    earliest = series.until(origins[0])
    found: list[Past] = []
    for candidate in candidates(earliest, damped):
        past = _past(candidate, series, origins, ahead, level)
        if past is not None:
            found.append(past)
    return found


def chosen(pasts: Sequence[Past], largest: float) -> Past | None:
    """The model with the least mean error; of two that are equal to a billionth of the largest figure
    the simpler one."""
    best: Past | None = None
    for past in pasts:
        if best is None or past.mean_error < best.mean_error - 1e-9 * largest:
            best = past
    return best


def error_of(pasts: Sequence[Past], model: Model) -> float | None:
    return next((each.mean_error for each in pasts if each.candidate.model is model), None)


def _past(
    candidate: Candidate, series: Series, origins: Sequence[int], ahead: int, level: float
) -> Past | None:
    errors: list[float] = []
    ratios: list[float] = []
    covered = used = steps = 0
    for origin in origins:
        path = candidate.lay(series.until(origin), ahead)
        if path is None:
            return None
        seen = _held_against(path, series, origin, ahead)
        used += bool(seen)
        for step, error, deviation in seen:
            steps += step
            errors.append(error)
            ratios.append(error / deviation if deviation > 0 else (inf if error > 0 else 0.0))
            covered += error <= deviation * student(level, path.freedom)
    if not errors:
        return None
    ahead_of_all = steps / len(errors)
    return Past(candidate, tuple(errors), tuple(ratios), covered, used, ahead_of_all)


def _held_against(
    path: Path, series: Series, origin: int, ahead: int
) -> list[tuple[int, float, float]]:
    """The number, the error and the standard deviation of each step whose figure, or whose sum, is known."""
    seen: list[tuple[int, float, float]] = []
    for step in range(1, ahead + 1):
        if series.cumulative:
            if origin + step not in series.known:
                break
            came = fsum(series.known[origin + each] for each in range(1, step + 1))
            error = abs(fsum(path.means[:step]) - came) / step
            seen.append((step, error, path.deviation([1.0] * step) / step))
        elif origin + step in series.known:
            error = abs(path.means[step - 1] - series.known[origin + step])
            seen.append((step, error, path.deviation([0.0] * (step - 1) + [1.0])))
    return seen
