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
from govern.language.meaning import Apply, Arithmetic, History, Meaning, Read, hashed_once
from govern.language.numbers import (
    addends_column,
    balanced,
    billionths_column,
    deviation_column,
    settled_column,
    share_column,
    share_of_billionths_column,
)
from govern.language.row_columns import Of, all_of, any_of
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


@hashed_once
@dataclass(frozen=True, slots=True)
class Helper(Meaning):
    """A column that several history functions share.

    `age`: periods since the first one; `good`: 1.0 where up is good, −1.0 where down is, else null;
    `better` and `worse`: whether the actual got so since the period before; `segment`: the number of
    the history in the frame; `addend` and `point`: `of` in whole numbers, to be summed up; `mean`:
    of the last `count` of them, not yet settled; `gain`: `of`, positive if good.
    """

    name: str
    of: Meaning | None = None
    count: int = 0


_AGE = Helper(NUMBER, _NOWHERE, "age")
_GOOD = Helper(NUMBER, _NOWHERE, "good")
_BETTER = Helper(BOOLEAN, _NOWHERE, "better")
_WORSE = Helper(BOOLEAN, _NOWHERE, "worse")
_SEGMENT = Helper(NUMBER, _NOWHERE, "segment")
_LINE = Helper(NUMBER, _NOWHERE, "point", _ATTAINMENT)
_HELPERS: dict[str, tuple[Meaning, ...]] = {
    "age": (_FIRST,),
    "good": (_DIRECTION,),
    "better": (_ACTUAL, _GOOD, _FIRST),
    "worse": (_ACTUAL, _GOOD, _FIRST),
    "segment": (_FIRST,),
    "gain": (_GOOD,),
    "mean": (_AGE,),
}


def needs(meaning: History | Helper) -> tuple[Meaning, ...]:
    """The columns that must be there before this one can be computed."""
    if isinstance(meaning, Helper):
        shared = _HELPERS.get(meaning.name, ())
        return shared if meaning.of is None else (*shared, meaning.of)
    first: dict[str, tuple[Meaning, ...]] = {
        "trend": (_BETTER, _WORSE),
        "change": (_change_of(meaning.count),),
        "previous": (_AGE,),
        "streak": (_FIRST,),
        "forecast": (_AGE, _LINE),
        "average": (_mean(meaning),),
        "volatility": (_AGE, replace(meaning, function="average")),
    }
    given = tuple(part for part in (meaning.argument, meaning.keep) if part is not None)
    return first.get(meaning.function, (_FIRST, _SEGMENT)) + given


def _before(count: int) -> Meaning:
    return History(NUMBER, _NOWHERE, "previous", 0, count, _ACTUAL)


def _change_of(count: int) -> Meaning:
    before = _before(count)
    difference = Arithmetic(NUMBER, _NOWHERE, "-", _ACTUAL, before)
    gain = Helper(NUMBER, _NOWHERE, "gain", difference)
    return Arithmetic(NUMBER, _NOWHERE, "/", gain, Apply(NUMBER, _NOWHERE, "abs", before))


def _mean(average: History) -> Meaning:
    addend = Helper(NUMBER, _NOWHERE, "addend", average.argument)
    return Helper(NUMBER, _NOWHERE, "mean", addend, average.count)


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
    return HELPERS[meaning.name](meaning, of)


def _age(_: Helper, of: Of) -> pl.Expr:
    row = pl.col(ROW)
    return row - pl.when(of(_FIRST)).then(row).otherwise(0).cum_max()


def _good(_: Helper, of: Of) -> pl.Expr:
    up = pl.when(_is_one_of(of(_DIRECTION), _HIGHER_IS_BETTER)).then(1.0)
    return up.when(_is_one_of(of(_DIRECTION), LOWER_IS_BETTER)).then(-1.0)


def _moved(meaning: Helper, of: Of) -> pl.Expr:
    actual, way, later = of(_ACTUAL), of(_GOOD), ~of(_FIRST)
    before = actual.shift(1)
    up, down = actual > before, actual < before
    if meaning == _WORSE:
        up, down = down, up
    return pl.when(later & (way > 0)).then(up).when(later & (way < 0)).then(down)


def _segment(_: Helper, of: Of) -> pl.Expr:
    return of(_FIRST).cast(pl.Int64).cum_sum()


def _addend(meaning: Helper, of: Of) -> pl.Expr:
    return addends_column(of(_of(meaning)))


def _point(meaning: Helper, of: Of) -> pl.Expr:
    return billionths_column(of(_of(meaning)))


def _mean_of_past(meaning: Helper, of: Of) -> pl.Expr:
    # Adding passes nulls on; whole numbers add up alike in any order.
    past = [of(_of(meaning)).shift(back) for back in range(meaning.count)]
    mean = share_column(balanced(add, past), pl.lit(float(meaning.count)), pl.col(ROW))
    return pl.when(of(_AGE) >= meaning.count - 1).then(mean)


def _gain(meaning: Helper, of: Of) -> pl.Expr:
    return of(_of(meaning)) * of(_GOOD)


def _of(meaning: Helper) -> Meaning:
    if meaning.of is None:
        raise TypeError(meaning.name)
    return meaning.of


def _trend(meaning: History, of: Of) -> pl.Expr:
    backs = range(meaning.count - 1)
    # A history's first row has no step, so that what reaches back behind it is unknown.
    known = all_of([of(_BETTER).shift(back).is_not_null() for back in backs])
    better = any_of([of(_BETTER).shift(back) for back in backs])
    worse = any_of([of(_WORSE).shift(back) for back in backs])
    found = pl.when(known & better & ~worse).then(_trend_of("rising"))
    found = found.when(known & worse & ~better).then(_trend_of("falling"))
    return found.when(known).then(_trend_of("flat"))


def _trend_of(word: str) -> pl.Expr:
    return pl.lit(word, dtype=TREND)


def _change(meaning: History, of: Of) -> pl.Expr:
    return of(_change_of(meaning.count))


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


def _average(meaning: History, of: Of) -> pl.Expr:
    return settled_column(of(_mean(meaning)))


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


HELPERS: dict[str, Callable[[Helper, Of], pl.Expr]] = {
    "age": _age,
    "good": _good,
    "better": _moved,
    "worse": _moved,
    "segment": _segment,
    "addend": _addend,
    "point": _point,
    "mean": _mean_of_past,
    "gain": _gain,
}
COLUMNS: dict[str, Callable[[History, Of], pl.Expr]] = {
    "trend": _trend,
    "change": _change,
    "previous": _previous,
    "streak": _streak,
    "average": _average,
    "volatility": _volatility,
    "forecast": _forecast,
}
