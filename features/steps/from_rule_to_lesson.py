"""The whole way: from what a rule recommends to what the next project learns."""

from typing import Any

from pytest_bdd import parsers, then, when

from features.house import House, rows
from govern.domain.record import Record
from govern.services import recommendations
from govern.services.people import OPERATOR
from govern.store.paging import PageRequest


def _newest(house: House, rule: str) -> Record:
    request = PageRequest(limit=1, sort="-id")
    [found] = recommendations.list_recommendations(
        house.runtime, OPERATOR, request, rule=rule, now=house.now
    ).items
    return found


@then(parsers.parse("of {kpi} this is left"))
def _(house: House, kpi: str, datatable: list[list[str]]) -> None:
    told = {
        each["name"]: {
            "alternative": each["name"],
            "comes to": row["with"],
            "better by": row["change"],
            "left of the promise": row["promised_with"],
            "saved": each["budget"]["saved"],
        }
        for each in house.seen["alternatives"]
        for row in each["kpis"]
        if row["kpi"] == kpi
    }
    for row in rows(datatable):
        assert told[row["alternative"]] == row


@when(parsers.parse("{name} makes the recommendation of {rule} a scope change, to bring"))
def _(house: House, name: str, rule: str, datatable: list[list[str]]) -> None:
    found = _newest(house, rule)
    effects = [{"kpi": row["KPI"], "size": row["size"], "by": row["by"]} for row in rows(datatable)]
    path = f"/recommendations/{found['id']}/scope-change"
    made = house.ask(name, "POST", path, {"effects": effects}, found["version"])
    house.noted["scope change"] = made["id"]


def _review(house: House, name: str, project: str) -> dict[str, Any]:
    [listed] = house.ask(name, "GET", f"/projects/{project}/reviews")["items"]
    return house.ask(name, "GET", f"/reviews/{listed['id']}")


@then(parsers.parse("a review of {project} waits to be written"))
def _(house: House, project: str) -> None:
    found = _review(house, house.noted[project], project)
    assert (found["state"], found["signed_at"]) == ("open", None)


@when(parsers.re(r'(?P<name>\w+) reviews (?P<project>\S+) as (?P<rating>\w+): "(?P<summary>.+)"'))
def _(house: House, name: str, project: str, rating: str, summary: str) -> None:
    found = _review(house, name, project)
    body = {
        "rating": rating,
        "summary": summary,
        "kpis": [{"kpi": each["kpi"], "follow_up": "settled"} for each in found["kpis"]],
    }
    house.ask(name, "PATCH", f"/reviews/{found['id']}", body, found["version"])


@when(parsers.parse("{name} answers the survey of {project}"))
def _(house: House, name: str, project: str, datatable: list[list[str]]) -> None:
    for row in rows(datatable):
        found = _review(house, name, project)
        body = {"question": row["question"], "score": int(row["score"])}
        house.ask(name, "POST", f"/reviews/{found['id']}/answers", body, found["version"])


@when(parsers.parse('{name} records the lesson "{title}" of {project}'))
def _(house: House, name: str, title: str, project: str, datatable: list[list[str]]) -> None:
    told = {row[0]: row[1] for row in datatable}
    body = {
        "title": title,
        "happened": told["what happened"],
        "because": told["because"],
        "next_time": told["next time"],
        "categories": ["revenue"],
        "evidence": [{"kind": "scope_change", "ref": str(house.noted["scope change"])}],
        "review": _review(house, name, project)["id"],
    }
    made = house.ask(name, "POST", f"/projects/{project}/lessons", body)
    house.noted["lesson"] = made["id"]


@when(parsers.parse("{name} signs the review of {project}"))
def _(house: House, name: str, project: str) -> None:
    found = _review(house, name, project)
    house.ask(name, "POST", f"/reviews/{found['id']}/signature", {}, found["version"])


@then(parsers.parse("the review of {project} is signed, and says of {kpi}"))
def _(house: House, project: str, kpi: str, datatable: list[list[str]]) -> None:
    found = _review(house, house.noted[project], project)
    assert found["state"] == "signed"
    [told] = [each for each in found["kpis"] if each["kpi"] == kpi]
    assert {row[0]: told[row[0]] for row in datatable} == {row[0]: row[1] for row in datatable}


@then(parsers.parse('{name} is shown the lesson "{title}" of {project}'))
def _(house: House, name: str, title: str, project: str) -> None:
    shown = house.ask(name, "GET", f"/submissions/{house.submission}")["lessons"]
    assert [(each["title"], each["project"]) for each in shown] == [(title, project)]


@then(parsers.parse("the vote of {name} says that the lesson was shown"))
def _(house: House, name: str) -> None:
    votes = house.ask(name, "GET", f"/submissions/{house.submission}")["votes"]
    [cast] = [each for each in votes if each["person"] == name]
    assert cast["lessons_shown"] == [house.noted["lesson"]]
