"""Reports that are sent again and again: who has them sent, of what, how often, to where.

A report is made with the rights of whoever has it sent, as they are on its day.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.currency import CODES
from govern.domain.distribution import Channel, Every, mailboxes
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed, NotFound
from govern.domain.role import ALLOWED, Permission
from govern.services.access import check_version
from govern.services.courses import chosen_projects
from govern.services.ledger import SERVICE, record_event
from govern.services.outlets import HOOKS_NEEDED, MAIL_NEEDED, Outlets, wrong_hook
from govern.services.people import OPERATOR
from govern.services.report_kinds import KINDS
from govern.services.reports import About
from govern.services.runtime import Runtime
from govern.services.sending import signed_as
from govern.services.signing import secret_of
from govern.store import deliveries, people, report_schedules
from govern.store.paging import Page, PageRequest

SENT_ABOUT = (About.PORTFOLIO, About.PROJECT)
"""What a report that is sent again and again is about: what stays, and changes."""


def add(
    runtime: Runtime,
    actor: Actor,
    *,
    report: str,
    every: Every,
    channel: Channel,
    address: str,
    portfolio: str | None = None,
    project: str | None = None,
    currency: str | None = None,
    first_on: date | None = None,
    now: datetime,
) -> Record:
    """Has a report sent from `first_on` on, today unless said. `address` are e-mail addresses with
    commas between them, or one of a webhook: then `secret` of the answer is what its reports are signed
    with, and is told this once.

    For whoever may read what it is about. Mail to somebody whom govern does not know takes an
    administrator. Raises NotFound, NotAllowed, InvalidInput, also where there is no way out.
    """
    first = now.date() if first_on is None else first_on
    errors = {
        **_wrong_report(report, portfolio, project),
        **_wrong_address(runtime.outlets, channel, address),
    }
    if currency is not None and currency not in CODES:
        errors["currency"] = ["its three letters, as EUR"]
    if first < now.date():
        errors["first_on"] = [f"today, {now.date().isoformat()}, or later"]
    if errors:
        raise InvalidInput("This report cannot be sent so.", errors=errors)
    with runtime.store.writing() as connection:
        require_readable(connection, actor, portfolio, project)
        if channel is Channel.EMAIL:
            address = ", ".join(mailboxes(address))
            _require_known(connection, actor, address)
        values = {
            "report": report,
            "portfolio_id": portfolio,
            "project_id": project,
            "every": every.value,
            "channel": channel.value,
            "address": address,
            "currency": currency,
            "first_on": first,
            "next_on": first,
        }
        number = report_schedules.add(connection, {**values, "recorded_by": actor.person_id}, now)
        event = {"schedule": number, **values}
        record_event(connection, SERVICE, actor, "report_schedule.added", event, now)
        made = _found(connection, number)
        return {**_told(connection, made), "secret": _secret(runtime.outlets, made)}


def end(
    runtime: Runtime,
    actor: Actor,
    number: int,
    *,
    reason: str,
    version: int | None,
    now: datetime,
) -> Record:
    """Nothing of it is sent any more, and nothing that waits: by whoever has it sent, or an
    administrator.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput where it has ended.
    """
    with runtime.store.writing() as connection:
        found = _visible(connection, actor, number, lock=True)
        if found["recorded_by"] != actor.person_id and not _is_admin(actor):
            raise NotAllowed(
                "Only an administrator ends what somebody else has sent.",
                needed=sorted(role.value for role in ALLOWED[Permission.MANAGE_ACCESS]),
                held=sorted(role.value for role in actor.everywhere),
            )
        check_version(found, version)
        if found["state"] == report_schedules.ENDED:
            raise InvalidInput("It has ended.", errors={"schedule": ["one that goes on"]})
        write_end(connection, actor, found, reason, now)
        return _told(connection, _found(connection, number))


def write_end(
    connection: Connection, actor: Actor, found: Record, reason: str, now: datetime
) -> None:
    """For a schedule whose row is locked, and that goes on."""
    ended = {"state": report_schedules.ENDED, "next_on": None}
    report_schedules.change(connection, found, ended)
    deliveries.drop(connection, found["id"])
    event = {"schedule": found["id"], "reason": reason}
    record_event(connection, SERVICE, actor, "report_schedule.ended", event, now)


def get_schedule(runtime: Runtime, actor: Actor, number: int) -> Record:
    with runtime.store.reading() as connection:
        return _told(connection, _visible(connection, actor, number))


def list_schedules(runtime: Runtime, actor: Actor, request: PageRequest, **wanted: Any) -> Page:
    """Those that the actor has added; all of them for an administrator or an auditor. `wanted` are
    `state` and `report`."""
    with runtime.store.reading() as connection:
        found = report_schedules.page(connection, request, person_id=only_of(actor), **wanted)
        return Page([_told(connection, each) for each in found.items], found.next_cursor)


def only_of(actor: Actor) -> str | None:
    """Whose schedules the actor sees; None is everybody's."""
    sees_all = ALLOWED[Permission.MANAGE_ACCESS] | ALLOWED[Permission.READ_AUDIT]
    return actor.person_id if sees_all.isdisjoint(actor.everywhere) else None


