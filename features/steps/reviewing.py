"""Reviews: opened by the clock, written, and signed off."""

import re
from typing import Any

from pytest_bdd import parsers, then, when

from features.house import House, rows, word
from govern.domain.record import Record

_SAID = re.compile(r"(\w+)(?: by (\w+) until ([\d-]+))?(?: because (.+))?")


def _reviews(house: House, project: str) -> list[Record]:
    """The newest first."""
    return house.ask(house.noted[project], "GET", f"/projects/{project}/reviews")["items"]


def _review(house: House, project: str) -> dict[str, Any]:
    path = f"/reviews/{_reviews(house, project)[0]['id']}"
    return house.ask(house.noted[project], "GET", path)


def _follow_up(kpi: str, said: str) -> dict[str, Any]:
    found = _SAID.fullmatch(said)
    assert found is not None, said
    follow_up, owner, until, note = found.groups()
    return {"kpi": kpi, "follow_up": follow_up, "owner": owner, "until": until, "note": note}


@when(parsers.parse("{name} writes the review of {project}"))
def _(house: House, name: str, project: str, datatable: list[list[str]]) -> None:
    found = _review(house, project)
    said = {row[0]: row[1] for row in datatable}
    body: dict[str, Any] = {key: said[key] for key in ("rating", "summary") if key in said}
    known = {each["kpi"] for each in found["kpis"]}
    body["kpis"] = [_follow_up(kpi, said[kpi]) for kpi in said if kpi in known]
    house.ask(name, "PATCH", f"/reviews/{found['id']}", body, found["version"])


def _sign(house: House, name: str, project: str, reason: str | None = None) -> None:
    found = _review(house, project)
    path = f"/reviews/{found['id']}/signature"
    house.ask(name, "POST", path, {"reason": reason}, found["version"])


@when(parsers.parse("{name} tries to sign the review of {project}"))
def _(house: House, name: str, project: str) -> None:
    house.refused(lambda: _sign(house, name, project))


@when(parsers.re(r'(?P<name>\w+) signs off what came of (?P<project>\S+) because "(?P<reason>.+)"'))
def _(house: House, name: str, project: str, reason: str) -> None:
    _sign(house, name, project, reason)


@when(parsers.parse("{name} writes down what {project} has learned"))
def _(house: House, name: str, project: str) -> None:
    said = {
        "title": "Ask the shops first",
        "happened": "It sold slower than we thought.",
        "because": "Nobody had asked the shops.",
        "next_time": "Ask the shops before the plan is made.",
    }
    house.ask(name, "POST", f"/projects/{project}/lessons", said)


@then(parsers.parse("{project} has no review"))
def _(house: House, project: str) -> None:
    assert _reviews(house, project) == []


@then(parsers.parse("review {number:d} of {project} is open"))
def _(house: House, number: int, project: str) -> None:
    newest = _reviews(house, project)[0]
    assert (newest["number"], newest["state"]) == (number, "open")


@then(
    parsers.re(r"the review of (?P<project>\S+) suggests (?P<rating>[\w ]+?)(, at (?P<rate>.+))?")
)
def _(house: House, project: str, rating: str, rate: str | None) -> None:
    told = _review(house, project)["suggested"]
    assert (told["rating"], told["rate"]) == (word(rating), rate)


@then(parsers.re(r'the review of (?P<project>\S+) lacks "(?P<what>.+)"'))
def _(house: House, project: str, what: str) -> None:
    assert what in _review(house, project)["missing"]


@then(parsers.parse("the dossier of {project} says of {kpi}"))
def _(house: House, project: str, kpi: str, datatable: list[list[str]]) -> None:
    dossier = house.ask(house.noted[project], "GET", f"/projects/{project}/dossier")
    [told] = [each for each in dossier["value"]["kpis"] if each["kpi"] == kpi]
    assert {row[0]: told[row[0]] for row in datatable} == {row[0]: row[1] for row in datatable}


@then(parsers.parse("the dossier of {project} tells the decisions"))
def _(house: House, project: str, datatable: list[list[str]]) -> None:
    dossier = house.ask(house.noted[project], "GET", f"/projects/{project}/dossier")
    assert [
        {"gate": gate["gate"], "decision": each["decision"]}
        for gate in dossier["gates"]
        for each in gate["decisions"]
    ] == rows(datatable)


@then("these criteria are not met")
def _(house: House, datatable: list[list[str]]) -> None:
    found = [each["id"] for each in house.current()["results"] if each["outcome"] == "not_met"]
    must = {row[0] for row in datatable}
    assert must <= set(found), found


@then(parsers.parse("{owner} owes these figures of {project}"))
def _(house: House, owner: str, project: str, datatable: list[list[str]]) -> None:
    path = f"/readings/due?project={project}&owner={owner}"
    found = house.ask(house.noted[project], "GET", path)["items"]
    assert [
        {"KPI": each["kpi"], "last period": each["periods"][-1]["period"]} for each in found
    ] == rows(datatable)
