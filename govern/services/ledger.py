"""How a use case writes to the ledger: domain values in, one canonical event out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.plain import plain
from govern.ledger.canonical import canonical
from govern.ledger.event import Event
from govern.store import blobs, events

SERVICE = "@service"
"""The chain of what concerns no single project: people, roles, rulebooks, workflows."""

JSON = "application/json"


def record_event(
    connection: Connection,
    chain: str,
    actor: Actor,
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
) -> Event:
    """Appends to a project's chain (or `SERVICE`), in the caller's transaction."""
    return events.append(
        connection, chain, actor=actor.person_id, kind=kind, data=plain(data), at=now
    )


def keep(connection: Connection, value: Any, now: datetime) -> str:
    """Keeps plain data as a canonical blob; returns its digest."""
    return blobs.put(connection, canonical(value), JSON, now)
