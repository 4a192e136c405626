"""What is due, how reports came, and how one reading corrects another."""

from pytest_bdd import given, parsers, then, when

from features.house import House, rows
from govern.domain.record import Record
from govern.store import people


@given(parsers.re(r"the figures of (?P<kpi>\S+) are due (?P<days>\d+) days after their period"))
def _(house: House, kpi: str, days: str) -> None:
    by = house.noted[kpi]
    version = house.ask(by, "GET", f"/kpis/{kpi}")["version"]
    house.ask(by, "PATCH", f"/kpis/{kpi}", {"reporting_lag_days": int(days)}, version)


def _due(house: House, name: str, more: str = "") -> list[Record]:
    return house.ask(name, "GET", f"/readings/due{more}")["items"]


def _rows(found: list[Record]) -> list[dict[str, str]]:
    return [
        {
            "KPI": each["kpi"],
            "from": each["owner"] or "",
            "period": period["period"],
            "due": period["due"],
            "state": period["state"].replace("_", " "),
            "days over": str(period["days_over"]),
        }
        for each in found
        for period in each["periods"]
    ]


@then(parsers.re(r"(?P<name>\w+) sees that this is due"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    assert _rows(_due(house, name)) == rows(datatable)


@then(parsers.re(r"(?P<name>\w+) sees that this will be due by (?P<day>[\d-]+)"))
def _(house: House, name: str, day: str, datatable: list[list[str]]) -> None:
    assert _rows(_due(house, name, f"?by={day}")) == rows(datatable)


@then(parsers.re(r"(?P<name>\w+) sees that nothing is due"))
def _(house: House, name: str) -> None:
    assert _due(house, name) == []


@then(parsers.re(r"the last (?P<number>\d+) reports of (?P<kpi>\S+) came so"))
def _(house: House, number: str, kpi: str, datatable: list[list[str]]) -> None:
    found = house.ask(house.noted[kpi], "GET", f"/kpis/{kpi}/punctuality?periods={number}")
    assert [
        {
            "period": each["period"],
            "due": each["due"],
            "came": each["reported"] or "",
            "state": each["state"].replace("_", " "),
        }
        for each in found["reports"]
    ] == rows(datatable)


@then(parsers.re(r"(?P<name>\w+) reads of (?P<kpi>\S+) for (?P<period>[\d-]+)"))
def _(house: House, name: str, kpi: str, period: str, datatable: list[list[str]]) -> None:
    """The whole chain of a period, the first report first."""
    found = house.ask(name, "GET", f"/kpis/{kpi}/readings?history=true&limit=500")["items"]
    chain = [each for each in found if each["period"] == period]
    with house.runtime.store.reading() as connection:
        names = people.names(connection, {each["recorded_by"] for each in chain})
    figures = {each["id"]: each["actual"] or "" for each in chain}
    assert [
        {
            "actual": each["actual"] or "",
            "corrects": figures.get(each["corrects"], ""),
            "by": names[each["recorded_by"]],
            "on": each["recorded_at"][:10],
            "because": each["reason"] or "",
            "state": each["state"],
        }
        for each in chain
    ] == rows(datatable)


@given(parsers.re(r"(?P<name>\w+) has looked at (?P<project>\S+) as of (?P<moment>the log .+)"))
def _(house: House, name: str, project: str, moment: str) -> None:
    house.noted["seen again"] = _seen(house, name, project, moment)


@when(parsers.re(r"(?P<name>\w+) looks again at (?P<project>\S+) as of (?P<moment>the log .+)"))
def _(house: House, name: str, project: str, moment: str) -> None:
    house.seen = _seen(house, name, project, moment)


def _seen(house: House, name: str, project: str, moment: str) -> dict[str, str]:
    size = house.noted[moment]
    paths = (
        f"/kpis/{project}-SALES",
        f"/kpis/{project}-SALES/readings?history=true",
        f"/projects/{project}/gates",
        f"/projects/{project}/history",
        f"/findings?project={project}",
    )
    headers = {"Authorization": f"Bearer {house.tokens[name]}"}
    seen: dict[str, str] = {}
    for path in paths:
        address = f"/api/v1{path}{'&' if '?' in path else '?'}as_of_size={size}"
        with house.web.test_client() as client:
            answer = client.get(address, headers=headers)
        assert answer.status_code == 200, answer.text
        seen[path] = answer.text
    return seen


@then(parsers.re(r"the last sweep found (?P<rule>\S+) (?P<state>\w+) for (?P<kpi>\S+)"))
def _(house: House, rule: str, state: str, kpi: str) -> None:
    name = house.noted[kpi]
    found = house.ask(name, "GET", "/findings")["items"]
    states = {(each["rule"], each["kpi"]): each["state"] for each in found}
    assert states.get((rule, kpi), "silent") == state
