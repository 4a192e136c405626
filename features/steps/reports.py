"""Reports: what they tell, where their figures are from, and the page."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from pytest_bdd import given, parsers, then, when

from features.house import House
from govern.web.openapi import PREFIX

REPORT = "/reports/portfolio-value"


@given(parsers.parse("{name} has corrected {kpi} for {period} to {figure:d}"))
def _(house: House, name: str, kpi: str, period: str, figure: int) -> None:
    body = {"period": period, "actual": figure, "reason": "Counted again."}
    house.ask(name, "POST", f"/kpis/{kpi}/readings", body)


@when(parsers.re(r"(?P<name>\w+) asks for the value report in (?P<currency>[A-Z]{3})"))
def _(house: House, name: str, currency: str) -> None:
    house.noted["reader"] = name
    house.seen = house.ask(name, "GET", f"{REPORT}?currency={currency}")


@when(parsers.re(r"(?P<name>\w+) asks for the value report as of (?P<moment>the log .+)"))
def _(house: House, name: str, moment: str) -> None:
    size = house.noted[moment]
    house.seen = house.ask(name, "GET", f"{REPORT}?{urlencode({'as_of_size': size})}")


@when(parsers.re(r"(?P<name>\w+) asks for the value report in (?P<currency>[A-Z]{3}), as a page"))
def _(house: House, name: str, currency: str) -> None:
    with house.web.test_client() as client:
        answer = client.get(
            f"{PREFIX}{REPORT}?currency={currency}&format=html",
            headers={"Authorization": f"Bearer {house.tokens[name]}"},
        )
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    house.seen = answer.get_data(as_text=True)


def _content(house: House, name: str) -> Any:
    [found] = [each for each in house.seen["sections"] if each["name"] == name]
    return found["content"]


@then(parsers.parse("the report tells of {currency}"))
def _(house: House, currency: str, datatable: list[list[str]]) -> None:
    [money] = _content(house, "total")["total"]["money"]
    assert money["currency"] == currency
    assert [[name, money[name]["value"]] for name, _ in datatable] == datatable


@then("its categories add up to that")
def _(house: House) -> None:
    [money] = _content(house, "total")["total"]["money"]
    [portfolio] = _content(house, "categories")["portfolios"]
    for name in ("promised", "planned", "realised", "forecast"):
        parts = [each["money"][0][name]["value"] for each in portfolio["categories"]]
        assert sum(map(Decimal, parts)) == Decimal(money[name]["value"])


@then("not known is, and in no sum")
def _(house: House, datatable: list[list[str]]) -> None:
    told = [
        [each["kpi"], each["measure"], each["why"]]
        for each in _content(house, "not_added")["unknown"]
    ]
    assert told == datatable[1:]


@then("from promise to forecast it goes")
def _(house: House, datatable: list[list[str]]) -> None:
    [found] = _content(house, "waterfall")["waterfalls"]
    assert [[each["label"], each["value"]] for each in found["steps"]] == datatable
    changes = [Decimal(each["value"]) for each in found["steps"]]
    assert sum(changes[:-1]) == changes[-1]


@then("the reads that the report names answer with its figures")
def _(house: House) -> None:
    reader = house.noted["reader"]
    seen = 0
    for section in house.seen["sections"]:
        for source in section["sources"]:
            answer = house.ask(reader, "GET", source["query"])
            for figure in source["figures"]:
                told, answered = (
                    _at(section["content"], figure["path"]),
                    _at(answer, figure["pointer"]),
                )
                seen += _same(told, answered)
    assert seen > 50


def _at(data: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        data = data[int(part)] if isinstance(data, list) else data[part]
    return data


def _same(told: Any, answered: Any) -> int:
    """How many plain values are the same; fails where one is not."""
    if isinstance(told, dict):
        return sum(_same(each, answered[name]) for name, each in told.items())
    if isinstance(told, list):
        return sum(_same(each, other) for each, other in zip(told, answered, strict=True))
    assert told == answered
    return 1


@then("the page holds all it needs")
def _(house: House) -> None:
    page = house.seen
    assert page.startswith("<!DOCTYPE html>")
    assert page.rstrip().endswith("</html>")
    assert not any(each in page for each in ("<script", "<link", "<img", "http:", "https:", "src="))
    assert page.count("<svg ") == page.count('role="img"') > 0


@then(parsers.parse('the page says "{first}" and "{second}"'))
def _(house: House, first: str, second: str) -> None:
    assert first in house.seen
    assert second in house.seen
