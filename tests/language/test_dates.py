"""The calendar functions on many dates: columns against the plain reading, and that against days
counted one by one."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest

from govern.domain.workdays import add_working_days, is_working_day
from govern.language import date_columns, date_values

DAYS = [date(2023, 12, 20) + timedelta(days=number) for number in range(75)]
EDGES = [date.min, date.max, date(2024, 2, 29)]
MOVES = [*range(-14, 15), 1.5, -1.5, 1e6, -1e6, 1e12]


@pytest.mark.parametrize("function", ["add_months", "add_working_days"])
def test_moved_dates(function: str) -> None:
    rows = [(day, float(by)) for day in DAYS + EDGES for by in MOVES]
    frame = pl.DataFrame(rows, schema={"day": pl.Date, "by": pl.Float64}, orient="row")
    column = frame.select(date_columns.expression(function, [pl.col("day"), pl.col("by")]))
    plain = [date_values.computed(function, [day, Decimal(repr(by))]) for day, by in rows]
    assert column.to_series().to_list() == plain


def test_working_days_between() -> None:
    rows = [(one, other) for one in DAYS + EDGES for other in DAYS[:20] + EDGES]
    frame = pl.DataFrame(rows, schema={"one": pl.Date, "other": pl.Date}, orient="row")
    column = frame.select(date_columns.expression("working_days", [pl.col("one"), pl.col("other")]))
    plain = [date_values.computed("working_days", row) for row in rows]
    assert column.to_series().to_list() == plain


def test_working_days_are_counted_one_by_one() -> None:
    for since in DAYS[:14]:
        counted = 0
        for until in DAYS[DAYS.index(since) + 1 :]:
            counted += is_working_day(until)
            assert date_values.computed("working_days", [since, until]) == counted
            assert date_values.computed("working_days", [until, since]) == -counted
        for days in range(30):
            moved = date_values.computed("add_working_days", [since, Decimal(days)])
            assert moved == add_working_days(since, days)
