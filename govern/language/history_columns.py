"""The column reading of the history functions: shifts and running counts over the whole sorted
frame, masked where a row's history begins, so that no window per KPI is needed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import singledispatch
from operator import add

import polars as pl

from govern.domain.kpi import Direction
from govern.domain.measures import LOWER_IS_BETTER
from govern.language import running_columns, tree
from govern.language.history_values import LEAST_KNOWN, LINE
from govern.language.meaning import Arithmetic, History, Meaning, Read
from govern.language.numbers import (
    addends_column,
    balanced,
    billionths_column,
    deviation_column,
    quotient_column,
    share_of_billionths_column,
    total_column,
)
from govern.language.row_columns import Of
from govern.language.types import BOOLEAN, NUMBER, TEXT

ROW = "@row"
"""The column of every table that numbers its rows."""

TREND = pl.Enum(["rising", "falling", "flat"])
"""A trend while it is compared; comparing text would cost more than finding the trend."""

_NOWHERE = tree.Null()
_ACTUAL = Read(NUMBER, _NOWHERE, "actual", 0)
_ATTAINMENT = Read(NUMBER, _NOWHERE, "attainment", 0)
_DIRECTION = Read(TEXT, _NOWHERE, "direction", 0)
_FIRST = Read(BOOLEAN, _NOWHERE, "is_first", 0)
_HIGHER_IS_BETTER = frozenset({Direction.INCREASE, Direction.AT_LEAST})


@dataclass(frozen=True, slots=True)
class Helper(Meaning):
    """A column that several history functions share.

    `age`: periods since the first one; `good`: 1.0 where up is good, −1.0 where down is, else null;
    `step`: −1, 0 or 1, whether the actual got better since the period before; `segment`: the
    number of the history in the frame; `addend`
    and `point`: `of` in whole numbers, to be summed up.
    """

    name: str
    of: Meaning | None = None


_AGE = Helper(NUMBER, _NOWHERE, "age")
_GOOD = Helper(NUMBER, _NOWHERE, "good")
_STEP = Helper(NUMBER, _NOWHERE, "step")
_SEGMENT = Helper(NUMBER, _NOWHERE, "segment")
_LINE = Helper(NUMBER, _NOWHERE, "point", _ATTAINMENT)
_HELPERS: dict[str, tuple[Meaning, ...]] = {
    "age": (_FIRST,),
    "good": (_DIRECTION,),
    "step": (_ACTUAL, _GOOD, _AGE),
    "segment": (_FIRST,),
}


def needs(meaning: History | Helper) -> tuple[Meaning, ...]:
    """The columns that must be there before this one can be computed."""
    if isinstance(meaning, Helper):
        return _HELPERS[meaning.name] if meaning.of is None else (meaning.of,)
    addend = Helper(NUMBER, _NOWHERE, "addend", meaning.argument)
    first: dict[str, tuple[Meaning, ...]] = {
        "trend": (_STEP,),
        "change": (_difference(meaning.count), _before(meaning.count), _GOOD),
        "previous": (_AGE,),
        "streak": (_FIRST,),
        "forecast": (_AGE, _LINE),
        "average": (_AGE, addend),
        "volatility": (_AGE, replace(meaning, function="average")),
    }
    given = tuple(part for part in (meaning.argument, meaning.keep) if part is not None)
    return first.get(meaning.function, (_FIRST, _SEGMENT)) + given


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
    if meaning.function in COLUMNS:
        return COLUMNS[meaning.function](meaning, of)
    return running_columns.expression(meaning, of(_FIRST), of(_SEGMENT), of)


@expression.register
def _(meaning: Helper, of: Of) -> pl.Expr:
    if meaning.name == "age":
        row = pl.col(ROW)
        return row - pl.when(of(_FIRST)).then(row).otherwise(0).cum_max()
    if meaning.name == "good":
        up = pl.when(_is_one_of(of(_DIRECTION), _HIGHER_IS_BETTER)).then(1.0)
        return up.when(_is_one_of(of(_DIRECTION), LOWER_IS_BETTER)).then(-1.0)
    if meaning.name == "segment":
        return of(_FIRST).cast(pl.Int64).cum_sum()
    if meaning.of is not None:
        return (billionths_column if meaning.name == "point" else addends_column)(of(meaning.of))
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


def _average_of(meaning: History, of: Of) -> pl.Expr:
    if meaning.argument is None:
        raise TypeError(meaning.function)
    # The difference of two running sums of whole numbers, which is exact.
    addends = of(Helper(NUMBER, _NOWHERE, "addend", meaning.argument))
    window = _last(addends.fill_null(0).cum_sum(), meaning.count)
    missing = _last(addends.is_null().cast(pl.Int64).cum_sum(), meaning.count)
    known = (of(_AGE) >= meaning.count - 1) & (missing == 0)
    return pl.when(known).then(total_column(window, pl.lit(float(meaning.count))))


def _last(running: pl.Expr, count: int) -> pl.Expr:
    return running - running.shift(count).fill_null(0)


def _volatility(meaning: History, of: Of) -> pl.Expr:
    numbers, mean = _argument(meaning, of), of(replace(meaning, function="average"))
    past = [numbers.shift(back) for back in range(meaning.count)]
    largest = numbers.abs().rolling_max(meaning.count)
    return pl.when(mean.is_not_null()).then(deviation_column(past, mean, largest))


def _forecast(meaning: History, of: Of) -> pl.Expr:
    """The least-squares line in whole numbers; see `history_values.forecast`."""
    age, line = of(_AGE), of(_LINE)
    known: list[pl.Expr] = []
    past: list[pl.Expr] = []
    for back in range(LINE):
        there = line.shift(back).is_not_null() & (age >= back)
        known.append(there.cast(pl.Int128))
        past.append(pl.when(there).then(line.shift(back)).otherwise(0))
    backs = range(LINE)
    count = balanced(add, known)
    times = balanced(add, [known[back] * -back for back in backs])
    squares = balanced(add, [known[back] * back**2 for back in backs])
    values = balanced(add, past)
    products = balanced(add, [past[back] * -back for back in backs])
    spread = count * squares - times * times
    slope = count * products - times * values
    ahead = squares * values - times * products + slope * meaning.count
    found = share_of_billionths_column(ahead, spread.cast(pl.Float64))
    return pl.when(count >= LEAST_KNOWN).then(found)


COLUMNS: dict[str, Callable[[History, Of], pl.Expr]] = {
    "trend": _trend,
    "change": _change,
    "previous": _previous,
    "streak": _streak,
    "average": _average_of,
    "volatility": _volatility,
    "forecast": _forecast,
}
