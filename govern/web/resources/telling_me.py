"""How somebody is told of what waits for them: by mail, and in their calendar."""

from typing import Any

from govern.domain.mail_choice import MailChoice
from govern.domain.token_scope import TokenScope
from govern.services import calendar_addresses, notice_mail
from govern.web.idempotency import keep_no_answer
from govern.web.resource import Resource
from govern.web.schemas.news import (
    CalendarAddress,
    CalendarToMake,
    ChosenMail,
    MailToChoose,
    NewCalendarAddress,
)
from govern.web.site import actor, now, runtime

telling_me = Resource(
    "telling_me", "How you are told of what waits for you.", writes=TokenScope.MANAGE
)


@telling_me.read("/me/mail", ChosenMail)
def get_mail_choice() -> Any:
    """Read which notices you get by mail."""
    return notice_mail.get_choice(runtime(), actor())


@telling_me.write("PATCH", "/me/mail", ChosenMail, body=MailToChoose)
def choose_mail(body: dict[str, Any]) -> Any:
    """Choose which notices you get by mail: all at once, those of gates that wait for you, one letter
    a day, or none."""
    choice = MailChoice(body["choice"])
    return notice_mail.choose(runtime(), actor(), choice, version=None, now=now())


@telling_me.read("/me/calendar", CalendarAddress)
def get_calendar_address() -> Any:
    """Read whether your calendar has an address. The address itself was told once."""
    return calendar_addresses.get_address(runtime(), actor(), now=now())


@telling_me.write(
    "POST",
    "/me/calendar",
    NewCalendarAddress,
    body=CalendarToMake,
    status=201,
)
def make_calendar_address(body: dict[str, Any]) -> Any:
    """Make the secret address of your calendar, told this once. One that was made before is good for
    nothing from then on."""
    made = calendar_addresses.make_address(runtime(), actor(), now=now())
    keep_no_answer()
    return made


@telling_me.write(
    "POST",
    "/me/calendar/revoke",
    CalendarAddress,
    body=CalendarToMake,
)
def revoke_calendar_address(body: dict[str, Any]) -> Any:
    """Let the address of your calendar be good for nothing from now on."""
    return calendar_addresses.revoke_address(runtime(), actor(), now=now())
