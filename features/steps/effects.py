"""What changes were to bring, what came, and the records of rules."""

from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then

from features.house import House, rows
from govern.domain.plain import plain_decimal
from govern.services.people import OPERATOR
from govern.services.recommendations import list_recommendations
from govern.store import kpis
from govern.store.paging import PageRequest


@given(parsers.re(r"(?P<name>\w+) reports the recommendation of (?P<rule>\S+) done, to bring"))
def _(house: House, name: str, rule: str, datatable: list[list[str]]) -> None:
    request = PageRequest(limit=1, sort="-id")
    [found] = list_recommendations(house.runtime, OPERATOR, request, rule=rule, now=house.now).items
    effects = [{"kpi": row["KPI"], "size": row["size"], "by": row["by"]} for row in rows(datatable)]
    path = f"/recommendations/{found['id']}/implementation"
    house.ask(name, "POST", path, {"note": "It is done.", "effects": effects}, found["version"])


@then(parsers.re(r"(?P<name>\w+) sees the effect on (?P<kpi>\S+)"))
def _(house: House, name: str, kpi: str, datatable: list[list[str]]) -> None:
    with house.runtime.store.reading() as connection:
        project = (kpis.find(connection, kpi) or {})["project"]
    listed = house.ask(name, "GET", f"/projects/{project}/effects")["items"]
    [found] = [each for each in listed if each["kpi"] == kpi]
    told = {
        "state": found["state"],
        "without it": _figure(found["counterfactual"]),
        "came to": _figure(found["actual"]),
        "effect": _figure(found["effect"]),
        "beyond noise": {True: "yes", False: "no", None: "unknown"}[found["beyond_noise"]],
        "why": found["why"],
    }
    assert {row[0]: told[row[0]] for row in datatable} == {row[0]: row[1] for row in datatable}


@then(parsers.re(r"(?P<name>\w+) reads the record of (?P<rule>\S+)"))
def _(house: House, name: str, rule: str, datatable: list[list[str]]) -> None:
    [found] = house.ask(name, "GET", f"/rules/records?rule={rule}")["rules"]
    told = {row[0]: _figure(found[row[0].replace(" ", "_")]) for row in datatable}
    assert told == {row[0]: row[1] for row in datatable}


def _figure(value: Any) -> str:
    return "unknown" if value is None else plain_decimal(Decimal(str(value)))
