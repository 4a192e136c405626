"""KPI × period: the dense, sorted rows that KPI rules are judged on."""

from collections.abc import Set
from datetime import date

import polars as pl

from govern.observation.calendar import start_of
from govern.observation.measures import with_measures
from govern.observation.numbers import count_to_date, nine_places, sum_to_date
from govern.observation.portfolio import Portfolio
from govern.observation.profile import profile_complete
from govern.observation.spans import FIGURES, spread

OWN = (
    *("project", "kpi", "name", "category", "unit", "direction", "baseline", "baseline_on"),
    *("target", "target_on", "tolerance", "weight", "cadence", "owner", "source", "aggregation"),
    *("cumulative", "disbenefit", "planned_points", "currency", "scale", "tolerance_red"),
    *("tolerance_in", "responsible", "cashable", "attribution", "baseline_source", "description"),
    *("calculation", "formula", "objectives", "original_baseline", "original_target"),
    "follow_up",
)
PROJECT = (*("portfolio", "budget", "spent", "start", "end", "tags", "department", "objective"),)
COLUMNS = (
    *("project", "kpi", "period", "seen_on", "is_first", "is_last", "row"),
    *("name", "category", "unit", "direction", "baseline", "baseline_on", "target", "target_on"),
    *("tolerance", "weight", "cadence", "owner", "source", "aggregation", "cumulative"),
    *("disbenefit", "planned", "actual", "previous_actual", "planned_to_date", "actual_to_date"),
    *("planned_points", "currency", "scale", "tolerance_red", "tolerance_in", "responsible"),
    *("cashable", "attribution", "baseline_source", "description", "calculation", "formula"),
    *("objectives", "original_baseline", "original_target", "original_planned"),
    *("validated", "confidence", "band", "original_attainment", "profile_complete"),
    *("attainment", "weighted_attainment", "progress", "variance", "staleness_days"),
    *("overdue_days", "unvalidated_periods", "follow_up"),
    *("stage", "days_in_stage", "budget", "spent", "start", "end", "tags"),
    *("project_name", "portfolio", "department", "objective", "as_of"),
)

ALWAYS = frozenset({"project", "kpi", "period", "is_first", "is_last", "row", "portfolio"})
"""What every KPI frame has."""
_PASSED_ON = frozenset(
    {
        *("name", "category", "unit", "baseline_on", "target_on", "cadence", "owner", "source"),
        *("aggregation", "disbenefit", "planned_points", "currency", "scale", "responsible"),
        *("cashable", "attribution", "baseline_source", "description", "calculation", "objectives"),
        *("follow_up", "budget", "spent", "start", "end", "tags", "department", "objective"),
        *("project_name", "profile_complete"),
    }
)
"""Columns that nothing else is computed from."""


def kpi_values(spans: pl.DataFrame, values: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The rows of `spread` with their figures, null where there is no such one."""
    number = pl.col("number")
    placed = (
        values.join(spans.select("kpi_number", "first", "last", "first_row"), on="kpi_number")
        .filter(number.is_between(pl.col("first"), pl.col("last")))
        .select(*FIGURES, row=pl.col("first_row") + number - pl.col("first"))
    )
    return spread(spans, as_of).join(placed, on="row", how="left", maintain_order="left")


def kpi_rows(
    portfolio: Portfolio,
    spans: pl.DataFrame,
    valued: pl.DataFrame,
    wanted: Set[str] | None = None,
) -> pl.DataFrame:
    """The columns of the KPI frame, from the KPIs' spans and the rows that `kpi_values` made: all, or
    those that are `wanted` and what every frame has."""
    at = valued["at"]
    kept = [each for each in COLUMNS if wanted is None or each in wanted | ALWAYS]
    unread = _PASSED_ON.difference(kept)
    own = (
        spans.select(
            *OWN,
            "project_number",
            "months",
            "first",
            lag=pl.col("reporting_lag_days"),
            profile_complete=profile_complete(),
        )
        .drop(unread, strict=False)
        .select(pl.all().gather(at))
    )
    of_project = portfolio.projects.select(*PROJECT, project_name="name").drop(unread, strict=False)
    rows = valued.with_columns(own)
    rows = portfolio.with_stage(rows).with_columns(
        of_project.select(pl.all().gather(rows["project_number"]))
    )
    # Lazy, so that equal parts of expressions are computed once; in memory, as rows look back.
    with_history = rows.lazy().with_columns(
        previous_actual=pl.when(~pl.col("is_first")).then(pl.col("actual").shift(1)),
        planned_to_date=_to_date(pl.col("planned")),
        original_planned_to_date=_to_date(pl.col("original_planned")),
        actual_to_date=_to_date(pl.col("actual")),
        staleness_days=_staleness(),
        overdue_days=_overdue(),
        unvalidated_periods=_unvalidated(),
    )
    return (
        with_measures(with_history)
        .with_columns(weighted_attainment=nine_places(pl.col("attainment") * pl.col("weight")))
        .select(kept)
        .collect(engine="in-memory")
    )


def _to_date(values: pl.Expr) -> pl.Expr:
    sums = sum_to_date(values, pl.col("first_row"))
    return pl.when("cumulative").then(sums).otherwise(values)


def _staleness() -> pl.Expr:
    """Days from the last reported period's end, or the first period's start, to this row's end."""
    row, period = pl.col("row"), pl.col("period")
    reported = pl.when(pl.col("actual").is_not_null()).then(row).forward_fill()
    since = (
        pl.when(reported >= pl.col("first_row"))
        .then(period.gather(reported))
        .otherwise(start_of(pl.col("first"), pl.col("months")))
    )
    return (period - since).dt.total_days()


def _overdue() -> pl.Expr:
    """Days from the day on which the oldest missing report was due (its period's end and the lag) to
    the day of this row; 0 where none was due, and for a composite KPI, which nobody reports."""
    row, missing = pl.col("row"), pl.col("actual").is_null()
    opens = missing & (count_to_date(missing, pl.col("first_row")) == 1)
    oldest = pl.when(opens).then(row).forward_fill()
    lag = pl.duration(days=pl.col("lag").fill_null(0).clip(lower_bound=0))
    since = (pl.col("seen_on") - pl.col("period").gather(oldest) - lag).dt.total_days()
    owed = (oldest >= pl.col("first_row")) & pl.col("formula").is_null()
    return pl.when(owed & (since > 0)).then(since).otherwise(0)


def _unvalidated() -> pl.Expr:
    """How many periods up to this one have a figure that finance has not validated."""
    waits = pl.col("actual").is_not_null() & ~pl.col("validated").fill_null(value=False)
    return count_to_date(waits & pl.col("formula").is_null(), pl.col("first_row"))
