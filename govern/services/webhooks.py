"""Webhooks: who is told of events at which address, of which events, and whether that goes on.

What is sent is what whoever added it may see at that moment.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed, NotFound
from govern.domain.role import ALLOWED, Permission
from govern.services import news_relay
from govern.services.access import check_version
from govern.services.ledger import SERVICE, record_event
from govern.services.news_kinds import wrong_patterns
from govern.services.outlets import HOOKS_NEEDED, Hooks, wrong_hook
from govern.services.report_schedules import only_of, require_readable
from govern.services.runtime import Runtime
from govern.services.signing import Signed, secret_of
from govern.store import news, people
from govern.store import webhooks as stored
from govern.store.paging import Page, PageRequest

MOST_OF_ONE = 20
"""So many webhooks of one person go on at a time."""

CHANGES = ("url", "kinds", "label")


def signed_as(found: Mapping[str, Any]) -> Signed:
    """What the secret of a webhook belongs to."""
    return Signed(
        "webhook", found["id"], found["recorded_at"], found["rotation"], found["rotated_at"]
    )


def add(
    runtime: Runtime,
    actor: Actor,
    *,
    url: str,
    kinds: Sequence[str] = (),
    portfolio: str | None = None,
    project: str | None = None,
    label: str | None = None,
    now: datetime,
) -> Record:
    """Has every event from now on told to an address: those of some `kinds` (all without any), of a
    portfolio or a project. `secret` of the answer is told this once.

    For whoever has a role there. Raises NotFound, NotAllowed, InvalidInput.
    """
    hooks = _hooks(runtime)
    errors = {**wrong_hook(hooks, url, "url"), **wrong_patterns(kinds)}
    if portfolio is not None and project is not None:
        errors["portfolio"] = ["leave it out: the project has its own"]
    if errors:
        raise InvalidInput("News cannot be sent so.", errors=errors)
    with runtime.store.writing() as connection:
        require_readable(connection, actor, portfolio, project)
        if stored.count_of(connection, actor.person_id) >= MOST_OF_ONE:
            raise InvalidInput(
                f"You have {MOST_OF_ONE} webhooks: end one that is needed no more.",
                errors={"url": ["one less"]},
            )
        # What has happened by now is for the others; what follows is for this one too.
        news_relay.catch_up(runtime, connection, now)
        values = {
            "address": url,
            "label": label,
            "kinds": sorted(set(kinds)),
            "portfolio_id": portfolio,
            "project_id": project,
        }
        number = stored.add(connection, {**values, "recorded_by": actor.person_id}, now)
        _record(connection, actor, number, "added", values, now)
        made = _found(connection, number)
        return {**_told(connection, made), "secret": secret_of(hooks.secret, signed_as(made))}


def change(
    runtime: Runtime,
    actor: Actor,
    number: int,
    fields: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Sends it elsewhere (`url`), or other `kinds`, or under another `label`, from now on. Raises
    NotFound, NotAllowed, StaleVersion, InvalidInput."""
    hooks = _hooks(runtime)
    errors = {**wrong_patterns(fields.get("kinds", ()))}
    if "url" in fields:
        errors |= wrong_hook(hooks, fields["url"], "url")
    if errors:
        raise InvalidInput("News cannot be sent so.", errors=errors)
    with runtime.store.writing() as connection:
        found = _going_on(connection, actor, number, version)
        named = {"url": "address"}
        values = {named.get(name, name): value for name, value in fields.items()}
        if "kinds" in values:
            values["kinds"] = sorted(set(values["kinds"]))
        stored.change(connection, found, values)
        _record(connection, actor, number, "changed", values, now)
        return _told(connection, _found(connection, number))


def pause(
    runtime: Runtime, actor: Actor, number: int, *, version: int | None, now: datetime
) -> Record:
    """Nothing is sent until it is resumed; what happens meanwhile waits."""
    with runtime.store.writing() as connection:
        found = _going_on(connection, actor, number, version)
        if found["state"] != stored.ACTIVE:
            raise InvalidInput(f"It is {found['state']}.", errors={"state": ["an active one"]})
        stored.change(connection, found, {"state": stored.PAUSED})
        _record(connection, actor, number, "paused", {}, now)
        return _told(connection, _found(connection, number))


def resume(
    runtime: Runtime,
    actor: Actor,
    number: int,
    *,
    drop: bool = False,
    version: int | None,
    now: datetime,
) -> Record:
    """Goes on, after a pause or after it was disabled, with what waits; with `drop` without that."""
    with runtime.store.writing() as connection:
        found = _going_on(connection, actor, number, version)
        if found["state"] == stored.ACTIVE:
            raise InvalidInput("It goes on.", errors={"state": ["one that was stopped"]})
        stored.change(connection, found, {"state": stored.ACTIVE, "because": None})
        stored.forget_failures(connection, number)
        if drop:
            news.drop(connection, number, now)
        news.wake_all(connection, number, now)
        _record(connection, actor, number, "resumed", {"dropped": drop}, now)
        return _told(connection, _found(connection, number))


