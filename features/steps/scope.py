"""Trajectories, scope changes and baselines."""

import re
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, number, rows, word
from govern.domain.plain import plain_decimal
from govern.services import readings
from govern.services.people import OPERATOR

_BECAUSE = r'because "(?P<reason>[^"]*)"'
_ANSWER = r"(?P<answer>go|recycle|kill)"
_SHAPE = r"(?P<shape>linear|s curve|step)"


# --- trajectories ---------------------------------------------------------------------------------


def _draw(
    house: House, name: str, kpi: str, shape: str, table: list[list[str]], preview: bool = False
) -> None:
    body: dict[str, Any] = {"shape": word(shape), "preview": preview}
    if points := rows(table):
        body["points"] = [{"day": each["day"], "value": each["value"]} for each in points]
    house.before = house.lengths()
    house.seen = house.ask(name, "POST", f"/kpis/{kpi}/trajectory", body)


@when(parsers.re(rf"(?P<name>\w+) draws (?P<kpi>\S+) as {_SHAPE}"))
def _(house: House, name: str, kpi: str, shape: str) -> None:
    _draw(house, name, kpi, shape, [[]])


@when(parsers.re(rf"(?P<name>\w+) draws (?P<kpi>\S+) as {_SHAPE} through"))
def _(house: House, name: str, kpi: str, shape: str, datatable: list[list[str]]) -> None:
    _draw(house, name, kpi, shape, datatable)


@when(parsers.re(rf"(?P<name>\w+) looks at (?P<kpi>\S+) as {_SHAPE}"))
def _(house: House, name: str, kpi: str, shape: str) -> None:
    _draw(house, name, kpi, shape, [[]], preview=True)


@when(parsers.re(rf"(?P<name>\w+) tries to draw (?P<kpi>\S+) as {_SHAPE}"))
def _(house: House, name: str, kpi: str, shape: str) -> None:
    house.refused(lambda: _draw(house, name, kpi, shape, [[]]))


@then(parsers.parse("{count:d} values are shown, from {first} to {last}"))
def _(house: House, count: int, first: str, last: str) -> None:
    shown = [each["planned"] for each in house.seen["values"]]
    assert (len(shown), shown[0], shown[-1]) == (count, first, last)


@then(parsers.parse("the plan of {kpi} is"))
def _(house: House, kpi: str, datatable: list[list[str]]) -> None:
    assert [[day, plain_decimal(value)] for day, value in _plan(house, kpi).items()] == datatable[
        1:
    ]


@then(parsers.re(r"the plan of (?P<kpi>\S+) for (?P<period>\S+) is (?P<planned>\S+)"))
def _(house: House, kpi: str, period: str, planned: str) -> None:
    assert _plan(house, kpi)[period] == number(planned)


@then(parsers.parse("{kpi} has no plan"))
def _(house: House, kpi: str) -> None:
    assert _plan(house, kpi) == {}


@then(parsers.re(r'the refusal names (?P<field>\S+), for "(?P<text>.+)"'))
def _(house: House, field: str, text: str) -> None:
    assert house.refusal is not None
    (said,) = house.refusal.facts["errors"][field]
    assert text in said


def _plan(house: House, kpi: str) -> dict[str, Decimal]:
    found = readings.list_plan(house.runtime, OPERATOR, kpi)
    return {each["period"].isoformat(): each["planned"] for each in found}


# --- scope changes --------------------------------------------------------------------------------


def changes_of(table: list[list[str]]) -> list[dict[str, Any]]:
    """A field that is a day stands for the value planned for the period that ends on it."""
    changes: list[dict[str, Any]] = []
    for row in rows(table):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", row["field"]):
            planned = [{"period": row["field"], "planned": row["value"]}]
            changes.append({"kind": "plan", "kpi": row["KPI"], "planned": planned})
        else:
            fields = {word(row["field"]): row["value"]}
            changes.append({"kind": "kpi", "kpi": row["KPI"], "fields": fields})
    return changes


def _propose(
    house: House, name: str, title: str, project: str, reason: str, table: list[list[str]]
) -> None:
    body = {"title": title, "reason": reason, "changes": changes_of(table)}
    made = house.ask(name, "POST", f"/projects/{project}/scope-changes", body)
    house.noted["scope change"] = house.noted[f"scope change {title}"] = made["id"]


