"""Voting together, for each other, and on what has changed."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, email, rows

_DAYS = r"from (?P<start>\S+) to (?P<end>\S+)"


@given(parsers.re(r'(?P<name>\w+) abstains because "(?P<reason>[^"]*)"'))
@when(parsers.re(r'(?P<name>\w+) abstains because "(?P<reason>[^"]*)"'))
def _(house: House, name: str, reason: str) -> None:
    path = f"/submissions/{house.submission}"
    version = house.ask(name, "GET", path)["version"]
    house.ask(name, "POST", f"{path}/votes", {"decision": "abstain", "reason": reason}, version)


def _delegate(house: House, name: str, deputy: str, start: str, end: str, reason: str) -> None:
    body = {"to": email(deputy), "starts_on": start, "ends_on": end, "reason": reason}
    house.ask(name, "POST", "/delegations", body)


@given(parsers.re(rf'(?P<name>\w+) lets (?P<deputy>\w+) vote {_DAYS} because "(?P<reason>[^"]*)"'))
def _(house: House, name: str, deputy: str, start: str, end: str, reason: str) -> None:
    _delegate(house, name, deputy, start, end, reason)


@when(parsers.re(rf"(?P<name>\w+) tries to let (?P<deputy>\w+) vote {_DAYS}"))
def _(house: House, name: str, deputy: str, start: str, end: str) -> None:
    house.refused(lambda: _delegate(house, name, deputy, start, end, "On leave."))


@then(parsers.parse("the vote of {name} was cast for {principal}"))
def _(house: House, name: str, principal: str) -> None:
    vote = _vote(house, name)
    assert (vote["for_person"], vote["through"]) == (principal, "delegation")


@then(parsers.parse("the vote of {name} counts no more"))
def _(house: House, name: str) -> None:
    assert _vote(house, name)["counts"] is False


@then("the votes filled these seats")
def _(house: House, datatable: list[list[str]]) -> None:
    told = [
        {"who": each["person"], "seat": each["seat"], "meaning": each["meaning"]}
        for each in house.current()["votes"]
    ]
    assert told == rows(datatable)


@then(parsers.parse("somebody is told how the seat of {role} can be filled"))
def _(house: House, role: str) -> None:
    (missing,) = (each for each in house.current()["missing"] if each["role"] == role)
    assert "can grant it to somebody" in missing["unblock"]


@then(parsers.re(r'the submission says "(?P<sentence>.+)"'))
def _(house: House, sentence: str) -> None:
    assert sentence in house.current()["changed"]


@when(parsers.parse("{name} takes the budget of {project} back"))
def _(house: House, name: str, project: str) -> None:
    _change(house, name, project, {"budget": None})


@when(parsers.re(r'(?P<name>\w+) writes into the status of (?P<project>\S+) "(?P<text>[^"]*)"'))
def _(house: House, name: str, project: str, text: str) -> None:
    _change(house, name, project, {"status_text": text})


def _change(house: House, name: str, project: str, changes: dict[str, Any]) -> None:
    path = f"/projects/{project}"
    house.ask(name, "PATCH", path, changes, house.ask(name, "GET", path)["version"])


def _vote(house: House, name: str) -> dict[str, Any]:
    (vote,) = (each for each in house.current()["votes"] if each["person"] == name)
    return vote
