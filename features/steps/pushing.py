"""A program that pushes figures: many at once, and the same again."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, rows


def _push(
    house: House, name: str, table: list[list[str]], *, mode: str = "all", key: str | None = None
) -> None:
    reported = [
        {"kpi": row["KPI"], "period": row["period"], "actual": row["actual"]} for row in rows(table)
    ]
    body: dict[str, Any] = {"mode": mode, "readings": reported}
    before = house.noted.get("pushed")
    house.noted["pushed"] = house.ask(name, "POST", "/readings", body, key=key)
    house.noted["pushed before"] = before


@when(parsers.re(r"(?P<name>\w+)'s program pushes, each for itself"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    _push(house, name, datatable, mode="each")


@given(parsers.re(r"(?P<name>\w+)'s program pushes under the key \"(?P<key>\w+)\""))
@when(parsers.re(r"(?P<name>\w+)'s program pushes under the key \"(?P<key>\w+)\""))
def _(house: House, name: str, key: str, datatable: list[list[str]]) -> None:
    _push(house, name, datatable, key=key)


@when(parsers.re(r"(?P<name>\w+)'s program tries to push under the key \"(?P<key>\w+)\""))
def _(house: House, name: str, key: str, datatable: list[list[str]]) -> None:
    house.refused(lambda: _push(house, name, datatable, key=key))


@then("it has the answer that it had before")
def _(house: House) -> None:
    assert house.noted["pushed before"] is not None
    assert house.noted["pushed"] == house.noted["pushed before"]


@then("each figure is told")
def _(house: House, datatable: list[list[str]]) -> None:
    results = house.noted["pushed"]["results"]
    wanted = rows(datatable)
    assert len(results) == len(wanted)
    for result, row in zip(results, wanted, strict=True):
        told = (result["kpi"], result["period"], result["status"])
        assert told == (row["KPI"], row["period"], row["status"])
        if row["field"]:
            [why] = result["errors"][row["field"]]
            assert row["what is wrong"] in why
        else:
            assert result["errors"] is None
