"""The column reading of everything that is computed within one row.

`None` of a value is a null; a comparison with null is null, and/or/not on Boolean columns with
nulls are Kleene's in Polars, and `when` takes null for false.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import singledispatch
from operator import eq, ge, gt, le, lt, ne

import polars as pl

from govern.language.meaning import (
    Apply,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    Contains,
    Days,
    Fold,
    IsNull,
    Length,
    Logic,
    Meaning,
    Minus,
    Moved,
    Not,
    OneOf,
    Value,
    is_exact,
)
from govern.language.numbers import (
    SUM_PLACES,
    millionths_column,
    rounded_column,
    settled,
    settled_column,
)
from govern.language.types import NUMBER, Type

Of = Callable[[Meaning], pl.Expr]
"""Gives the expression of a part."""

_DTYPES = {"number": pl.Float64, "text": pl.String, "date": pl.Date, "truth": pl.Boolean}
_OPERATORS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_FIRST_DAY, _LAST_DAY = (
    day.toordinal() - date(1970, 1, 1).toordinal() for day in (date.min, date.max)
)


def literal(value: Value, kind: Type) -> pl.Expr:
    """A constant; null of the type where it is unknown."""
    dtype = _DTYPES.get(kind.kind, pl.Null)
    if isinstance(value, Decimal):
        return pl.lit(float(value), dtype=dtype)
    return pl.lit(value, dtype=dtype)


def settled_part(meaning: Meaning, of: Of) -> pl.Expr:
    """A number, settled."""
    if isinstance(meaning, Constant) and isinstance(meaning.value, Decimal):
        return literal(settled(meaning.value), NUMBER)
    return settled_column(of(meaning))


@singledispatch
def expression(meaning: Meaning, of: Of) -> pl.Expr:
    """The expression of `meaning` over the expressions of its parts."""
    raise TypeError(type(meaning).__name__)


@expression.register
def _(meaning: Constant, of: Of) -> pl.Expr:
    return literal(meaning.value, meaning.type)


@expression.register
def _(meaning: Compare, of: Of) -> pl.Expr:
    sides = (meaning.left, meaning.right)
    noisy = meaning.left.type == NUMBER and not all(is_exact(side) for side in sides)
    left, right = (settled_part(side, of) if noisy else of(side) for side in sides)
    return _OPERATORS[meaning.operator](left, right)


@expression.register
def _(meaning: OneOf, of: Of) -> pl.Expr:
    value, kind = meaning.value, meaning.value.type
    if kind == NUMBER:
        noisy = not is_exact(value)
        numbers = [number for number in meaning.constants if isinstance(number, Decimal)]
        grid = [settled(number) if noisy else number for number in numbers]
        among = pl.Series([float(n) for n in grid if n is not None], dtype=pl.Float64)
        tested = settled_part(value, of) if noisy else of(value)
    else:
        among = pl.Series(meaning.constants, dtype=_DTYPES[kind.kind])
        tested = of(value)
    return pl.when(tested.is_not_null()).then(tested.is_in(among.implode()))


@expression.register
def _(meaning: Contains, of: Of) -> pl.Expr:
    value, within = of(meaning.value), of(meaning.of)
    known = value.is_not_null() & within.is_not_null()
    return pl.when(known).then(within.list.contains(value))


@expression.register
def _(meaning: Length, of: Of) -> pl.Expr:
    return of(meaning.of).list.len().cast(pl.Float64)


@expression.register
def _(meaning: Logic, of: Of) -> pl.Expr:
    operands = [of(operand) for operand in meaning.operands]
    return balanced(_and if meaning.operator == "and" else _or, operands)


@expression.register
def _(meaning: Not, of: Of) -> pl.Expr:
    return ~of(meaning.operand)


@expression.register
def _(meaning: IsNull, of: Of) -> pl.Expr:
    operand = of(meaning.operand)
    return operand.is_not_null() if meaning.negated else operand.is_null()


@expression.register
def _(meaning: Arithmetic, of: Of) -> pl.Expr:
    if meaning.operator == "/":
        sides = (meaning.left, meaning.right)
        top, under = (of(s) if is_exact(s) else settled_part(s, of) for s in sides)
        return settled_column(pl.when(under != 0.0).then(top / under))
    left, right = of(meaning.left), of(meaning.right)
    if meaning.operator == "+":
        return left + right
    return left - right if meaning.operator == "-" else left * right


@expression.register
def _(meaning: Minus, of: Of) -> pl.Expr:
    return -of(meaning.operand)


@expression.register
def _(meaning: Days, of: Of) -> pl.Expr:
    until, since = (of(day).cast(pl.Int32) for day in (meaning.until, meaning.since))
    return (until - since).cast(pl.Float64)


@expression.register
def _(meaning: Moved, of: Of) -> pl.Expr:
    days = settled_part(meaning.days, of)
    days = (-days if meaning.back else days).floor().cast(pl.Int64, strict=False)
    moved = of(meaning.day).cast(pl.Int32).cast(pl.Int64) + days
    exists = moved.is_between(_FIRST_DAY, _LAST_DAY) & days.is_between(-(10**9), 10**9)
    return pl.when(exists).then(moved).cast(pl.Int32).cast(pl.Date)


@expression.register
def _(meaning: Choose, of: Of) -> pl.Expr:
    then, otherwise = of(meaning.then), of(meaning.otherwise)
    return pl.when(of(meaning.condition)).then(then).otherwise(otherwise)


@expression.register
def _(meaning: Apply, of: Of) -> pl.Expr:
    operand = meaning.operand
    if meaning.function == "abs":
        return of(operand).abs()
    number = of(operand) if is_exact(operand) else settled_part(operand, of)
    return rounded_column(number, meaning.places)


@expression.register
def _(meaning: Fold, of: Of) -> pl.Expr:
    items = [of(item) for item in meaning.items]
    known = balanced(_and, [item.is_not_null() for item in items])
    return pl.when(known).then(_fold(meaning.function, items))


def _fold(function: str, items: list[pl.Expr]) -> pl.Expr:
    if function == "min":
        return pl.min_horizontal(items)
    if function == "max":
        return pl.max_horizontal(items)
    if function == "median":
        return settled_column(pl.concat_list(items).list.median())
    total = total_column(balanced(lambda a, b: a + b, [millionths_column(i) for i in items]))
    return total if function == "sum" else settled_column(total / float(len(items)))


def total_column(millionths: pl.Expr) -> pl.Expr:
    """A sum of whole millionths as a number."""
    return millionths.cast(pl.Float64) / 10.0**SUM_PLACES


def _and(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    return left & right


def _or(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    return left | right


def balanced(join: Callable[[pl.Expr, pl.Expr], pl.Expr], operands: Sequence[pl.Expr]) -> pl.Expr:
    """The operands joined as a tree of logarithmic depth."""
    level = list(operands)
    while len(level) > 1:
        pairs = [join(a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]
