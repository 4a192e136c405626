"""Scores: given, corrected, refused, awaited."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from features.house import House, rows
from govern.domain.record import Record


def _score(house: House, name: str, criterion: str, score: str, note: str | None = None) -> None:
    path = f"/submissions/{house.submission}"
    version = house.ask(name, "GET", path)["version"]
    body: dict[str, Any] = {"criterion": criterion, "score": score, "note": note}
    house.ask(name, "POST", f"{path}/scores", body, version)


_SCORES = parsers.re(
    r'(?P<name>\w+) scores (?P<criterion>\S+) with (?P<score>\S+) because "(?P<note>[^"]*)"'
)


@given(_SCORES)
@when(_SCORES)
def _(house: House, name: str, criterion: str, score: str, note: str) -> None:
    _score(house, name, criterion, score, note)


@when(parsers.re(r"(?P<name>\w+) tries to score (?P<criterion>\S+) with (?P<score>\S+)"))
def _(house: House, name: str, criterion: str, score: str) -> None:
    house.refused(lambda: _score(house, name, criterion, score))


def _card(house: House, criterion: str) -> Record:
    found = house.ask("Petra", "GET", f"/submissions/{house.submission}")["scorecards"]
    return next(each for each in found if each["criterion"] == criterion)


@then(parsers.re(r"the score of (?P<criterion>\S+) is told"))
def _(house: House, criterion: str, datatable: list[list[str]]) -> None:
    card = _card(house, criterion)
    told = {
        "mean": card["mean"] or "",
        "missing": str(card["missing"]),
        "who": ", ".join(card["who"]),
    }
    assert [told] == rows(datatable)


@then(parsers.re(r'a (?P<score>\d+) for (?P<criterion>\S+) means "(?P<means>[^"]*)"'))
def _(house: House, score: str, criterion: str, means: str) -> None:
    assert {"at": int(score), "means": means} in _card(house, criterion)["anchors"]


@then(parsers.re(r"these scores stand with (?P<criterion>\S+)"))
def _(house: House, criterion: str, datatable: list[list[str]]) -> None:
    told = [
        {
            "who": each["person"],
            "in the role": each["role"],
            "score": each["score"],
            "why": each["note"],
        }
        for each in _card(house, criterion)["scores"]
    ]
    assert told == rows(datatable)


@then(parsers.re(r"no score stands with (?P<criterion>\S+)"))
def _(house: House, criterion: str) -> None:
    assert _card(house, criterion)["scores"] == []


@then(parsers.re(r"the score of (?P<criterion>\S+) waits for (?P<name>\w+)"))
def _(house: House, criterion: str, name: str) -> None:
    waiting = house.ask(name, "GET", "/waiting")["scores"]
    assert criterion in [each["criterion"] for each in waiting]


@then(parsers.re(r"no score waits for (?P<name>\w+)"))
def _(house: House, name: str) -> None:
    assert house.ask(name, "GET", "/waiting")["scores"] == []
