"""From the truth of a rule's conditions, row by row, to its state: counts, latches and unknowns.

Everything is a running sum or a running maximum over the sorted frame, started anew at a subject's
first row; nothing loops over rows and nothing groups.
"""

import polars as pl

from govern.domain.finding import FindingState
from govern.rulebook.rule import IfUnknown, Rule

STATE = pl.Enum([state.value for state in FindingState])


def states(
    rule: Rule,
    rows: pl.DataFrame,
    applies: pl.Series | None,
    when: pl.Series,
    clear: pl.Series | None,
) -> pl.DataFrame:
    """Columns `state` (`STATE`) and `streak` (Int64), one row for each of `rows`.

    `rows` has `is_first`, sorted by subject and period. The series are Booleans of the same
    length; null is unknown. `applies` counts only where it is true, `clear` likewise.

    A row that the rule does not apply to is silent and starts the count anew. A condition that is
    unknown neither counts nor clears (unless `if_unknown` is `fire`: it counts as true). A rule
    that has fired and has a `clear_when` goes on firing until the condition is false and
    `clear_when` is true. `streak` counts the periods in which the condition was true, or the rule
    went on firing, since the rule was last silent.
    """
    frame = pl.DataFrame(
        {
            "first": rows["is_first"],
            "on": _true(applies, len(rows)),
            "when": when.fill_null(True) if rule.if_unknown is IfUnknown.FIRE else when,
            "clear": _true(clear, len(rows)),
        }
    )
    on, first = pl.col("on"), pl.col("first")
    frame = frame.with_columns(
        true=on & pl.col("when").fill_null(False),
        false=on & ~pl.col("when").fill_null(True),
        unknown=on & pl.col("when").is_null(),
    )
    true, false, unknown = pl.col("true"), pl.col("false"), pl.col("unknown")
    frame = frame.with_columns(count=_count(true, ~on | false, first))
    reached = pl.col("count") >= rule.for_periods
    if clear is None:
        latched, streak = reached & (true | unknown), pl.col("count")
    else:
        set_at = _last(true & reached)
        cleared_at = _last(~on | (false & pl.col("clear")))
        frame = frame.with_columns(latched=on & (set_at > cleared_at) & (set_at >= _last(first)))
        latched = pl.col("latched")
        went_on = true | (false & latched)
        frame = frame.with_columns(streak=_count(went_on, ~on | (false & ~latched), first))
        streak = pl.col("streak")
    known = (
        pl.when(latched)
        .then(pl.lit(FindingState.FIRES))
        .when((streak > 0) & (true | unknown))
        .then(pl.lit(FindingState.PENDING))
        .otherwise(pl.lit(FindingState.SILENT))
    )
    reported = unknown if rule.if_unknown is IfUnknown.REPORT else pl.lit(False)
    state = (
        pl.when(~on)
        .then(pl.lit(FindingState.SILENT))
        .when(reported)
        .then(pl.lit(FindingState.UNKNOWN))
        .otherwise(known)
    )
    return frame.select(
        state=state.cast(STATE),
        streak=pl.when(state == FindingState.SILENT).then(0).otherwise(streak).cast(pl.Int64),
    )


def _true(condition: pl.Series | None, length: int) -> pl.Series:
    if condition is None:
        return pl.repeat(True, length, eager=True)
    return condition.fill_null(False)


def _count(counted: pl.Expr, reset: pl.Expr, first: pl.Expr) -> pl.Expr:
    """How often `counted` held since the last `reset` row or the subject's first row, inclusive."""
    total = counted.cast(pl.Int64).cum_sum()
    before = total - counted.cast(pl.Int64)
    return total - pl.when(reset | first).then(before).otherwise(None).forward_fill()


def _last(event: pl.Expr) -> pl.Expr:
    """The number of the last row, up to this one, where `event` held; -1 before the first."""
    return pl.when(event).then(pl.int_range(pl.len())).otherwise(-1).cum_max()
