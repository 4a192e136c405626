"""From the truth of a rule's conditions, row by row, to its state: counts, latches and unknowns.

Most rows of most rules are silent. Only those are looked at in which a rule may not be; where one
is left out, every count starts anew. Over the rest everything is a running sum or a running
maximum: nothing loops over rows and nothing groups.
"""

import polars as pl

from govern.domain.finding import FindingState
from govern.rulebook.rule import IfUnknown, Rule

AS_IT_IS = pl.QueryOptFlags.none()
"""For queries that are written in the order in which they are best done."""

STATE = pl.Enum([state.value for state in FindingState])


def loud_rows(
    rule: Rule,
    first: pl.Series,
    applies: pl.Series | None,
    when: pl.Series,
    clear: pl.Series | None,
) -> pl.DataFrame:
    """The rows in which the rule is not silent, in their order: `row` (its position, Int64), `state`
    (`STATE`) and `streak` (Int64).

    The series are Booleans of one length, sorted by subject and period: `first` says where a
    subject begins; in the others null is unknown. `applies` counts only where it is true (`None`:
    everywhere), `clear` likewise.

    A row that the rule does not apply to is silent and starts the count anew. A condition that is
    unknown neither counts nor clears (unless `if_unknown` is `fire`: it counts as true). A rule
    that has fired and has a `clear_when` goes on firing until the condition is false and
    `clear_when` is true. `streak` counts the periods in which the condition was true, or the rule
    went on firing, since the rule was last silent.
    """
    return loud_query(rule, first, applies, when, clear).collect(optimizations=AS_IT_IS)


def loud_query(
    rule: Rule,
    first: pl.Series,
    applies: pl.Series | None,
    when: pl.Series,
    clear: pl.Series | None,
) -> pl.LazyFrame:
    """`loud_rows`, to be collected together with what is made of it."""
    if rule.if_unknown is IfUnknown.FIRE:
        when = when.fill_null(True)
    frame = _where_it_may_be_loud(first, applies, when, clear)
    begins, true, unknown = pl.col("begins"), pl.col("true"), pl.col("unknown")
    if clear is None:
        frame = frame.with_columns(streak=_count(true, begins))
        fires = pl.col("streak") >= rule.for_periods
    else:
        false = ~(true | unknown)
        reached = _count(true, begins | false) >= rule.for_periods
        frame = frame.with_columns(fires=_last(true & reached) >= _last(begins))
        fires = pl.col("fires")
        over = false & ~fires
        frame = frame.with_columns(streak=_count(~unknown & ~over, begins | over))
    state = (
        pl.when(fires)
        .then(_state(FindingState.FIRES))
        .when(pl.col("streak") > 0)
        .then(_state(FindingState.PENDING))
    )
    if rule.if_unknown is IfUnknown.REPORT:
        state = pl.when(unknown).then(_state(FindingState.UNKNOWN)).otherwise(state)
    told = frame.select(
        pl.col("row").cast(pl.Int64), state.alias("state"), pl.col("streak").cast(pl.Int64)
    )
    return told.filter(pl.col("state").is_not_null())


def _where_it_may_be_loud(
    first: pl.Series, applies: pl.Series | None, when: pl.Series, clear: pl.Series | None
) -> pl.LazyFrame:
    """Columns `row`, `true` and `unknown` (what the condition is), and `begins`: whether the row
    before is another subject's or left out.

    Left out are the rows that the rule does not apply to, and those in which the condition is
    false and nothing that fired before can go on.
    """
    goes_on = when.fill_null(True)
    if clear is not None:
        goes_on = goes_on | ~clear.fill_null(False)
    kept = goes_on if applies is None else goes_on & applies.fill_null(False)
    # A filter over all rows costs a tenth of picking the kept ones by their number.
    numbered = pl.int_range(len(when), dtype=pl.Int32, eager=True)
    frame = pl.DataFrame([numbered.alias("row"), first.alias("first"), when.alias("when")])
    row = pl.col("row")
    return (
        frame.filter(kept)
        .lazy()
        .select(
            "row",
            true=pl.col("when").fill_null(False),
            unknown=pl.col("when").is_null(),
            begins=pl.col("first") | (row.diff() != 1).fill_null(True),
        )
    )


def _count(counted: pl.Expr, reset: pl.Expr) -> pl.Expr:
    """How often `counted` held since the last `reset` row, inclusive."""
    each = counted.cast(pl.Int32)
    total = each.cum_sum()
    return total - pl.when(reset).then(total - each).otherwise(0).cum_max()


def _last(event: pl.Expr) -> pl.Expr:
    """The number of the last row, up to this one, where `event` held; -1 before the first."""
    return pl.when(event).then(pl.int_range(pl.len(), dtype=pl.Int32)).otherwise(-1).cum_max()


def _state(state: FindingState) -> pl.Expr:
    return pl.lit(state.value, dtype=STATE)
