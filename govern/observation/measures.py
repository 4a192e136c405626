"""The column reading of `govern.domain.measures`: the same formulas, rounding and unknowns.

`columns` works on a frame with `direction` (text), `baseline`, `target`, `planned_to_date` and
`actual_to_date` (Float64).
"""

import polars as pl

from govern.domain.kpi import Direction
from govern.domain.measures import LEVELS, LOWER_IS_BETTER
from govern.observation.numbers import difference, ratio

_DIRECTION = pl.col("direction")
_BASELINE = pl.col("baseline")
_TARGET = pl.col("target")
_PLANNED = pl.col("planned_to_date")
_ACTUAL = pl.col("actual_to_date")

_KNOWN = _DIRECTION.is_in([item.value for item in Direction])
_LOWER_IS_BETTER = _DIRECTION.is_in(sorted(LOWER_IS_BETTER))
_LEVEL = _DIRECTION.is_in(sorted(LEVELS))


def columns() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """`attainment`, `progress` (both to 9 places) and `variance` (the KPI's unit)."""
    return (
        _attainment().alias("attainment"),
        _progress().alias("progress"),
        _variance().alias("variance"),
    )


def _attainment() -> pl.Expr:
    lower = (
        pl.when(_LOWER_IS_BETTER, _PLANNED >= 0, _ACTUAL >= 0)
        .then(ratio(_PLANNED, _ACTUAL))
        .when(~_LOWER_IS_BETTER, _PLANNED >= 0)
        .then(ratio(_ACTUAL, _PLANNED))
    )
    forward = pl.when(_LOWER_IS_BETTER).then(_PLANNED <= _BASELINE).otherwise(_PLANNED >= _BASELINE)
    gained = difference(_ACTUAL, _BASELINE)
    promised = difference(_PLANNED, _BASELINE)
    moved = pl.when(forward).then(ratio(gained, promised))
    return pl.when(_KNOWN).then(pl.when(_BASELINE.is_null() | _LEVEL).then(lower).otherwise(moved))


def _progress() -> pl.Expr:
    share = ratio(difference(_ACTUAL, _BASELINE), difference(_TARGET, _BASELINE))
    return pl.when(_KNOWN, ~_LEVEL).then(share)


def _variance() -> pl.Expr:
    return (
        pl.when(_KNOWN, _LOWER_IS_BETTER)
        .then(difference(_PLANNED, _ACTUAL))
        .when(_KNOWN)
        .then(difference(_ACTUAL, _PLANNED))
    )
