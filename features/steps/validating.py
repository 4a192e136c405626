"""Figures that are validated, and which duties are separated."""

import json
from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, rows
from govern.services import readings
from govern.services.people import OPERATOR
from govern.store import people
from govern.store.paging import PageRequest


def _figures(house: House, kpi: str) -> list[dict[str, Any]]:
    request = PageRequest(limit=500)
    return readings.list_readings(house.runtime, OPERATOR, kpi, request).items


def _validate(house: House, name: str, numbers: list[int]) -> None:
    house.ask(name, "POST", "/readings/validations", {"readings": numbers})


@given(parsers.re(r"(?P<name>\w+) validates the figures of (?P<kpi>\S+)"))
@when(parsers.re(r"(?P<name>\w+) validates the figures of (?P<kpi>\S+)"))
def _(house: House, name: str, kpi: str) -> None:
    _validate(house, name, [each["id"] for each in _figures(house, kpi)])


@when(parsers.re(r"(?P<name>\w+) tries to validate the figures of (?P<kpi>\S+)"))
def _(house: House, name: str, kpi: str) -> None:
    numbers = [each["id"] for each in _figures(house, kpi)]
    house.refused(lambda: _validate(house, name, numbers))


@given(parsers.re(r"(?P<name>\w+) looks at the figures of (?P<kpi>\S+)"))
def _(house: House, name: str, kpi: str) -> None:
    found = house.ask(name, "GET", f"/kpis/{kpi}/readings")
    house.noted["looked at"] = [each["id"] for each in found["items"]]


@when(parsers.re(r"(?P<name>\w+) tries to validate what (she|he) looked at"))
def _(house: House, name: str) -> None:
    house.refused(lambda: _validate(house, name, house.noted["looked at"]))


@then(parsers.parse("the figures of {kpi} are"))
def _(house: House, kpi: str, datatable: list[list[str]]) -> None:
    found = _figures(house, kpi)
    with house.runtime.store.reading() as connection:
        names = people.names(connection, {each["validated_by"] or "" for each in found})
    assert rows(datatable) == [
        {
            "period": each["period"].isoformat(),
            "actual": f"{each['actual']:f}",
            "state": each["state"],
            "by": names.get(each["validated_by"], ""),
        }
        for each in found
    ]


@when("the operator lists the separation of duties")
def _(house: House) -> None:
    ran = house.run("separation", "list", "--format", "json")
    house.seen = json.loads(ran.told)


@then("these pairs are separated")
def _(house: House, datatable: list[list[str]]) -> None:
    assert [each["pair"] for each in house.seen if each["separated"]] == [
        row["pair"] for row in rows(datatable)
    ]


@when(parsers.re(r'the operator switches (?P<pair>\S+) (?P<how>on|off) because "(?P<why>[^"]*)"'))
def _(house: House, pair: str, how: str, why: str) -> None:
    house.run("separation", how, pair, "--reason", why)


def _not_separated(house: House) -> list[str]:
    ran = house.run("status", "--format", "json")
    return [each["pair"] for each in json.loads(ran.told)["not_separated"]]


@then("the status names nothing as not separated")
def _(house: House) -> None:
    assert _not_separated(house) == []


@then(parsers.re(r"the status names (?P<pair>\S+/\S+) as not separated"))
def _(house: House, pair: str) -> None:
    assert _not_separated(house) == [pair]
