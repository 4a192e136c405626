"""Reporting periods. A period is named by the date it ends on.

Periods of one cadence are numbered without gaps, so that "the one before" and "how many between"
are integer arithmetic: months count from year 0 and a quarter, half-year or year is 3, 6 or 12 of
them; weeks end on Sunday (ISO 8601 weeks run from Monday to Sunday).
"""

import calendar
from datetime import date, timedelta
from enum import StrEnum


class Cadence(StrEnum):
    """How often a KPI is reported, from the finest to the coarsest."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


MONTHS: dict[Cadence, int] = {
    Cadence.MONTHLY: 1,
    Cadence.QUARTERLY: 3,
    Cadence.HALF_YEARLY: 6,
    Cadence.YEARLY: 12,
}
"""Calendar months in one period. A week is not a number of months."""


def period_number(cadence: Cadence, day: date) -> int:
    """The number of the period that contains `day`; the next period has the next number."""
    if cadence is Cadence.WEEKLY:
        return (day.toordinal() - 1) // 7
    return (day.year * 12 + day.month - 1) // MONTHS[cadence]


def numbered_end(cadence: Cadence, number: int) -> date:
    """The last day of the period with this number: the inverse of `period_number`.

    Raises `ValueError` or `OverflowError` outside the years 1 to 9999.
    """
    if cadence is Cadence.WEEKLY:
        return date.fromordinal(number * 7 + 7)
    year, month = divmod((number + 1) * MONTHS[cadence] - 1, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def period_end(cadence: Cadence, day: date) -> date:
    """The last day of the period that contains `day`."""
    return numbered_end(cadence, period_number(cadence, day))


def period_start(cadence: Cadence, day: date) -> date:
    """The first day of the period that contains `day`."""
    if cadence is Cadence.WEEKLY:
        return day - timedelta(days=day.weekday())
    year, month = divmod(period_number(cadence, day) * MONTHS[cadence], 12)
    return date(year, month + 1, 1)


def next_end(cadence: Cadence, day: date) -> date:
    """The last day of the period after the one that contains `day`."""
    return numbered_end(cadence, period_number(cadence, day) + 1)


def last_completed(cadence: Cadence, as_of: date) -> date:
    """The end of the last period that ended on or before `as_of`."""
    number = period_number(cadence, as_of)
    end = numbered_end(cadence, number)
    return end if end == as_of else numbered_end(cadence, number - 1)


def ends_between(cadence: Cadence, first_end: date, last_end: date) -> tuple[date, ...]:
    """Every period end from the period that contains `first_end` to the one that contains
    `last_end`, both included, in order; empty where the first lies after the last."""
    first, last = period_number(cadence, first_end), period_number(cadence, last_end)
    return tuple(numbered_end(cadence, number) for number in range(first, last + 1))


def is_period_end(cadence: Cadence, day: date) -> bool:
    """Whether a period of this cadence ends on `day`."""
    return period_end(cadence, day) == day
