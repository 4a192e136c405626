"""Readings: recorded one by one or many at once, corrected, refused."""

from pytest_bdd import given, parsers, then, when

from features.house import House, rows
from govern.services import readings
from govern.services.people import OPERATOR
from govern.store.paging import PageRequest


def _record(house: House, name: str, table: list[list[str]]) -> None:
    reported = [
        {
            "kpi": row["KPI"],
            "period": row["period"],
            "actual": row["actual"] or None,
            "note": row.get("note") or None,
            "reason": row.get("reason", "Counted again.") or None,
        }
        for row in rows(table)
    ]
    answer = house.ask(name, "POST", "/readings", {"readings": reported})
    house.seen = answer["results"]


@given(parsers.re(r"(?P<name>\w+) has reported"))
@when(parsers.re(r"(?P<name>\w+) reports"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    _record(house, name, datatable)


@when(parsers.re(r"(?P<name>\w+) tries to report"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    house.refused(lambda: _record(house, name, datatable))


@when(
    parsers.re(r"(?P<name>\w+) tries to report (?P<actual>\S+) for (?P<kpi>\S+) in (?P<period>\S+)")
)
def _(house: House, name: str, actual: str, kpi: str, period: str) -> None:
    table = [["KPI", "period", "actual"], [kpi, period, actual]]
    house.refused(lambda: _record(house, name, table))


@then("each report is taken as")
def _(house: House, datatable: list[list[str]]) -> None:
    found = [[each["kpi"], each["period"], each["status"]] for each in house.seen]
    assert found == datatable[1:]


@then("these cells are named")
def _(house: House, datatable: list[list[str]]) -> None:
    """Reports count from 1, as the rows of a form do; the refusal counts from 0."""
    assert house.refusal is not None
    found: dict[str, list[str]] = house.refusal.facts["errors"]
    wanted = rows(datatable)
    assert len(found) == len(wanted), found
    for row in wanted:
        (said,) = found[f"readings.{int(row['report']) - 1}.{row['cell']}"]
        assert row["what is wrong"] in said


def _readings(house: House, kpi: str, history: bool) -> list[list[str]]:
    request = PageRequest(limit=500)
    found = readings.list_readings(house.runtime, OPERATOR, kpi, request, history=history).items
    return [
        [each["period"].isoformat(), "" if each["actual"] is None else f"{each['actual']:f}"]
        for each in found
    ]


@then(parsers.parse("{kpi} stands at"))
def _(house: House, kpi: str, datatable: list[list[str]]) -> None:
    assert sorted(_readings(house, kpi, history=False)) == sorted(datatable[1:])


@then(parsers.parse("every figure ever reported for {kpi} is"))
def _(house: House, kpi: str, datatable: list[list[str]]) -> None:
    assert sorted(_readings(house, kpi, history=True)) == sorted(datatable[1:])


@then(parsers.parse("{kpi} has no readings"))
def _(house: House, kpi: str) -> None:
    assert _readings(house, kpi, history=True) == []
