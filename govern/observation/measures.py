"""The column reading of `govern.domain.measures`: the same formulas, rounding and unknowns."""

import polars as pl

from govern.domain.kpi import Direction
from govern.domain.measures import LEVELS, LOWER_IS_BETTER
from govern.observation.numbers import difference, ratio

_DIRECTION = pl.col("direction")
_BASELINE = pl.col("baseline")
_PLANNED = pl.col("planned_to_date")
_ACTUAL = pl.col("actual_to_date")

_KNOWN = _DIRECTION.is_in([item.value for item in Direction])
_LOWER, _LEVEL = pl.col("lower_is_better"), pl.col("level")
_GAINED, _GAP = pl.col("gained"), pl.col("gap")


def with_measures(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with `attainment`, `progress` (both to 9 places) and `variance` (the KPI's unit).

    Reads `direction` (text), `baseline`, `target`, `planned_to_date` and `actual_to_date` (Float64).
    What the formulas share becomes columns first, and is dropped again.
    """
    shared = {
        "known": _KNOWN,
        "lower_is_better": _DIRECTION.is_in(sorted(LOWER_IS_BETTER)),
        "level": _DIRECTION.is_in(sorted(LEVELS)),
        "gained": difference(_ACTUAL, _BASELINE),
        "promised": difference(_PLANNED, _BASELINE),
        "whole": difference(pl.col("target"), _BASELINE),
        "gap": difference(_ACTUAL, _PLANNED),
    }
    parts = dict(zip(("numerator", "divisor", "sound"), _attainment(), strict=True))
    known = pl.col("known")
    return (
        rows.with_columns(**shared)
        .with_columns(**parts)
        .with_columns(
            attainment=pl.when(known, "sound").then(ratio(pl.col("numerator"), pl.col("divisor"))),
            progress=pl.when(known, ~_LEVEL).then(ratio(_GAINED, pl.col("whole"))),
            variance=pl.when(known).then(pl.when(_LOWER).then(0.0 - _GAP).otherwise(_GAP)),
        )
        .drop(*shared, *parts)
    )


def _attainment() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Numerator, divisor, and whether their ratio rises as results get better."""
    of_level = _BASELINE.is_null() | _LEVEL
    inverse = of_level & _LOWER
    forward = pl.when(_LOWER).then(_PLANNED <= _BASELINE).otherwise(_PLANNED >= _BASELINE)
    positive = (_PLANNED >= 0) & (~_LOWER | (_ACTUAL >= 0))
    return (
        pl.when(inverse).then(_PLANNED).when(of_level).then(_ACTUAL).otherwise(_GAINED),
        pl.when(inverse).then(_ACTUAL).when(of_level).then(_PLANNED).otherwise("promised"),
        pl.when(of_level).then(positive).otherwise(forward),
    )
