"""Looking for events over all chains, the last first: as the log has them in order."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Select, select

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.domain.role import ALLOWED, Permission
from govern.services.access import project_for
from govern.services.ledger import SERVICE
from govern.services.personal import reveal
from govern.services.runtime import Runtime
from govern.services.telling import tell
from govern.store import events, exported, log, log_search, people
from govern.store.tables import project
from govern.store.visibility import visible_to

PAGE = 50
LOOKED_AT = 2_000
"""How many events are looked through for a page before it is shown as far as it is."""


@dataclass(frozen=True, slots=True)
class Search:
    """`chain`: a project's id, or that of the service. `kind`: `gate.decided`, or `gate.*` for all that
    begin so. `person`: a name, an address or an id. `first` and `last`: days (UTC)."""

    chain: str | None = None
    kind: str | None = None
    person: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """`next`: the number in the log to go on before, None where everything was looked through;
    `looked_at`: how many events were; `unsealed`: how many are not in the log yet, and so not here."""

    items: Sequence[Record]
    next: int | None
    looked_at: int
    size: int
    unsealed: int


def search(
    runtime: Runtime,
    actor: Actor,
    wanted: Search,
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> Found:
    """Events of what the actor may see; those of the service are for auditors.

    Raises NotFound for a project that is not there or may not be seen, InvalidInput for days that end
    before they begin.
    """
    if wanted.first and wanted.last and wanted.last < wanted.first:
        raise InvalidInput(
            "The days end before they begin.", errors={"last": [f"{wanted.first} or later"]}
        )
    with runtime.store.reading() as connection:
        chains = _chains(connection, actor, wanted.chain)
        whose = _whose(connection, wanted.person)
        size = log.size(connection)
        least, end = _between(connection, wanted, size)
        at = min(end, before) if before is not None else end
        items: list[Record] = []
        looked_at = 0
        while at > least and len(items) < limit and looked_at < LOOKED_AT:
            batch = log_search.latest(
                connection, before=at, least=least, limit=limit, chains=chains, kind=wanted.kind
            )
            if not batch:
                at = least
                break
            for row in batch:
                looked_at += 1
                at = row["index"]
                body = json.loads(row["body"])
                if _is_wanted(wanted, whose, row, body):
                    items.append(_item(row, body))
                    if len(items) == limit:
                        break
        return Found(
            _told(connection, items),
            at if at > least else None,
            looked_at,
            size,
            log.unsealed(connection),
        )


def one(runtime: Runtime, actor: Actor, chain: str, seq: int) -> Record:
    """One event with all that it says, its `index` in the log (None where it is not sealed yet) and what
    stands before and after it in its chain. Raises NotFound."""
    with runtime.store.reading() as connection:
        _chains(connection, actor, chain)
        event = events.one(connection, chain, seq)
        if event is None:
            raise NotFound(f"{chain} has no event {seq}.", project=chain, seq=seq)
        entry = log.entry_of(connection, chain, seq)
        last, _ = events.head_of(connection, chain)
        row = {
            "index": None if entry is None else entry.index,
            **{name: getattr(event, name) for name in ("project", "seq", "kind", "leaf", "prev")},
        }
        [told] = _told(connection, [_item(row, json.loads(event.body))])
        return {**told, "prev": event.prev, "last": last, "body": event.body.decode()}


def kinds(runtime: Runtime) -> list[str]:
    """Every kind of event there is."""
    with runtime.store.reading() as connection:
        return events.kinds(connection)


def _chains(
    connection: Connection, actor: Actor, chain: str | None
) -> Select[Any] | Sequence[str] | None:
    """None: all of them."""
    audits = not ALLOWED[Permission.READ_AUDIT].isdisjoint(actor.everywhere)
    if chain == SERVICE:
        if not audits:
            raise NotFound("There is no such history that you may see.", project=chain)
        return [chain]
    if chain is not None:
        return [project_for(connection, actor, chain)["id"]]
    return None if audits else select(project.c.id).where(visible_to(actor))


def _whose(connection: Connection, person: str | None) -> frozenset[str] | None:
    if person is None:
        return None
    return frozenset(people.known_as(connection, person))


def _between(connection: Connection, wanted: Search, size: int) -> tuple[int, int]:
    """The part of the log to look through: an event is sealed after it was written, never before."""
    least = 0
    if wanted.first is not None:
        least = min(exported.size_before(connection, _begin(wanted.first)), size)
    return least, size


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _is_wanted(
    wanted: Search, whose: frozenset[str] | None, row: Record, body: dict[str, Any]
) -> bool:
    if whose is not None and body["actor"] not in whose:
        return False
    at = row["recorded_at"]
    if wanted.first is not None and at < _begin(wanted.first):
        return False
    return wanted.last is None or at < _begin(wanted.last + timedelta(days=1))


def _item(row: Record, body: dict[str, Any]) -> Record:
    return {
        **{name: row[name] for name in ("index", "project", "seq", "kind", "leaf")},
        "at": datetime.fromisoformat(body["at"]),
        "actor": body["actor"],
        "data": body["data"],
    }


def _told(connection: Connection, items: list[Record]) -> list[Record]:
    named = people.names(connection, {each["actor"] for each in items})
    in_words = reveal(connection, [each["data"] for each in items])
    return [
        {
            **each,
            "data": data,
            "actor_name": named.get(each["actor"]),
            "told": tell(each["kind"], data),
        }
        for each, data in zip(items, in_words, strict=True)
    ]
