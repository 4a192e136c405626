from datetime import date, timedelta

import pytest

from govern.observation.errors import (
    BrokenReferenceError,
    NotUniqueError,
    UnknownCadenceError,
)
from govern.observation.frame import observe
from govern.observation.kpi_rows import COLUMNS
from tests.observation.portfolios import AS_OF, column, kpi, tables, values

JULY, AUGUST, SEPTEMBER, OCTOBER = (
    date(2026, 7, 31),
    date(2026, 8, 31),
    date(2026, 9, 30),
    date(2026, 10, 31),
)


def test_a_missing_report_is_a_row_with_a_null_actual() -> None:
    observed = observe(
        tables(kpis=[kpi("K")], values=values("K", JULY, [1.0, None, None, 4.0])), AS_OF
    ).kpis
    assert observed.columns == list(COLUMNS)
    assert column(observed, "period") == [JULY, AUGUST, SEPTEMBER, OCTOBER]
    assert column(observed, "actual") == [1.0, None, None, 4.0]
    assert column(observed, "previous_actual") == [None, 1.0, None, None]
    assert column(observed, "staleness_days") == [0, 31, 61, 0]
    assert column(observed, "is_first") == [True, False, False, False]
    assert column(observed, "is_last") == [False, False, False, True]
    assert column(observed, "row") == [0, 1, 2, 3]
    assert column(observed, "seen_on") == [JULY, AUGUST, SEPTEMBER, AS_OF]
    assert column(observed, "as_of") == column(observed, "seen_on")


def test_rows_are_dense_with_three_in_a_hundred_missing() -> None:
    months = 200
    reported = [None if month % 33 == 5 else float(month) for month in range(months)]
    given = tables(
        kpis=[kpi(name, project) for project in "AB" for name in (f"{project}1", f"{project}2")],
        values=[
            row
            for name in ("B2", "A1", "B1", "A2")
            for row in reversed(values(name, date(2010, 3, 31), reported))
        ],
    )
    assert given.values.height == 4 * sum(one is not None for one in reported)
    observed = observe(given, date(2026, 10, 31)).kpis
    assert observed.select("project", "kpi", "period").equals(
        observed.select("project", "kpi", "period").sort("project", "kpi", "period")
    )
    assert column(observed, "actual") == reported * 4
    assert column(observed, "previous_actual") == [None, *reported[:-1]] * 4


def test_nothing_leaks_from_one_kpi_into_the_next() -> None:
    observed = observe(
        tables(
            kpis=[kpi("A", cumulative=True), kpi("B", cumulative=True)],
            values=[
                *values("A", SEPTEMBER, [5.0, 6.0]),
                *values("B", AUGUST, [None, 7.0, 8.0], [1.0, 1.0, 1.0]),
            ],
        ),
        AS_OF,
    ).kpis
    assert column(observed, "previous_actual", kpi="B") == [None, None, 7.0]
    # B never reported before September: stale since its own first period began, not since A's.
    assert column(observed, "staleness_days", kpi="B") == [30, 0, 0]
    assert column(observed, "actual_to_date", kpi="A") == [5.0, 11.0]
    assert column(observed, "planned_to_date", kpi="B") == [1.0, 2.0, 3.0]


def test_a_kpi_may_start_after_its_project() -> None:
    observed = observe(
        tables(
            projects=[{"project": "P", "name": "P", "start": date(2020, 1, 1)}],
            kpis=[kpi("K")],
            values=values("K", SEPTEMBER, [1.0, 2.0]),
        ),
        AS_OF,
    ).kpis
    assert column(observed, "period") == [SEPTEMBER, OCTOBER]
    assert column(observed, "start") == [date(2020, 1, 1)] * 2


@pytest.mark.parametrize(
    ("cadence", "end"),
    [
        ("weekly", date(2026, 11, 22)),
        ("monthly", OCTOBER),
        ("quarterly", SEPTEMBER),
        ("half_yearly", date(2026, 6, 30)),
        ("yearly", date(2025, 12, 31)),
    ],
)
def test_a_kpi_with_nothing_has_its_last_completed_period(cadence: str, end: date) -> None:
    observed = observe(tables(kpis=[kpi("K", cadence=cadence)]), AS_OF).kpis
    assert column(observed, "period") == [end]
    assert column(observed, "seen_on") == [AS_OF]
    assert column(observed, "actual") == [None]
    assert column(observed, "is_first") == column(observed, "is_last") == [True]


def test_what_is_planned_for_later_is_not_judged_yet() -> None:
    observed = observe(
        tables(
            kpis=[kpi("K", direction="increase")],
            values=values("K", date(2026, 11, 30), [None, None], [10.0, 20.0]),
        ),
        AS_OF,
    ).kpis
    assert column(observed, "period") == [OCTOBER]
    assert column(observed, "planned") == [None]
    assert column(observed, "planned_points") == [2]


