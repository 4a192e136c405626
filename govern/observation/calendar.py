"""The period arithmetic of `govern.domain.period` on whole columns.

`months` is a column of calendar months per period, with 0 for a week; see `months_of`. Numbers are
those of `period_number`; a null anywhere gives null.
"""

from datetime import date

import polars as pl

from govern.domain.period import MONTHS, Cadence

_WEEKLY = 0
_EPOCH = date(1970, 1, 1).toordinal()
_MARCH_OF_YEAR_0 = 719_468
"""Days from its first to 1970-01-01."""
_ONE_DAY = pl.duration(days=1)

MONTHLY = pl.lit(MONTHS[Cadence.MONTHLY], dtype=pl.Int64)


def months_of(cadence: pl.Expr) -> pl.Expr:
    """Months per period of a text column of cadences; null where the text is not a `Cadence`.

    The finer the cadence, the smaller the number.
    """
    months = {item.value: MONTHS.get(item, _WEEKLY) for item in Cadence}
    return cadence.replace_strict(months, default=None, return_dtype=pl.Int64)


def number_of(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    """The number (Int64) of the period that contains a day (Date)."""
    week = (day.cast(pl.Int64) + (_EPOCH - 1)) // 7
    month = day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64) - 1
    return pl.when(months == _WEEKLY).then(week).otherwise(month // months)


def completed_by(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    """The number of the last period that ended on or before a day."""
    return number_of(day + _ONE_DAY, months) - 1


def end_of(number: pl.Expr, months: pl.Expr) -> pl.Expr:
    """The last day (Date) of a numbered period."""
    sunday = (number * 7 + (7 - _EPOCH)).cast(pl.Int32).cast(pl.Date)
    return (
        pl.when(months == _WEEKLY)
        .then(sunday)
        .otherwise(_first_of_month((number + 1) * months) - _ONE_DAY)
    )


def start_of(number: pl.Expr, months: pl.Expr) -> pl.Expr:
    """The first day (Date) of a numbered period."""
    return end_of(number - 1, months) + _ONE_DAY


def _first_of_month(month: pl.Expr) -> pl.Expr:
    """Counted from March on, so that a leap day is a year's last: a third of what `pl.date` costs."""
    year, since_march = (month - 2) // 12, (month - 2) % 12
    leap_days = year // 4 - year // 100 + year // 400
    day = year * 365 + leap_days + (since_march * 153 + 2) // 5 - _MARCH_OF_YEAR_0
    return day.cast(pl.Int32).cast(pl.Date)
