"""KPIs that are made from a template, and KPIs that are computed from others."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, rows


def _add(house: House, name: str, project: str, kpi: str, table: list[list[str]]) -> None:
    fields: dict[str, Any] = {row[0]: row[1] for row in table}
    if "inputs" in fields:
        named = (each.split("=") for each in fields["inputs"].split(";"))
        fields["inputs"] = {key.strip(): value.strip() for key, value in named}
    house.ask(name, "POST", "/kpis", {"id": kpi, "project": project, "name": kpi, **fields})
    house.noted[kpi] = name


@given(parsers.re(r"(?P<name>\w+) adds to (?P<project>\w+) the KPI (?P<kpi>\w+)"))
@when(parsers.re(r"(?P<name>\w+) adds to (?P<project>\w+) the KPI (?P<kpi>\w+)"))
def _(house: House, name: str, project: str, kpi: str, datatable: list[list[str]]) -> None:
    _add(house, name, project, kpi, datatable)


@when(parsers.re(r"(?P<name>\w+) tries to add to (?P<project>\w+) the KPI (?P<kpi>\w+)"))
def _(house: House, name: str, project: str, kpi: str, datatable: list[list[str]]) -> None:
    house.refused(lambda: _add(house, name, project, kpi, datatable))


@then(parsers.re(r'the field (?P<field>\w+) is wrong: "(?P<what>.*)"'))
def _(house: House, field: str, what: str) -> None:
    assert house.refusal is not None
    errors: dict[str, list[str]] = house.refusal.facts["errors"]
    assert list(errors) == [field]
    assert what in errors[field][0]


def _ask(house: House, kpi: str, path: str = "") -> Any:
    return house.ask(house.noted[kpi], "GET", f"/kpis/{kpi}{path}")


@then(parsers.parse("{kpi} is described as"))
def _(house: House, kpi: str, datatable: list[list[str]]) -> None:
    told = _ask(house, kpi)
    assert [[name, str(told[name])] for name, _ in datatable] == datatable


@then(parsers.parse('the profile of {kpi} still lacks "{fields}"'))
def _(house: House, kpi: str, fields: str) -> None:
    missing = _ask(house, kpi)["profile"]["missing"]
    assert set(fields.split(", ")) <= set(missing)


@then(parsers.re(r"(?P<kpi>\w+) comes to"))
def _(house: House, kpi: str, datatable: list[list[str]]) -> None:
    items = _ask(house, kpi, "/computed")["items"]
    told = [[each["period"], each["actual"] or "unknown"] for each in items]
    assert told == datatable[1:]


@then(parsers.re(r"(?P<kpi>\w+) of (?P<period>\S+) was worked out as"))
def _(house: House, kpi: str, period: str, datatable: list[list[str]]) -> None:
    (item,) = [each for each in _ask(house, kpi, "/computed")["items"] if each["period"] == period]
    parts = {each["text"]: each["value"] for each in item["parts"]["parts"]}
    assert parts == {row["part"]: row["value"] for row in rows(datatable)}
