"""Signing in in a browser, signing at a gate, and what a token is good for."""

from datetime import timedelta

import pytest
from pytest_bdd import given, parsers, then, when

from features.house import House, email, shipped_workflows, word
from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.refusal import NotSignedIn
from govern.process.load import load_sources
from govern.services import decisions, sessions, sign_in_links, tokens
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.services.sessions import Session
from govern.services.workflows import DEFAULT_WORKFLOW, take_workflows
from govern.settings import clock


@given(parsers.parse('the gate "{gate}" asks for a signature'))
def _(house: House, gate: str) -> None:
    [shipped] = [each for each in shipped_workflows() if each.id == DEFAULT_WORKFLOW]
    begins = f"  - id: {word(gate)}\n"
    text = shipped.text.replace(begins, f"{begins}    signature: required\n", 1)
    text = text.replace(f"version: {shipped.version}\n", f"version: {shipped.version + 1}\n", 1)
    loaded = load_sources({shipped.path: text}, tables=None)
    assert not any(each.level == "error" for each in loaded.problems), loaded.problems
    made = loaded.workflows[DEFAULT_WORKFLOW]
    asks = made.gate(word(gate))
    assert asks is not None
    assert asks.signature
    take_workflows(house.runtime, OPERATOR, [made], now=house.now)


def _link(house: House, name: str) -> str:
    made = sign_in_links.issue(house.runtime, OPERATOR, email=email(name), now=house.now)
    return made.secret


def _session(house: House) -> Session:
    found = sessions.of_secret(house.runtime, house.noted["cookie"], house.now)
    assert found is not None
    return found


@given(parsers.parse("{name} has signed in in a browser"))
def _(house: House, name: str) -> None:
    begun = sessions.begin_by_link(house.runtime, _link(house, name), now=house.now)
    house.noted["cookie"] = begun.secret


@given(parsers.parse("{name} has opened a link in a browser"))
def _(house: House, name: str) -> None:
    """At the time that commands go by."""
    now = clock()
    made = sign_in_links.issue(house.runtime, OPERATOR, email=email(name), now=now)
    sessions.begin_by_link(house.runtime, made.secret, now=now)


@given("three hours have passed")
def _(house: House) -> None:
    house.now += timedelta(hours=3)


@when(parsers.parse("{name} opens a new link of {whose} in that browser"))
def _(house: House, name: str, whose: str) -> None:
    within = _session(house)
    link = _link(house, whose)
    begun = sessions.begin_by_link(house.runtime, link, within=within, now=house.now)
    house.noted["cookie"] = begun.secret


@when(parsers.parse("{name} tries to open a new link of {whose} in that browser"))
def _(house: House, name: str, whose: str) -> None:
    within = _session(house)
    link = _link(house, whose)
    house.refused(lambda: sessions.begin_by_link(house.runtime, link, within=within, now=house.now))


def _sign(house: House, actor: Actor, decision: str, reason: str) -> None:
    assert house.submission is not None
    ballot = Ballot(Answer(word(decision)), reason)
    decisions.vote(house.runtime, actor, house.submission, ballot, version=None, now=house.now)


@when(parsers.re(r'(?P<name>\w+) signs (?P<decision>go|kill) there because "(?P<reason>[^"]*)"'))
def _(house: House, name: str, decision: str, reason: str) -> None:
    _sign(house, _session(house).actor, decision, reason)


@when(parsers.re(r"(?P<name>\w+) tries to sign (?P<decision>go|kill) there"))
def _(house: House, name: str, decision: str) -> None:
    actor = _session(house).actor
    house.refused(lambda: _sign(house, actor, decision, "It is ready."))


@when(parsers.re(r"a program of (?P<name>\w+) tries to decide (?P<decision>go|kill)"))
def _(house: House, name: str, decision: str) -> None:
    path = f"/submissions/{house.submission}"
    seen = house.ask(name, "GET", path)["version"]
    body = {"decision": decision, "reason": "It is ready."}
    house.refused(lambda: house.ask(name, "POST", f"{path}/votes", body, seen))


@then(parsers.parse("the history of {project} tells that the vote of {name} was signed by a link"))
def _(house: House, project: str, name: str) -> None:
    [cast] = house.events(project, "vote.cast")
    assert cast["actor"] == house.people[name]
    assert cast["data"]["signed_how"] == "link"
    assert cast["data"]["signed_at"].startswith(house.today.isoformat())


@given(parsers.re(r'the operator has run "(?P<words>.+)"'))
def _(house: House, words: str) -> None:
    assert house.run(*words.split()).code == 0, house.ran


@then("the token is remembered")
def _(house: House) -> None:
    assert house.ran is not None
    house.noted["token"] = house.ran.told.strip()


@then("the remembered token signs nobody in")
def _(house: House) -> None:
    with pytest.raises(NotSignedIn):
        tokens.sign_in(house.runtime, house.noted["token"], house.now)


@then("with the token a program may read, and not plan")
def _(house: House) -> None:
    assert house.ran is not None
    house.tokens["a program"] = house.ran.told.strip()
    assert house.ask("a program", "GET", "/projects") == {"items": [], "next": None}
    house.refused(lambda: house.ask("a program", "POST", "/projects", {}))
    assert house.refusal is not None
    assert house.refusal.title == "The token was not made for this"


@given(parsers.parse('a file "{name}"'))
def _(house: House, name: str, docstring: str) -> None:
    (house.folder / name).write_text(docstring)