def whoever_added(connection: Connection, found: Record, now: datetime) -> Actor | None:
    """Whoever has it sent, with the roles of now; None for somebody who was erased or holds none."""
    if found["recorded_by"] == OPERATOR.person_id:
        return OPERATOR
    actor = people.actor_of_person(connection, found["recorded_by"], now)
    return actor if actor is not None and actor.grants else None


def require_readable(
    connection: Connection, actor: Actor, portfolio: str | None, project: str | None
) -> None:
    """Raises NotFound, or NotAllowed for somebody without any role."""
    if not actor.grants:
        raise NotAllowed("This takes a role on what is reported.", needed=[], held=[])
    chosen_projects(connection, actor, portfolio=portfolio, project=project)


def _wrong_report(report: str, portfolio: str | None, project: str | None) -> dict[str, list[str]]:
    sent = {name: each.about for name, each in KINDS.items() if each.about in SENT_ABOUT}
    if report not in sent:
        return {"report": [f"one of {', '.join(sent)}"]}
    if sent[report] is About.PROJECT:
        if project is None:
            return {"project": ["this report is about one project: name it"]}
        return {} if portfolio is None else {"portfolio": ["leave it out: the project has its own"]}
    return {} if project is None else {"project": ["leave it out: this report is of a portfolio"]}


def _wrong_address(outlets: Outlets, channel: Channel, address: str) -> dict[str, list[str]]:
    if channel is Channel.EMAIL:
        if outlets.mail is None:
            return {"channel": [MAIL_NEEDED]}
        return _unless(mailboxes, address)
    if outlets.hooks is None:
        return {"channel": [HOOKS_NEEDED]}
    return wrong_hook(outlets.hooks, address, "address")


def _secret(outlets: Outlets, made: Record) -> str | None:
    if outlets.hooks is None or made["channel"] != Channel.WEBHOOK:
        return None
    return secret_of(outlets.hooks.secret, signed_as(made))


def _unless(read: Callable[[str], object], address: str) -> dict[str, list[str]]:
    try:
        found = read(address)
    except ValueError as wrong:
        return {"address": [str(wrong)]}
    return {} if found else {"address": ["an address"]}


def _require_known(connection: Connection, actor: Actor, address: str) -> None:
    if _is_admin(actor):
        return
    unknown = [each for each in mailboxes(address) if not people.by_email(connection, each)]
    if unknown:
        raise InvalidInput(
            "Reports go to people whom govern knows; only an administrator has them sent elsewhere.",
            errors={"address": [f"not {', '.join(unknown)}"]},
        )


def _is_admin(actor: Actor) -> bool:
    return not ALLOWED[Permission.MANAGE_ACCESS].isdisjoint(actor.everywhere)


def _visible(connection: Connection, actor: Actor, number: int, lock: bool = False) -> Record:
    found = report_schedules.find(connection, number, lock)
    if found is None or only_of(actor) not in (None, found["recorded_by"]):
        raise NotFound(f"There is no report schedule {number} that you may see.")
    return found


def _found(connection: Connection, number: int) -> Record:
    found = report_schedules.find(connection, number)
    assert found is not None  # noqa: S101 - it was written a moment ago
    return found


def _told(connection: Connection, found: Record) -> Record:
    named = people.names(connection, {found["recorded_by"]})
    return {**found, "recorded_by_name": named.get(found["recorded_by"])}
