"""What the figures of one KPI are worth: by direction, per period or to date, exchanged, and unknown."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.kpi import Direction
from govern.domain.period import Cadence, numbered_end
from govern.domain.worth import (
    Measured,
    Per,
    Worth,
    attained,
    completion,
    expected,
    last_judged,
    per,
    planned_to_date,
    promised,
    realised,
)


def month(number: int) -> date:
    """1 is January 2026."""
    return numbered_end(Cadence.MONTHLY, 2026 * 12 + number - 1)


AT = month(4)


def kpi(actual: Sequence[Any] = (), planned: Sequence[Any] = (), **fields: Any) -> Measured:
    """Values by month from January 2026 on; `None` is a month without one."""

    def dated(values: Sequence[Any]) -> dict[date, Decimal]:
        return {
            month(n): Decimal(str(value)) for n, value in enumerate(values, 1) if value is not None
        }

    defaults: dict[str, Any] = {
        "id": "K",
        "direction": Direction.INCREASE,
        "baseline": Decimal(100),
        "target": Decimal(160),
        "cadence": Cadence.MONTHLY,
        "lag_days": 0,
        "cumulative": False,
        "disbenefit": False,
        "scale": Decimal(1),
        "attribution": None,
    }
    given = {
        name: Decimal(value)
        if isinstance(value, int) and not isinstance(value, bool) and name != "lag_days"
        else value
        for name, value in fields.items()
    }
    return Measured(**{**defaults, **given}, planned=dated(planned), actual=dated(actual))


def same(_: date) -> Decimal:
    return Decimal(1)


def all_of(one: Measured) -> tuple[Any, ...]:
    return tuple(each(one, AT, same).value for each in (promised, planned_to_date, realised))


def test_an_increase_gains_what_is_above_its_baseline() -> None:
    assert all_of(kpi([105, 110, 120, 125], [110, 120, 130, 140])) == (60, 40, 25)


def test_a_decrease_gains_what_is_below_its_baseline() -> None:
    one = kpi([95, 90, 92, 88], [95, 90, 85, 80], direction=Direction.DECREASE, target=60)
    assert all_of(one) == (40, 20, 12)


def test_a_cumulative_kpi_gains_the_sum_of_its_periods() -> None:
    one = kpi([5, 10, 15, 10], [10, 10, 10, 20], baseline=0, target=90, cumulative=True)
    assert all_of(one) == (90, 50, 40)
    assert per(one) is Per.TO_DATE
    assert all_of(kpi([5] * 4, [10] * 4, baseline=None, target=90, cumulative=True)) == (90, 40, 20)


@pytest.mark.parametrize("direction", [*Direction, None])
def test_a_disbenefit_loses_what_it_grows_by(direction: Direction | None) -> None:
    one = kpi([1, 2, 3, 5], [2] * 4, direction=direction, baseline=0, target=8, disbenefit=True)
    assert all_of(one) == (-8, -2, -5)


def test_a_drawback_that_shrinks_is_a_gain() -> None:
    one = kpi([90, 80, 80, 70], [90] * 4, disbenefit=True, direction=Direction.DECREASE, target=60)
    assert all_of(one) == (40, 10, 30)


def test_scale_and_attribution_multiply() -> None:
    one = kpi([101] * 4, [102] * 4, scale=1000, attribution=Decimal("0.25"))
    assert all_of(one) == (15_000, 500, 250)


@pytest.mark.parametrize(
    ("one", "whys"),
    [
        (kpi([1] * 4, [1] * 4, baseline=None), ("no baseline",) * 3),
        (kpi([1] * 4, [1] * 4, direction=None), ("no direction",) * 3),
        (kpi([1] * 4, [1] * 4, target=None), ("no target", None, None)),
        (
            kpi([1, 1, 1, None], [1, 1, 1, None]),
            (None, "no planned value for 2026-04-30", "no figure for 2026-04-30"),
        ),
        (
            kpi([1, None, None, 1], [1] * 4, cumulative=True),
            (None, None, "no figure for 2026-02-28 and 1 more"),
        ),
        (kpi(), (None, "no planned value for 2026-04-30", "no figure for 2026-04-30")),
    ],
)
def test_what_is_not_known_is_unknown_and_says_why(one: Measured, whys: tuple[Any, ...]) -> None:
    found = [each(one, AT, same) for each in (promised, planned_to_date, realised)]
    assert tuple(each.why for each in found) == whys
    assert all((each.value is None) == (each.why is not None) for each in found)


def test_a_report_that_is_not_due_yet_leaves_the_period_before() -> None:
    one = kpi([101, 102, 103], [101, 102, 103, 104], lag_days=20)
    assert last_judged(one, month(4)) == month(3)
    assert all_of(one)[1:] == (3, 3)
    assert last_judged(kpi([101] * 4, lag_days=20), month(4)) == month(4)


def test_each_period_of_a_sum_has_the_rate_of_its_own_day() -> None:
    one = kpi([10, 10, 10, 10], [20] * 4, baseline=0, target=100, cumulative=True)

    def rates(on: date) -> Decimal:
        return Decimal(on.month)

    assert realised(one, AT, rates).value == 10 + 20 + 30 + 40
    assert planned_to_date(one, AT, rates).value == 200
    assert promised(one, AT, rates).value == 400
    # What is realised stays as it was; the 60 that are to come count as on the day of asking.
    assert expected(one, Decimal(100), AT, rates).value == 100 + 60 * 4


def test_a_single_period_has_the_rate_of_its_day() -> None:
    one = kpi([110, 120, 130, 140], [110] * 4)
    assert realised(one, date(2026, 6, 15), lambda on: Decimal(on.month)).value is None
    assert realised(one, date(2026, 5, 15), lambda on: Decimal(on.month)).value == 40 * 4


def test_a_day_without_a_rate_is_unknown_and_never_one() -> None:
    one = kpi([10] * 4, [10] * 4, baseline=0, cumulative=True)
    found = realised(one, AT, lambda on: None if on == month(2) else Decimal(1))
    assert found == Worth(None, "no exchange rate for 2026-02-28")


def test_attainment_is_the_rule_s_own() -> None:
    assert attained(kpi([110, 120, 130, 140], [110, 120, 130, 150]), AT) == Worth(Decimal("0.8"))
    assert attained(kpi([1] * 4, [1] * 4, direction=None), AT).why == "no direction"
    assert attained(kpi([1] * 4), AT).why == "no planned value for 2026-04-30"


@pytest.mark.parametrize(
    ("target_on", "end", "planned", "told"),
    [
        (date(2026, 5, 3), date(2026, 9, 9), [1], (month(5), "target_on")),
        (None, date(2026, 9, 9), [1], (month(9), "project_end")),
        (None, None, [1, 2, 3], (month(3), "last_planned_period")),
        (None, None, [], (None, None)),
    ],
)
def test_completion(target_on: Any, end: Any, planned: list[int], told: Any) -> None:
    values = {month(n): Decimal(each) for n, each in enumerate(planned, 1)}
    assert completion(Cadence.MONTHLY, target_on, end, values) == told
