"""From which period to which each KPI and each project is judged, and the rows this makes.

A span is a row with `months` (see `calendar`), `first` and `last` (period numbers, both judged),
and, after `laid_out`, `count` and `first_row`: the rows of consecutive spans follow each other.
"""

from datetime import date

import polars as pl

from govern.observation.calendar import MONTHLY, completed_by, end_of, months_of, number_of
from govern.observation.errors import BrokenReferenceError, NotUniqueError, UnknownCadenceError

FIGURES = ("planned", "actual", "validated", "confidence", "original_planned")
"""What is known of a KPI in a period."""

_NUMBER_BITS = 22

_FIRST, _LAST, _MONTHS = pl.col("first"), pl.col("last"), pl.col("months")


def numbered_kpis(kpis: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    """The KPIs sorted by project and id, with `kpi_number`, `project_number` and `months`."""
    placed = kpis.join(
        projects.select("project", "project_number"), on="project", how="left"
    ).with_columns(
        months=months_of(pl.col("cadence")),
        cumulative=pl.col("cumulative").fill_null(value=False),
        disbenefit=pl.col("disbenefit").fill_null(value=False),
    )
    if (lost := placed.filter(pl.col("project_number").is_null())).height:
        kpi, project = lost.select("kpi", "project").row(0)
        raise BrokenReferenceError(
            "kpis", f"KPI '{kpi}' is of project '{project}', which is not there"
        )
    if (odd := placed.filter(_MONTHS.is_null())).height:
        kpi, cadence = odd.select("kpi", "cadence").row(0)
        raise UnknownCadenceError("kpis", f"KPI '{kpi}' has the cadence {cadence!r}")
    if placed["kpi"].n_unique() < placed.height:
        twice = placed.filter(pl.col("kpi").is_duplicated())
        raise NotUniqueError("kpis", f"KPI '{twice['kpi'][0]}' is there more than once")
    return placed.sort("project_number", "kpi").with_columns(
        kpi_number=pl.int_range(pl.len(), dtype=pl.Int64)
    )


def placed_values(values: pl.DataFrame, kpis: pl.DataFrame) -> pl.DataFrame:
    """The values with a figure, sorted by `kpi_number` and period `number`.

    A day that is no period end stands for the period that contains it. Raises `NotUniqueError`
    where two values meet in one period, `BrokenReferenceError` where there is no such KPI.
    """
    placed = values.join(
        kpis.select("kpi", "kpi_number", "months"), on="kpi", how="left"
    ).with_columns(number=number_of(pl.col("period"), _MONTHS))
    if (lost := placed.filter(pl.col("kpi_number").is_null())).height:
        raise BrokenReferenceError("values", f"no KPI '{lost['kpi'][0]}'")
    key = pl.col("kpi_number") * 2**_NUMBER_BITS + pl.col("number")
    placed = placed.with_columns(key=key).sort("key")
    if (twice := placed.filter(pl.col("key") == pl.col("key").shift(1))).height:
        kpi, end = twice.select("kpi", end_of(pl.col("number"), _MONTHS)).row(0)
        raise NotUniqueError(
            "values", f"KPI '{kpi}' has more than one value for the period to {end}"
        )
    figure = pl.col("planned").is_not_null() | pl.col("actual").is_not_null()
    return placed.filter(figure).select(pl.col("kpi_number").set_sorted(), "number", *FIGURES)


def kpi_spans(kpis: pl.DataFrame, values: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The KPIs with their spans.

    The last period is the last that ended by `as_of` and is reported or due (its end plus the
    reporting lag is past). The first is the first with a value, or the last one where none is.
    `planned_points` counts the KPI's planned values, also those of periods still to come.
    """
    today = pl.lit(as_of)
    lag = pl.col("reporting_lag_days").fill_null(0).clip(lower_bound=0)
    dated = kpis.with_columns(
        completed=completed_by(today, _MONTHS),
        due=completed_by((today.cast(pl.Int32) - lag.cast(pl.Int32)).cast(pl.Date), _MONTHS),
    )
    completed = dated["completed"].gather(values["kpi_number"])
    number = pl.when(pl.col("number") <= completed).then("number")
    known = (
        values.select(
            "kpi_number",
            planned_points="planned",
            began=number,
            reported=pl.when(pl.col("actual").is_not_null()).then(number),
        )
        .group_by("kpi_number")
        .agg(
            pl.col("planned_points").count().cast(pl.Int64),
            pl.col("began").min(),
            pl.col("reported").max(),
        )
    )
    return laid_out(
        dated.join(known, on="kpi_number", how="left", maintain_order="left")
        .with_columns(
            pl.col("planned_points").fill_null(0), last=pl.max_horizontal("due", "reported")
        )
        .with_columns(first=pl.min_horizontal("began", "last"))
        .drop("completed", "due", "began", "reported")
    )


def project_spans(projects: pl.DataFrame, kpis: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The projects with their spans, in periods of the finest cadence among their KPIs.

    From the period that contains the first end of any KPI to the last period that ended by the last
    end of any. A project without KPIs has the last completed month.
    """
    finest = pl.col("finest")
    spans = kpis.select(
        *("project_number", "months", "first", "last"),
        finest=_MONTHS.min().over("project_number"),
    )
    own = spans.filter(finest == _MONTHS)
    coarser = spans.filter(finest != _MONTHS).with_columns(
        first=number_of(end_of(_FIRST, _MONTHS), finest),
        last=completed_by(end_of(_LAST, _MONTHS), finest),
    )
    judged = (
        pl.concat([own, coarser])
        .group_by("project_number")
        .agg(finest.first().alias("months"), _FIRST.min(), _LAST.max())
    )
    month = completed_by(pl.lit(as_of), MONTHLY)
    return laid_out(
        projects.join(judged, on="project_number", how="left", maintain_order="left")
        .with_columns(_MONTHS.fill_null(MONTHLY), _LAST.fill_null(month))
        .with_columns(first=pl.min_horizontal("first", "last"))
    )


def laid_out(spans: pl.DataFrame) -> pl.DataFrame:
    """The spans with `count` rows each, of which `first_row` is the first, one after the other."""
    count = _LAST - _FIRST + 1
    return spans.with_columns(count=count, first_row=count.cum_sum() - count)


def spread(spans: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per period of each span, in the order of the spans, without a gap.

    Columns: at (the span's position), row, number, first_row, period, seen_on, is_first, is_last.
    """
    row, number, at = pl.col("row"), pl.col("number"), pl.col("at")
    spanned = spans.select("months", "first", "last", "first_row")
    positions = spans.select(at=pl.int_range(pl.len(), dtype=pl.Int64).repeat_by("count").explode())
    rows = positions.with_columns(
        spanned.select(pl.all().gather(positions["at"])),
        row=pl.int_range(pl.len(), dtype=pl.Int64),
    ).with_columns(number=_FIRST + row - pl.col("first_row"))
    is_last = number == _LAST
    period = end_of(number, _MONTHS)
    return rows.select(
        at,
        row,
        number,
        "first_row",
        period=period,
        seen_on=pl.when(is_last).then(pl.lit(as_of)).otherwise(period),
        is_first=number == _FIRST,
        is_last=is_last,
    )
