"""How a KPI went: sums that end at a gap, corrections by whom and why, forecasts that nobody waits for."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Event

import pytest

from govern.domain.kpi import Direction
from govern.domain.period import Cadence
from govern.domain.worth import Measured
from govern.forecasting.history import History
from govern.services import forecast_worker, kpi_course, readings
from govern.services.forecast_worker import PENDING, ForecastWorker
from govern.services.project_events import last_events
from tests.services.house import NOW, House, add_project, report

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)


def _measured(*, cumulative: bool) -> Measured:
    return Measured(
        id="K",
        direction=Direction.INCREASE,
        baseline=Decimal(0),
        target=Decimal(10),
        cadence=Cadence.MONTHLY,
        lag_days=0,
        cumulative=cumulative,
        disbenefit=False,
        scale=Decimal(1),
        attribution=None,
        planned={JAN: Decimal(1), FEB: Decimal(2), MAR: Decimal(3)},
        actual={JAN: Decimal(1), MAR: Decimal(5)},
    )


def test_a_sum_is_unknown_from_the_first_gap_on() -> None:
    points = kpi_course.points_of(_measured(cumulative=True))
    assert [(each["planned"], each["actual"]) for each in points] == [(1, 1), (3, None), (6, None)]
    points = kpi_course.points_of(_measured(cumulative=False))
    assert [(each["planned"], each["actual"]) for each in points] == [(1, 1), (2, None), (3, 5)]


def test_each_correction_is_told_and_the_first_figure_stays(house: House) -> None:
    add_project(house)
    report(house, "P1-K1", {"2026-10-31": 100})
    for hours, actual in ((1, 640), (2, 700)):
        readings.record_readings(
            house.runtime,
            house.fay,
            [
                {
                    "kpi": "P1-K1",
                    "period": date(2026, 10, 31),
                    "actual": Decimal(actual),
                    "reason": "Counted again.",
                }
            ],
            now=NOW + timedelta(hours=hours),
        )
    found = kpi_course.kpi_course(house.runtime, house.pia, "P1-K1", now=NOW)
    assert [
        (each["was"], each["corrected_to"], each["is_first"]) for each in found["corrections"]
    ] == [
        (640, 700, False),
        (100, 640, True),
    ]
    assert found["was"] == [{"day": date(2026, 10, 31), "value": 100}]
    assert found["actual"] == 700


def test_the_history_is_told_from_its_end(house: House) -> None:
    add_project(house)
    found = last_events(house.runtime, house.pia, "P1", limit=2)
    total = found["total"]
    assert [each["seq"] for each in found["items"]] == [total, total - 1]
    rest = last_events(house.runtime, house.pia, "P1", before=found["older"], limit=100)
    assert [each["seq"] for each in rest["items"]] == [*range(total - 2, 0, -1)]
    assert rest["older"] is None


def _history(last: int) -> History:
    days = [date(2026, month, 1) + timedelta(days=27) for month in (1, 2, 3)]
    return History(
        cadence=Cadence.MONTHLY,
        actual=tuple((day, Decimal(last)) for day in days),
        planned=(),
        direction=Direction.INCREASE,
        baseline=None,
        target=Decimal(9),
        cumulative=False,
        completes_on=date(2026, 12, 31),
        completes_by=None,
    )


def test_a_forecast_that_takes_long_is_there_on_the_next_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_go_on, really = Event(), forecast_worker.forecast
    monkeypatch.setattr(
        forecast_worker, "forecast", lambda history: may_go_on.wait(30) and really(history)
    )
    worker, asked = ForecastWorker(), [_history(1), _history(2)]
    assert worker.find(asked, within=0) == {}
    assert forecast_worker.pending(asked[0]).why == PENDING
    assert forecast_worker.pending(asked[0]).value is None
    may_go_on.set()
    assert worker.find(asked, within=30) == {each: really(each) for each in asked}


def test_a_forecast_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    really = forecast_worker.forecast

    def forecast(history: History) -> object:
        if history == _history(1):
            raise ArithmeticError
        return really(history)

    monkeypatch.setattr(forecast_worker, "forecast", forecast)
    found = ForecastWorker().find([_history(1), _history(2)], within=30)
    assert found[_history(1)].value is None
    assert found[_history(1)].why == "making its forecast failed: ArithmeticError"
    assert found[_history(2)] == really(_history(2))
