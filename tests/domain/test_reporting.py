"""What is due: the days, the states, and how reports came."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.calendar import MONDAY_TO_FRIDAY, Calendar
from govern.domain.period import Cadence, is_period_end
from govern.domain.reporting import (
    DueState,
    Punctuality,
    Schedule,
    first_period,
    missing,
    reports,
)
from govern.domain.workdays import is_working_day

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
MONTHLY = Schedule(Cadence.MONTHLY, 0, MONDAY_TO_FRIDAY, JAN)


@pytest.mark.parametrize(
    ("lag", "period", "due"),
    [
        (0, MAR, MAR),  # a Tuesday
        (0, JAN, date(2026, 2, 2)),  # a Saturday: the next Monday
        (10, JAN, date(2026, 2, 10)),
        (7, JAN, date(2026, 2, 9)),  # 2026-02-07 is a Saturday
    ],
)
def test_a_reading_is_due_after_its_lag_on_a_working_day(lag: int, period: date, due: date) -> None:
    assert Schedule(Cadence.MONTHLY, lag, MONDAY_TO_FRIDAY, JAN).due_day(period) == due


def test_a_holiday_moves_the_day_on() -> None:
    closed = Calendar("shut", "UTC", frozenset({5, 6}), frozenset({MAR, date(2026, 4, 1)}))
    assert Schedule(Cadence.MONTHLY, 0, closed, JAN).due_day(MAR) == date(2026, 4, 2)


def test_what_is_due_today_is_overdue_tomorrow() -> None:
    (only,) = missing(MONTHLY, {JAN, FEB}, MAR)
    assert (only.period, only.due, only.state, only.days_over) == (MAR, MAR, DueState.DUE, 0)
    (only,) = missing(MONTHLY, {JAN, FEB}, MAR + timedelta(days=1))
    assert (only.state, only.days_over) == (DueState.OVERDUE, 1)


def test_what_is_missing_is_told_from_the_oldest_on() -> None:
    found = missing(MONTHLY, {FEB}, date(2026, 4, 10))
    assert [(each.period, each.days_over) for each in found] == [(JAN, 67), (MAR, 10)]


def test_by_a_day_looks_ahead_and_no_further() -> None:
    found = missing(MONTHLY, {JAN}, date(2026, 2, 10), by=MAR)
    # February ends on a Saturday and is due on the Monday after; March is due on its last day.
    assert [(each.period, each.state) for each in found] == [
        (FEB, DueState.NOT_YET),
        (MAR, DueState.NOT_YET),
    ]
    assert [each.period for each in missing(MONTHLY, {JAN}, date(2026, 2, 10), by=FEB)] == []
    # What is over, and due after the day that was named, is left out.
    lagging = Schedule(Cadence.MONTHLY, 20, MONDAY_TO_FRIDAY, JAN)
    today = date(2026, 2, 3)
    assert [each.period for each in missing(lagging, set(), today)] == [JAN]
    assert missing(lagging, set(), today, by=date(2026, 2, 10)) == ()


def test_nothing_is_due_where_nobody_can_say_since_when() -> None:
    unknown = Schedule(Cadence.MONTHLY, 0, MONDAY_TO_FRIDAY, None)
    assert missing(unknown, set(), MAR) == ()
    assert reports(unknown, {}, MAR, 12) == ()


@pytest.mark.parametrize(
    ("known", "start", "first"),
    [
        (date(2026, 2, 28), date(2025, 1, 1), FEB),
        (None, date(2026, 1, 15), JAN),
        (None, None, None),
    ],
)
def test_the_first_period_is_that_of_the_first_figure_or_of_the_start(
    known: date | None, start: date | None, first: date | None
) -> None:
    assert first_period(Cadence.MONTHLY, known, start) == first


def test_how_reports_came() -> None:
    came = {JAN: date(2026, 2, 2), FEB: date(2026, 3, 7)}
    found = reports(MONTHLY, came, date(2026, 4, 30), 12)
    assert [(each.state, each.days_late) for each in found] == [
        (Punctuality.ON_TIME, 0),
        (Punctuality.LATE, 5),
        (Punctuality.MISSING, None),
        (Punctuality.DUE, None),
    ]
    assert [each.period for each in reports(MONTHLY, came, date(2026, 4, 30), 2)] == [
        MAR,
        date(2026, 4, 30),
    ]


@given(
    cadence=st.sampled_from(list(Cadence)),
    lag=st.integers(0, 366),
    first=st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    ahead=st.integers(0, 400),
    holidays=st.frozensets(st.dates(date(2020, 1, 1), date(2028, 12, 31)), max_size=40),
    data=st.data(),
)
def test_every_period_is_either_reported_or_missing(
    cadence: Cadence,
    lag: int,
    first: date,
    ahead: int,
    holidays: frozenset[date],
    data: st.DataObject,
) -> None:
    calendar = Calendar("any", "UTC", frozenset({5, 6}), holidays)
    schedule = Schedule(cadence, lag, calendar, first_period(cadence, first, None))
    today = first + timedelta(days=ahead)
    ends = schedule.ends(today)
    reported = set(data.draw(st.lists(st.sampled_from(ends)))) if ends else set[date]()
    found = missing(schedule, reported, today)
    assert [*sorted(reported | {each.period for each in found})] == [*ends]
    for each in found:
        assert is_period_end(cadence, each.period)
        assert each.period <= today
        assert each.due >= each.period + timedelta(days=lag)
        assert is_working_day(each.due, holidays)
        assert (each.state is DueState.OVERDUE) == (each.days_over > 0) == (today > each.due)
    # Due days come in the order of their periods: the oldest is the first that is over.
    assert [each.due for each in found] == sorted(each.due for each in found)
