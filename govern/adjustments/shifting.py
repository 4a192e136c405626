"""Days that move by whole periods."""

import calendar
from datetime import date, timedelta

from govern.domain.period import MONTHS, Cadence, last_completed, numbered_end, period_number


def later(day: date, cadence: Cadence, periods: int) -> date:
    """The day so many periods later: the last of a month becomes the last of a month, 30 January by one
    month the last of February. No day is later than the last there is."""
    if cadence is Cadence.WEEKLY:
        return date.fromordinal(min(day.toordinal() + 7 * periods, date.max.toordinal()))
    year, month = divmod(day.year * 12 + day.month - 1 + MONTHS[cadence] * periods, 12)
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    was_last = (day + timedelta(days=1)).day == 1 if day < date.max else True
    return date(year, month + 1, last if was_last else min(day.day, last))


def whole_periods(cadence: Cadence, day: date, moved: date) -> int:
    """How many whole periods lie between the end of a period and a later day."""
    return period_number(cadence, last_completed(cadence, moved)) - period_number(cadence, day)


def end_after(cadence: Cadence, day: date, periods: int) -> date:
    """The end of the period that comes so many periods later; the last that there is at most."""
    try:
        return numbered_end(cadence, period_number(cadence, day) + periods)
    except (ValueError, OverflowError):
        return day
