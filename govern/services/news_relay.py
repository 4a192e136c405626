"""From the ledger to what is to be sent: the ledger is the outbox, as an event is written in the
transaction of what it tells of.

Each chain is turned into news from where that was left, by its numbers: they have no gaps, and the events
of a chain commit in their order. So an event that commits late is not passed over, and no key is needed,
as it would be for the order of the sealed log. Any number of relays may run together: each chain is turned
by one of them, and what is to be sent is put down in the transaction that moves the chain on.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.role import ALLOWED, Permission
from govern.ledger.event import Event
from govern.services import notice_mail
from govern.services.ledger import SERVICE
from govern.services.news_kinds import wants
from govern.services.report_schedules import whoever_added
from govern.services.runtime import Runtime
from govern.store import events, news, projects, webhooks

CHAINS = 50
EVENTS = 500
"""So many chains, and events of each, in one transaction: on SQLite others write only between two."""


@dataclass(frozen=True, slots=True)
class Relayed:
    """How many events were looked at, and how many pieces of news came of them."""

    events: int
    news: int


def relay(runtime: Runtime, *, now: datetime) -> Relayed:
    """Turns what is new in the ledger into what is to be sent. Done again, it changes nothing."""
    begin(runtime)
    seen = made = 0
    while True:
        with runtime.store.reading() as connection:
            behind = news.behind(connection, CHAINS)
        if not behind:
            return Relayed(seen, made)
        with runtime.store.writing() as connection:
            done = _turn(runtime, connection, news.take_chains(connection, behind), now)
        seen, made = seen + done.events, made + done.news
        if not done.events:  # somebody else is at all of them
            return Relayed(seen, made)


def begin(runtime: Runtime) -> None:
    """What happened before this was ever called is no news, what follows is."""
    with runtime.store.reading() as connection:
        if news.has_begun(connection):
            return
    with runtime.store.writing() as connection:
        if not news.has_begun(connection):
            news.pass_over(connection)


def catch_up(runtime: Runtime, connection: Connection, now: datetime) -> None:
    """In a transaction that writes: every event that is there is turned, so that what is added next
    is told only of what follows."""
    if not news.has_begun(connection) or not _anybody(runtime, connection):
        news.pass_over(connection)
        return
    while behind := news.behind(connection, CHAINS):
        _turn(runtime, connection, news.take_chains(connection, behind, wait=True), now)


def may_see(actor: Actor, chain: str, project: Record | None) -> bool:
    """Whether somebody may be told of a chain's events: of a project whoever may read it, of the
    service whoever may read its history."""
    if chain == SERVICE:
        return not ALLOWED[Permission.READ_AUDIT].isdisjoint(actor.everywhere)
    return project is not None and actor.may(Permission.READ, project["portfolio"], project["id"])


def _anybody(runtime: Runtime, connection: Connection) -> bool:
    return runtime.outlets.mail is not None or bool(webhooks.listening(connection))


def _turn(
    runtime: Runtime, connection: Connection, taken: dict[str, int], now: datetime
) -> Relayed:
    batches = {
        chain: events.events_of(connection, chain, after=seq, limit=EVENTS)
        for chain, seq in sorted(taken.items())
    }
    # Asked after the events: whoever was there before one of them is told of it.
    listening = webhooks.listening(connection)
    whose = {each["id"]: whoever_added(connection, each, now) for each in listening}
    count = made = 0
    for chain, batch in batches.items():
        if not batch:
            continue
        project = None if chain == SERVICE else projects.find(connection, chain)
        rows = _rows(chain, project, batch, listening, whose)
        made += news.put(connection, chain, rows, now)
        if runtime.outlets.mail is not None:
            for each in batch:
                if each.kind == notice_mail.NOTICE:
                    data = json.loads(each.body)["data"]
                    made += notice_mail.put(connection, project, data, now)
        news.move_on(connection, chain, batch[-1].seq)
        count += len(batch)
    return Relayed(count, made)


def _rows(
    chain: str,
    project: Record | None,
    batch: Sequence[Event],
    listening: Sequence[Record],
    whose: dict[int, Actor | None],
) -> list[dict[str, Any]]:
    portfolio = None if project is None else project["portfolio"]
    rows: list[dict[str, Any]] = []
    for webhook in listening:
        actor = whose[webhook["id"]]
        if actor is None or not may_see(actor, chain, project):
            continue
        rows += [
            {"webhook_id": webhook["id"], "seq": each.seq, "kind": each.kind}
            for each in batch
            if wants(webhook, each.kind, chain, portfolio)
        ]
    return rows
