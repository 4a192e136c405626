"""Scope changes of more than KPIs: dropped, amended, decided by deputies, raised from recommendations."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, number, rows
from features.steps.scope import changes_of
from govern.services import recommendations
from govern.services.people import OPERATOR
from govern.store.paging import PageRequest

_BECAUSE = r'because "(?P<reason>[^"]*)"'
_RESCOPES = r'(?P<name>\w+) proposes to rescope (?P<project>\S+) as "(?P<title>[^"]*)" ' + _BECAUSE


def _asked(table: list[list[str]]) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = []
    for row in rows(table):
        if row["change"] == "drop":
            asked.append({"kind": "drop_deliverable", "deliverable": row["of"]})
        elif row["change"] == "terms":
            asked.append({"kind": "project", "fields": {row["field"]: row["becomes"]}})
        else:
            asked.append({"kind": row["change"]})
    return asked


@given(parsers.re(_RESCOPES))
@when(parsers.re(_RESCOPES))
def _(
    house: House, name: str, project: str, title: str, reason: str, datatable: list[list[str]]
) -> None:
    body = {"title": title, "reason": reason, "changes": _asked(datatable)}
    made = house.ask(name, "POST", f"/projects/{project}/scope-changes", body)
    house.noted["scope change"] = made["id"]


@when(parsers.parse("{name} tries to drop {deliverable} by the way"))
def _(house: House, name: str, deliverable: str) -> None:
    path = f"/deliverables/{deliverable}"
    version = house.ask(name, "GET", path)["version"]
    house.refused(lambda: house.ask(name, "PATCH", path, {"state": "dropped"}, version))


@when(parsers.re(rf"(?P<name>\w+) amends the scope change {_BECAUSE}"))
def _(house: House, name: str, reason: str, datatable: list[list[str]]) -> None:
    path = f"/scope-changes/{house.noted['scope change']}"
    version = house.ask(name, "GET", path)["version"]
    body = {"reason": reason, "changes": changes_of(datatable)}
    house.ask(name, "PATCH", path, body, version)


_RAISES = "{name} raises a scope change from the recommendation of {rule}"


@given(parsers.parse(_RAISES))
@when(parsers.parse(_RAISES))
def _(house: House, name: str, rule: str, datatable: list[list[str]]) -> None:
    (found,) = recommendations.list_recommendations(
        house.runtime, OPERATOR, PageRequest(), rule=rule, now=house.now
    ).items
    path = f"/recommendations/{found['id']}/scope-change"
    made = house.ask(name, "POST", path, {"changes": _asked(datatable)}, found["version"])
    house.noted["scope change"] = made["id"]


@then("the scope change loses")
def _(house: House, datatable: list[list[str]]) -> None:
    found = _seen(house)["lost"]
    assert [
        (
            each["deliverable"],
            each["kpi"],
            number(each["share"]),
            number(each["promised"]),
        )
        for each in found
    ] == [
        (row["deliverable"], row["KPI"], number(row["share"]), number(row["promised"]))
        for row in rows(datatable)
    ]


@then(parsers.parse("{deliverable} is dropped"))
def _(house: House, deliverable: str) -> None:
    someone = next(iter(house.people))
    assert house.ask(someone, "GET", f"/deliverables/{deliverable}")["state"] == "dropped"


@then(parsers.re(r"(?P<project>\S+) has a budget of (?P<budget>\d+)"))
def _(house: House, project: str, budget: str) -> None:
    someone = next(iter(house.people))
    assert house.ask(someone, "GET", f"/projects/{project}")["budget"] == budget


@then(
    parsers.re(
        r"baseline (?P<which>\d+) of (?P<project>\S+) holds (?P<deliverable>\S+) as dropped and a "
        r"budget of (?P<budget>\d+)"
    )
)
def _(house: House, which: str, project: str, deliverable: str, budget: str) -> None:
    someone = next(iter(house.people))
    found = house.ask(someone, "GET", f"/projects/{project}/baselines/{which}")
    (held,) = (each for each in found["deliverables"] if each["deliverable"] == deliverable)
    assert {"field": "dropped", "value": "yes"} in held["fields"]
    assert {"field": "budget", "value": budget} in found["terms"]


@then(parsers.re(r"the scope change waits for (?P<one>\w+) and (?P<other>\w+)"))
def _(house: House, one: str, other: str) -> None:
    waits = {name for name in house.people if house.ask(name, "GET", "/waiting")["scope_changes"]}
    assert waits == {one, other}


@then(parsers.re(r"the vote of (?P<name>\w+) on the scope change is for (?P<principal>\w+)"))
def _(house: House, name: str, principal: str) -> None:
    (cast,) = _seen(house)["votes"]
    assert (cast["person"], cast["for_person"]) == (name, principal)


def _seen(house: House) -> dict[str, Any]:
    someone = next(iter(house.people))
    return house.ask(someone, "GET", f"/scope-changes/{house.noted['scope change']}")
