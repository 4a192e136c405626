from datetime import date

import pytest

from govern.domain.workdays import add_working_days, is_working_day


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
        (date(2026, 11, 24), 3, date(2026, 11, 27)),
        (date(2026, 11, 24), 4, date(2026, 11, 30)),
        (date(2026, 11, 24), 10, date(2026, 12, 8)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 29), 0, date(2026, 11, 29)),
    ],
)
def test_weekends_do_not_count(day: date, n: int, expected: date) -> None:
    assert add_working_days(day, n) == expected


def test_holidays_do_not_count() -> None:
    holidays = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
    assert add_working_days(date(2026, 12, 24), 1, holidays) == date(2026, 12, 29)
    assert not is_working_day(date(2026, 12, 25), holidays)


def test_going_back_is_refused() -> None:
    with pytest.raises(ValueError, match="must be 0 or more"):
        add_working_days(date(2026, 11, 24), -1)
