"""The plain reading of the calendar functions; `None` is unknown."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from govern.domain.workdays import is_working_day
from govern.language.meaning import Value

_WEEK = 7
_WORKING_WEEK = 5


def computed(function: str, operands: Sequence[Value]) -> Value:  # noqa: PLR0911 - one a function
    """A function of a date, and of another date or a number; unknown where one of them is."""
    day, other = operands[0], operands[1] if len(operands) > 1 else None
    if not isinstance(day, date) or (len(operands) > 1 and other is None):
        return None
    match function:
        case "year":
            return Decimal(day.year)
        case "month":
            return Decimal(day.month)
        case "day":
            return Decimal(day.day)
        case "weekday":
            return Decimal(day.isoweekday())
        case "end_of_month":
            return day.replace(day=monthrange(day.year, day.month)[1])
        case _:
            if isinstance(other, date):
                return Decimal(_working_days(day, other))
            return _moved(function, day, other) if isinstance(other, Decimal) else None


def _working_days(since: date, until: date) -> int:
    if until < since:
        return -_working_days(until, since)
    weeks, rest = divmod((until - since).days, _WEEK)
    odd = (until - timedelta(days=back) for back in range(rest))
    return weeks * _WORKING_WEEK + sum(is_working_day(day) for day in odd)


def _moved(function: str, day: date, by: Decimal) -> Value:
    """The date so many whole months or working days later; `None` outside the years 1 to 9999."""
    if abs(by) > 10**7:
        return None
    whole = int(by.to_integral_value(ROUND_FLOOR))
    try:
        return _months_later(day, whole) if function == "add_months" else _worked(day, whole)
    except (OverflowError, ValueError):
        return None


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    date(year, 1, 1)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _worked(day: date, days: int) -> date:
    """Whole weeks first; then day by day, from a working day on, so that a week has five."""
    step = timedelta(days=1 if days > 0 else -1)
    weeks = max(0, abs(days) // _WORKING_WEEK - 1)
    left = abs(days) - weeks * _WORKING_WEEK
    day += step * weeks * _WEEK
    while left:
        day += step
        left -= is_working_day(day)
    return day
