"""Rounding, in Float64 columns and in Decimal, so that both readings agree on every comparison.

Decimal is the reference: 34 digits, as in FEEL (IEEE 754 decimal128). Float64 arithmetic carries
noise in its last bits, so that 0.84 / 1.05 is not quite 0.8. Before a computed number is compared,
and as the result of every division, it is *settled*: rounded to a grid that is coarse against the
noise and fine against anything that people write, 9 decimal places below a million, 6 below 10⁹,
3 below 10¹², whole numbers below 10¹⁵; at least 12 significant digits of what is not tiny. Numbers
from 10¹⁵ on stay as they are, and from 10³⁰⁰ on they are unknown.

The half that is rounded up begins 2⁻¹⁰ of a grid step early: with noise, a number exactly in the
middle could otherwise fall either way.
"""

from decimal import ROUND_FLOOR, Context, Decimal
from typing import Final

import polars as pl

CONTEXT: Final = Context(prec=34, Emax=9999, Emin=-9999)

_TIERS: Final = ((6, 9), (9, 6), (12, 3), (15, 0))
"""Below 10^first, round to `second` decimal places."""
_HALF: Final = 0.5 + 2.0**-10
_HALF_EXACT: Final = Decimal(_HALF)
_LARGEST: Final = 300
SUM_PLACES: Final = 6
"""Sums add whole millionths, so that their order does not matter."""


def settled(number: Decimal) -> Decimal | None:
    """The number on the grid; `None` from 10³⁰⁰ on."""
    size = abs(number)
    for limit, places in _TIERS:
        if size < Decimal(10) ** limit:
            return _floored(number, places)
    return number if size < Decimal(10) ** _LARGEST else None


def settled_column(number: pl.Expr) -> pl.Expr:
    """The same for a Float64 column; NaN becomes null."""
    size = number.abs()
    found = pl.when(size < 10.0**_LARGEST).then(number)
    scale = pl.lit(1.0)
    for limit, places in reversed(_TIERS[:-1]):
        scale = pl.when(size < 10.0**limit).then(10.0**places).otherwise(scale)
    on_grid = (number * scale + _HALF).floor() / scale
    return pl.when(size < 10.0 ** _TIERS[-1][0]).then(on_grid).otherwise(found)


def millionths(number: Decimal) -> Decimal:
    return CONTEXT.add(number.scaleb(SUM_PLACES, CONTEXT), _HALF_EXACT).to_integral_value(
        ROUND_FLOOR, CONTEXT
    )


def millionths_column(number: pl.Expr) -> pl.Expr:
    """Whole millionths; null where they do not fit."""
    scaled = (number * 10.0**SUM_PLACES + _HALF).floor()
    return scaled.cast(pl.Int128, strict=False)


def rounded(number: Decimal, places: int) -> Decimal:
    """To so many decimal places, half away from zero."""
    size = _floored(abs(number), places)
    return -size if number < 0 else size


def rounded_column(number: pl.Expr, places: int) -> pl.Expr:
    scale = 10.0**places
    size = number.abs()
    whole = pl.when(size < 10.0**15).then((size * scale + _HALF).floor() / scale).otherwise(size)
    return pl.when(number < 0).then(-whole).otherwise(whole)


def _floored(number: Decimal, places: int) -> Decimal:
    units = CONTEXT.add(number.scaleb(places, CONTEXT), _HALF_EXACT)
    return units.to_integral_value(ROUND_FLOOR, CONTEXT).scaleb(-places, CONTEXT)
