"""Forecasts of one KPI: what must hold for any figures, and what is told of them."""

from dataclasses import replace
from decimal import Decimal
from math import isclose
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.kpi import Direction
from govern.forecasting.candidates import Model
from govern.forecasting.forecast import Forecast, Range, forecast
from govern.forecasting.history import History
from tests.forecasting.histories import history, month

FIGURES = st.lists(st.integers(-10_000, 10_000).map(lambda n: n / 8), min_size=4, max_size=30)
AHEAD = st.integers(1, 12)


def known(found: Forecast) -> tuple[Decimal, tuple[Range, ...]]:
    assert found.value is not None, found.why
    return found.value, found.ranges


@given(st.integers(-1_000_000, 1_000_000), st.integers(4, 30), AHEAD)
def test_a_constant_goes_on_as_it_is_and_is_certain(value: int, count: int, ahead: int) -> None:
    told, ranges = known(forecast(history([value] * count, until=count - 1 + ahead)))
    assert told == value
    assert all((each.low, each.high) == (value, value) for each in ranges)


@given(st.integers(-1000, 1000), st.integers(-50, 50), st.integers(4, 30), AHEAD)
def test_a_line_goes_on_as_a_line(start: int, step: int, count: int, ahead: int) -> None:
    until = count - 1 + ahead
    told, _ = known(forecast(history([start + step * n for n in range(count)], until=until)))
    assert isclose(told, start + step * until, rel_tol=1e-9, abs_tol=1e-6)


@given(st.integers(0, 1000), st.integers(4, 24), AHEAD)
def test_constant_increments_add_up(value: int, count: int, ahead: int) -> None:
    made = history([value] * count, until=count - 1 + ahead, cumulative=True)
    assert known(forecast(made))[0] == value * (count + ahead)


@given(FIGURES, AHEAD, st.booleans())
def test_the_intervals_hold_the_value_and_each_other(
    figures: list[float], ahead: int, cumulative: bool
) -> None:
    made = history(figures, until=len(figures) - 1 + ahead, cumulative=cumulative)
    found = forecast(made)
    value, (narrow, wide) = known(found)
    assert wide.low is not None
    assert narrow.low is not None
    assert narrow.high is not None
    assert wide.high is not None
    assert wide.low <= narrow.low <= value <= narrow.high <= wide.high
    assert (found.path[-1].value, found.path[-1].low) == (value, narrow.low)
    assert [each.period for each in found.path] == [month(len(figures) + n) for n in range(ahead)]


@given(FIGURES, AHEAD, st.sampled_from([0.25, 8.0, 1024.0]), st.booleans())
def test_another_unit_changes_nothing_but_the_unit(
    figures: list[float], ahead: int, factor: float, cumulative: bool
) -> None:
    """Powers of two, which floating-point numbers scale by exactly."""
    until = len(figures) - 1 + ahead
    one = forecast(history(figures, until=until, cumulative=cumulative))
    other = forecast(
        history([each * factor for each in figures], until=until, cumulative=cumulative)
    )
    assert one.model == other.model
    (value, ranges), (scaled, wider) = known(one), known(other)
    assert isclose(float(value) * factor, scaled, rel_tol=1e-9, abs_tol=1e-9)
    for here, there in zip(ranges, wider, strict=True):
        assert here.high is not None
        assert there.high is not None
        assert isclose(float(here.high) * factor, there.high, rel_tol=1e-9, abs_tol=1e-9)


@given(FIGURES, AHEAD)
def test_it_is_the_same_bit_for_bit(figures: list[float], ahead: int) -> None:
    made = history(figures, until=len(figures) - 1 + ahead)
    assert forecast.__wrapped__(made) == forecast.__wrapped__(replace(made))


@given(FIGURES, AHEAD, st.sampled_from(Direction))
def test_the_attainment_lies_in_its_interval(
    figures: list[float], ahead: int, direction: Direction
) -> None:
    made = history(
        figures,
        until=len(figures) - 1 + ahead,
        direction=direction,
        target=Decimal(100),
        baseline=Decimal(20 if direction is not Direction.DECREASE else 300),
    )
    found = forecast(made)
    if found.attainment is None:
        assert found.attainment_ranges == ()
        return
    for each in found.attainment_ranges:
        assert each.low is None or each.low <= found.attainment
        assert each.high is None or each.high >= found.attainment


NOISY = [3, 5, 4, 6, 5, 7, 6, 9, 8, 8, 10, 9, 11, 12, 11, 13, 12, 14, 13, 15, 16, 15, 17, 18]


