"""Pages, as people see them who have no program."""

from pytest_bdd import parsers, then, when

from features.house import House, email, rows
from tests.web.pages.approving import Browsing, sign_in, text_of


def _browsing(house: House, name: str) -> Browsing:
    return sign_in(house.web, house.runtime, email(name), house.now)


@when(parsers.parse("{name} opens what waits for him"))
def _(house: House, name: str) -> None:
    house.noted["browsing"] = _browsing(house, name)
    house.noted["page"] = house.noted["browsing"].get("/waiting")


@when(parsers.parse("he opens the gate of {project}"))
def _(house: House, project: str) -> None:
    path = f"/gates/{house.submission}"
    assert f'href="{path}"' in house.noted["page"], f"no gate of {project} waits"
    house.noted["page"] = house.noted["browsing"].get(path)


@when(parsers.re(r"(?P<name>[A-Z]\w+) opens the gate of (?P<project>\S+)"))
def _(house: House, name: str, project: str) -> None:
    house.noted["browsing"] = _browsing(house, name)
    house.noted["page"] = house.noted["browsing"].get(f"/gates/{house.submission}")
    assert project in house.noted["page"]


def _record(house: House, decision: str, reason: str, *, times: int = 1) -> None:
    browsing: Browsing = house.noted["browsing"]
    path = f"/gates/{house.submission}/decision"
    filled = browsing.form(house.noted["page"], path) | {"decision": decision, "reason": reason}
    answers = [browsing.send(path, filled) for _ in range(times)]
    went = {answer.headers.get("Location") for answer in answers}
    assert len(went) == 1
    where = went.pop()
    house.noted["page"] = browsing.get(where) if where else answers[0].text


@when(parsers.re(r'he records (?P<decision>go|kill) because "(?P<reason>[^"]*)"'))
def _(house: House, decision: str, reason: str) -> None:
    _record(house, decision, reason)


@when(parsers.re(r'he records (?P<decision>go|kill) because "(?P<reason>[^"]*)" and presses twice'))
def _(house: House, decision: str, reason: str) -> None:
    _record(house, decision, reason, times=2)


@then("the page tells")
def _(house: House, datatable: list[list[str]]) -> None:
    told = text_of(house.noted["page"])
    for each in rows(datatable):
        assert each["what"] in told, f"{each['what']!r} is not in: {told}"


@then("the submission waits for a decision")
def _(house: House) -> None:
    assert house.current()["state"] == "open"
    assert house.current()["votes"] == []


@then(parsers.parse("the history of {project} has {many:d} vote"))
def _(house: House, project: str, many: int) -> None:
    assert len(house.events(project, "vote.cast")) == many


@then("the page has no form to decide with")
def _(house: House) -> None:
    assert "/decision" not in house.noted["page"]
