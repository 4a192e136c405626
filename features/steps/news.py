"""News: who has events sent, what arrives, and calendars."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest
from pytest_bdd import given, parsers, then, when

from features.house import House
from features.steps.distribution import Outside
from govern.services.outlets import Outlets
from govern.web.app import create_app
from tests.services.receivers import SECRET, hook, hooks_of


@pytest.fixture
def kept() -> dict[str, str]:
    return {}


@given("a service that is told of events")
def _(house: House, outside: Outside) -> None:
    stack: ExitStack = outside.stack
    outside.there = stack.enter_context(hook())
    house.runtime = replace(house.runtime, outlets=Outlets(hooks=hooks_of(outside.there)))
    house.web = create_app(house.runtime, lambda: house.now)
    house.environment["GOVERN_WEBHOOK_HOSTS"] = outside.there.host
    house.environment["GOVERN_WEBHOOK_SECRET"] = SECRET


@given(parsers.re(r"(?P<name>\w+) has (?P<kinds>\S+) sent to the service"))
def _(house: House, outside: Outside, name: str, kinds: str) -> None:
    body = {"url": outside.there.url, "kinds": [kinds]}
    outside.secret = house.ask(name, "POST", "/webhooks", body)["secret"]


@when(parsers.re(r"the operator has (?P<kinds>\S+) sent to the service"))
def _(house: House, outside: Outside, kinds: str) -> None:
    house.run("webhooks", "add", outside.there.url, "--kind", kinds)


@given(parsers.parse("the service answers {status:d} once"))
def _(outside: Outside, status: int) -> None:
    outside.there.answers = [status]


@given(parsers.parse("the service answers {status:d} for ever"))
def _(outside: Outside, status: int) -> None:
    outside.there.answer = lambda body: status


@given("1 minute passes")
def _(house: House) -> None:
    house.now += timedelta(minutes=1)


@then(
    parsers.re(
        r"the service was told of (?P<kind>\S+) of (?P<project>\w+), signed, and of nothing else"
    )
)
def _(outside: Outside, kind: str, project: str) -> None:
    assert len(outside.there.bodies) == 1
    told = outside.there.event()
    assert (told["type"], told["subject"]) == (f"org.govern.{kind}", project)
    outside.there.signed(outside.secret)


@then(
    parsers.re(
        r"the service was told of (?P<kind>\S+) of (?P<project>\w+) (?P<times>\d+) times under one id"
    )
)
def _(outside: Outside, kind: str, project: str, times: str) -> None:
    told = [outside.there.event(each) for each in range(len(outside.there.bodies))]
    assert [(each["type"], each["subject"]) for each in told] == (
        [(f"org.govern.{kind}", project)] * int(times)
    )
    assert len({each["webhook-id"] for each in outside.there.headers}) == 1


@given(parsers.parse("{name} makes the address of her calendar"))
def _(house: House, kept: dict[str, str], name: str) -> None:
    address: str = house.ask(name, "POST", "/me/calendar", {})["address"]
    kept["path"] = address.removeprefix(house.runtime.public_url)


@when(parsers.parse("{name} takes the address of her calendar away"))
def _(house: House, name: str) -> None:
    house.ask(name, "POST", "/me/calendar/revoke", {})


@then("the address gives a calendar")
def _(house: House, kept: dict[str, str]) -> None:
    with house.web.test_client() as client:
        answer = client.get(kept["path"])
    assert answer.status_code == 200
    assert icalendar.Calendar.from_ical(answer.get_data())["VERSION"] == "2.0"


@then("the address gives nothing")
def _(house: House, kept: dict[str, str]) -> None:
    with house.web.test_client() as client:
        assert client.get(kept["path"]).status_code == 404
