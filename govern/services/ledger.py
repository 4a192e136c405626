"""How a use case writes to the ledger: domain values in, one canonical event out.

What people wrote or are called is replaced by references on the way in, and only here; whoever
reads an event or a blob reveals it (`services.personal`).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.plain import plain
from govern.ledger.canonical import canonical
from govern.ledger.event import Event
from govern.services.personal import hide, reveal
from govern.store import blobs, events

SERVICE = "@service"
"""The chain of what concerns no single project: people, roles, rulebooks, workflows."""

JSON = "application/json"

Told = tuple[str, Mapping[str, Any]]
"""Kind and data of an event."""


def record_event(
    connection: Connection,
    chain: str,
    actor: Actor,
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
) -> Event:
    """Appends to a project's chain (or `SERVICE`), in the caller's transaction."""
    (event,) = record_events(connection, chain, actor, [(kind, data)], now)
    return event


def record_events(
    connection: Connection,
    chain: str,
    actor: Actor,
    told: Iterable[Told],
    now: datetime,
) -> list[Event]:
    """As `record_event`, for several that follow one another, in order: in as few statements as one."""
    kinds, datas = zip(*told, strict=True)
    hidden = hide(connection, plain(datas), now)
    events_of = zip(kinds, hidden, strict=True)
    return events.append_each(connection, chain, events_of, actor=actor.person_id, at=now)


def record_many(
    connection: Connection,
    actor: Actor,
    kind: str,
    told: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> dict[str, int]:
    """As `record_event`, of one kind to many chains: chain → data, in few statements. Returns the number
    of each chain's event."""
    hidden = hide(connection, plain(list(told.values())), now)
    written = zip(told, map(canonical, hidden), strict=True)
    return events.append_many(connection, written, actor=actor.person_id, kind=kind, at=now)


def keep(connection: Connection, value: Any, now: datetime, *, known: str | None = None) -> str:
    """Keeps plain data as a canonical blob, personal texts as references; returns its digest. Under
    `known` something is kept, as the caller has it from the database."""
    content = canonical(hide(connection, value, now))
    digest = blobs.digest_of(content)
    return digest if digest == known else blobs.put(connection, content, JSON, now)


def keep_as_it_is(connection: Connection, value: Any, now: datetime) -> str:
    """As `keep`, for what is hidden already and for the texts of rules, which are no person's."""
    return blobs.put(connection, canonical(value), JSON, now)


def keep_each_as_it_is(connection: Connection, values: Iterable[Any], now: datetime) -> list[str]:
    """As `keep_as_it_is`, for many in few statements."""
    return blobs.put_each(connection, map(canonical, values), JSON, now)


def would_keep(connection: Connection, value: Any, now: datetime) -> str:
    """The digest by which `keep` would keep it; it is not kept."""
    return blobs.digest_of(canonical(hide(connection, value, now)))


def kept(connection: Connection, digest: str) -> Any:
    """What `keep` was given, in words again; None where nothing is kept under `digest`.

    Raises `Corrupt` where the content was changed.
    """
    found = blobs.get(connection, digest)
    return None if found is None else reveal(connection, json.loads(found.content))
