"""What was known then, as the web API answers it to whoever looks back."""

import json

import pytest
from pytest_bdd import given, parsers, then, when

from features.house import House, Refused
from govern.services import as_of
from govern.services.sealing import seal
from govern.web.openapi import PREFIX
from govern.web.past import LOG_SIZE

_WHEN = r"as of (?P<moment>the log .+|[\d-]+ [\d:]+)"


@given(parsers.parse('the log is sealed, "{called}"'))
def _(house: House, called: str) -> None:
    house.noted[f"the log {called}"] = seal(house.runtime, house.now).size


def _asked(house: House, moment: str) -> dict[str, str]:
    if moment in house.noted:
        return {"as_of_size": str(house.noted[moment])}
    return {"as_of": f"{moment.replace(' ', 'T')}:00Z"}


def _look_back(house: House, name: str, project: str, moment: str) -> dict[str, str]:
    """Address → the answer as it came, of the project, its gate, its KPI and its readings; and the
    size of the log that they rest on. Raises Refused."""
    paths = (
        f"/projects/{project}",
        f"/submissions/{house.submission}",
        f"/kpis/{project}-SALES",
        f"/kpis/{project}-SALES/readings",
        f"/kpis/{project}-SALES/readings?history=true",
    )
    headers = {"Authorization": f"Bearer {house.tokens[name]}"}
    seen: dict[str, str] = {}
    for path in paths:
        with house.web.test_client() as client:
            address, _, query = path.partition("?")
            asked = _asked(house, moment) | ({"history": "true"} if query else {})
            answer = client.get(f"{PREFIX}{address}", query_string=asked, headers=headers)
        if answer.status_code != 200:
            raise Refused(answer.get_json(force=True))
        seen[path] = answer.text
        seen[LOG_SIZE] = answer.headers[LOG_SIZE]
    return seen


@when(parsers.re(rf"(?P<name>\w+) looks back at (?P<project>\S+) {_WHEN}"))
def _(house: House, name: str, project: str, moment: str) -> None:
    house.seen = _look_back(house, name, project, moment)


@when(
    parsers.re(rf"another (?P<name>\w+), at another server, looks back at (?P<project>\S+) {_WHEN}")
)
def _(house: House, name: str, project: str, moment: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(as_of, "AT_HAND", as_of.AtHand())
        house.noted["seen again"] = _look_back(house, name, project, moment)


@when(parsers.re(rf"(?P<name>\w+) tries to look back at (?P<project>\S+) {_WHEN}"))
def _(house: House, name: str, project: str, moment: str) -> None:
    house.refused(lambda: _look_back(house, name, project, moment))


@then(parsers.re(r"\w+ sees"))
def _(house: House, datatable: list[list[str]]) -> None:
    project, gate, _, readings, every = (
        json.loads(text) for path, text in house.seen.items() if path != LOG_SIZE
    )
    (reading,) = readings["items"]
    told = {
        f"the stage of {project['id']}": project["stage"],
        f"the budget of {project['id']}": project["budget"],
        "the gate": gate["state"],
        "the decision": gate["decision"] or "",
        f"{reading['kpi']} for {reading['period']}": reading["actual"],
        "how often it had been reported": str(len(every["items"])),
    }
    assert told == dict(datatable)


@then(parsers.re(r"the answer rests on (?P<log>the log) as it was (?P<called>.+)"))
def _(house: House, log: str, called: str) -> None:
    assert house.seen[LOG_SIZE] == str(house.noted[f"{log} {called}"])


@then("both have seen the same, to the byte")
def _(house: House) -> None:
    assert house.seen == house.noted["seen again"]
