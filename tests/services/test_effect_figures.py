"""What a KPI would come to, and what it came to: values by hand, without any database."""

from datetime import date
from decimal import Decimal
from typing import Any

from govern.domain.kpi import Direction
from govern.domain.period import Cadence, ends_between
from govern.domain.worth import Measured
from govern.services.courses import Course
from govern.services.effect_measuring import reached
from govern.services.effects import foretold

JANUARY, JUNE, AUGUST = date(2026, 1, 31), date(2026, 6, 30), date(2026, 8, 31)
YEAR = ends_between(Cadence.MONTHLY, JANUARY, date(2026, 12, 31))


def course(actual: dict[date, int], *, cumulative: bool = False, **kpi: Any) -> Course:
    measured = Measured(
        id="K",
        direction=Direction.INCREASE,
        baseline=None,
        target=None,
        cadence=Cadence.MONTHLY,
        lag_days=0,
        cumulative=cumulative,
        disbenefit=False,
        scale=Decimal(1),
        attribution=None,
        planned={},
        actual={day: Decimal(figure) for day, figure in actual.items()},
    )
    return Course({"id": "K", "target_on": None, **kpi}, {"id": "P", "end": None}, measured)


HALF = dict.fromkeys(YEAR[:6], 10)
"""10 in each month from January to June."""


def test_a_period_beyond_what_anybody_planned_is_forecast_all_the_same() -> None:
    found = foretold(course(HALF), AUGUST)
    assert (found.counterfactual, found.low, found.high) == (10, 10, 10)
    assert (found.figures, found.last_figure, found.why) == (6, JUNE, None)


def test_a_period_before_completion_is_a_step_on_the_way_there() -> None:
    rising = {day: 10 * nth for nth, day in enumerate(YEAR[:6], start=1)}
    found = foretold(course(rising, target_on=date(2026, 12, 31)), AUGUST)
    # 10 a month more: 60 in June, 80 in August.
    assert found.counterfactual == 80
    assert foretold(course(rising), AUGUST).counterfactual == 80


def test_of_a_cumulative_kpi_the_sum_is_forecast() -> None:
    # Six months of 10, and two more that are to come.
    assert foretold(course(HALF, cumulative=True), AUGUST).counterfactual == 80


def test_what_is_not_to_be_forecast_says_why() -> None:
    assert foretold(course(HALF), JUNE).why == "the figure for 2026-06-30 was reported already"
    few = foretold(course({JANUARY: 10, JUNE: 10}), AUGUST)
    assert (few.counterfactual, few.why) == (None, "2 figures were reported; a forecast needs 4")
    late = {day: 10 for day in YEAR[:6] if day != YEAR[4]}
    gap = foretold(course(late, target_on=YEAR[11]), YEAR[4])
    assert gap.counterfactual is None
    assert gap.why == "no figure was reported for 2026-05-31, and the last one is for 2026-06-30"


def test_the_figure_of_a_period_is_what_was_reached() -> None:
    assert reached(course(HALF), JUNE) == (Decimal(10), ())
    assert reached(course(HALF), AUGUST) == (None, (AUGUST,))


def test_of_a_cumulative_kpi_every_figure_is_needed() -> None:
    assert reached(course(HALF, cumulative=True), JUNE) == (Decimal(60), ())
    assert reached(course(HALF, cumulative=True), AUGUST) == (None, (YEAR[6], AUGUST))
    gap = {day: 10 for day in YEAR[:8] if day != YEAR[2]}
    assert reached(course(gap, cumulative=True), AUGUST) == (None, (YEAR[2],))
