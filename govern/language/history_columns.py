"""The column reading of the history functions: shifts and running counts over the whole sorted
frame, masked where a row's history begins, so that no window per KPI is needed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch
from operator import add

import polars as pl

from govern.domain.kpi import Direction
from govern.domain.measures import LOWER_IS_BETTER
from govern.language import tree
from govern.language.meaning import Arithmetic, History, Meaning, Read
from govern.language.numbers import quotient_column
from govern.language.row_columns import Of, balanced
from govern.language.types import BOOLEAN, NUMBER, TEXT

ROW = "@row"
"""The column of every table that numbers its rows."""

TREND = pl.Enum(["rising", "falling", "flat"])
"""A trend while it is compared; comparing text would cost more than finding the trend."""

_NOWHERE = tree.Null()
_ACTUAL = Read(NUMBER, _NOWHERE, "actual", 0)
_DIRECTION = Read(TEXT, _NOWHERE, "direction", 0)
_FIRST = Read(BOOLEAN, _NOWHERE, "is_first", 0)
_HIGHER_IS_BETTER = frozenset({Direction.INCREASE, Direction.AT_LEAST})


@dataclass(frozen=True, slots=True)
class Helper(Meaning):
    """A column that several history functions share.

    `age`: periods since the first one; `good`: 1.0 where up is good, −1.0 where down is, else null;
    `step`: −1, 0 or 1, whether the actual got better since the period before.
    """

    name: str


_AGE = Helper(NUMBER, _NOWHERE, "age")
_GOOD = Helper(NUMBER, _NOWHERE, "good")
_STEP = Helper(NUMBER, _NOWHERE, "step")


def needs(meaning: History | Helper) -> tuple[Meaning, ...]:
    """The columns that must be there before this one can be computed."""
    if isinstance(meaning, Helper):
        return {"age": (_FIRST,), "good": (_DIRECTION,), "step": (_ACTUAL, _GOOD, _AGE)}[
            meaning.name
        ]
    if meaning.function == "trend":
        return (_STEP,)
    if meaning.function == "change":
        return (_difference(meaning.count), _before(meaning.count), _GOOD)
    before = _FIRST if meaning.function == "streak" else _AGE
    return (before,) if meaning.argument is None else (before, meaning.argument)


def _before(count: int) -> Meaning:
    return History(NUMBER, _NOWHERE, "previous", 0, count, _ACTUAL)


def _difference(count: int) -> Meaning:
    return Arithmetic(NUMBER, _NOWHERE, "-", _ACTUAL, _before(count))


def _is_one_of(text: pl.Expr, words: frozenset[Direction]) -> pl.Expr:
    """Comparing text by text is several times faster than `is_in`."""
    first, *others = sorted(words)
    found = text == first
    for word in others:
        found = found | (text == word)
    return found


@singledispatch
def expression(meaning: Meaning, of: Of) -> pl.Expr:
    """The expression of a history function or helper over the columns that it needs."""
    raise TypeError(type(meaning).__name__)


@expression.register
def _(meaning: History, of: Of) -> pl.Expr:
    return COLUMNS[meaning.function](meaning, of)


@expression.register
def _(meaning: Helper, of: Of) -> pl.Expr:
    if meaning.name == "age":
        row = pl.col(ROW)
        return row - pl.when(of(_FIRST)).then(row).otherwise(0).cum_max()
    if meaning.name == "good":
        up = pl.when(_is_one_of(of(_DIRECTION), _HIGHER_IS_BETTER)).then(1.0)
        return up.when(_is_one_of(of(_DIRECTION), LOWER_IS_BETTER)).then(-1.0)
    actual = of(_ACTUAL)
    before = actual.shift(1)
    up = (actual > before).cast(pl.Int8) - (actual < before).cast(pl.Int8)
    return pl.when(of(_AGE) >= 1).then(up * of(_GOOD).cast(pl.Int8))


def _trend(meaning: History, of: Of) -> pl.Expr:
    steps = [of(_STEP).shift(back) for back in range(meaning.count - 1)]
    # Adding passes nulls on; the step of a history's first row is null, so no mask is needed.
    total = balanced(add, steps)
    rising = (total > 0) & (pl.min_horizontal(steps) >= 0)
    falling = (total < 0) & (pl.max_horizontal(steps) <= 0)
    found = pl.when(rising).then(_trend_of("rising")).when(falling).then(_trend_of("falling"))
    return found.when(total.is_not_null()).then(_trend_of("flat"))


def _trend_of(word: str) -> pl.Expr:
    return pl.lit(word, dtype=TREND)


def _change(meaning: History, of: Of) -> pl.Expr:
    difference, before = of(_difference(meaning.count)), of(_before(meaning.count))
    return quotient_column(difference * of(_GOOD), before.abs())


def _previous(meaning: History, of: Of) -> pl.Expr:
    return pl.when(of(_AGE) >= meaning.count).then(_argument(meaning, of).shift(meaning.count))


def _streak(meaning: History, of: Of) -> pl.Expr:
    holds, first = _argument(meaning, of), of(_FIRST)
    one = holds.fill_null(False).cast(pl.Int64)
    counted = one.cum_sum()
    # Where a count starts anew, what had been counted before; it only grows, so a running maximum
    # carries it on, also over the periods in which the condition is unknown.
    before = pl.when(first | holds.not_().fill_null(False)).then(counted - one).otherwise(0)
    return (counted - before.cum_max()).cast(pl.Float64)


def _argument(meaning: History, of: Of) -> pl.Expr:
    if meaning.argument is None:
        raise TypeError(meaning.function)
    return of(meaning.argument)


COLUMNS: dict[str, Callable[[History, Of], pl.Expr]] = {
    "trend": _trend,
    "change": _change,
    "previous": _previous,
    "streak": _streak,
}