def rotate(
    runtime: Runtime, actor: Actor, number: int, *, version: int | None, now: datetime
) -> Record:
    """A new `secret`, told this once. For a day the one before signs too."""
    hooks = _hooks(runtime)
    with runtime.store.writing() as connection:
        found = _going_on(connection, actor, number, version)
        values = {"rotation": found["rotation"] + 1, "rotated_at": now}
        stored.change(connection, found, values)
        _record(connection, actor, number, "rotated", values, now)
        made = _found(connection, number)
        return {**_told(connection, made), "secret": secret_of(hooks.secret, signed_as(made))}


def end(
    runtime: Runtime,
    actor: Actor,
    number: int,
    *,
    reason: str,
    version: int | None,
    now: datetime,
) -> Record:
    """Nothing of it is sent any more, and nothing that waits."""
    with runtime.store.writing() as connection:
        found = _going_on(connection, actor, number, version)
        write_end(connection, actor, found, reason, now)
        return _told(connection, _found(connection, number))


def write_end(
    connection: Connection, actor: Actor, found: Record, reason: str, now: datetime
) -> None:
    """For one whose row is locked, and that has not ended."""
    stored.change(connection, found, {"state": stored.ENDED, "because": reason})
    news.drop(connection, found["id"], now)
    _record(connection, actor, found["id"], "ended", {"because": reason}, now)


def write_disabled(
    connection: Connection, actor: Actor, found: Record, why: str, now: datetime
) -> None:
    """For one whose row is locked, and that is active."""
    stored.change(connection, found, {"state": stored.DISABLED, "because": why})
    _record(connection, actor, found["id"], "disabled", {"because": why}, now)


def get_webhook(runtime: Runtime, actor: Actor, number: int) -> Record:
    with runtime.store.reading() as connection:
        return _told(connection, visible(connection, actor, number))


def list_webhooks(runtime: Runtime, actor: Actor, request: PageRequest, **wanted: Any) -> Page:
    """Those that the actor has added; all of them for an administrator or an auditor. `wanted` is
    `state`."""
    with runtime.store.reading() as connection:
        found = stored.page(connection, request, person_id=only_of(actor), **wanted)
        return Page([_told(connection, each) for each in found.items], found.next_cursor)


def visible(connection: Connection, actor: Actor, number: int, lock: bool = False) -> Record:
    """Raises NotFound for one that the actor neither has added nor oversees."""
    found = stored.find(connection, number, lock)
    if found is None or only_of(actor) not in (None, found["recorded_by"]):
        raise NotFound(f"There is no webhook {number} that you may see.")
    return found


def theirs(connection: Connection, actor: Actor, number: int, lock: bool = False) -> Record:
    """One that the actor may change, and that has not ended. Raises NotFound, NotAllowed,
    InvalidInput."""
    found = visible(connection, actor, number, lock)
    admins = ALLOWED[Permission.MANAGE_ACCESS]
    if found["recorded_by"] != actor.person_id and admins.isdisjoint(actor.everywhere):
        raise NotAllowed(
            "Only an administrator changes what somebody else has sent.",
            needed=sorted(role.value for role in admins),
            held=sorted(role.value for role in actor.everywhere),
        )
    if found["state"] == stored.ENDED:
        raise InvalidInput("It has ended.", errors={"webhook": ["one that goes on"]})
    return found


def _going_on(connection: Connection, actor: Actor, number: int, version: int | None) -> Record:
    found = theirs(connection, actor, number, lock=True)
    check_version(found, version)
    return found


def _hooks(runtime: Runtime) -> Hooks:
    if runtime.outlets.hooks is None:
        raise InvalidInput("News cannot be sent.", errors={"url": [HOOKS_NEEDED]})
    return runtime.outlets.hooks


def _record(
    connection: Connection,
    actor: Actor,
    number: int,
    what: str,
    values: Mapping[str, Any],
    now: datetime,
) -> None:
    told = {"webhook": number, **values}
    record_event(connection, SERVICE, actor, f"webhook.{what}", told, now)


def _found(connection: Connection, number: int) -> Record:
    found = stored.find(connection, number)
    assert found is not None  # noqa: S101 - it was written a moment ago
    return found


def _told(connection: Connection, found: Record) -> Record:
    named = people.names(connection, {found["recorded_by"]})
    told = {name: value for name, value in found.items() if name not in ("address", "rotation")}
    return {
        **told,
        "url": found["address"],
        "waiting": news.waiting_for(connection, found["id"]),
        "recorded_by_name": named.get(found["recorded_by"]),
    }
