"""The projects behind the rows: numbered in their order, and the stage each was in on a day."""

from dataclasses import dataclass

import polars as pl

from govern.observation.errors import NotUniqueError
from govern.observation.timeline import StageTimeline


@dataclass(frozen=True, slots=True)
class Portfolio:
    """`projects` is sorted by id; `project_number` is a project's position in it."""

    projects: pl.DataFrame
    timeline: StageTimeline

    def with_stage(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`stage` and `days_in_stage` on the day each row was seen, and that day as `as_of`."""
        stage = self.timeline.at(rows.select("project_number", "seen_on"))
        return rows.with_columns(stage, as_of=pl.col("seen_on"))


def portfolio_of(projects: pl.DataFrame, stages: pl.DataFrame) -> Portfolio:
    """The portfolio of the `projects` and `stages` tables; `NotUniqueError` for a project twice."""
    ordered = projects.sort("project").with_columns(
        project_number=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    if (twice := ordered.filter(pl.col("project").is_duplicated())).height:
        raise NotUniqueError("projects", f"project '{twice['project'][0]}' is there more than once")
    numbers = ordered.select("project", "project_number")
    return Portfolio(ordered, StageTimeline(stages, numbers))