def test_a_period_is_judged_once_its_report_is_due_or_there() -> None:
    planned = [10.0, 10.0, 10.0]
    for as_of, reported, last in (
        (date(2026, 11, 19), [1.0, 2.0, None], SEPTEMBER),
        (date(2026, 11, 20), [1.0, 2.0, None], OCTOBER),
        (date(2026, 11, 1), [1.0, 2.0, 3.0], OCTOBER),
        (date(2026, 10, 30), [1.0, 2.0, 3.0], SEPTEMBER),
    ):
        observed = observe(
            tables(
                kpis=[kpi("K", reporting_lag_days=20)],
                values=values("K", AUGUST, reported, planned),
            ),
            as_of,
        ).kpis
        assert column(observed, "period")[-1] == last
        assert column(observed, "seen_on")[-1] == as_of


def test_trailing_periods_without_a_report_are_rows_until_today() -> None:
    observed = observe(tables(kpis=[kpi("K")], values=values("K", JULY, [1.0])), AS_OF).kpis
    assert column(observed, "actual") == [1.0, None, None, None]
    assert column(observed, "staleness_days") == [0, 31, 61, 92]


def test_a_cumulative_kpi_compares_sums_until_a_value_is_missing() -> None:
    observed = observe(
        tables(
            kpis=[kpi("K", cumulative=True, direction="increase", baseline=0.0, target=10.0)],
            values=values("K", JULY, [0.1, 0.2, None, 0.4], [0.25, 0.25, 0.25, 0.25]),
        ),
        AS_OF,
    ).kpis
    assert column(observed, "actual") == [0.1, 0.2, None, 0.4]
    assert column(observed, "actual_to_date") == [0.1, 0.3, None, None]
    assert column(observed, "planned_to_date") == [0.25, 0.5, 0.75, 1.0]
    assert column(observed, "attainment") == [0.4, 0.6, None, None]
    assert column(observed, "progress") == [0.01, 0.03, None, None]
    assert column(observed, "variance") == [-0.15, -0.2, None, None]


def test_targets_below_zero() -> None:
    observed = observe(
        tables(
            kpis=[
                kpi("NPS", direction="increase", baseline=-40.0, target=-10.0),
                kpi("WASTE", direction="decrease", baseline=-1.0, target=-3.0),
            ],
            values=[
                *values("NPS", OCTOBER, [-25.0], [-20.0]),
                *values("WASTE", OCTOBER, [-2.5], [-2.0]),
            ],
        ),
        AS_OF,
    ).kpis
    assert column(observed, "progress") == [0.5, 0.75]
    assert column(observed, "attainment") == [0.75, 1.5]
    assert column(observed, "variance") == [-5.0, 0.5]


def test_numbers_that_are_none_are_unknown() -> None:
    observed = observe(
        tables(
            kpis=[kpi("K", direction="increase", tolerance=float("nan"), baseline=0.0)],
            values=values(
                "K", AUGUST, [float("nan"), float("inf"), 3.0], [1.0, 1.0, float("-inf")]
            ),
        ),
        AS_OF,
    ).kpis
    assert column(observed, "actual") == [None, None, 3.0]
    assert column(observed, "planned") == [1.0, 1.0, None]
    assert column(observed, "tolerance") == [None] * 3
    assert column(observed, "attainment") == [None] * 3


def test_a_day_within_a_period_stands_for_it() -> None:
    given = [{"kpi": "K", "period": date(2026, 9, 15), "actual": 5.0}]
    observed = observe(tables(kpis=[kpi("K")], values=given), AS_OF).kpis
    assert column(observed, "period") == [SEPTEMBER, OCTOBER]
    assert column(observed, "actual") == [5.0, None]


def test_two_values_in_one_period_are_refused() -> None:
    given = [
        {"kpi": "K", "period": date(2026, 9, 15), "actual": 5.0},
        {"kpi": "K", "period": SEPTEMBER, "actual": 6.0},
    ]
    with pytest.raises(NotUniqueError, match=r"'K' has more than one value .* to 2026-09-30"):
        observe(tables(kpis=[kpi("K")], values=given), AS_OF)


def test_weeks_end_on_sunday() -> None:
    first = date(2026, 11, 8)
    observed = observe(
        tables(
            kpis=[kpi("K", cadence="weekly")],
            values=values("K", first, [1.0, None, 3.0], cadence="weekly"),
        ),
        AS_OF,
    ).kpis
    assert column(observed, "period") == [first + timedelta(weeks=each) for each in range(3)]
    assert column(observed, "staleness_days") == [0, 7, 0]


def test_a_kpi_without_a_cadence_is_refused() -> None:
    with pytest.raises(UnknownCadenceError, match="'K' has the cadence 'fortnightly'"):
        observe(tables(kpis=[kpi("K", cadence="fortnightly")]), AS_OF)


def test_one_kpi_id_twice_is_refused() -> None:
    with pytest.raises(NotUniqueError, match="KPI 'K' is there more than once"):
        observe(tables(kpis=[kpi("K", "A"), kpi("K", "B")]), AS_OF)


def test_a_value_of_no_kpi_is_refused() -> None:
    with pytest.raises(BrokenReferenceError, match="no KPI 'GONE'"):
        observe(tables(kpis=[kpi("K")], values=values("GONE", JULY, [1.0])), AS_OF)
