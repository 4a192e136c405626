"""KPI × period: the dense, sorted rows that KPI rules are judged on."""

from collections.abc import Mapping, Set
from datetime import date

import polars as pl

from govern.observation.calendar import start_of
from govern.observation.measures import with_measures
from govern.observation.numbers import count_to_date, nine_places, sum_to_date, summed_as
from govern.observation.portfolio import Portfolio
from govern.observation.profile import PROFILE, profile_complete
from govern.observation.spans import FIGURES, spread
from govern.observation.tables import SCHEMAS

OWN = (
    *("project", "kpi", "name", "category", "unit", "direction", "baseline", "baseline_on"),
    *("target", "target_on", "tolerance", "weight", "cadence", "owner", "source", "aggregation"),
    *("cumulative", "disbenefit", "planned_points", "currency", "scale", "tolerance_red"),
    *("tolerance_in", "responsible", "cashable", "attribution", "baseline_source", "description"),
    *("calculation", "formula", "objectives", "original_baseline", "original_target"),
    "follow_up",
)
OF_PROJECT: Mapping[str, str] = {
    "project_name": "name",
    **{name: name for name in ("portfolio", "budget", "spent", "start", "end", "tags")},
    **{name: name for name in ("department", "objective")},
}
"""Column of a KPI's row → column of its project's."""
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
_ALWAYS_READ = frozenset(
    {
        *("project", "portfolio", "kpi", "cadence", "cumulative", "disbenefit"),
        *("reporting_lag_days", "formula", "period", "planned", "actual"),
    }
)
"""What is read of every project, KPI and value."""
_SUMMED = ("planned", "original_planned", "actual")
_MEASURED_BY = ("unit", "currency", "scale")
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "attainment": ("direction", "baseline"),
    "weighted_attainment": ("direction", "baseline", "weight"),
    "progress": ("direction", "baseline", "target"),
    "variance": ("direction",),
    "band": ("direction", "tolerance", "tolerance_red", "tolerance_in"),
    "profile_complete": tuple(PROFILE),
    "unvalidated_periods": ("validated",),
    # A first plan counts while the KPI is measured as it was then.
    "original_planned": _MEASURED_BY,
    "original_baseline": ("baseline", *_MEASURED_BY),
    "original_target": ("target", *_MEASURED_BY),
    "original_attainment": ("direction", "baseline", "original_baseline", *_MEASURED_BY),
    "project_name": ("name",),
    "stage": ("stages",),
    "days_in_stage": ("stages",),
    "project_deliverables": ("deliverables",),
    "project_conditions": ("conditions",),
    "project_recommendations": ("recommendations",),
    "kpi_deliverables": ("deliverables", "serves"),
    "deliverable_kpis": ("deliverables", "serves"),
}
_READ = (
    SCHEMAS.keys() | SCHEMAS["projects"].keys() | SCHEMAS["kpis"].keys() | SCHEMAS["values"].keys()
)


def made_of(wanted: Set[str]) -> frozenset[str]:
    """What these columns and links of the frames are made of: columns of the tables of projects, KPIs
    and values, and the names of other tables."""
    parts = (_MADE_OF.get(name, ()) for name in wanted)
    return _ALWAYS_READ.union(wanted, *parts) & _READ


def kpi_values(spans: pl.DataFrame, values: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The rows of `spread` with their figures, null where there is no such one."""
    number, of_kpi = pl.col("number"), values["kpi_number"]
    placed = (
        values.with_columns(spans.select(pl.col("first", "last", "first_row").gather(of_kpi)))
        .filter(number.is_between(pl.col("first"), pl.col("last")))
        .select(*FIGURES, row=pl.col("first_row") + number - pl.col("first"))
    )
    rows = spread(spans, as_of)
    at = pl.Series([None], dtype=pl.Int64).new_from_index(0, rows.height)
    at = at.scatter(placed["row"], pl.int_range(placed.height, eager=True))
    return rows.with_columns(placed.select(pl.col(FIGURES).gather(at)))


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
    unread = [name for name in OWN if name not in spans.columns]
    profile = [profile_complete().alias("profile_complete")] if "profile_complete" in kept else []
    own = spans.select(
        *(name for name in OWN if name not in unread),
        *("project_number", "months", "first"),
        *profile,
        lag=pl.col("reporting_lag_days"),
    ).select(pl.all().gather(at))
    of_project = portfolio.projects.select(
        pl.col(OF_PROJECT[name]).alias(name) for name in kept if name in OF_PROJECT
    )
    rows = valued.with_columns(own)
    rows = portfolio.with_stage(rows).with_columns(
        of_project.select(pl.all().gather(rows["project_number"]))
    )
    integers = summed_as(rows[name] for name in _SUMMED)
    # Lazy, so that equal parts of expressions are computed once; in memory, as rows look back.
    # What was not read is null, and nothing that is kept is made of it.
    nulls = (pl.lit(None, SCHEMAS["kpis"][name]).alias(name) for name in unread)
    with_history = (
        rows.lazy()
        .with_columns(*nulls)
        .with_columns(
            previous_actual=pl.when(~pl.col("is_first")).then(pl.col("actual").shift(1)),
            **{f"{name}_to_date": _to_date(pl.col(name), integers) for name in _SUMMED},
            staleness_days=_staleness(),
            overdue_days=_overdue(),
            unvalidated_periods=_unvalidated(),
        )
    )
    return (
        with_measures(with_history)
        .with_columns(weighted_attainment=nine_places(pl.col("attainment") * pl.col("weight")))
        .select(kept)
        .collect(engine="in-memory")
    )


def _to_date(values: pl.Expr, integers: pl.DataType) -> pl.Expr:
    sums = sum_to_date(values, pl.col("first_row"), integers)
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
