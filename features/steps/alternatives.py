"""What else could be done, and what that would do."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, rows, shares, word
from govern.domain.plain import plain_decimal
from govern.services import recommendations
from govern.services.people import OPERATOR
from govern.store.paging import PageRequest


@given(parsers.parse("{project} is to deliver"))
def _(house: House, project: str, datatable: list[list[str]]) -> None:
    for row in rows(datatable):
        served = {
            kpi: None if share is None else plain_decimal(share)
            for kpi, share in shares(row["serves"]).items()
        }
        body = {
            "id": row["id"],
            "project": project,
            "name": row["id"].title(),
            "state": word(row["state"]),
            "cost": row["cost"],
            "serves": served,
        }
        house.ask(house.noted[project], "POST", "/deliverables", body)


@given(parsers.parse("the deliverable {deliverable} is done"))
def _(house: House, deliverable: str) -> None:
    path = f"/deliverables/{deliverable}"
    project = deliverable.partition("-")[0]
    by = house.noted[project]
    version = house.ask(by, "GET", path)["version"]
    done = {"state": "done", "done_on": house.today.isoformat()}
    house.ask(by, "PATCH", path, done, version)


@when(parsers.parse("{name} asks what if in {project}"))
def _(house: House, name: str, project: str, datatable: list[list[str]]) -> None:
    asked: list[dict[str, Any]] = []
    for row in rows(datatable):
        ask: dict[str, Any] = {"action": word(row["action"])}
        if row.get("deliverables"):
            ask["deliverables"] = row["deliverables"].split(", ")
        if row.get("KPI"):
            ask["kpi"] = row["KPI"]
        asked.append(ask)
    body = {"alternatives": asked}
    house.seen = house.ask(name, "POST", f"/projects/{project}/alternatives", body)


@when(parsers.re(r"(?P<name>\w+) looks what else could be done than (?P<rule>\S+) recommends"))
def _(house: House, name: str, rule: str) -> None:
    request = PageRequest(limit=500, sort="-id")
    found = recommendations.list_recommendations(
        house.runtime, OPERATOR, request, rule=rule, now=house.now
    )
    path = f"/recommendations/{found.items[0]['id']}/alternatives"
    house.seen = house.ask(name, "GET", path)


@then(parsers.parse("with each {kpi} comes to"))
def _(house: House, kpi: str, datatable: list[list[str]]) -> None:
    told = [
        {
            "alternative": each["name"],
            "comes to": row["with"],
            "better by": row["change"],
            "left of the promise": row["promised_with"],
        }
        for each in house.seen["alternatives"]
        for row in each["kpis"]
        if row["kpi"] == kpi
    ]
    assert told == rows(datatable)


@then("in money this is")
def _(house: House, datatable: list[list[str]]) -> None:
    told = [
        {
            "alternative": each["name"],
            "saved": each["budget"]["saved"],
            "lost": money["lost"],
            "of the promise": money["promised_lost"],
        }
        for each in house.seen["alternatives"]
        for money in each["value"]["sums"]
    ]
    assert told == rows(datatable)


def _named(house: House, name: str) -> dict[str, Any]:
    [found] = [each for each in house.seen["alternatives"] if each["name"] == name]
    return found


@then(parsers.parse('with {name} it is unknown what becomes of {kpi}, since "{why}"'))
def _(house: House, name: str, kpi: str, why: str) -> None:
    unknown = {each["kpi"]: each["why"] for each in _named(house, name)["value"]["unknown"]}
    assert unknown[kpi] == why


@then(parsers.parse('with {name} at most {most} is saved, since "{why}"'))
def _(house: House, name: str, most: str, why: str) -> None:
    budget = _named(house, name)["budget"]
    assert (budget["saved"], budget["at_most"], budget["why"]) == (None, most, why)


@then(parsers.parse("{name} moves these dates"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    told = [
        {"what": each["id"], "field": each["field"], "to": each["becomes"]}
        for each in _named(house, name)["dates"]
    ]
    assert sorted(told, key=str) == sorted(rows(datatable), key=str)


@then("these are side by side")
def _(house: House, datatable: list[list[str]]) -> None:
    told = [
        {"alternative": each["name"], "recommended": "yes" if each["recommended"] else "no"}
        for each in house.seen["alternatives"]
    ]
    assert told == rows(datatable)


@then(parsers.parse('{name} is not possible, since "{why}"'))
def _(house: House, name: str, why: str) -> None:
    assert {"name": name, "why": why} in house.seen["not_possible"]
