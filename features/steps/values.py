"""Exchange rates, the roll-up and forecasts."""

from datetime import date
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House
from govern.domain.period import Cadence, ends_between
from govern.services import exchange_rates
from govern.services.people import OPERATOR
from govern.store.paging import PageRequest


@given(parsers.parse("one {currency} was worth {value} {other} from {on}"))
def _(house: House, currency: str, value: str, other: str, on: str) -> None:
    rate = {
        "currency": currency,
        "to_currency": other,
        "rate_on": date.fromisoformat(on),
        "rate": Decimal(value),
    }
    exchange_rates.record_rates(house.runtime, OPERATOR, [rate], now=house.now)


@when(
    parsers.parse("the operator brings in that one {currency} was worth {value} {other} from {on}")
)
def _(house: House, currency: str, value: str, other: str, on: str) -> None:
    text = f"currency,to_currency,rate_on,rate\n{currency},{other},{on},{value}\n"
    (house.folder / "rates.csv").write_text(text, encoding="utf-8")
    house.run("rates", "import", "rates.csv")


@then(parsers.parse("one {currency} is worth {value} {other}"))
def _(house: House, currency: str, value: str, other: str) -> None:
    found = exchange_rates.find_rate(
        house.runtime, currency=currency, to_currency=other, on=None, now=house.now
    )
    assert found["rate"] == Decimal(value)


@then(parsers.parse("{count:d} rates were ever recorded"))
def _(house: House, count: int) -> None:
    found = exchange_rates.list_rates(house.runtime, PageRequest(limit=100), history=True)
    assert len(found.items) == count


@given(
    parsers.parse("{name} has reported {figure:d} for each month of {kpi} from {first} to {last}")
)
def _(house: House, name: str, figure: int, kpi: str, first: str, last: str) -> None:
    ends = ends_between(Cadence.MONTHLY, date.fromisoformat(first), date.fromisoformat(last))
    reported = [{"kpi": kpi, "period": end.isoformat(), "actual": figure} for end in ends]
    house.ask(name, "POST", "/readings", {"readings": reported})


@given(parsers.re(r"(?P<kpi>\w+) is part of (?P<whole>\w+)"))
def _(house: House, kpi: str, whole: str) -> None:
    by = house.noted[kpi]
    version = house.ask(by, "GET", f"/kpis/{kpi}")["version"]
    house.ask(by, "PATCH", f"/kpis/{kpi}", {"part_of": whole}, version)


@when(parsers.parse("{name} looks at what the portfolio comes to in {currency}"))
def _(house: House, name: str, currency: str) -> None:
    house.seen = house.ask(name, "GET", f"/rollup?currency={currency}")


def _realised(node: dict[str, Any]) -> dict[str, Any]:
    [money] = node["money"]
    return money["realised"]


def _project(house: House, project: str) -> dict[str, Any]:
    [found] = [
        each
        for portfolio in house.seen["portfolios"]
        for each in portfolio["projects"]
        if each["project"] == project
    ]
    return found


@then(parsers.parse("{whole} {currency} are realised to date, and of {project} {part}"))
def _(house: House, whole: str, currency: str, project: str, part: str) -> None:
    assert house.seen["currency"] == currency
    assert _realised(house.seen["total"])["value"] == whole
    assert _realised(_project(house, project))["value"] == part


@then(parsers.re(r"not known of what is realised (is|are) (?P<listed>.+)"))
def _(house: House, listed: str) -> None:
    assert _realised(house.seen["total"])["not_known"] == listed.split(", ")


@then(parsers.parse("{kpi} is counted in {whole}"))
def _(house: House, kpi: str, whole: str) -> None:
    rows = {
        each["kpi"]: each
        for portfolio in house.seen["portfolios"]
        for project in portfolio["projects"]
        for category in project["categories"]
        for each in category["kpis"]
    }
    assert rows[kpi]["counted_in"] == [whole]


@when(parsers.parse("{name} asks what {kpi} will have come to"))
def _(house: House, name: str, kpi: str) -> None:
    house.seen = house.ask(name, "GET", f"/kpis/{kpi}/forecast")


@then(parsers.parse("it will have come to {value} on {on}, {share:d}% of what was promised"))
def _(house: House, value: str, on: str, share: int) -> None:
    assert (house.seen["value"], house.seen["completes_on"]) == (value, on)
    assert Decimal(house.seen["attainment"]) * 100 == share


@then(parsers.parse("the forecast says how wrong it was from {origins:d} past periods"))
def _(house: House, origins: int) -> None:
    assert house.seen["error"]["origins"] == origins


@then("what it will have come to lies in a range")
def _(house: House) -> None:
    narrow, wide = house.seen["ranges"]
    ordered = [wide["low"], narrow["low"], house.seen["value"], narrow["high"], wide["high"]]
    numbers = [Decimal(each) for each in ordered]
    assert numbers == sorted(set(numbers))


@then(parsers.parse('nobody knows, since "{why}"'))
def _(house: House, why: str) -> None:
    assert house.seen["value"] is None
    assert house.seen["why"] == why


@then(parsers.parse("the figure of {period} was estimated"))
def _(house: House, period: str) -> None:
    assert house.seen["estimated"] == [period]
