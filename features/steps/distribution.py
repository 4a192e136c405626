"""Reports that are sent: who has them sent, what arrives, what is told where nothing does."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from features.house import House
from govern.services.outlets import Outlets
from govern.services.people import OPERATOR
from govern.services.ticking import tick
from govern.web.app import create_app
from tests.services.receivers import Hook, Mailbox, hook, hooks_of, mailbox


@dataclass
class Outside:
    """The mail server and the service that reports go to, where there are such."""

    stack: ExitStack
    box: Mailbox = field(init=False)
    there: Hook = field(init=False)
    secret: str = field(init=False)


@pytest.fixture
def outside() -> Iterator[Outside]:
    with ExitStack() as stack:
        yield Outside(stack)


def _with(house: House, outlets: Outlets) -> None:
    house.runtime = replace(house.runtime, outlets=outlets)
    house.web = create_app(house.runtime, lambda: house.now)


@given("a mail server")
def _(house: House, outside: Outside) -> None:
    outside.box = outside.stack.enter_context(mailbox())
    _with(house, Outlets(mail=outside.box.server))
    house.environment["GOVERN_SMTP_URL"] = f"smtp://127.0.0.1:{outside.box.server.port}"
    house.environment["GOVERN_MAIL_FROM"] = outside.box.server.sender


@given("a service that takes reports")
def _(house: House, outside: Outside) -> None:
    outside.there = outside.stack.enter_context(hook())
    _with(house, Outlets(hooks=hooks_of(outside.there)))


@given(parsers.parse("the service answers {status:d} from now on"))
def _(outside: Outside, status: int) -> None:
    outside.there.answers = [status] * 50


def _add(
    house: House, name: str, report: str, often: str, channel: str, address: str
) -> dict[str, Any]:
    body = {"report": report, "every": often, "channel": channel, "address": address}
    return house.ask(name, "POST", "/report-schedules", body)


_SENT = r"the report (?P<report>\S+) sent (?P<often>\w+)"


@given(parsers.re(rf"(?P<name>\w+) has {_SENT} by mail to (?P<address>\S+)"))
def _(house: House, name: str, report: str, often: str, address: str) -> None:
    _add(house, name, report, often, "email", address)


@when(parsers.re(rf"(?P<name>\w+) tries to have {_SENT} by mail to (?P<address>\S+)"))
def _(house: House, name: str, report: str, often: str, address: str) -> None:
    house.refused(lambda: _add(house, name, report, often, "email", address))


@given(parsers.re(rf"(?P<name>\w+) has {_SENT} to the service"))
def _(house: House, outside: Outside, name: str, report: str, often: str) -> None:
    made = _add(house, name, report, often, "webhook", outside.there.url)
    outside.secret = made["secret"]


@when(parsers.parse("the clock ticks every {hours:d} hours, {times:d} times"))
def _(house: House, hours: int, times: int) -> None:
    for _ in range(times):
        tick(house.runtime, OPERATOR, now=house.now)
        house.now += timedelta(hours=hours)


@then(parsers.re(r"(?P<address>\S+@\S+) has got (?P<number>\d+) letters?"))
def _(outside: Outside, address: str, number: str) -> None:
    assert outside.box.to == [[address]] * int(number)


@then(parsers.re(r'the letter says "(?P<text>.+)"'))
def _(outside: Outside, text: str) -> None:
    first, *_ = outside.box.letters[-1].iter_parts()
    assert text in first.get_content()


@then("the report is attached to it as a page")
def _(outside: Outside) -> None:
    _, page = outside.box.letters[-1].iter_parts()
    assert page.get_content_type() == "text/html"
    assert page.get_content().rstrip().endswith("</html>")


@then(parsers.parse("the service has got {number:d} report that is signed"))
def _(outside: Outside, number: int) -> None:
    assert len(outside.there.bodies) == number
    outside.there.signed(outside.secret)


@then(parsers.parse("the service has been asked {number:d} times"))
def _(outside: Outside, number: int) -> None:
    assert len(outside.there.bodies) == number


@then(parsers.re(r"the answer names (?P<setting>GOVERN_\w+)"))
def _(house: House, setting: str) -> None:
    assert house.refusal is not None
    assert setting in house.refusal.facts["errors"]["channel"][0]
