"""The column reading of everything that is computed within one row.

`None` of a value is a null; a comparison with null is null, and/or/not on Boolean columns with
nulls are Kleene's in Polars, and `when` takes null for false.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import singledispatch
from operator import eq, ge, gt, le, lt, ne

import polars as pl

from govern.language import date_columns
from govern.language.meaning import (
    Apply,
    Arithmetic,
    Calendar,
    Choose,
    Collect,
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
    Pick,
    Value,
    hashed_once,
)
from govern.language.numbers import (
    addends_column,
    balanced,
    larger_column,
    ratio_column,
    rounded_column,
    settled_column,
    total_column,
)
from govern.language.types import Type

Of = Callable[[Meaning], pl.Expr]
"""Gives the expression of a part."""

_DTYPES = {"number": pl.Float64, "text": pl.String, "date": pl.Date, "truth": pl.Boolean}
_OPERATORS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_FEW = 3
"""So many texts are quicker compared one by one than looked up among each other."""
_FIRST_DAY, _LAST_DAY = (
    day.toordinal() - date(1970, 1, 1).toordinal() for day in (date.min, date.max)
)


@hashed_once
@dataclass(frozen=True, slots=True)
class Raw(Meaning):
    """The result of an operation before it is settled, as a column of its own."""

    of: Arithmetic


def raw(of: Arithmetic) -> Raw:
    return Raw(of.type, of.source, of)


def literal(value: Value, kind: Type) -> pl.Expr:
    """A constant; null of the type where it is unknown."""
    dtype = _DTYPES.get(kind.kind, pl.Null)
    if isinstance(value, Decimal):
        return pl.lit(float(value), dtype=dtype)
    return pl.lit(value, dtype=dtype)


@singledispatch
def expression(meaning: Meaning, of: Of) -> pl.Expr:
    """The expression of `meaning` over the expressions of its parts."""
    raise TypeError(type(meaning).__name__)


@expression.register
def _(meaning: Constant, of: Of) -> pl.Expr:
    return literal(meaning.value, meaning.type)


@expression.register
def _(meaning: Compare, of: Of) -> pl.Expr:
    return _OPERATORS[meaning.operator](of(meaning.left), of(meaning.right))


@expression.register
def _(meaning: OneOf, of: Of) -> pl.Expr:
    tested = of(meaning.value)
    if not meaning.constants:
        return pl.when(tested.is_not_null()).then(pl.lit(False))
    if len(meaning.constants) <= _FEW:
        return any_of([tested == literal(one, meaning.value.type) for one in meaning.constants])
    among = [float(one) if isinstance(one, Decimal) else one for one in meaning.constants]
    return tested.is_in(among)


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
    return all_of(operands) if meaning.operator == "and" else any_of(operands)


@expression.register
def _(meaning: Not, of: Of) -> pl.Expr:
    return ~of(meaning.operand)


@expression.register
def _(meaning: IsNull, of: Of) -> pl.Expr:
    operand = of(meaning.operand)
    return operand.is_not_null() if meaning.negated else operand.is_null()


@expression.register
def _(meaning: Arithmetic, of: Of) -> pl.Expr:
    size = None
    if meaning.operator in {"+", "-"}:
        size = larger_column(of(meaning.left), of(meaning.right))
    return settled_column(of(raw(meaning)), size)


@expression.register
def _(meaning: Raw, of: Of) -> pl.Expr:
    left, right = of(meaning.of.left), of(meaning.of.right)
    match meaning.of.operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return ratio_column(left, right)


@expression.register
def _(meaning: Minus, of: Of) -> pl.Expr:
    return -of(meaning.operand)


@expression.register
def _(meaning: Days, of: Of) -> pl.Expr:
    until, since = (of(day).cast(pl.Int32) for day in (meaning.until, meaning.since))
    return (until - since).cast(pl.Float64)


@expression.register
def _(meaning: Moved, of: Of) -> pl.Expr:
    days = of(meaning.days)
    days = (-days if meaning.back else days).floor().cast(pl.Int64, strict=False)
    moved = of(meaning.day).cast(pl.Int32).cast(pl.Int64) + days
    exists = moved.is_between(_FIRST_DAY, _LAST_DAY) & days.is_between(-(10**9), 10**9)
    return pl.when(exists).then(moved).cast(pl.Int32).cast(pl.Date)


@expression.register
def _(meaning: Calendar, of: Of) -> pl.Expr:
    operands = [of(operand) for operand in meaning.operands]
    return date_columns.expression(meaning.function, operands)


@expression.register
def _(meaning: Choose, of: Of) -> pl.Expr:
    then, otherwise = of(meaning.then), of(meaning.otherwise)
    return pl.when(of(meaning.condition)).then(then).otherwise(otherwise)


@expression.register
def _(meaning: Pick, of: Of) -> pl.Expr:
    tests = [of(operand) for operand in meaning.operands]
    chosen = pl.when(tests[0]).then(literal(meaning.values[0], meaning.type))
    for test, value in zip(tests[1:], meaning.values[1:], strict=True):
        chosen = chosen.when(test).then(literal(value, meaning.type))
    if len(set(meaning.groups)) == 1:
        return chosen
    by_group: dict[int, list[pl.Expr]] = {}
    for group, test in zip(meaning.groups, tests, strict=True):
        by_group.setdefault(group, []).append(test.fill_null(False))
    true = [pl.any_horizontal(found) for found in by_group.values()]
    return pl.when(pl.sum_horizontal(true) <= 1).then(chosen)


@expression.register
def _(meaning: Collect, of: Of) -> pl.Expr:
    kind = meaning.type.of or meaning.type
    found = [
        pl.when(of(operand)).then(literal(value, kind))
        for operand, value in zip(meaning.operands, meaning.values, strict=True)
    ]
    return pl.concat_list(found).list.drop_nulls()


@expression.register
def _(meaning: Apply, of: Of) -> pl.Expr:
    number = of(meaning.operand)
    return number.abs() if meaning.function == "abs" else rounded_column(number, meaning.places)


@expression.register
def _(meaning: Fold, of: Of) -> pl.Expr:
    items = [of(item) for item in meaning.items]
    known = all_of([item.is_not_null() for item in items])
    return pl.when(known).then(_fold(meaning.function, items))


def _fold(function: str, items: list[pl.Expr]) -> pl.Expr:
    if function == "min":
        return pl.min_horizontal(items)
    if function == "max":
        return pl.max_horizontal(items)
    if function == "median":
        return settled_column(pl.concat_list(items).list.median())
    addends = balanced(lambda a, b: a + b, [addends_column(item) for item in items])
    if function == "sum":
        return total_column(addends)
    return total_column(addends, addends.cast(pl.Float64) * 0.0 + float(len(items)))


def all_of(truths: Sequence[pl.Expr]) -> pl.Expr:
    return balanced(lambda one, other: one & other, truths)


def any_of(truths: Sequence[pl.Expr]) -> pl.Expr:
    return balanced(lambda one, other: one | other, truths)
