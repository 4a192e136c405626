"""The period arithmetic of `govern.observation.calendar`, one number at a time."""

from datetime import date, timedelta

from govern.domain.period import MONTHS, Cadence, numbered_end, period_number

_ONE_DAY = timedelta(days=1)


def fineness(cadence: Cadence) -> int:
    """The finer the cadence, the smaller the number."""
    return MONTHS.get(cadence, 0)


def completed_by(cadence: Cadence, day: date) -> int:
    """The number of the last period that ended on or before a day."""
    return period_number(cadence, day + _ONE_DAY) - 1


def start_of(cadence: Cadence, number: int) -> date:
    """The first day of a numbered period."""
    return numbered_end(cadence, number - 1) + _ONE_DAY
