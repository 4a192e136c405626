"""The ledger's rows: append to a chain, read it, hand it to verification as it lies there."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from govern.domain.record import Record
from govern.ledger.event import GENESIS, Event, compose, compose_written
from govern.store.engine import is_sqlite
from govern.store.query import in_parts
from govern.store.stored import stored_events, stored_heads
from govern.store.tables import chain, event

__all__ = [
    "append",
    "append_each",
    "append_many",
    "events_of",
    "head_of",
    "kinds",
    "newest_of",
    "of_kind",
    "of_kinds",
    "one",
    "since",
    "stored_events",
    "stored_heads",
]

_IN_ORDER = ("project", "seq", "prev", "body", "leaf", "kind", "recorded_at")

# Made once: every write runs these, and making one takes longer than running it.
_ADD = event.insert()
_HEAD = select(chain.c.seq, chain.c.head).where(chain.c.project == bindparam("of"))
_HEAD_LOCKED = _HEAD.with_for_update()
_NEWEST_OF = (
    select(event.c.body)
    .where(
        event.c.project == bindparam("of"),
        event.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(event.c.seq.desc())
    .limit(1)
)
_MOVE = update(chain).where(chain.c.project == bindparam("of"))


def append(
    connection: Connection,
    project: str,
    *,
    actor: str,
    kind: str,
    data: Mapping[str, Any],
    at: datetime,
) -> Event:
    """Write the next event of a project's chain, in the caller's transaction. As `append_each`."""
    (link,) = append_each(connection, project, [(kind, data)], actor=actor, at=at)
    return link


def append_each(
    connection: Connection,
    project: str,
    told: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    actor: str,
    at: datetime,
) -> list[Event]:
    """Write the next events of a project's chain, kind and data of each, in the caller's transaction.

    Holds the chain until the transaction ends, so events of one project are written one by one.
    Raises `NotCanonical` for data with floats or other values JSON cannot hold exactly, before
    anything is written, and `ValueError` for a moment without a time zone.
    """
    events = list(told)
    links: list[Event] = []
    while len(links) < len(events):
        seq, prev = head_of(connection, project, lock=True)
        following: list[Event] = []
        for kind, data in events:
            link = compose(
                project=project, seq=seq + 1, prev=prev, at=at, actor=actor, kind=kind, data=data
            )
            seq, prev = link.seq, link.leaf
            following.append(link)
        links = following if _move_head(connection, following) else []
    rows = [{name: getattr(each, name) for name in _IN_ORDER} for each in links]
    # One by itself is not prepared as many are, which takes longer than it does.
    connection.execute(_ADD, rows[0] if len(rows) == 1 else rows)
    return links


def append_many(
    connection: Connection,
    told: Iterable[tuple[str, bytes]],
    *,
    actor: str,
    kind: str,
    at: datetime,
) -> dict[str, int]:
    """Write events of one kind: project, and data as canonical bytes; those of a project in order.

    In the caller's transaction. A chain that nothing was written to before is begun. Returns the number
    of each project's last event.
    """
    by_project: dict[str, list[bytes]] = {}
    for project, data in told:
        by_project.setdefault(project, []).append(data)
    heads = _heads_of(connection, by_project)
    rows: list[dict[str, Any]] = []
    for project, datas in by_project.items():
        first = datas if project in heads else datas[1:]
        if project not in heads:
            begun = json.loads(datas[0])
            append(connection, project, actor=actor, kind=kind, data=begun, at=at)
            heads[project] = head_of(connection, project)
        seq, prev = heads[project]
        for data in first:
            link = compose_written(
                project=project, seq=seq + 1, prev=prev, at=at, actor=actor, kind=kind, data=data
            )
            seq, prev = link.seq, link.leaf
            rows.append({name: getattr(link, name) for name in _IN_ORDER})
        heads[project] = seq, prev
    if rows:
        connection.execute(_ADD, rows)
    moved = [{"of": each, "seq": seq, "head": head} for each, (seq, head) in heads.items()]
    if moved:
        connection.execute(_MOVE, moved)
    return {project: seq for project, (seq, _) in heads.items()}


def _heads_of(connection: Connection, project_ids: Collection[str]) -> dict[str, tuple[int, str]]:
    """Number and leaf of each chain's last event, kept from other writers until the transaction ends."""
    return {
        row.project: (row.seq, row.head)
        for part in in_parts(project_ids)
        for row in connection.execute(
            select(chain.c.project, chain.c.seq, chain.c.head)
            .where(chain.c.project.in_(part))
            .order_by(chain.c.project)
            .with_for_update()
        )
    }


