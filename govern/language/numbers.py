"""Arithmetic in Float64 columns and in Decimal, so that both readings agree on every comparison.

Decimal is the reference: 34 digits, as in FEEL (IEEE 754 decimal128). Float64 carries noise in its
last bits, so that 0.84 / 1.05 is not quite 0.8. The result of every operation is therefore
*settled*, in both readings: rounded half up to a grid that is coarse against the noise and fine
against anything that people write. The grid is 9 decimal places where the numbers are below a
million, 6 below 10⁹, 3 below 10¹², whole numbers below 10¹⁵: 12 to 15 significant digits. A sum
or difference takes the grid of its larger operand, because that is where its noise comes from.
From 10¹⁵ on results stay as they are, and from 10³⁰⁰ on they are unknown.
"""

from collections.abc import Callable, Sequence
from decimal import ROUND_FLOOR, Context, Decimal
from operator import add
from typing import Final

import polars as pl

CONTEXT: Final = Context(prec=34, Emax=9999, Emin=-9999)

_TIERS: Final = ((6, 9), (9, 6), (12, 3), (15, 0))
"""Below 10^first, results have `second` decimal places."""
_LARGEST: Final = 300
_DIGITS: Final = 15
_HALF: Final = Decimal("0.5")
_NOISE: Final = 2.0**-52
"""What a few roundings can take away from a number, as a share of it. A half that has lost it is
still rounded up; twice as much would also round up whole numbers just below 10¹⁵."""
_SUM_PLACES: Final = 6
"""Sums add whole millionths, so that their order does not matter."""


def settled(number: Decimal, size: Decimal | None = None) -> Decimal | None:
    """The number on the grid of `size` (its own if `None`); `None` from 10³⁰⁰ on."""
    size = abs(number) if size is None else size
    for limit, places in _TIERS:
        if size < Decimal(10) ** limit:
            return _floored(number, places)
    return number if size < Decimal(10) ** _LARGEST else None


def settled_column(number: pl.Expr, size: pl.Expr | None = None) -> pl.Expr:
    """The same for a Float64 column; NaN becomes null. It names `number` many times, which should
    be a column of its own where it takes long to compute."""
    size = number.abs() if size is None else size
    scale, last = _scale(size), _TIERS[-1][0]
    # Not by `size`: the larger of a column and a constant can be the constant in every row.
    on_grid = _divided(_units(number, size, scale), scale, number)
    return pl.when(size < 10.0**last).then(on_grid).when(size < 10.0**_LARGEST).then(number)


def _scale(size: pl.Expr) -> pl.Expr:
    (first, places), *others, (_, whole) = _TIERS
    chain = pl.when(size < 10.0**first).then(10.0**places)
    for limit, places in others:
        chain = chain.when(size < 10.0**limit).then(10.0**places)
    return chain.otherwise(10.0**whole)


def sum_of_two(left: Decimal, right: Decimal) -> Decimal | None:
    return settled(CONTEXT.add(left, right), max(abs(left), abs(right)))


