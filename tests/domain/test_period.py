from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.period import (
    Cadence,
    ends_between,
    is_period_end,
    last_completed,
    next_end,
    numbered_end,
    period_end,
    period_number,
    period_start,
)

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
CADENCES = st.sampled_from(list(Cadence))


@pytest.mark.parametrize(
    ("cadence", "day", "start", "end"),
    [
        ("weekly", date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 29)),
        ("weekly", date(2026, 11, 29), date(2026, 11, 23), date(2026, 11, 29)),
        ("weekly", date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 4)),
        ("monthly", date(2024, 2, 1), date(2024, 2, 1), date(2024, 2, 29)),
        ("monthly", date(2025, 12, 31), date(2025, 12, 1), date(2025, 12, 31)),
        ("quarterly", date(2026, 11, 24), date(2026, 10, 1), date(2026, 12, 31)),
        ("quarterly", date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31)),
        ("half_yearly", date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30)),
        ("half_yearly", date(2026, 7, 1), date(2026, 7, 1), date(2026, 12, 31)),
        ("yearly", date(2026, 7, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_starts_and_ends_with_the_calendar(
    cadence: str, day: date, start: date, end: date
) -> None:
    assert period_start(Cadence(cadence), day) == start
    assert period_end(Cadence(cadence), day) == end


def test_the_last_completed_period_may_end_on_the_day_itself() -> None:
    assert last_completed(Cadence.MONTHLY, date(2026, 11, 30)) == date(2026, 11, 30)
    assert last_completed(Cadence.MONTHLY, date(2026, 11, 29)) == date(2026, 10, 31)
    assert last_completed(Cadence.QUARTERLY, date(2026, 2, 14)) == date(2025, 12, 31)
    assert last_completed(Cadence.WEEKLY, date(2026, 11, 24)) == date(2026, 11, 22)


def test_ends_between_includes_both() -> None:
    assert ends_between(Cadence.QUARTERLY, date(2025, 9, 30), date(2026, 3, 31)) == (
        date(2025, 9, 30),
        date(2025, 12, 31),
        date(2026, 3, 31),
    )
    assert ends_between(Cadence.MONTHLY, date(2026, 2, 28), date(2026, 1, 31)) == ()


def test_the_end_of_the_calendar_is_a_period_end() -> None:
    assert period_end(Cadence.YEARLY, date(9999, 1, 1)) == date.max


@given(CADENCES, DAYS)
def test_periods_tile_the_calendar(cadence: Cadence, day: date) -> None:
    start, end = period_start(cadence, day), period_end(cadence, day)
    assert start <= day <= end
    assert is_period_end(cadence, end)
    assert is_period_end(cadence, day) == (day == end)
    assert period_start(cadence, end + timedelta(days=1)) == end + timedelta(days=1)
    assert next_end(cadence, day) == period_end(cadence, end + timedelta(days=1))
    assert last_completed(cadence, end) == end
    assert last_completed(cadence, start) == (start if start == end else start - timedelta(days=1))
    assert numbered_end(cadence, period_number(cadence, day)) == end


@given(CADENCES, DAYS, st.integers(0, 30))
def test_ends_between_is_next_end_repeated(cadence: Cadence, day: date, count: int) -> None:
    expected = [period_end(cadence, day)]
    for _ in range(count):
        expected.append(next_end(cadence, expected[-1]))
    assert list(ends_between(cadence, expected[0], expected[-1])) == expected