def events_of(
    connection: Connection, project: str, *, after: int = 0, limit: int | None = None
) -> list[Event]:
    """Events of a chain in order, from the one after number `after`, at most `limit` of them."""
    query = (
        select(*(event.c[name] for name in _IN_ORDER))
        .where(event.c.project == project, event.c.seq > after)
        .order_by(event.c.seq)
        .limit(limit)
    )
    return [Event(*row) for row in connection.execute(query)]


def one(connection: Connection, project: str, seq: int) -> Event | None:
    """One event of a chain."""
    found = events_of(connection, project, after=seq - 1, limit=1)
    return found[0] if found and found[0].seq == seq else None


def since(connection: Connection, project: str, at: datetime) -> list[tuple[int, str]]:
    """Number and kind of each event of a chain since a time, in order."""
    query = (
        select(event.c.seq, event.c.kind)
        .where(event.c.project == project, event.c.recorded_at >= at)
        .order_by(event.c.seq)
    )
    return [(row.seq, row.kind) for row in connection.execute(query)]


def of_kind(connection: Connection, project: str, kind: str) -> list[Record]:
    """Events of one kind of a chain in order: when (`at`), by whom (`actor`), and what (`data`)."""
    query = (
        select(event.c.body, event.c.recorded_at)
        .where(event.c.project == project, event.c.kind == kind)
        .order_by(event.c.seq)
    )
    return [
        {"at": recorded_at, "actor": said["actor"], "data": said["data"]}
        for said, recorded_at in (
            (json.loads(body), recorded_at) for body, recorded_at in connection.execute(query)
        )
    ]


def newest_of(connection: Connection, project: str, kinds: Collection[str]) -> Any:
    """The data of the last event of these kinds of a chain; None where there is none."""
    body = connection.scalar(_NEWEST_OF, {"of": project, "kinds": list(kinds)})
    return None if body is None else json.loads(body)["data"]


def of_kinds(
    connection: Connection, projects: Collection[str], kinds: Collection[str]
) -> Iterator[tuple[str, datetime, Any]]:
    """Kind, time and data of the events of some kinds of some chains, those of each chain in order."""
    for part in in_parts(projects):
        query = (
            select(event.c.kind, event.c.recorded_at, event.c.body)
            .where(event.c.project.in_(part), event.c.kind.in_(kinds))
            .order_by(event.c.project, event.c.seq)
        )
        for kind, recorded_at, body in connection.execute(query):
            yield kind, recorded_at, json.loads(body)["data"]


def numbered_of_kind(connection: Connection, project: str, kind: str) -> list[Record]:
    """As `of_kind`, each with its number (`seq`) and `leaf` in the chain."""
    query = (
        select(event.c.seq, event.c.leaf, event.c.body, event.c.recorded_at)
        .where(event.c.project == project, event.c.kind == kind)
        .order_by(event.c.seq)
    )
    return [
        {
            "seq": row.seq,
            "leaf": row.leaf,
            "at": row.recorded_at,
            "data": json.loads(row.body)["data"],
        }
        for row in connection.execute(query)
    ]


def kinds(connection: Connection) -> list[str]:
    """Every kind there is, in order: from each to the next along the index, however many events are of
    it. `DISTINCT` would read every one of them."""
    after = select(func.min(event.c.kind).label("kind")).cte("known", recursive=True)
    following = select(func.min(event.c.kind)).where(event.c.kind > after.c.kind).scalar_subquery()
    known = after.union_all(select(following).where(after.c.kind.is_not(None)))
    return list(
        connection.scalars(
            select(known.c.kind).where(known.c.kind.is_not(None)).order_by(known.c.kind)
        )
    )


def head_of(connection: Connection, project: str, *, lock: bool = False) -> tuple[int, str]:
    """Number and leaf of the last event; `(0, GENESIS)` where nothing has happened yet.

    `lock` keeps other writers from the chain until the transaction ends.
    """
    row = connection.execute(_HEAD_LOCKED if lock else _HEAD, {"of": project}).first()
    return (0, GENESIS) if row is None else (row.seq, row.head)


def _move_head(connection: Connection, links: list[Event]) -> bool:
    """Whether the chain's head now is the last of `links`: another writer may have begun the chain
    meanwhile."""
    link = links[-1]
    if links[0].seq > 1:
        connection.execute(_MOVE, {"of": link.project, "seq": link.seq, "head": link.leaf})
        return True
    dialect = sqlite if is_sqlite(connection) else postgresql
    begun = connection.execute(
        dialect.insert(chain)
        .values(project=link.project, seq=link.seq, head=link.leaf)
        .on_conflict_do_nothing()
        .returning(chain.c.project)
    )
    return begun.first() is not None
