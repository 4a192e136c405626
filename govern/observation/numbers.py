"""Numbers in Float64 columns that come out the same as exact decimals, in whatever order.

Inputs are decimals of at most 15 significant digits, which Float64 carries without loss.
"""

from collections.abc import Iterable

import polars as pl
import polars.selectors as cs

from govern.domain.measures import PLACES

_UNITS = float(10**PLACES)
_SUM_UNITS = 1e6
_WITHIN_64_BITS = 2.0**62
_DIGITS = 15
_TOO_LARGE = 1e300
_NOISE = 2.0**-51

_POWERS = pl.Series([10.0**exponent for exponent in range(301)])
"""Of ten: looked up in a third of the time."""


def finite(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with NaN and infinities made null: `NaN > 2` would be true, not unknown.

    So is what lies beyond ±10³⁰⁰, where a difference of two numbers could become infinite.
    """
    numbers = cs.float()
    # A sum of sizes is below the limit only if every size is, and costs a fraction of looking at each.
    sums = frame.select(numbers.abs().sum())
    if all(total < _TOO_LARGE for row in sums.iter_rows() for total in row):
        return frame
    return frame.with_columns(pl.when(numbers.abs() < _TOO_LARGE).then(numbers))


def difference(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """left − right, as near to the exact decimal difference as Float64 can say it.

    1000000.1 − 1000000 leaves 0.09999999997671694 in binary: what cancels out brings the error of
    the large numbers to the front. It is rounded away at the 15th digit of the larger number.
    """
    larger = pl.max_horizontal(left.abs(), right.abs())
    places = ((_DIGITS - 1) - larger.log10().floor()).clip(0, _POWERS.len() - 1)
    scale = pl.lit(_POWERS).gather(places.cast(pl.Int64))
    return ((left - right) * scale + 0.5).floor() / scale


def ratio(numerator: pl.Expr, divisor: pl.Expr) -> pl.Expr:
    """The quotient to 9 places, floor(x·10⁹ + ½) / 10⁹; null where the divisor is 0.

    The ½ is widened by what four roundings can have taken away, so that a quotient that lies
    half-way between two results is rounded up as in Decimal. Beyond 9 million, where Float64 has no 9
    places, it is right to 14 digits.
    """
    return pl.when(divisor != 0).then(_whole_units(numerator * _UNITS / divisor, divisor))


def nine_places(number: pl.Expr) -> pl.Expr:
    """A column of finite numbers rounded as `ratio` rounds."""
    return _whole_units(number * _UNITS, number)


def _whole_units(scaled: pl.Expr, column: pl.Expr) -> pl.Expr:
    whole = (scaled + 0.5 + scaled.abs() * _NOISE).floor()
    return pl.when(scaled.is_finite()).then(_divided(whole, _UNITS, column))


def summed_as(values: Iterable[pl.Series]) -> pl.DataType:
    """The integers that hold every sum of each column's values in `sum_to_date`: of 64 bits where they
    do, which cost a third of those of 128."""
    sizes = (float(each.abs().sum() or 0.0) * _SUM_UNITS + each.len() for each in values)
    return pl.Int64() if all(size < _WITHIN_64_BITS for size in sizes) else pl.Int128()


def sum_to_date(values: pl.Expr, first_row: pl.Expr, integers: pl.DataType) -> pl.Expr:
    """The running sum of values from the row that `first_row` points at, for each row's group.

    Null from a group's first missing value on. Values count to 6 decimal places and are added as
    `integers` (see `summed_as`), so that no order of addition can change a sum.
    """
    scaled = (values * _SUM_UNITS + 0.5).floor().cast(integers, strict=False)
    amount = scaled.fill_null(0)
    missing = scaled.is_null().cast(pl.Int64)
    return pl.when(_within(missing, first_row) == 0).then(
        _divided(_within(amount, first_row).cast(pl.Float64), _SUM_UNITS, first_row)
    )


def count_to_date(holds: pl.Expr, first_row: pl.Expr) -> pl.Expr:
    """How often a Boolean column (without nulls) has held from a group's first row to each row."""
    return _within(holds.cast(pl.Int64), first_row)


def _divided(amount: pl.Expr, by: float, column: pl.Expr) -> pl.Expr:
    """amount / by, correctly rounded, so that 3·10⁸ / 10⁹ is the 0.3 that a rule says.

    Polars multiplies by the reciprocal where a divisor is constant (and divides where the frame has
    one row), which is an ulp off for two results in five; it divides by a column, which `by` becomes
    with the help of any `column` of finite numbers as long as the frame.
    """
    return amount / (column * 0.0 + by)


def _within(amount: pl.Expr, first_row: pl.Expr) -> pl.Expr:
    total = amount.cum_sum()
    return total - (total - amount).gather(first_row)
