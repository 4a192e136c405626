"""From the truth of a rule's conditions, row by row, to its state: counts, latches and unknowns.

Most rows of most rules are silent. Only those are looked at in which a rule may not be; where one
is left out, every count starts anew. Over the rest everything is a running sum or a running
maximum: nothing loops over rows and nothing groups.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from govern.domain.finding import FindingState
from govern.rulebook.rule import IfUnknown, Rule

AS_IT_IS = pl.QueryOptFlags.none()
"""For queries that are written in the order in which they are best done."""

STATE = pl.Enum([state.value for state in FindingState])


LOUD = {"number": pl.Int32, "row": pl.Int64, "state": STATE, "streak": pl.Int64}


@dataclass(frozen=True, slots=True)
class Truths:
    """What the conditions of a rule are, row by row, in a frame sorted by subject and period.

    Booleans of one length; in `when` null is unknown. `applies` counts only where it is true
    (`None`: everywhere), `clear` likewise (`None`: as soon as the condition is false).
    """

    rule: Rule
    when: pl.Series
    applies: pl.Series | None = None
    clear: pl.Series | None = None


def loud_rows(first: pl.Series, judged: Sequence[Truths]) -> pl.DataFrame:
    """The rows in which rules are not silent, rule after rule: `number` (of the rule among those
    `judged`), `row` (its position), `state` and `streak`, as `LOUD` has them.

    `first` says where a subject begins.

    A row that a rule does not apply to is silent and starts the count anew. A condition that is
    unknown neither counts nor clears (unless `if_unknown` is `fire`: it counts as true). A rule
    that has fired and has a `clear_when` goes on firing until the condition is false and
    `clear_when` is true. `streak` counts the periods in which the condition was true, or the rule
    went on firing, since the rule was last silent.
    """
    if not judged:
        return pl.DataFrame(schema=LOUD)
    numbered = pl.int_range(len(first), dtype=pl.Int32, eager=True).alias("row")
    # All rules in one frame: a query costs more by itself than the rows of most rules.
    held = pl.DataFrame(list(_held(judged))).select(
        each for number, truths in enumerate(judged) for each in _looked_at(f"{number}", truths)
    )
    kept = [
        pl.DataFrame(
            [numbered, first.alias("first"), held.get_column(f"{number} when").alias("when")]
        )
        # A filter over all rows costs a tenth of picking the kept ones by their number.
        .filter(held.get_column(f"{number} kept"))
        for number in range(len(judged))
    ]
    heights = pl.DataFrame({"rows": [rows.height for rows in kept]}).with_row_index("number")
    number = (
        heights.filter(pl.col("rows") > 0)
        .select(pl.col("number").cast(pl.Int32).repeat_by("rows").explode())
        .to_series()
    )
    enough = pl.Series("enough", [each.rule.for_periods for each in judged], dtype=pl.Int32)
    reports = pl.Series("reports", [each.rule.if_unknown is IfUnknown.REPORT for each in judged])
    told = (
        pl.concat(kept)
        .lazy()
        .with_columns(number.alias("number"), enough.gather(number), reports.gather(number))
        .with_columns(
            true=pl.col("when").fill_null(False), unknown=pl.col("when").is_null(), begins=_BEGINS
        )
        .with_columns(counts=pl.col("true"), anew=_ANEW)
        .with_columns(total=_TOTAL)
        .with_columns(fires=_FIRES)
        .with_columns(over=~pl.col("fires") & pl.col("when").not_().fill_null(False))
        .with_columns(counts=~pl.col("unknown") & ~pl.col("over"), anew=_OVER)
        .with_columns(total=_TOTAL)
        .with_columns(streak=_COUNT)
    )
    return (
        told.select(_STATED).filter(pl.col("state").is_not_null()).collect(optimizations=AS_IT_IS)
    )


def _held(judged: Sequence[Truths]) -> Iterator[pl.Series]:
    for number, each in enumerate(judged):
        conditions = {"when": each.when, "applies": each.applies, "clear": each.clear}
        yield from (
            held.alias(f"{number} {of}") for of, held in conditions.items() if held is not None
        )


def _looked_at(number: str, judged: Truths) -> tuple[pl.Expr, pl.Expr]:
    """What counts as the rule's condition, and without the rows that it does not apply to, and those in
    which the condition is false and nothing that fired before can go on, where it may be loud."""
    when = pl.col(f"{number} when")
    goes_on = when.fill_null(True)
    if judged.rule.if_unknown is IfUnknown.FIRE:
        when = goes_on
    if judged.clear is not None:
        goes_on = goes_on | ~pl.col(f"{number} clear").fill_null(False)
    if judged.applies is not None:
        goes_on = goes_on & pl.col(f"{number} applies").fill_null(False)
    return when.alias(f"{number} when"), goes_on.alias(f"{number} kept")


def _state(state: FindingState) -> pl.Expr:
    return pl.lit(state.value, dtype=STATE)


_BEGINS = (
    pl.col("first") | (pl.col("row").diff() != 1) | (pl.col("number").diff() != 0)
).fill_null(True)
"""Whether the row before is another subject's or rule's, or left out."""
_ANEW = pl.col("begins") | pl.col("when").not_().fill_null(False)
_OVER = pl.col("begins") | pl.col("over")
_TOTAL = pl.col("counts").cast(pl.Int32).cum_sum()
_BEFORE = pl.col("total") - pl.col("counts").cast(pl.Int32)
_COUNT = pl.col("total") - pl.when("anew").then(_BEFORE).otherwise(0).cum_max()
"""How often `counts` held since the last row that begins `anew`, inclusive."""
_REACHED = pl.col("true") & (pl.col("enough") <= _COUNT)
_FIRES = pl.when(_REACHED).then(True).when("begins").then(False).forward_fill()
"""Nothing has to say that a rule without `clear_when` stops: where its condition is false it is left out."""
_STATED = (
    pl.col("number"),
    pl.col("row").cast(pl.Int64),
    pl.when(pl.col("unknown") & pl.col("reports"))
    .then(_state(FindingState.UNKNOWN))
    .when("fires")
    .then(_state(FindingState.FIRES))
    .when(pl.col("streak") > 0)
    .then(_state(FindingState.PENDING))
    .alias("state"),
    pl.col("streak").cast(pl.Int64),
)
