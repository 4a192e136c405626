"""Working days, for deadlines such as "decide within 10 working days"."""

from collections.abc import Set
from datetime import date, timedelta

_FRIDAY = 4


def is_working_day(day: date, holidays: Set[date] = frozenset()) -> bool:
    """Monday to Friday, and not a holiday."""
    return day.weekday() <= _FRIDAY and day not in holidays


def add_working_days(day: date, n: int, holidays: Set[date] = frozenset()) -> date:
    """The `n`-th working day after `day`, which itself never counts, whatever day it is.

    `n` = 0 gives `day` unchanged, also on a weekend. Raises `ValueError` for a negative `n`.
    """
    if n < 0:
        raise ValueError(f"cannot add {n} working days: the number must be 0 or more")
    while n > 0:
        day += timedelta(days=1)
        if is_working_day(day, holidays):
            n -= 1
    return day
