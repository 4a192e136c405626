"""Working days, for deadlines such as "decide within 10 working days"."""

from collections.abc import Set
from datetime import date, timedelta
from typing import Final

SATURDAY_AND_SUNDAY: Final = frozenset({5, 6})


def is_working_day(
    day: date, holidays: Set[date] = frozenset(), weekend: Set[int] = SATURDAY_AND_SUNDAY
) -> bool:
    """Neither a day of the weekend (Monday is 0) nor a holiday."""
    return day.weekday() not in weekend and day not in holidays


def add_working_days(
    day: date,
    n: int,
    holidays: Set[date] = frozenset(),
    weekend: Set[int] = SATURDAY_AND_SUNDAY,
) -> date:
    """The `n`-th working day after `day`, which itself never counts, whatever day it is.

    `n` = 0 gives `day` unchanged, also on a weekend. Raises `ValueError` for a negative `n` and for
    a weekend of seven days.
    """
    if n < 0:
        raise ValueError(f"cannot add {n} working days: the number must be 0 or more")
    if len(weekend) >= 7:
        raise ValueError("there are no working days in a weekend of seven days")
    while n > 0:
        day += timedelta(days=1)
        if is_working_day(day, holidays, weekend):
            n -= 1
    return day
