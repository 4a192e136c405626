"""What is owed, on each row: days that a report is overdue, and figures that wait for finance."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from govern.domain.calendar import Calendar
from govern.domain.period import Cadence, ends_between, last_completed
from govern.domain.reporting import Schedule, missing
from govern.observation.frame import observe
from tests.observation.portfolios import AS_OF, column, kpi, slow, tables, values

JULY, OCTOBER = date(2026, 7, 31), date(2026, 10, 31)
EVERY_DAY = Calendar("every-day", "UTC", frozenset(), frozenset())


def owed(name: str, *of: Any, **fields: Any) -> list[Any]:
    observed = observe(tables(kpis=[kpi("K", **fields)], values=list(of)), AS_OF).kpis
    return column(observed, name)


def test_days_count_from_the_day_the_oldest_missing_report_was_due() -> None:
    gap = values("K", JULY, [1.0, None, None, 4.0])
    # AS_OF is 2026-11-24, August ended 85 days before.
    assert owed("overdue_days", *gap) == [0, 0, 30, 85]
    assert owed("overdue_days", *gap, reporting_lag_days=10) == [0, 0, 20, 75]
    assert owed("overdue_days", *gap, reporting_lag_days=200) == [0, 0, 0, 0]


def test_nothing_is_overdue_where_every_report_is_in() -> None:
    assert owed("overdue_days", *values("K", JULY, [1.0, 2.0, 3.0, 4.0])) == [0, 0, 0, 0]


def test_a_gap_stays_overdue_when_later_reports_come() -> None:
    late = values("K", JULY, [None, 2.0, 3.0, 4.0], [1.0] * 4)
    assert owed("overdue_days", *late) == [0, 31, 61, 116]


def test_nobody_reports_a_composite_kpi() -> None:
    plan = values("K", JULY, [None] * 4, [1.0] * 4)
    assert owed("overdue_days", *plan, formula="a / b") == [0, 0, 0, 0]
    figures = values("K", JULY, [1.0] * 4)
    assert owed("unvalidated_periods", *figures, formula="a / b") == [0, 0, 0, 0]


def test_figures_wait_until_finance_has_validated_them() -> None:
    figures = values("K", JULY, [1.0, 2.0, None, 4.0], [1.0] * 4)
    for each, validated in zip(figures, [True, False, None, None], strict=True):
        each["validated"] = validated
    # No figure is none that waits; one that nobody has said anything of waits.
    assert owed("unvalidated_periods", *figures) == [0, 1, 1, 2]


def test_one_kpi_owes_nothing_for_the_one_before_it() -> None:
    observed = observe(
        tables(
            kpis=[kpi("A"), kpi("B")],
            values=[
                *values("A", JULY, [None] * 4, [1.0] * 4),
                *values("B", OCTOBER, [1.0]),
            ],
        ),
        AS_OF,
    ).kpis
    assert column(observed, "overdue_days", kpi="A") == [0, 31, 61, 116]
    assert column(observed, "overdue_days", kpi="B") == [0]
    assert column(observed, "unvalidated_periods", kpi="B") == [1]


@slow
@given(
    cadence=st.sampled_from(list(Cadence)),
    lag=st.integers(0, 60),
    actual=st.lists(st.none() | st.just(1.0), min_size=1, max_size=12),
    as_of=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_it_is_what_the_list_of_what_is_due_says(
    cadence: Cadence, lag: int, actual: list[float | None], as_of: date
) -> None:
    """Where every day is a working day, the last row says what `missing` says of that day."""
    end = last_completed(cadence, as_of)
    first = end
    for _ in actual[1:]:
        first = last_completed(cadence, first - timedelta(days=1))
    periods = ends_between(cadence, first, end)
    plan = values("K", first, actual, [1.0] * len(actual), cadence=cadence.value)
    observed = observe(
        tables(kpis=[kpi("K", cadence=cadence.value, reporting_lag_days=lag)], values=plan), as_of
    ).kpis
    reported = {day for day, figure in zip(periods, actual, strict=True) if figure is not None}
    owing = missing(Schedule(cadence, lag, EVERY_DAY, first), reported, as_of)
    expected = max((each.days_over for each in owing), default=0)
    assert column(observed, "overdue_days", is_last=True) == [expected]
