"""A made-up portfolio, the same on every machine: monthly KPIs, each with a plan for every month.

Attainment moves in whole percents, so that values fall exactly on thresholds; some reports are
missing, some projects are not yet monitored in their first months, some KPIs have no direction.
"""

from collections.abc import Iterator
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
    """The portfolio of so many projects, so many at once; each piece is made when it is asked for."""
    for first in range(0, projects, at_once):
        yield tables(min(at_once, projects - first), first=first)


def tables(projects: int, months: int = MONTHS, *, first: int = 0) -> ObservationTables:
    """So many projects, from the one numbered `first`, with `KPIS` KPIs each, reported for so many
    months up to `AS_OF`. A project is the same in whatever piece."""
    portfolio = pl.DataFrame(
        {"number": pl.int_range(first, first + projects, eager=True)}
    ).with_columns(
        project=pl.format("P{}", pl.col("number").cast(pl.String).str.zfill(6)),
        portfolio=pl.lit("all"),
        budget=pl.lit(1_000_000.0),
        spent=_drawn(range(20, 120), pl.col("number"), 1) * 10_000.0,
        start=pl.lit(date(2024, 11, 1)),
        end=pl.lit(date(2027, 12, 31)),
        name=pl.format("Project {}", "number"),
    )
    kinds = _KINDS.with_row_index("kind").cast({"kind": pl.Int64})
    number = pl.col("number")
    kpis = (
        pl.DataFrame({"number": pl.int_range(first * KPIS, (first + projects) * KPIS, eager=True)})
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
        values=_declared("values", _values(kpis, months, first * KPIS * months)),
    )


def _values(kpis: pl.DataFrame, months: int, first_row: int) -> pl.DataFrame:
    rows = kpis.height * months
    last = period_number(Cadence.MONTHLY, AS_OF)
    ends = [numbered_end(Cadence.MONTHLY, last - back) for back in reversed(range(months))]
    row, month, of = pl.col("row"), pl.col("month"), pl.col("of")
    numbered = pl.int_range(first_row, first_row + rows, eager=True)
    steps = pl.DataFrame({"row": numbered}).with_columns(
        month=row % months,
        of=(row - first_row) // months,
        step=_drawn(range(-6, 7), row, 2),
        chance=_drawn(range(100), row, 3),
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


def _drawn(among: range, number: pl.Expr, seed: int) -> pl.Expr:
    """By chance, and the same for the same number."""
    chance = number.hash(_SEED + seed) % len(among)
    return chance.cast(pl.Int64) + among.start


def _declared(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The table's columns; null those that the rows do not have."""
    declared = SCHEMAS[name]
    absent = [pl.lit(None).alias(column) for column in declared if column not in rows.columns]
    return rows.with_columns(absent).select(*declared).cast(dict(declared))
