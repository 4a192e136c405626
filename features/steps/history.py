"""What the ledger tells of a project, a gate, a decision."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, rows, word
from govern import ENGINE_VERSION
from govern.domain.record import Record
from govern.domain.role import Role
from govern.rulebook.load import load_sources
from govern.services import history, projects, rulebooks
from govern.services.ledger import SERVICE
from govern.services.people import OPERATOR

_WHY = ("reason", "because", "code", "note")


def _told(event: Record) -> dict[str, Any]:
    data = event["data"]
    overrides = [
        data.get("override_reason"),
        *(v.get("override_reason") for v in data.get("votes", ())),
    ]
    return {
        "who": event["actor_name"],
        "what": event["kind"],
        "why": next((data[name] for name in _WHY if data.get(name)), ""),
        "on": data.get("evidence", ""),
        "against the advice": next(filter(None, overrides), ""),
    }


@then(parsers.re(r"the history of (?P<project>(?!the )\S+) tells"))
def _(house: House, project: str, datatable: list[list[str]]) -> None:
    _tells(house.events(project), datatable)


@then("the history of the service tells")
def _(house: House, datatable: list[list[str]]) -> None:
    house.hire("Auditor", [Role.AUDITOR], None)
    _tells(
        history.service_history(house.runtime, house.actor("Auditor"), limit=500).items, datatable
    )


def _tells(events: list[Record], datatable: list[list[str]]) -> None:
    """The rows come in this order, others may come between; a blank cell says nothing."""
    told = iter([_told(event) for event in events])
    for row in rows(datatable):
        wanted = {name: text for name, text in row.items() if text}
        assert any(all(event[name] == text for name, text in wanted.items()) for event in told), (
            f"{wanted} is not there, or not in this order"
        )


@then(parsers.re(r'the history of (?P<project>\S+) at the gate "(?P<gate>[^"]*)" is'))
def _(house: House, project: str, gate: str, datatable: list[list[str]]) -> None:
    found = history.gate_history(house.runtime, OPERATOR, project, word(gate)).items
    assert [[each["actor_name"], each["kind"]] for each in found] == datatable[1:]


def _decision(house: House, name: str, gate: str) -> Record:
    project = house.current()["project"]
    found = house.ask(name, "GET", f"/projects/{project}/gates/{word(gate)}/history")["items"]
    return next(each for each in reversed(found) if each["kind"] == "gate.decided")


@then(parsers.re(r'(?P<name>\w+) reads of the decision at the gate "(?P<gate>[^"]*)"'))
def _(house: House, name: str, gate: str, datatable: list[list[str]]) -> None:
    event = _decision(house, name, gate)
    data = event["data"]
    (vote,) = data["votes"]
    in_force = house.noted.get("rulebook then", rulebooks.published(house.runtime)["digest"])
    project = projects.get_project(house.runtime, OPERATOR, house.current()["project"])
    told = {
        "who": event["actor_name"],
        "in the role": vote["seat"],
        "what": data["decision"],
        "advice": data["advice"],
        "when": event["at"].partition("T")[0],
        "why": vote["reason"],
        "against the advice": vote["override_reason"],
    }
    digests = {
        "rulebook": (data["rulebook_digest"], in_force),
        "workflow": (data["workflow_digest"], project["workflow_digest"]),
        "engine": (data["engine"], ENGINE_VERSION),
    }
    assert data["override"] is (data["decision"] != data["advice"])
    for what, text in datatable:
        if what in digests:
            said, right = digests[what]
            assert said == right
        else:
            assert told[what] == text, what


@then(parsers.re(r"the facts that it cites are those of (?P<day>[\d-]+)"))
def _(house: House, day: str, datatable: list[list[str]]) -> None:
    found = house.current()
    known = history.facts(house.runtime, OPERATOR, found["project"], found["facts_digest"])
    assert known["as_of"] == day
    for name, value in datatable:
        assert known["project"][name] == value


@when("a new rulebook comes into force")
def _(house: House) -> None:
    house.noted["rulebook then"] = rulebooks.published(house.runtime)["digest"]
    text = """\
schema: govern/rules/v1
area: benefits
owner: pmo@example.org
rules:
  - {id: behind, title: Behind, when: attainment < 50%, severity: red, message: Behind}
"""
    rulebook = load_sources({"benefits.yaml": text}).rulebook
    assert rulebook is not None
    assert rulebooks.publish(house.runtime, OPERATOR, rulebook, note="Fewer.", now=house.now)
    assert rulebook.digest != house.noted["rulebook then"]


@then(
    parsers.re(
        r"what was found for (?P<project>\S+) names the rulebook in force and facts that can be read"
    )
)
def _(house: House, project: str) -> None:
    (event,) = house.events(project, "findings.recorded")
    assert event["data"]["rulebook_digest"] == rulebooks.published(house.runtime)["digest"]
    digest = event["data"]["facts_digest"]
    assert history.facts(house.runtime, OPERATOR, project, digest)["as_of"] == str(house.today)


@then("what cleared it names the rulebook in force and facts that can be read")
def _(house: House) -> None:
    (event,) = house.events("SHOP", "recommendation.cleared")
    assert event["data"]["rulebook_digest"] == rulebooks.published(house.runtime)["digest"]
    assert history.facts(house.runtime, OPERATOR, "SHOP", event["data"]["facts_digest"])


@given(parsers.re(r"the length of every history is noted"))
def _(house: House) -> None:
    house.noted["lengths"] = house.lengths()


@then(parsers.re(r"no history is longer than it was"))
def _(house: House) -> None:
    assert house.lengths() == house.noted["lengths"]


@then(parsers.re(r"nothing has been added to the history of (?P<project>\S+)"))
def _(house: House, project: str) -> None:
    # That an auditor has read before trying stands in the service's own history.
    of_projects = house.lengths() | {SERVICE: house.before[SERVICE]}
    assert of_projects == house.before