def larger_column(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """The size of a sum or difference of two."""
    one, other = left.abs(), right.abs()
    return pl.when(one >= other).then(one).otherwise(other)


def product(left: Decimal, right: Decimal) -> Decimal | None:
    return settled(CONTEXT.multiply(left, right))


def quotient(left: Decimal, right: Decimal) -> Decimal | None:
    """`None` where the divisor is 0."""
    return None if right == 0 else settled(CONTEXT.divide(left, right))


def ratio_column(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """The quotient before it is settled."""
    return pl.when(right != 0.0).then(_divided(left, right, left))


def deviation(numbers: list[Decimal], mean: Decimal) -> Decimal | None:
    """The population standard deviation; unknown where a number has 10¹⁵ or more.

    Squares are those of whole units of the grid of the largest number, so that they add up alike
    in any order and in both readings.
    """
    size = max(abs(number) for number in numbers)
    places = _places(size)
    if places is None:
        return None
    scaled = [CONTEXT.subtract(one, mean).scaleb(places, CONTEXT) for one in numbers]
    units = [int(_floored(one, 0)) for one in scaled]
    squares = CONTEXT.divide(Decimal(sum(unit * unit for unit in units)), Decimal(len(units)))
    return settled(CONTEXT.sqrt(squares).scaleb(-places, CONTEXT))


def deviation_column(numbers: list[pl.Expr], mean: pl.Expr, size: pl.Expr) -> pl.Expr:
    """The same of columns whose mean and largest number are `mean` and `size`."""
    scale = _scale(size)
    units = [_units(one - mean, size, scale).cast(pl.Int128, strict=False) for one in numbers]
    squares = balanced(add, [unit * unit for unit in units]).cast(pl.Float64)
    found = _divided(_divided(squares, float(len(units)), squares).sqrt(), scale, squares)
    return pl.when(size < 10.0 ** _TIERS[-1][0]).then(settled_column(found))


def billionths(number: Decimal) -> int | None:
    """The number in whole billionths; `None` from 10¹⁵ on."""
    places = _places(abs(number))
    return None if places is None else int(_floored(number, places).scaleb(9, CONTEXT))


def billionths_column(number: pl.Expr) -> pl.Expr:
    """The same as Int128."""
    return _whole_column(number, _TIERS, _TIERS[0][1])


def share_of_billionths(billionths: int, by: int) -> Decimal | None:
    return settled(CONTEXT.divide(Decimal(billionths).scaleb(-9, CONTEXT), Decimal(by)))


def share_of_billionths_column(billionths: pl.Expr, by: pl.Expr) -> pl.Expr:
    number = billionths.cast(pl.Float64)
    return settled_column(_divided(_divided(number, 10.0**9, number), by, number))


def total(numbers: list[Decimal], share: int = 1) -> Decimal | None:
    """The sum, divided by `share`; unknown where a number has 10¹⁵ or more."""
    found = Decimal(0)
    for number in numbers:
        places = _sum_places(number)
        if places is None:
            return None
        found = CONTEXT.add(found, _floored(number, places))
    return settled(CONTEXT.divide(found, Decimal(share)))


def addends_column(number: pl.Expr) -> pl.Expr:
    """What is added up for `total_column`: whole millionths, null from 10¹⁵ on."""
    return _whole_column(number, _TIERS[1:], _SUM_PLACES)


def _whole_column(number: pl.Expr, tiers: tuple[tuple[int, int], ...], places: int) -> pl.Expr:
    size = number.abs()
    found = None
    for limit, grid in tiers:
        whole = _units(number, size, 10.0**grid).cast(pl.Int128, strict=False)
        whole = whole * pl.lit(10 ** (places - grid), dtype=pl.Int128)
        found = (pl if found is None else found).when(size < 10.0**limit).then(whole)
    return pl.lit(None, dtype=pl.Int128) if found is None else found.otherwise(None)


def total_column(addends: pl.Expr, share: pl.Expr | None = None) -> pl.Expr:
    """The sum of millionths as a number, divided by `share`."""
    return settled_column(share_column(addends, share))


def share_column(
    addends: pl.Expr, share: pl.Expr | None = None, column: pl.Expr | None = None
) -> pl.Expr:
    """The same before it is settled. `column` is any column of finite numbers, where that of the
    addends takes long to compute."""
    millionths = addends.cast(pl.Float64)
    column = millionths if column is None else column
    found = _divided(millionths, 10.0**_SUM_PLACES, column)
    return found if share is None else _divided(found, share, column)


def rounded(number: Decimal, places: int) -> Decimal:
    """To so many decimal places, half away from zero; as it is where these are beyond 15 digits."""
    if abs(number) >= Decimal(10) ** (_DIGITS - places):
        return number
    size = _floored(abs(number), places)
    return -size if number < 0 else size


def rounded_column(number: pl.Expr, places: int) -> pl.Expr:
    size = number.abs()
    units = _units(size, size, 10.0**places)
    whole = (
        pl.when(size < 10.0 ** (_DIGITS - places))
        .then(_divided(units, 10.0**places, size))
        .otherwise(size)
    )
    return pl.when(number < 0).then(-whole).otherwise(whole)


def _places(size: Decimal) -> int | None:
    return next((places for limit, places in _TIERS if size < Decimal(10) ** limit), None)


def _sum_places(number: Decimal) -> int | None:
    size = abs(number)
    return next((places for limit, places in _TIERS[1:] if size < Decimal(10) ** limit), None)


def _floored(number: Decimal, places: int) -> Decimal:
    units = CONTEXT.add(number.scaleb(places, CONTEXT), _HALF)
    return units.to_integral_value(ROUND_FLOOR, CONTEXT).scaleb(-places, CONTEXT)


def _units(number: pl.Expr, size: pl.Expr, scale: pl.Expr | float) -> pl.Expr:
    return (number * scale + 0.5 + size * scale * _NOISE).floor()


def _divided(number: pl.Expr, by: pl.Expr | float, column: pl.Expr) -> pl.Expr:
    """number / by, correctly rounded.

    Polars multiplies by the reciprocal of a divisor that is the same in all rows, which is off by
    one bit for two numbers in five. It divides by a column, which `by` becomes with the help of
    any column of finite numbers.
    """
    return number / (column * 0.0 + by)


def balanced(join: Callable[[pl.Expr, pl.Expr], pl.Expr], operands: Sequence[pl.Expr]) -> pl.Expr:
    """The operands joined as a tree of logarithmic depth."""
    level = list(operands)
    while len(level) > 1:
        pairs = [join(a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]
