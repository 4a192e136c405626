"""The portfolio that govern and its peers judge: one month of projects with eight KPIs each."""

from dataclasses import replace

import polars as pl

from benchmarks import dense
from govern.observation.frame import Observations, observe
from govern.observation.tables import ObservationTables


def tables(projects: int) -> ObservationTables:
    """The last month of `dense`, with attainments from nothing to 129 %: some KPIs measure a harm,
    reports say how sure they are, or not, and some projects do not say what they spent; stages are
    of all kinds."""
    found = dense.tables(projects, months=1)
    row = pl.int_range(pl.len())
    baseline = found.kpis["baseline"].fill_null(0.0)
    planned = pl.col("planned")
    level = row * 37 % 130 / 100
    stages = pl.Series(["monitoring", "monitoring", "post_review", "planned"])
    confidence = pl.Series(["high", "medium", "low", None])
    return replace(
        found,
        projects=found.projects.with_columns(spent=pl.when(row % 31 != 0).then("spent")),
        stages=found.projects.select(
            "project", stage=pl.lit(stages).gather(row % 13 % 4), since=pl.lit(None, pl.Date)
        ),
        kpis=found.kpis.with_columns(disbenefit=row % 23 == 0),
        values=found.values.with_columns(
            actual=pl.when(pl.col("actual").is_not_null()).then(
                (baseline + (planned - baseline) * level).round(2)
            ),
            confidence=pl.lit(confidence).gather(row * 7 % 11 % 4),
        ),
    )


def observed(projects: int) -> Observations:
    return observe(tables(projects), dense.AS_OF)
