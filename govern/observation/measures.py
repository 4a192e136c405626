"""The column reading of `govern.domain.measures`: the same formulas, rounding and unknowns."""

import polars as pl

from govern.domain.kpi import Direction, ToleranceIn
from govern.domain.measures import LEVELS, LOWER_IS_BETTER, Band
from govern.observation.numbers import difference, nine_places, ratio

_DIRECTION = pl.col("direction")
_TARGET = pl.col("target")
_ACTUAL = pl.col("actual_to_date")
_PLANNED = pl.col("planned_to_date")

_KNOWN = _DIRECTION.is_in([item.value for item in Direction])
_LOWER, _LEVEL, _SURE = pl.col("lower_is_better"), pl.col("level"), pl.col("known")


def with_measures(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with `attainment`, `original_attainment`, `progress` (each to 9 places), `variance`
    (the KPI's unit) and `band`.

    Reads `direction` (text), `baseline`, `target`, `planned_to_date`, `actual_to_date`, the first
    agreed `original_baseline` and `original_planned_to_date` (Float64), and the tolerances. What the
    formulas share becomes columns first, and is dropped again.
    """
    shared = {
        "known": _KNOWN,
        "lower_is_better": _DIRECTION.is_in(sorted(LOWER_IS_BETTER)),
        "level": _DIRECTION.is_in(sorted(LEVELS)),
        "gap": difference(_ACTUAL, _PLANNED),
        "whole": difference(_TARGET, pl.col("baseline")),
    }
    rows, attained, made = _with_attainment(rows.with_columns(**shared), "baseline", _PLANNED)
    rows, originally, more = _with_attainment(
        rows, "original_baseline", pl.col("original_planned_to_date")
    )
    gap = pl.col("gap")
    return (
        rows.with_columns(
            attainment=attained,
            original_attainment=originally,
            progress=pl.when(_SURE, ~_LEVEL).then(
                ratio(pl.col("baseline_gained"), pl.col("whole"))
            ),
            variance=pl.when(_SURE).then(pl.when(_LOWER).then(0.0 - gap).otherwise(gap)),
        )
        .with_columns(band=_band())
        .drop(*shared, *made, *more)
    )


def _with_attainment(
    rows: pl.LazyFrame, name: str, planned: pl.Expr
) -> tuple[pl.LazyFrame, pl.Expr, list[str]]:
    """The rows with the parts of the attainment against a plan, its expression, and the parts."""
    baseline = pl.col(name)
    differences = {
        f"{name}_gained": difference(_ACTUAL, baseline),
        f"{name}_promised": difference(planned, baseline),
    }
    gained, promised = map(pl.col, differences)
    values = zip(
        ("numerator", "divisor", "sound"),
        _attainment(baseline, planned, gained, promised),
        strict=True,
    )
    parts = {f"{name}_{part}": value for part, value in values}
    numerator, divisor, sound = map(pl.col, parts)
    made = rows.with_columns(**differences).with_columns(**parts)
    found = pl.when(_SURE, sound).then(ratio(numerator, divisor))
    return made, found, [*differences, *parts]


def _attainment(
    baseline: pl.Expr, planned: pl.Expr, gained: pl.Expr, promised: pl.Expr
) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Numerator, divisor, and whether their ratio rises as results get better."""
    of_level = baseline.is_null() | _LEVEL
    inverse = of_level & _LOWER
    forward = pl.when(_LOWER).then(planned <= baseline).otherwise(planned >= baseline)
    positive = (planned >= 0) & (~_LOWER | (_ACTUAL >= 0))
    return (
        pl.when(inverse).then(planned).when(of_level).then(_ACTUAL).otherwise(gained),
        pl.when(inverse).then(_ACTUAL).when(of_level).then(planned).otherwise(promised),
        pl.when(of_level).then(positive).otherwise(forward),
    )


def _band() -> pl.Expr:
    """How far the variance lies within the tolerances."""
    in_unit = pl.col("tolerance_in") == ToleranceIn.UNIT.value
    missed = 0.0 - pl.col("variance")

    def beyond(tolerance: pl.Expr) -> pl.Expr:
        share = nine_places(tolerance * _PLANNED.abs())
        return missed > pl.when(in_unit).then(tolerance).otherwise(share)

    tolerance, red = pl.col("tolerance"), pl.col("tolerance_red")
    return (
        pl.when(tolerance.is_null() | missed.is_null())
        .then(None)
        .when(~beyond(tolerance))
        .then(pl.lit(Band.GREEN.value))
        .when(beyond(red))
        .then(pl.lit(Band.RED.value))
        .otherwise(pl.lit(Band.AMBER.value))
    )
