"""The column reading of the calendar functions.

Days are counted from Monday 1969-12-29, so that whole weeks and the day of the week are a division
and its rest.
"""

from collections.abc import Callable
from datetime import date

import polars as pl

_MONDAY = 3
"""The days from 1969-12-29, a Monday, to 1970-01-01, where Polars counts from."""
_WEEK = 7
_WORKING_WEEK = 5
_FIRST, _LAST = (day.toordinal() - date(1970, 1, 1).toordinal() for day in (date.min, date.max))
_MOST = 10**7


def expression(function: str, operands: list[pl.Expr]) -> pl.Expr:
    return _COLUMNS[function](*operands)


def _number(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Int32).cast(pl.Int64)


def _date(number: pl.Expr) -> pl.Expr:
    """Null outside the years 1 to 9999."""
    exists = number.is_between(_FIRST, _LAST)
    return pl.when(exists).then(number).cast(pl.Int32).cast(pl.Date)


def _whole(number: pl.Expr) -> pl.Expr:
    return pl.when(number.abs() <= _MOST).then(number.floor()).cast(pl.Int64)


def _worked_until(day: pl.Expr) -> pl.Expr:
    """How many working days there were up to and with the day."""
    counted = _number(day) + _MONDAY
    rest = pl.min_horizontal(counted % _WEEK + 1, pl.lit(_WORKING_WEEK))
    return counted.floordiv(_WEEK) * _WORKING_WEEK + rest


def _working_days(since: pl.Expr, until: pl.Expr) -> pl.Expr:
    return (_worked_until(until) - _worked_until(since)).cast(pl.Float64)


def _add_working_days(day: pl.Expr, by: pl.Expr) -> pl.Expr:
    days = _whole(by)
    weekend = (_number(day) + _MONDAY) % _WEEK >= _WORKING_WEEK
    # Backwards from a weekend, its Friday is the first; forwards, the Friday has gone by.
    wanted = _worked_until(day) + days + (weekend & (days < 0)).cast(pl.Int64) - 1
    there = wanted.floordiv(_WORKING_WEEK) * _WEEK + wanted % _WORKING_WEEK - _MONDAY
    return pl.when(days == 0).then(day).otherwise(_date(there))


def _add_months(day: pl.Expr, by: pl.Expr) -> pl.Expr:
    months = day.dt.year().cast(pl.Int64) * 12 + day.dt.month() - 1 + _whole(by)
    year = months.floordiv(12)
    known = year.is_between(date.min.year, date.max.year)
    first = pl.date(pl.when(known).then(year), months % 12 + 1, 1)
    last = first.dt.month_end().dt.day()
    later = _number(first) + pl.min_horizontal(day.dt.day(), last).cast(pl.Int64) - 1
    return pl.when(known & day.is_not_null()).then(_date(later))


def _end_of_month(day: pl.Expr) -> pl.Expr:
    return day.dt.month_end()


def _part(read: Callable[[pl.Expr], pl.Expr]) -> Callable[[pl.Expr], pl.Expr]:
    return lambda day: read(day).cast(pl.Float64)


_COLUMNS: dict[str, Callable[..., pl.Expr]] = {
    "year": _part(lambda day: day.dt.year()),
    "month": _part(lambda day: day.dt.month()),
    "day": _part(lambda day: day.dt.day()),
    "weekday": _part(lambda day: day.dt.weekday()),
    "end_of_month": _end_of_month,
    "add_months": _add_months,
    "working_days": _working_days,
    "add_working_days": _add_working_days,
}