def test_it_tells_the_model_and_how_wrong_it_was() -> None:
    found = forecast(history(NOISY, until=30, target=Decimal(20)))
    assert found.error is not None
    assert found.model is Model.LINE
    assert (found.figures, found.ahead) == (24, 7)
    assert found.error.origins == 12
    assert found.error.held == 6 * 7 + 5 + 4 + 3 + 2 + 1
    assert found.error.against_last is not None
    assert found.error.against_last < 1
    assert found.error.mean > 0
    assert found.error.scaled is not None
    assert Decimal("0.5") < found.error.covered <= 1


def test_what_comes_later_is_less_sure() -> None:
    path = forecast(history(NOISY, until=35)).path
    widths = [each.high - each.low for each in path]
    assert widths == sorted(widths)


def test_a_plan_of_an_odd_shape_is_followed_at_the_share_attained() -> None:
    planned = [1, 1, 2, 9, 1, 1, 2, 9, 1, 1, 2, 9, 1, 1, 2, 9]
    actual = [each * 0.8 for each in planned[:11]]
    found = forecast(history(actual, planned=planned, until=15, cumulative=True))
    assert found.model is Model.PLAN
    assert isclose(known(found)[0], sum(planned) * 0.8)
    assert found.promised == sum(planned)
    assert found.attainment == Decimal("0.8")


def test_single_periods_scale_the_plan_from_the_baseline() -> None:
    planned = [100 + each for each in (2, 8, 3, 20, 4, 30, 9, 50, 10, 60)]
    actual = [100 + (each - 100) * 0.5 for each in planned[:8]]
    found = forecast(history(actual, planned=planned, until=9, baseline=Decimal(100)))
    assert found.model is Model.PLAN
    assert isclose(known(found)[0], 130)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (history([1, 2, 3], until=6), "3 figures were reported; a forecast needs 4"),
        (history([], until=6), "no figure was reported yet"),
        (history([1, 2, 3, 4]), "nobody has said until when"),
        (history([1, 2, None, 4, 5], until=2), "no figure was reported for 2024-03-31"),
        (history([1, 2, 3, 4], until=700), "completion is 697 periods ahead"),
        (history([1, *[None] * 9, 2, *[None] * 9, 3, *[None] * 9, 4], until=32), "too far apart"),
    ],
)
def test_what_cannot_be_told_is_unknown_and_says_why(made: History, why: str) -> None:
    found = forecast(made)
    assert found.value is None
    assert found.attainment is None
    assert found.why is not None
    assert why in found.why


def test_what_was_reported_at_completion_is_no_forecast() -> None:
    found = forecast(history([1, 2, "3.123456789012345678"], until=2, target=Decimal(4)))
    assert found.value == Decimal("3.123456789012345678")
    assert (found.ahead, found.model, found.error) == (0, None, None)
    assert all(each.low == each.high == found.value for each in found.ranges)


def test_a_sum_at_completion_is_exact() -> None:
    found = forecast(history(["0.1"] * 10, until=9, target=Decimal(1), cumulative=True))
    assert (found.value, found.attainment, found.ahead) == (1, 1, 0)


def test_a_missing_month_of_a_sum_is_estimated_and_told() -> None:
    """Never zero: on the line between its neighbours, and as unsure as a month to come."""
    whole = forecast(history([10, 11, 10, 12, 11, 13, 12, 13], until=11, cumulative=True))
    gappy = forecast(history([10, 11, 10, 12, None, 13, 12, 13], until=11, cumulative=True))
    assert gappy.estimated == (month(4),)
    assert whole.estimated == ()
    assert float(known(gappy)[0]) > 100
    ended = forecast(history([10, 11, 10, 12, None, 13, 12, 13], until=7, cumulative=True))
    value, (narrow, _) = known(ended)
    assert value == Decimal("93.5")
    assert narrow.low is not None
    assert narrow.low < value


def test_a_missing_month_of_single_periods_is_left_out() -> None:
    found = forecast(history([2, 4, None, 8, 10, None, 14, 16], until=9))
    assert isclose(known(found)[0], 20)
    assert found.estimated == ()


def test_a_month_that_is_late_is_forecast_with_the_rest() -> None:
    found = forecast(history([2, 4, 6, 8, 10, None, None], until=9))
    assert found.ahead == 5
    assert isclose(known(found)[0], 20)


def test_without_a_direction_a_value_is_told_and_no_attainment() -> None:
    found = forecast(history(NOISY, until=30, target=Decimal(20), direction=None))
    assert found.value is not None
    assert found.attainment is None


@given(FIGURES, st.data())
def test_nothing_that_came_later_is_known(figures: list[float], data: Any) -> None:
    """A forecast of the past is one of what was known then: the rolling origin looks at nothing else."""
    from govern.forecasting.history import Series  # noqa: PLC0415

    cut = data.draw(st.integers(0, len(figures) - 1))
    series = Series(dict(enumerate(figures)), {}, 0.0, False)
    assert max(series.until(cut).known) == cut
