"""Episodes: from the period in which a rule begins to fire for a subject to the last it fires in."""

from typing import Final

import polars as pl

from govern.domain.finding import FindingState

FLAPS_WITHIN: Final = 2
"""Periods. An episode shorter than this, or that begins so soon after the one before, flaps."""


def episodes(told: pl.DataFrame) -> pl.DataFrame:
    """The episodes in a rule's rows, in their order: one row each.

    `told` holds at least every row that fires or is unknown, sorted: `row` (numbered without gaps,
    also over those left out), `subject`, `period`, `is_last`, `state`. A period that is unknown
    does not end an episode that goes on behind it; one that is silent or pending does. Columns:
    `row` (of the first period), `subject`, `start` and `end` (periods), `periods` (how many, both
    included), `ongoing` (nothing has ended it by the subject's last row), `flaps` (it ended after
    fewer than `FLAPS_WITHIN` periods, or began within `FLAPS_WITHIN` periods of the end of the
    subject's episode before).
    """
    row, run, subject = pl.col("row"), pl.col("run"), pl.col("subject")
    fires = pl.col("state") == FindingState.FIRES
    goes_on = (row.diff() == 1) & (subject == subject.shift(1))
    loud = (
        told.select("row", "subject", "period", "is_last", "state")
        .filter(fires | (pl.col("state") == FindingState.UNKNOWN))
        .with_columns(run=(~goes_on).fill_null(True).cum_sum())
    )
    fired = loud.filter(fires)
    starts = fired.filter(run.ne_missing(run.shift(1))).select(
        "run", "row", "subject", start="period"
    )
    ends = fired.filter(run.ne_missing(run.shift(-1))).select(last_row="row", end="period")
    open_runs = loud.filter("is_last").get_column("run")
    again = (subject == subject.shift(1)) & (row - pl.col("last_row").shift(1) <= FLAPS_WITHIN)
    return (
        pl.concat([starts, ends], how="horizontal")
        .with_columns(
            periods=pl.col("last_row") - row + 1,
            ongoing=run.is_in(open_runs.implode()),
        )
        .with_columns(
            flaps=(~pl.col("ongoing") & (pl.col("periods") < FLAPS_WITHIN)) | again.fill_null(False)
        )
        .select("row", "subject", "start", "end", "periods", "ongoing", "flaps")
    )
