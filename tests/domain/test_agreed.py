"""Agreements on KPIs: told and read again, compared, and results held against them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.agreed import Agreed, as_text, difference, judged_period, read, standing, told
from govern.domain.kpi import Direction
from govern.domain.measures import LEVELS, LOWER_IS_BETTER
from govern.domain.period import Cadence

figures = st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=2)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@st.composite
def agreed(draw: st.DrawFn) -> Agreed:
    fields: dict[str, Any] = {
        "name": draw(st.text(max_size=5)),
        "direction": draw(st.none() | st.sampled_from([each.value for each in Direction])),
        "baseline": draw(st.none() | figures),
        "baseline_on": draw(st.none() | days),
        "target": draw(st.none() | figures),
        "unit": draw(st.none() | st.sampled_from(["EUR", "12", "2026-01-31"])),
        "cumulative": draw(st.booleans()),
        "cadence": draw(st.sampled_from([each.value for each in Cadence])),
        "inputs": draw(st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2)),
    }
    return Agreed("K", fields, draw(st.dictionaries(days, figures, max_size=4)))


@given(agreed())
def test_what_is_told_is_read_again(one: Agreed) -> None:
    assert read(told(one)) == one


@given(agreed())
def test_nothing_differs_from_itself(one: Agreed) -> None:
    same = difference(one, one)
    assert (same.fields, same.planned, same.comparable) == ({}, {}, True)
    assert same.promised.change in (None, 0)


@given(agreed(), agreed())
def test_what_is_gained_one_way_is_lost_the_other(one: Agreed, other: Agreed) -> None:
    there, back = difference(one, other).promised, difference(other, one).promised
    if there.change is not None and back.change is not None:
        assert there.change == -back.change
    assert (there.first, there.second) == (back.second, back.first)


@pytest.mark.parametrize("direction", Direction)
def test_a_promise_is_positive_where_it_is_good(direction: Direction) -> None:
    fields = {"direction": direction.value, "baseline": Decimal(10), "target": Decimal(4)}
    promised = Agreed("K", fields, {}).promised
    if direction in LEVELS:
        assert promised is None
    else:
        assert promised == (6 if direction in LOWER_IS_BETTER else -6)


def test_a_cost_that_is_planned_lower_is_a_gain() -> None:
    fields = {"direction": "decrease", "cumulative": True}
    end, middle = date(2026, 2, 28), date(2026, 1, 31)
    first = Agreed("K", fields, {middle: Decimal(5), end: Decimal(5)})
    second = Agreed("K", fields, {middle: Decimal(5), end: Decimal(2)})
    found = difference(first, second)
    assert (found.planned_in_all.first, found.planned_in_all.second) == (10, 7)
    assert found.planned_in_all.change == 3
    assert found.planned == {end: (5, 2)}


def test_a_sum_to_date_needs_every_period() -> None:
    ends = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    fields = {"direction": "increase", "baseline": Decimal(0), "cumulative": True}
    plan = Agreed("K", fields, dict.fromkeys(ends, Decimal(10)))
    actuals = {ends[0]: Decimal(8), ends[1]: None, ends[2]: Decimal(10)}
    assert standing(plan, plan, actuals, ends[2], ends[0]).attainment is None
    assert standing(plan, plan, actuals, ends[0], ends[0]).attainment == Decimal("0.8")
    whole = {**actuals, ends[1]: Decimal(6)}
    assert standing(plan, plan, whole, ends[2], ends[0]).attainment == Decimal("0.8")


def test_the_period_that_is_judged_is_the_last_reported_or_the_last_that_is_over() -> None:
    today = date(2026, 4, 10)
    reported: dict[date, Decimal | None] = {date(2026, 1, 31): Decimal(1), date(2026, 2, 28): None}
    assert judged_period(Cadence.MONTHLY, reported, today) == date(2026, 1, 31)
    assert judged_period(Cadence.MONTHLY, {}, today) == date(2026, 3, 31)


def test_fields_are_told_in_words() -> None:
    assert as_text(None) is None
    assert [as_text(each) for each in (True, Decimal("1E+2"), date(2026, 1, 31), "EUR")] == [
        "yes",
        "100",
        "2026-01-31",
        "EUR",
    ]
    assert as_text({"b": "K2", "a": "K1"}) == "a = K1, b = K2"
