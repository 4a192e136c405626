"""The passing of time: what a tick does, and who is told."""

from datetime import date, timedelta

from pytest_bdd import given, parsers, then, when

from features.house import House, rows, word
from govern.services import gates
from govern.services.people import OPERATOR
from govern.services.ticking import tick
from govern.store.paging import PageRequest

_BECAUSE = r'because "(?P<reason>[^"]*)"'


def _tick(house: House) -> None:
    result = tick(house.runtime, OPERATOR, now=house.now)
    assert result.failed == ()
    house.noted["done"] = [each.kind for each in result.done]


@given("the clock ticks")
@when("the clock ticks")
@when("the clock ticks again")
def _(house: House) -> None:
    _tick(house)


@given(parsers.re(r"the clock ticks every day until (?P<text>[\d-]+)"))
@when(parsers.re(r"the clock ticks every day until (?P<text>[\d-]+)"))
def _(house: House, text: str) -> None:
    done: list[str] = []
    while house.today < date.fromisoformat(text):
        house.turn_to(house.today + timedelta(days=1))
        _tick(house)
        done += [f"{house.today.isoformat()} {each}" for each in house.noted["done"]]
    house.noted["done"] = done


@then("nothing was due")
def _(house: House) -> None:
    assert house.noted["done"] == []


@then("this was done")
def _(house: House, datatable: list[list[str]]) -> None:
    assert house.noted["done"] == [f"{row['on']} {row['what']}" for row in rows(datatable)]


def _told(house: House, name: str) -> list[str]:
    return [each["text"] for each in house.ask(name, "GET", "/notices")["items"]]


@then(parsers.re(r'(?P<name>\w+) is told "(?P<text>.+)"'))
def _(house: House, name: str, text: str) -> None:
    told = _told(house, name)
    assert any(text in each for each in told), told


@then(parsers.parse("{name} is told nothing"))
def _(house: House, name: str) -> None:
    assert _told(house, name) == []


@then("the submission has expired, undecided")
def _(house: House) -> None:
    found = house.current()
    assert (found["state"], found["decision"]) == ("expired", None)


@then(parsers.re(r"the conditional go has become (?P<outcome>go|hold)"))
def _(house: House, outcome: str) -> None:
    found = house.current()
    assert (found["decision"], found["became"]) == ("conditional_go", outcome)


@then("the conditional go is one still")
def _(house: House) -> None:
    found = house.current()
    assert (found["decision"], found["became"]) == ("conditional_go", None)


@given(parsers.re(rf"(?P<name>\w+) holds (?P<project>\S+) until (?P<until>\S+) {_BECAUSE}"))
@when(parsers.re(rf"(?P<name>\w+) holds (?P<project>\S+) until (?P<until>\S+) {_BECAUSE}"))
def _(house: House, name: str, project: str, until: str, reason: str) -> None:
    _hold(house, name, project, reason, resume_on=until)


@given(parsers.re(rf'(?P<name>\w+) holds (?P<project>\S+) until "(?P<so>[^"]+)" {_BECAUSE}'))
@when(parsers.re(rf'(?P<name>\w+) holds (?P<project>\S+) until "(?P<so>[^"]+)" {_BECAUSE}'))
def _(house: House, name: str, project: str, so: str, reason: str) -> None:
    _hold(house, name, project, reason, resume_when=so)


@when(parsers.re(r"(?P<name>\w+) tries to hold (?P<project>\S+) until (?P<until>\S+)"))
def _(house: House, name: str, project: str, until: str) -> None:
    house.refused(lambda: _hold(house, name, project, "Wait.", resume_on=until))


@when(parsers.re(r'(?P<name>\w+) tries to hold (?P<project>\S+) until "(?P<so>[^"]+)"'))
def _(house: House, name: str, project: str, so: str) -> None:
    house.refused(lambda: _hold(house, name, project, "Wait.", resume_when=so))


def _hold(house: House, name: str, project: str, reason: str, **until: str) -> None:
    path = f"/projects/{project}"
    version = house.ask(name, "GET", path)["version"]
    body = {"decision": "hold", "reason": reason, **until}
    house.ask(name, "POST", f"{path}/moves", body, version)


@given(parsers.re(r'the value check "(?P<gate>[^"]*)" of (?P<project>\S+) is open'))
@then(parsers.re(r'the value check "(?P<gate>[^"]*)" of (?P<project>\S+) is open'))
def _(house: House, gate: str, project: str) -> None:
    """From here on it is the submission spoken of."""
    listed = gates.list_submissions(
        house.runtime,
        OPERATOR,
        PageRequest(),
        project=project,
        gate=word(gate),
        state="open",
    )
    (found,) = listed.items
    assert found["submitted_by"] == OPERATOR.person_id
    house.submission = found["id"]
