"""A made-up portfolio, the same on every machine: monthly KPIs, each with a plan for every month.

Attainment moves in whole percents, so that values fall exactly on thresholds; some reports are
missing, some projects are not yet monitored in their first months, some KPIs have no direction.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from govern.domain.period import Cadence, numbered_end, period_number
from govern.observation.tables import SCHEMAS, ObservationTables

AS_OF: Final = date(2026, 10, 31)
KPIS: Final = 8
MONTHS: Final = 24
MISSING: Final = 3
"""Of a hundred reports."""
_SEED: Final = 20261031
_KINDS: Final = pl.DataFrame(
    [
        # category, unit, direction, baseline, cumulative
        ("revenue", "EUR", "increase", 0.0, False),
        ("revenue", "EUR", "increase", 0.0, True),
        ("cost", "EUR", "decrease", 2_000.0, False),
        ("cost", "EUR", "decrease", 3_000.0, False),
        ("satisfaction", "%", "increase", 0.0, False),
        ("satisfaction", "score", "at_least", None, False),
        ("market_share", "%", "increase", 0.0, False),
        ("other", "days", "decrease", 10_000.0, False),
    ],
    schema=["category", "unit", "direction", "baseline", "cumulative"],
    orient="row",
)


def pieces(projects: int, at_once: int) -> Iterator[ObservationTables]:
    """The portfolio of so many projects, so many at once."""
    whole = tables(projects)
    for first in range(0, projects, at_once):
        own = whole.projects.slice(first, at_once)
        kpis = whole.kpis.slice(first * KPIS, at_once * KPIS)
        months = KPIS * MONTHS
        yield replace(
            whole,
            projects=own,
            stages=whole.stages.filter(pl.col("project").is_in(own["project"].implode())),
            kpis=kpis,
            values=whole.values.slice(first * months, at_once * months),
        )


def tables(projects: int) -> ObservationTables:
    """So many projects with `KPIS` KPIs each, reported for `MONTHS` months up to `AS_OF`."""
    portfolio = pl.DataFrame({"number": pl.int_range(projects, eager=True)}).with_columns(
        project=pl.format("P{}", pl.col("number").cast(pl.String).str.zfill(6)),
        portfolio=pl.lit("all"),
        budget=pl.lit(1_000_000.0),
        spent=_drawn(range(20, 120), projects, 1) * 10_000.0,
        start=pl.lit(date(2024, 11, 1)),
        end=pl.lit(date(2027, 12, 31)),
        name=pl.format("Project {}", "number"),
    )
    kinds = _KINDS.with_row_index("kind").cast({"kind": pl.Int64})
    number = pl.col("number")
    kpis = (
        pl.DataFrame({"number": pl.int_range(projects * KPIS, eager=True)})
        .with_columns(kind=number % KPIS, of=number // KPIS)
        .join(kinds, on="kind", maintain_order="left")
        .join(portfolio.select("project", of="number"), on="of", maintain_order="left")
        .with_columns(
            kpi=pl.format("{}-{}", "project", "kind"),
            name=pl.format("{} {}", "category", "number"),
            direction=pl.when(number % 97 != 0).then("direction"),
            target=_planned(pl.lit(MONTHS)),
            tolerance=pl.lit(0.05),
            weight=(number % 3 + 1).cast(pl.Float64),
            cadence=pl.lit("monthly"),
            aggregation=pl.lit("last"),
            disbenefit=pl.lit(value=False),
            reporting_lag_days=pl.lit(0, pl.Int64),
        )
    )
    moves = portfolio.filter(number % 3 == 0).select(
        "project", stage=pl.lit("monitoring"), since=pl.lit(date(2025, 2, 15))
    )
    opening = portfolio.select(
        "project",
        stage=pl.when(number % 3 == 0).then(pl.lit("planned")).otherwise(pl.lit("monitoring")),
        since=pl.lit(None, pl.Date),
    )
    return ObservationTables(
        **{
            name: pl.DataFrame(schema=dict(SCHEMAS[name]))
            for name in ("deliverables", "serves", "conditions", "recommendations")
        },
        projects=_declared("projects", portfolio),
        stages=_declared("stages", pl.concat([opening, moves])),
        kpis=_declared("kpis", kpis),
        values=_declared("values", _values(kpis)),
    )


def _values(kpis: pl.DataFrame) -> pl.DataFrame:
    rows = kpis.height * MONTHS
    last = period_number(Cadence.MONTHLY, AS_OF)
    ends = [numbered_end(Cadence.MONTHLY, last - back) for back in reversed(range(MONTHS))]
    row, month, of = pl.col("row"), pl.col("month"), pl.col("of")
    steps = pl.DataFrame({"row": pl.int_range(rows, eager=True)}).with_columns(
        month=row % MONTHS,
        of=row // MONTHS,
        step=_drawn(range(-6, 7), rows, 2),
        chance=_drawn(range(100), rows, 3),
    )
    walked = steps.with_columns(
        *(kpis[name].gather(steps["of"]) for name in ("kpi", "baseline", "direction")),
        level=pl.when(month == 0).then(75 + row * 7 % 45).otherwise("step").cum_sum().over(of),
        period=pl.Series(ends).gather(steps["month"]),
    ).with_columns(planned=_planned(month + 1))
    base = pl.col("baseline").fill_null(0.0)
    reached = base + (pl.col("planned") - base) * pl.col("level") / 100
    return walked.with_columns(actual=pl.when(pl.col("chance") >= MISSING).then(reached))


def _planned(months: pl.Expr) -> pl.Expr:
    """A thousand above the baseline, and ten more each month; or below, where that is good."""
    way = pl.when(pl.col("direction") == "decrease").then(-10.0).otherwise(10.0)
    return pl.col("baseline").fill_null(0.0) + way * (months + 100)


def _drawn(among: range, count: int, seed: int) -> pl.Series:
    return pl.Series(among, dtype=pl.Int64).sample(count, with_replacement=True, seed=_SEED + seed)


def _declared(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The table's columns; null those that the rows do not have."""
    declared = SCHEMAS[name]
    absent = [pl.lit(None).alias(column) for column in declared if column not in rows.columns]
    return rows.with_columns(absent).select(*declared).cast(dict(declared))
