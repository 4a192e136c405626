"""The models that take part, from the simplest to the least simple."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from govern.forecasting import models
from govern.forecasting.damped import damped_trend, estimated, run_of
from govern.forecasting.history import Series
from govern.forecasting.models import Path


class Model(StrEnum):
    """In the order in which one is preferred where two are equally good."""

    LAST = "last value"
    MEAN = "mean"
    DRIFT = "drift"
    PLAN = "plan x attainment"
    LINE = "line"
    DAMPED = "damped trend"


STEADY = frozenset({Model.MEAN, Model.PLAN, Model.LINE})
"""Models whose own errors do not grow with the distance, as those of one that walks on do."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`lay` gives the path of so many steps after the last figure of a series, where it can."""

    model: Model
    lay: Callable[[Series, int], Path | None]


_CLOSED: Mapping[Model, Callable[[Series, int], Path | None]] = {
    Model.LAST: models.last_value,
    Model.MEAN: models.mean,
    Model.DRIFT: models.drift,
    Model.PLAN: models.plan_scaled,
    Model.LINE: models.line,
}


def candidates(series: Series, damped: bool) -> list[Candidate]:
    """The models, their parameters estimated from this series; `damped` says whether the damped trend
    takes part."""
    found = [Candidate(model, lay) for model, lay in _CLOSED.items()]
    if damped:
        run = tuple(run_of(series))
        smoothing = estimated(run)
        start = max(series.known) - len(run) + 1
        found.append(
            Candidate(
                Model.DAMPED, lambda later, steps: damped_trend(later, steps, smoothing, start)
            )
        )
    return found
