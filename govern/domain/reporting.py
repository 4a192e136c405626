"""What is to be reported of a KPI: which periods, each by which day, and which of them came in time.

A reading is due so many days after its period's end as the KPI's reporting lag says, moved on to the
next working day. A report without a figure is no figure: its period stays due. Days count until they
are over: what is due today is overdue tomorrow.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from govern.domain.calendar import Calendar
from govern.domain.period import (
    Cadence,
    last_completed,
    numbered_end,
    period_end,
    period_number,
)
from govern.domain.workdays import is_working_day


class DueState(StrEnum):
    """`not_yet`: the period still runs. `due`: it is over, and its day has not passed."""

    NOT_YET = "not_yet"
    DUE = "due"
    OVERDUE = "overdue"


class Punctuality(StrEnum):
    """How the report of a period came. `due`: it did not, and its day has not passed."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a KPI's readings are due. `first` is the end of the first period that is to be reported,
    `None` where nobody can say."""

    cadence: Cadence
    lag_days: int
    calendar: Calendar
    first: date | None

    def due_day(self, period: date) -> date:
        """The day by which the reading of the period that ends on `period` is due."""
        day = period + timedelta(days=max(self.lag_days, 0))
        while not is_working_day(day, self.calendar.holidays, self.calendar.weekend):
            day += timedelta(days=1)
        return day

    def ends(self, last: date) -> tuple[date, ...]:
        """The ends of the periods to report, up to `last`."""
        if self.first is None or last < self.first:
            return ()
        begin = period_number(self.cadence, self.first)
        # The period that `last` ends, or the one before the period that it lies in.
        stop = period_number(self.cadence, last_completed(self.cadence, last))
        return tuple(numbered_end(self.cadence, each) for each in range(begin, stop + 1))


@dataclass(frozen=True, slots=True)
class Due:
    """A period without a figure. `days_over` counts calendar days since the day it was due, 0 until
    then."""

    period: date
    due: date
    state: DueState
    days_over: int


@dataclass(frozen=True, slots=True)
class Report:
    """A period and how its report came: `days_late` is `None` where it has not come."""

    period: date
    due: date
    reported: date | None
    state: Punctuality
    days_late: int | None


def first_period(cadence: Cadence, known: date | None, start: date | None) -> date | None:
    """The end of the first period to report: `known` is the first that was planned or reported,
    `start` the project's first day, which counts where nothing was."""
    if known is not None:
        return period_end(cadence, known)
    return None if start is None else period_end(cadence, start)


def missing(
    schedule: Schedule, reported: AbstractSet[date], today: date, by: date | None = None
) -> tuple[Due, ...]:
    """The periods without a figure that are over today, the oldest first.

    `reported` are the ends of the periods that have one. With `by` those that are due by that day,
    whether or not they are over yet.
    """
    last = today if by is None else max(by, today)
    found: list[Due] = []
    for period in schedule.ends(last):
        if period in reported:
            continue
        due = schedule.due_day(period)
        if by is not None and due > by:
            continue
        over = max((today - due).days, 0)
        state = DueState.OVERDUE if over else DueState.DUE
        found.append(Due(period, due, DueState.NOT_YET if period > today else state, over))
    return tuple(found)


def reports(
    schedule: Schedule, reported: Mapping[date, date], today: date, last: int
) -> tuple[Report, ...]:
    """The last so many periods that are over, the oldest first, each with how its report came.

    `reported`: period → the day on which its first figure was reported.
    """
    found: list[Report] = []
    for period in schedule.ends(today)[-last:]:
        due, came = schedule.due_day(period), reported.get(period)
        if came is not None:
            late = max((came - due).days, 0)
            state = Punctuality.LATE if late else Punctuality.ON_TIME
            found.append(Report(period, due, came, state, late))
        else:
            state = Punctuality.MISSING if today > due else Punctuality.DUE
            found.append(Report(period, due, None, state, None))
    return tuple(found)