def _vote(house: House, name: str, answer: str, reason: str, title: str | None = None) -> None:
    number_ = house.noted["scope change" if title is None else f"scope change {title}"]
    path = f"/scope-changes/{number_}"
    version = house.ask(name, "GET", path)["version"]
    body = {"decision": answer, "reason": reason}
    house.ask(name, "POST", f"{path}/votes", body, version)


@given(parsers.re(rf'(?P<name>\w+) proposes "(?P<title>[^"]*)" for (?P<project>\S+) {_BECAUSE}'))
def _(
    house: House, name: str, title: str, project: str, reason: str, datatable: list[list[str]]
) -> None:
    _propose(house, name, title, project, reason, datatable)


@when(parsers.re(r"(?P<name>\w+) looks what a scope change of (?P<project>\S+) would do"))
def _(house: House, name: str, project: str, datatable: list[list[str]]) -> None:
    house.before = house.lengths()
    body = {"changes": changes_of(datatable)}
    house.seen = house.ask(name, "POST", f"/projects/{project}/scope-change-previews", body)


@then("these values are lost or gained")
def _(house: House, datatable: list[list[str]]) -> None:
    found = [
        [each["kpi"], *(each["promised"][side] for side in ("first", "second", "change"))]
        for each in house.seen["effects"]
    ]
    assert found == datatable[1:]


@given(parsers.re(rf"(?P<name>\w+) says {_ANSWER} to the scope change {_BECAUSE}"))
@when(parsers.re(rf"(?P<name>\w+) says {_ANSWER} to the scope change {_BECAUSE}"))
def _(house: House, name: str, answer: str, reason: str) -> None:
    _vote(house, name, answer, reason)


@when(parsers.re(rf"(?P<name>\w+) tries to say {_ANSWER} to the scope change"))
def _(house: House, name: str, answer: str) -> None:
    house.refused(lambda: _vote(house, name, answer, "As agreed."))


@when(parsers.re(rf'(?P<name>\w+) tries to say {_ANSWER} to the scope change "(?P<title>[^"]*)"'))
def _(house: House, name: str, answer: str, title: str) -> None:
    house.refused(lambda: _vote(house, name, answer, "As agreed.", title))


@when(parsers.re(rf"(?P<name>\w+) withdraws the scope change {_BECAUSE}"))
def _(house: House, name: str, reason: str) -> None:
    path = f"/scope-changes/{house.noted['scope change']}"
    version = house.ask(name, "GET", path)["version"]
    house.ask(name, "POST", f"{path}/withdrawal", {"reason": reason}, version)


@then(parsers.re(r"the scope change is (?P<state>open|applied|rejected|withdrawn)"))
def _(house: House, state: str) -> None:
    someone = next(iter(house.people))
    found = house.ask(someone, "GET", f"/scope-changes/{house.noted['scope change']}")
    assert found["state"] == state


@then(parsers.re(r"(?P<kpi>\S+) promises (?P<target>\d+)"))
def _(house: House, kpi: str, target: str) -> None:
    someone = next(iter(house.people))
    assert house.ask(someone, "GET", f"/kpis/{kpi}")["target"] == target


@then(parsers.parse("these scope changes wait for {name}"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    waiting = house.ask(name, "GET", "/waiting")["scope_changes"]
    found = [[each["project"], each["title"], ", ".join(each["as"])] for each in waiting]
    assert found == datatable[1:]


@then(parsers.parse("no scope change waits for {name}"))
def _(house: House, name: str) -> None:
    assert house.ask(name, "GET", "/waiting")["scope_changes"] == []


@then(parsers.parse("{name} sees {kpi} against the baselines of {project}"))
def _(house: House, name: str, kpi: str, project: str, datatable: list[list[str]]) -> None:
    first, second = rows(datatable)
    path = f"/projects/{project}/baselines/{first['baseline']}/compare?with={second['baseline']}"
    (seen,) = (each for each in house.ask(name, "GET", path)["kpis"] if each["kpi"] == kpi)
    for row, side in ((first, "against_first"), (second, "against_second")):
        assert seen[side]["planned"] == row["planned"]
        assert Decimal(seen[side]["attainment"]) == number(row["attainment"])
