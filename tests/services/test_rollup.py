"""The roll-up and forecasts from the store: who sees what, in which currency, then as now."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.actor import Actor, Grant
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.domain.role import Role
from govern.services import kpis, readings
from govern.services.exchange_rates import record_rates
from govern.services.forecasts import forecasts, kpi_forecast
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from govern.services.rollup import roll_up
from tests.published import published
from tests.services.house import NOW, House, add_project, report

MONTHS = [
    *("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"),
    *("2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31"),
]


def add(house: House, kpi_id: str, figures: list[int | None], **fields: Any) -> None:
    """A cumulative saving in thousands of EUR, 10 a month planned for the year, and its figures."""
    values: dict[str, Any] = {
        "id": kpi_id,
        "project": "P1",
        "name": kpi_id,
        "category": "cost",
        "unit": "EUR k",
        "currency": "EUR",
        "scale": Decimal(1000),
        "direction": "increase",
        "baseline": Decimal(0),
        "target": Decimal(120),
        "target_on": date(2026, 12, 31),
        "aggregation": "sum",
        "cumulative": True,
        **fields,
    }
    kpis.add_kpi(house.runtime, house.pia, values, now=NOW)
    ends = [*MONTHS, "2026-11-30", "2026-12-31"]
    planned = [{"period": date.fromisoformat(end), "planned": Decimal(10)} for end in ends]
    readings.record_plan(house.runtime, house.pia, kpi_id, planned, now=NOW)
    report(house, kpi_id, {d: f for d, f in zip(MONTHS, figures, strict=False) if f is not None})


def rolled(house: House, actor: Actor = OPERATOR, **options: Any) -> Record:
    return roll_up(house.runtime, actor, **options, now=NOW)


def sums(found: Record) -> dict[str, Any]:
    [money] = [each for each in found["money"] if each["per"] == "to_date"]
    names = ("promised", "planned", "realised", "forecast")
    return {name: money[name]["value"] for name in names}


@pytest.fixture
def two(house: House) -> House:
    """P1 and P2 with a saving each."""
    for project in ("P1", "P2"):
        add_project(house, project)
    add(house, "SAVING", [8] * 10)
    add(house, "MORE", [10] * 10, project="P2", cashable=True)
    return house


def test_projects_add_up_to_their_portfolio(two: House) -> None:
    found = rolled(two)
    assert sums(found["total"]) == {
        "promised": 240_000,
        "planned": 200_000,
        "realised": 180_000,
        "forecast": 216_000,
    }
    [portfolio] = found["portfolios"]
    assert [sums(each)["realised"] for each in portfolio["projects"]] == [80_000, 100_000]
    assert sums(portfolio) == sums(found["total"])
    [money] = found["total"]["money"]
    assert money["cashable"]["realised"]["value"] == 100_000
    assert money["attainment"] == Decimal("0.9")
    assert found["total"]["attainment"]["not_known"] == ["P1-K1", "P2-K1"]


def test_categories_add_up_to_their_portfolio(two: House) -> None:
    add(two, "UPLIFT", [7] * 10, category="revenue")
    [portfolio] = rolled(two)["portfolios"]
    by_category = {
        each["category"]: sums(each)["realised"]
        for each in portfolio["categories"]
        if each["money"]
    }
    assert len(by_category) == 2
    assert by_category["revenue"] == 70_000
    assert sum(by_category.values()) == sums(portfolio)["realised"] == 250_000


def test_a_currency_that_is_none_is_refused(two: House) -> None:
    with pytest.raises(InvalidInput) as refused:
        rolled(two, currency="EURO")
    assert refused.value.facts["errors"] == {"currency": ["did you mean 'EUR'?"]}


def test_one_project_is_asked_for(two: House) -> None:
    found = rolled(two, project="P2")
    assert sums(found["total"])["realised"] == 100_000
    with pytest.raises(NotFound):
        rolled(two, project="NOBODY")
    with pytest.raises(NotFound):
        rolled(two, portfolio="NOBODY")
    with pytest.raises(NotFound):
        rolled(two, project="P2", portfolio="other")


def test_who_sees_one_project_sees_its_sums_alone(two: House) -> None:
    one = Actor(two.fay.person_id, "Fay", (Grant(Role.FINANCE, project_id="P1"),))
    assert sums(rolled(two, one)["total"])["realised"] == 80_000
    nobody = Actor(two.fay.person_id, "Fay", ())
    assert rolled(two, nobody)["portfolios"] == []
    with pytest.raises(NotFound):
        rolled(two, one, project="P2")
    with pytest.raises(NotFound):
        kpi_forecast(two.runtime, one, "MORE", now=NOW)


def test_a_part_is_shown_and_not_counted(two: House) -> None:
    add(two, "PART", [5] * 10, part_of="SAVING")
    found = rolled(two)
    assert sums(found["total"])["realised"] == 180_000
    [row] = [
        each
        for project in found["portfolios"][0]["projects"]
        for category in project["categories"]
        for each in category["kpis"]
        if each["kpi"] == "PART"
    ]
    assert row["counted_in"] == ["SAVING"]
    assert row["realised"]["value"] == 50_000
    assert found["total"]["not_counted"] == 1


def test_a_disbenefit_is_taken_off(two: House) -> None:
    add(two, "LICENCES", [1] * 10, direction="at_most", disbenefit=True, target=Decimal(12))
    assert sums(rolled(two)["total"])["realised"] == 170_000
    assert sums(rolled(two)["total"])["promised"] == 228_000


def test_a_missing_figure_is_named_beside_the_sum_of_the_others(two: House) -> None:
    add(two, "GAPPY", [9, 9, None, 9, 9, 9, 9, 9, 9, 9])
    [money] = rolled(two)["total"]["money"]
    realised = money["realised"]
    assert (realised["value"], realised["known"]) == (180_000, 2)
    assert realised["not_known"] == ["GAPPY"]
    assert money["planned"]["not_known"] == []
    assert money["forecast"]["known"] == 3


def rate(house: House, on: str, value: str, pair: str = "EUR/USD") -> None:
    one, other = pair.split("/")
    given = {
        "currency": one,
        "to_currency": other,
        "rate_on": date.fromisoformat(on),
        "rate": Decimal(value),
    }
    record_rates(house.runtime, OPERATOR, [given], now=NOW)


def test_each_period_is_exchanged_at_its_own_rate(two: House) -> None:
    rate(two, "2025-12-31", "1")
    rate(two, "2026-06-15", "2")
    found = rolled(two, currency="USD")
    # Five months at 1, five at 2; what is promised, and to come, at the rate of today.
    assert sums(found["total"]) == {
        "promised": 480_000,
        "planned": 300_000,
        "realised": 270_000,
        "forecast": 270_000 + 36_000 * 2,
    }
    assert [each["rate_on"].isoformat() for each in found["rates"]] == ["2025-12-31", "2026-06-15"]


def test_without_a_rate_it_is_unknown_and_never_one(two: House) -> None:
    rate(two, "2026-06-15", "2")
    [money] = rolled(two, currency="USD")["total"]["money"]
    assert money["realised"]["value"] is None
    assert money["realised"]["not_known"] == ["MORE", "SAVING"]
    assert money["promised"]["value"] == 480_000
    assert rolled(two, currency="CHF")["total"]["money"][0]["promised"]["value"] is None


def test_without_a_currency_each_stays_in_its_own(two: House) -> None:
    add(two, "DOLLARS", [5] * 10, currency="USD", scale=Decimal(1))
    found = rolled(two)["total"]["money"]
    assert [(each["currency"], each["realised"]["value"]) for each in found] == [
        ("EUR", 180_000),
        ("USD", 50),
    ]
    rate(two, "2025-12-31", "2")
    in_euros = rolled(two, currency="EUR")
    assert sums(in_euros["total"])["realised"] == 180_025
    assert {each["by"] for each in in_euros["rates"]} == {"inverse"}


def test_as_on_an_earlier_day(two: House) -> None:
    found = rolled(two, at=date(2026, 4, 30))
    assert sums(found["total"])["realised"] == 72_000
    with pytest.raises(InvalidInput):
        rolled(two, at=date(2027, 1, 1))


def test_what_was_not_asked_for_is_not_forecast(two: House) -> None:
    [money] = rolled(two, forecast=False)["total"]["money"]
    assert money["forecast"]["value"] is None
    assert money["realised"]["value"] == 180_000


def test_a_composite_is_not_counted_beside_its_inputs(two: House) -> None:
    values: dict[str, Any] = {
        "id": "BOTH",
        "project": "P1",
        "name": "Both",
        "category": "cost",
        "currency": "EUR",
        "scale": Decimal(1000),
        "direction": "increase",
        "formula": "a + b",
        "inputs": {"a": "SAVING", "b": "PART"},
    }
    add(two, "PART", [5] * 10)
    kpis.add_kpi(two.runtime, two.pia, values, now=NOW)
    found = rolled(two)
    rows = {
        each["kpi"]: each
        for project in found["portfolios"][0]["projects"]
        for category in project["categories"]
        for each in category["kpis"]
    }
    assert rows["BOTH"]["counted_in"] == ["SAVING", "PART"]
    assert sums(found["total"])["realised"] == 230_000
    told = kpi_forecast(two.runtime, OPERATOR, "BOTH", now=NOW)
    assert told["figures"] == 10


def test_a_forecast_says_what_it_rests_on(two: House) -> None:
    told = kpi_forecast(two.runtime, two.pia, "SAVING", now=NOW)
    assert (told["value"], told["promised"], told["attainment"]) == (96, 120, Decimal("0.8"))
    assert (told["completes_on"], told["completes_by"]) == (date(2026, 12, 31), "target_on")
    assert (told["model"], told["ahead"], len(told["path"])) == ("last value", 2, 2)
    assert told["error"]["mean"] == 0
    all_of_p1 = forecasts(two.runtime, two.pia, project="P1", now=NOW)
    assert [each["kpi"] for each in all_of_p1["items"]] == ["P1-K1", "SAVING"]
    assert sums(all_of_p1["total"])["forecast"] == 96_000
    assert sums(forecasts(two.runtime, two.pia, now=NOW)["total"])["forecast"] == 216_000


def test_a_forecast_on_an_earlier_day_knows_nothing_later(two: House) -> None:
    add(two, "TURNED", [10, 10, 10, 10, 10, 0, 0, 0, 0, 0])
    then = kpi_forecast(two.runtime, OPERATOR, "TURNED", at=date(2026, 5, 31), now=NOW)
    assert (then["value"], then["figures"]) == (120, 5)
    today = kpi_forecast(two.runtime, OPERATOR, "TURNED", now=NOW)
    assert today["value"] < 60


@pytest.mark.parametrize(
    ("name", "at", "least"),
    [("apg_fy22", date(2022, 9, 30), 0), ("mta_perf", date(2011, 5, 31), 20)],
)
def test_published_portfolios_are_rolled_up(house: House, name: str, at: date, least: int) -> None:
    """No figure of theirs is money by its profile: all of it is attainment, known or named. One has
    targets and no plan on the way to them, so that no attainment to date is known."""
    assert import_folder(house.runtime, OPERATOR, published(name), now=NOW).written
    found = rolled(house, at=at, forecast=False)
    total = found["total"]
    assert total["money"] == []
    mean = total["attainment"]
    assert mean["known"] + len(mean["not_known"]) == total["counted"]
    assert mean["known"] >= least
    assert mean["not_known"]
    counted = sum(
        each["counted"] for portfolio in found["portfolios"] for each in portfolio["projects"]
    )
    assert counted == total["counted"]


def test_a_published_portfolio_is_forecast(house: House) -> None:
    assert import_folder(house.runtime, OPERATOR, published("apg_fy22"), now=NOW).written
    found = forecasts(house.runtime, OPERATOR, at=date(2022, 9, 30), now=NOW)
    known = [each for each in found["items"] if each["value"] is not None]
    assert len(known) > 50
    assert all(each["why"] for each in found["items"] if each["value"] is None)
    assert 50 < found["total"]["at_completion"]["known"] <= len(known)
