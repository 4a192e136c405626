"""From which day on a project may be observed otherwise although nothing of it has changed.

That is where a period of one of its KPIs ends, or its report becomes due, or a stage begins that was
entered as of a day to come. Between these days only what is counted in days differs: `as_of`, and what
is measured from it (see `DATED`).
"""

from datetime import date

import polars as pl

from govern.observation.calendar import MONTHLY, completed_by, end_of, months_of
from govern.observation.tables import ObservationTables

DATED = frozenset({"as_of", "seen_on", "days_in_stage", "overdue_days"})
"""The columns of the frames whose values are others every day."""

_MONTHS = pl.col("months")


def next_looks(tables: ObservationTables, as_of: date) -> dict[str, date]:
    """Project → the first day after `as_of` on which `observe` may see something else of it."""
    today = pl.lit(as_of)
    lag = pl.duration(days=pl.col("reporting_lag_days").fill_null(0).clip(lower_bound=0))
    of_kpis = tables.kpis.select(
        "project", "reporting_lag_days", months=months_of(pl.col("cadence"))
    ).select(
        "project",
        on=pl.min_horizontal(_end_after(today), _end_after(today - lag) + lag),
    )
    # A project without KPIs is judged by months.
    of_projects = tables.projects.select("project", on=_end_after(today, MONTHLY))
    of_stages = tables.stages.select("project", on="since").filter(pl.col("on") > today)
    found = pl.concat([of_kpis, of_projects, of_stages]).group_by("project").agg(pl.col("on").min())
    return dict(found.iter_rows())


def _end_after(day: pl.Expr, months: pl.Expr = _MONTHS) -> pl.Expr:
    return end_of(completed_by(day, months) + 1, months)
