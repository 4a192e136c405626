"""The operator's commands, and how they ended."""

import json
from datetime import date

from pytest_bdd import given, parsers, then, when

from features.house import House


@when(parsers.re(r'the operator runs "(?P<words>.+)"'))
def _(house: House, words: str) -> None:
    house.run(*words.split())


@given(parsers.re(r"the operator sweeps as of (?P<text>[\d-]+)"))
@when(parsers.re(r"the operator sweeps as of (?P<text>[\d-]+)"))
def _(house: House, text: str) -> None:
    house.turn_to(date.fromisoformat(text))
    ran = house.run("sweep", "--as-of", text, "--format", "json")
    house.swept = json.loads(ran.told) if ran.code == 0 else None


@given(parsers.parse('the setting {name} is "{value}"'))
def _(house: House, name: str, value: str) -> None:
    house.environment[name] = value


@then("it is done")
def _(house: House) -> None:
    assert house.ran is not None
    assert house.ran.code == 0, house.ran


@then("it is refused or found wanting")
def _(house: House) -> None:
    assert house.ran is not None
    assert house.ran.code == 1, house.ran


@then("it is called wrongly")
def _(house: House) -> None:
    assert house.ran is not None
    assert house.ran.code == 2, house.ran


@then("there are only warnings, which count")
def _(house: House) -> None:
    assert house.ran is not None
    assert house.ran.code == 3, house.ran


@then(parsers.re(r'it tells "(?P<text>.+)"'))
def _(house: House, text: str) -> None:
    assert house.ran is not None
    assert text in house.ran.told, house.ran


@then(parsers.re(r'it complains "(?P<text>.+)"'))
def _(house: House, text: str) -> None:
    assert house.ran is not None
    assert text in house.ran.complained, house.ran


@then("the sweep has changed nothing")
def _(house: House) -> None:
    assert house.swept is not None
    assert house.swept["unchanged"] is True


@then("the sweep has left recommendations alone")
def _(house: House) -> None:
    assert house.swept is not None
    assert house.swept["historic"] is True
    assert (house.swept["proposed"], house.swept["cleared"]) == (0, 0)
