"""Trajectories: the points are met, nothing overshoots, increments add up."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.period import Cadence, is_period_end, next_end, period_end
from govern.domain.trajectory import Point, Shape, after, count_of, fewest, trajectory

BEGIN, END = date(2025, 12, 31), date(2026, 12, 31)
WAY = (Point(BEGIN, Decimal(0)), Point(END, Decimal(1200)))

values = st.decimals(-10_000, 10_000, allow_nan=False, allow_infinity=False, places=3)
cadences = st.sampled_from(Cadence)
shapes = st.sampled_from(Shape)


@st.composite
def points(draw: st.DrawFn, *, rising: bool = False) -> list[Point]:
    days = draw(
        st.lists(
            st.dates(date(2020, 1, 1), date(2029, 12, 31)), min_size=2, max_size=6, unique=True
        )
    )
    figures = draw(st.lists(values, min_size=len(days), max_size=len(days)))
    if rising:
        days, figures = sorted(days), sorted(figures)
    return [Point(day, figure) for day, figure in zip(days, figures, strict=True)]


def test_a_straight_line_has_the_share_of_days() -> None:
    planned = trajectory(WAY, Shape.LINEAR, Cadence.QUARTERLY)
    assert planned == {
        date(2025, 12, 31): Decimal("0.00"),
        date(2026, 3, 31): Decimal("295.89"),
        date(2026, 6, 30): Decimal("595.07"),
        date(2026, 9, 30): Decimal("897.53"),
        date(2026, 12, 31): Decimal("1200.00"),
    }


def test_an_s_curve_between_two_points_is_three_t_squared_less_two_t_cubed() -> None:
    planned = trajectory(WAY, Shape.S_CURVE, Cadence.MONTHLY)
    for end, value in planned.items():
        share = Fraction((end - BEGIN).days, 365)
        exact = 1200 * (3 * share**2 - 2 * share**3)
        assert abs(Fraction(value) - exact) <= Fraction(1, 200), end
    assert planned[date(2026, 1, 31)] < 100 / 3, "it begins slowly"


def test_a_step_waits_for_the_day_of_its_point() -> None:
    steps = [Point(date(2026, 2, 28), Decimal(1)), Point(date(2026, 5, 15), Decimal(3))]
    planned = trajectory(steps, Shape.STEP, Cadence.MONTHLY)
    assert list(planned.values()) == [1, 1, 1, 3]
    assert max(planned) == date(2026, 5, 31)


def test_a_cumulative_plan_has_what_each_period_adds() -> None:
    planned = trajectory(WAY, Shape.LINEAR, Cadence.QUARTERLY, cumulative=True)
    assert list(map(str, planned.values())) == ["0.00", "295.89", "299.18", "302.46", "302.47"]
    assert sum(planned.values()) == 1200


def test_a_cumulative_plan_that_begins_later_leaves_out_what_was_planned_before() -> None:
    year = [Point(date(2026, 1, 31), Decimal(100)), Point(date(2026, 4, 30), Decimal(400))]
    later = {"begins": date(2026, 3, 1), "cumulative": True}
    assert sum(trajectory(year, Shape.STEP, Cadence.MONTHLY, **later).values()) == 300
    whole = trajectory(year, Shape.STEP, Cadence.MONTHLY, **later, nothing_before=True)
    assert list(whole) == [date(2026, 3, 31), date(2026, 4, 30)]
    assert sum(whole.values()) == 400


def test_only_the_periods_that_are_asked_for() -> None:
    some = trajectory(
        WAY, Shape.LINEAR, Cadence.MONTHLY, begins=date(2026, 3, 10), ends=date(2026, 5, 31)
    )
    assert list(some) == [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]
    assert trajectory(WAY, Shape.LINEAR, Cadence.MONTHLY, ends=date(2020, 1, 1)) == {}
    assert trajectory(WAY, Shape.LINEAR, Cadence.MONTHLY, cumulative=True, ends=BEGIN) == {
        BEGIN: Decimal(0)
    }


@pytest.mark.parametrize("shape", Shape)
def test_too_few_points_and_two_on_one_day_are_none(shape: Shape) -> None:
    too_few = WAY[: fewest(shape) - 1]
    for wrong in (too_few, [*WAY, Point(END, Decimal(5))]):
        with pytest.raises(ValueError, match="points"):
            trajectory(wrong, shape, Cadence.MONTHLY)


def test_large_numbers_keep_every_digit() -> None:
    large = Decimal("123456789012345678901234567890.25")
    planned = trajectory(
        [Point(BEGIN, Decimal("0.25")), Point(END, large)],
        Shape.LINEAR,
        Cadence.YEARLY,
        cumulative=True,
    )
    assert list(planned.values()) == [Decimal("0.25"), Decimal("123456789012345678901234567890")]


@given(points(), shapes, cadences)
def test_points_on_the_last_day_of_a_period_are_met_exactly(
    way: list[Point], shape: Shape, cadence: Cadence
) -> None:
    by_end = {period_end(cadence, each.day): each.value for each in way}
    placed = [Point(end, value) for end, value in by_end.items()]
    if len(placed) < fewest(shape):
        return
    planned = trajectory(placed, shape, cadence)
    assert {end: planned[end] for end in by_end} == by_end


@given(points(), shapes, cadences)
def test_every_period_from_the_first_point_to_the_last_has_a_value(
    way: list[Point], shape: Shape, cadence: Cadence
) -> None:
    planned = trajectory(way, shape, cadence)
    first, last = min(each.day for each in way), max(each.day for each in way)
    ends = list(planned)
    assert all(is_period_end(cadence, end) for end in ends)
    assert ends[0] == period_end(cadence, first)
    assert ends[-1] == period_end(cadence, last)
    assert all(next_end(cadence, a) == b for a, b in pairwise(ends))
    assert len(ends) == count_of(cadence, first, last)
    assert planned[ends[-1]] == max(way, key=lambda each: each.day).value


@given(points(rising=True), shapes, cadences)
def test_between_points_that_rise_nothing_falls_or_overshoots(
    way: list[Point], shape: Shape, cadence: Cadence
) -> None:
    planned = list(trajectory(way, shape, cadence).values())
    assert planned == sorted(planned)
    assert way[0].value <= planned[0]
    assert planned[-1] == way[-1].value
    falling = [Point(each.day, -each.value) for each in way]
    mirrored = list(trajectory(falling, shape, cadence).values())
    assert mirrored == sorted(mirrored, reverse=True)


@given(points(), shapes, cadences)
def test_increments_add_up_to_the_totals(way: list[Point], shape: Shape, cadence: Cadence) -> None:
    totals = trajectory(way, shape, cadence)
    increments = trajectory(way, shape, cadence, cumulative=True)
    assert list(increments) == list(totals)
    so_far = Fraction(0)
    for end, increment in increments.items():
        so_far += Fraction(increment)
        assert so_far == Fraction(totals[end])


@given(cadences, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_period_after_a_day_is_the_next_to_end(cadence: Cadence, day: date) -> None:
    end = after(cadence, day)
    assert is_period_end(cadence, end)
    assert end > day
    between = [day + timedelta(days=n) for n in range(1, (end - day).days)]
    assert not any(is_period_end(cadence, each) for each in between)
