"""Episodes: from the period in which a rule begins to fire for a subject to the last it fires in."""

from typing import Final

import polars as pl

from govern.domain.finding import FindingState
from govern.rulebook.states import AS_IT_IS

FLAPS_WITHIN: Final = 2
"""Periods. An episode shorter than this, or that begins so soon after the one before, flaps."""


def episodes(told: pl.DataFrame) -> pl.DataFrame:
    """The episodes in a rule's rows, in their order: one row each.

    `told` holds at least every row that fires or is unknown, sorted: `row` (numbered without gaps,
    also over those left out), `subject` (in the rows of several rules another one for each),
    `period`, `is_last`, `state`. A period that is unknown does not end an episode that goes on behind
    it; one that is silent or pending does. Columns:
    `row` (of the first period), `subject`, `start` and `end` (periods), `periods` (how many, both
    included), `ongoing` (nothing has ended it by the subject's last row), `flaps` (it ended after
    fewer than `FLAPS_WITHIN` periods, or began within `FLAPS_WITHIN` periods of the end of the
    subject's episode before).
    """
    return episode_query(told.lazy()).collect(optimizations=AS_IT_IS)


def episode_query(told: pl.LazyFrame) -> pl.LazyFrame:
    """`episodes`, to be collected together with what they are made of."""
    row, run, subject = pl.col("row"), pl.col("run"), pl.col("subject")
    fires = pl.col("state") == FindingState.FIRES
    goes_on = (row.diff() == 1) & (subject == subject.shift(1))
    begins, ends = run.ne_missing(run.shift(1)), run.ne_missing(run.shift(-1))
    again = (subject == subject.shift(1)) & (row - pl.col("last_row").shift(1) <= FLAPS_WITHIN)
    short = ~pl.col("ongoing") & (pl.col("periods") < FLAPS_WITHIN)
    return (
        told.select("row", "subject", "period", "is_last", "state")
        .filter(fires | (pl.col("state") == FindingState.UNKNOWN))
        .with_columns(run=(~goes_on).fill_null(True).cum_sum())
        # Whether the run goes on to the subject's last row, which may be one that is unknown.
        .with_columns(ongoing=pl.when(ends).then("is_last").backward_fill())
        .filter(fires)
        .select(
            pl.col("row", "subject", "ongoing").filter(begins),
            start=pl.col("period").filter(begins),
            end=pl.col("period").filter(ends),
            last_row=row.filter(ends),
        )
        .with_columns(periods=pl.col("last_row") - row + 1)
        .with_columns(flaps=short | again.fill_null(False))
        .select("row", "subject", "start", "end", "periods", "ongoing", "flaps")
    )
