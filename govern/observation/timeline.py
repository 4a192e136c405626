"""Which stage a project was in on a day."""

import polars as pl

from govern.observation.errors import BrokenReferenceError

_DAYS_BITS = 22
"""Days from year 1 to 9999 fit in 22 bits, so that project and day sort together as one integer."""

_BEFORE_TIME = 0


class StageTimeline:
    """The moves of all projects as one sorted column of (project, day) keys.

    A search in that column needs no particular order of the rows that ask, unlike an as-of join.
    The first stage reaches back to the beginning; of two moves on one day the later one holds.
    """

    def __init__(self, stages: pl.DataFrame, projects: pl.DataFrame) -> None:
        """`projects` numbers the projects: columns project and project_number (Int64)."""
        placed = stages.join(projects, on="project", how="left", maintain_order="left")
        if (lost := placed.filter(pl.col("project_number").is_null())).height:
            raise BrokenReferenceError("stages", f"no project '{lost['project'][0]}'")
        opening = pl.col("project_number").is_first_distinct()
        self._moves = (
            placed.with_columns(_key(pl.col("project_number"), pl.col("since")).alias("key"))
            .sort("key", maintain_order=True)
            .with_columns(
                pl.when(opening)
                .then(_key(pl.col("project_number"), pl.lit(None, dtype=pl.Date)))
                .otherwise("key")
                .alias("key")
            )
        )

    def at(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Columns `stage` and `days_in_stage` for rows of `project_number` and `seen_on`.

        `days_in_stage` is null where nobody knows since when, and where the stage reaches back.
        """
        asked = rows.select(key=_key(pl.col("project_number"), pl.col("seen_on")))["key"]
        found = self._moves["key"].search_sorted(asked, side="right").cast(pl.Int64) - 1
        position = found.set(found < 0, None)
        moves = self._moves.select(pl.col("project_number", "stage", "since").gather(position))
        own = moves["project_number"] == rows["project_number"]
        days = (rows["seen_on"] - moves["since"]).dt.total_days()
        return moves.select(
            stage=pl.when(own).then(pl.col("stage")),
            days_in_stage=pl.when(own & (days >= 0)).then(days),
        )


def _key(project_number: pl.Expr, day: pl.Expr) -> pl.Expr:
    days = day.cast(pl.Int64) + 719_163
    return project_number * 2**_DAYS_BITS + days.fill_null(_BEFORE_TIME)
