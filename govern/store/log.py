"""The Merkle log's rows: what is not in it yet, a batch appended, the hashes that proofs are made of.

Leaf n of the tree is the leaf of the event at log_index n. Beside the leaves the roots of complete
subtrees of 256, 256², … leaves are stored; every other root is computed from at most 128 of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Text,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.dialects import sqlite

from govern.ledger.merkle import Frontier, Hashes, root
from govern.store.engine import is_sqlite
from govern.store.tables import event, log_entry, log_tile, sealed_chain
from govern.store.types import UtcTime

BITS = 8
TILE = 1 << BITS
"""A tile: so many hashes beside each other, whose root is one hash of the level above."""

TURN = 0x676F7665726E6C67
"""The advisory lock of whoever seals ("governlg"). It is no other lock of ours, so no writer waits."""

_MOST_TILES = 64
_LARGEST_INDEX = 2**31 - 1


class LogDamaged(Exception):  # noqa: N818 - says what is wrong with the log
    """A hash that belongs to the log is not where it should be."""


@dataclass(frozen=True, slots=True)
class Link:
    """An event on its way into the log. `leaf` is lowercase hex."""

    project: str
    seq: int
    leaf: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at an index of the log, which counts from 0."""

    index: int
    project: str
    seq: int
    leaf: str


def take_turn(connection: Connection) -> bool:
    """Whether this transaction may seal: never two at once. Waits for nobody.

    On SQLite a writing transaction is the only one already.
    """
    if is_sqlite(connection):
        return True
    return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(TURN))))


def size(connection: Connection) -> int:
    """How many events are in the log, if none is missing before the last."""
    last = connection.scalar(select(func.max(log_entry.c.log_index)))
    return 0 if last is None else last + 1


_WAITING_COLUMNS = {"project": Text, "seq": Integer, "leaf": Text, "recorded_at": UtcTime}

# A chain's head tells whether it has events that are not in the log: those are read along its key,
# and nothing else of the ledger is. CROSS JOIN fixes that order on SQLite, which has no LATERAL.
_WAITING_SQLITE = text("""
    SELECT e.project, e.seq, e.leaf, e.recorded_at
    FROM chain AS c
    LEFT JOIN sealed_chain AS s ON s.project = c.project
    CROSS JOIN event AS e
    WHERE c.seq > coalesce(s.seq, 0) AND e.project = c.project AND e.seq > coalesce(s.seq, 0)
    ORDER BY c.project, e.seq LIMIT :most
""").columns(**_WAITING_COLUMNS)

_WAITING_POSTGRESQL = text("""
    SELECT e.project, e.seq, e.leaf, e.recorded_at
    FROM (
        SELECT c.project, coalesce(s.seq, 0) AS sealed
        FROM chain AS c LEFT JOIN sealed_chain AS s ON s.project = c.project
        WHERE c.seq > coalesce(s.seq, 0) ORDER BY c.project LIMIT :most
    ) AS behind
    CROSS JOIN LATERAL (
        SELECT project, seq, leaf, recorded_at FROM event
        WHERE project = behind.project AND seq > behind.sealed ORDER BY seq LIMIT :most
    ) AS e
    ORDER BY e.project, e.seq LIMIT :most
""").columns(**_WAITING_COLUMNS)


def waiting(connection: Connection, most: int) -> list[Link]:
    """Events that are not in the log yet, at most so many: each chain's in order, from where the log
    left it, and the chains beside each other in the order of time.

    A transaction that commits late is not overlooked: a chain's events commit in the order of their
    numbers, and what is asked is how far each chain is in the log. A chain whose next event is not
    there stays out: `stuck` names it.
    """
    query = _WAITING_SQLITE if is_sqlite(connection) else _WAITING_POSTGRESQL
    rows = connection.execute(query, {"most": most}).all()
    due = sealed_up_to(connection, {row.project for row in rows})
    latest: dict[str, datetime] = {}
    found: list[tuple[datetime, Link]] = []
    for project, seq, leaf, recorded_at in rows:
        if seq == due.get(project, 0) + 1:
            due[project] = seq
            # A clock that was set back does not turn a chain round.
            latest[project] = max(recorded_at, latest.get(project, recorded_at))
            found.append((latest[project], Link(project, seq, leaf, recorded_at)))
    found.sort(key=lambda each: each[0])
    return [link for _, link in found]


_BEHIND = text("""
    SELECT c.project FROM chain AS c LEFT JOIN sealed_chain AS s ON s.project = c.project
    WHERE c.seq > coalesce(s.seq, 0) ORDER BY c.project LIMIT :most
""").columns(project=Text)


def behind(connection: Connection, most: int = 10) -> list[str]:
    """Chains that have events which are not in the log, at most so many."""
    return list(connection.scalars(_BEHIND, {"most": most}))


_LAG = text("""
    SELECT count(*) AS chains, coalesce(sum(c.seq - coalesce(s.seq, 0)), 0) AS events
    FROM chain AS c LEFT JOIN sealed_chain AS s ON s.project = c.project
    WHERE c.seq > coalesce(s.seq, 0)
""").columns(chains=Integer, events=Integer)


def unsealed(connection: Connection) -> int:
    """How many events are not in the log."""
    return int(connection.execute(_LAG).one().events)


def sealed_up_to(connection: Connection, projects: set[str]) -> dict[str, int]:
    """The number of the last event of each chain that is in the log; a chain without any is left out."""
    found: dict[str, int] = {}
    names = sorted(projects)
    for first in range(0, len(names), 1000):
        query = select(sealed_chain.c.project, sealed_chain.c.seq).where(
            sealed_chain.c.project.in_(names[first : first + 1000])
        )
        found |= {row.project: row.seq for row in connection.execute(query)}
    return found


def append(connection: Connection, links: Sequence[Link]) -> Frontier:
    """Put events at the end of the log, in the caller's transaction, which holds the turn.

    Returns the tree's frontier with them. Raises `LogDamaged` where the log before them has holes.
    """
    before = size(connection)
    tiles: list[dict[str, Any]] = []

    def completed(level: int, index: int, digest: bytes) -> None:
        tiles.append({"level": level // BITS, "tile": index, "hash": digest.hex()})

    frontier = Frontier.resume(before, hashes(connection), completed, BITS)
    frontier.extend([bytes.fromhex(link.leaf) for link in links])
    if links:
        _add(connection, before, links)
        _move_on(connection, {link.project: link.seq for link in links})
    if tiles:
        connection.execute(log_tile.insert(), tiles)
    return frontier


# One statement for a batch: PostgreSQL spends more on a statement than on a row.
_ADD_POSTGRESQL = text("""
    INSERT INTO log_entry (log_index, project, seq, leaf) SELECT * FROM unnest(
        CAST(:indexes AS integer[]), CAST(:projects AS text[]), CAST(:seqs AS integer[]),
        CAST(:leaves AS text[])
    )
""")
_MOVE_ON_POSTGRESQL = text("""
    INSERT INTO sealed_chain (project, seq)
    SELECT * FROM unnest(CAST(:projects AS text[]), CAST(:seqs AS integer[]))
    ON CONFLICT (project) DO UPDATE SET seq = excluded.seq
""")


def _add(connection: Connection, before: int, links: Sequence[Link]) -> None:
    if is_sqlite(connection):
        entries = [
            {"log_index": index, "project": link.project, "seq": link.seq, "leaf": link.leaf}
            for index, link in enumerate(links, before)
        ]
        connection.execute(log_entry.insert(), entries)
    else:
        columns = {
            "indexes": list(range(before, before + len(links))),
            "projects": [link.project for link in links],
            "seqs": [link.seq for link in links],
            "leaves": [link.leaf for link in links],
        }
        connection.execute(_ADD_POSTGRESQL, columns)


def _move_on(connection: Connection, reached: dict[str, int]) -> None:
    if is_sqlite(connection):
        insert = sqlite.insert(sealed_chain)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["project"], set_={"seq": insert.excluded.seq}
            ),
            [{"project": project, "seq": seq} for project, seq in sorted(reached.items())],
        )
    else:
        projects, seqs = zip(*sorted(reached.items()), strict=True)
        connection.execute(_MOVE_ON_POSTGRESQL, {"projects": list(projects), "seqs": list(seqs)})


def hashes(connection: Connection) -> Hashes:
    """Reads the tree: (level, index) → the root of 2^level leaves. Lives as long as one transaction.

    Raises `LogDamaged` where what is stored does not reach.
    """
    tiles: dict[tuple[int, int], list[bytes]] = {}

    def tile(tall: int, number: int) -> list[bytes]:
        if (tall, number) not in tiles:
            if len(tiles) >= _MOST_TILES:
                tiles.pop(next(iter(tiles)))
            tiles[tall, number] = _read_tile(connection, tall, number)
        return tiles[tall, number]

    def read(level: int, index: int) -> bytes:
        tall, within = divmod(level, BITS)
        number, first = divmod(index << within, TILE)
        part = tile(tall, number)[first : first + (1 << within)]
        if len(part) != 1 << within:
            raise LogDamaged(
                f"of the log's entries {index << level} to {((index + 1) << level) - 1} "
                "not all hashes are there"
            )
        return part[0] if within == 0 else root(part)

    return read


_LEAVES = select(log_entry.c.log_index, log_entry.c.leaf).where(
    log_entry.c.log_index.between(bindparam("first"), bindparam("last"))
)
_ROOTS = select(log_tile.c.tile, log_tile.c.hash).where(
    log_tile.c.level == bindparam("level"),
    log_tile.c.tile.between(bindparam("first"), bindparam("last")),
)


def _read_tile(connection: Connection, tall: int, number: int) -> list[bytes]:
    """The hashes of a tile up to the first that is missing."""
    first = number * TILE
    last = min(first + TILE - 1, _LARGEST_INDEX)
    query = _LEAVES if tall == 0 else _ROOTS
    given = {"first": first, "last": last} | ({"level": tall} if tall else {})
    stored: dict[int, str] = {row[0]: row[1] for row in connection.execute(query, given)}
    found: list[bytes] = []
    while first + len(found) in stored:
        found.append(_bytes(tall, first + len(found), stored[first + len(found)]))
    return found


def _bytes(tall: int, place: int, digest: str) -> bytes:
    try:
        found = bytes.fromhex(digest)
    except (ValueError, TypeError):
        found = b""
    if len(found) != 32:
        what = f"entry {place}" if tall == 0 else f"tile {place} of level {tall}"
        raise LogDamaged(f"the hash of {what} of the log is no hash")
    return found


def entry_at(connection: Connection, index: int) -> Entry | None:
    """What stands at an index."""
    return _entry(connection, log_entry.c.log_index == index)


def entry_of(connection: Connection, project: str, seq: int) -> Entry | None:
    """Where an event stands in the log; None while it is not in it."""
    return _entry(connection, (log_entry.c.project == project) & (log_entry.c.seq == seq))


def entries_of(connection: Connection, project: str, *, below: int) -> list[Entry]:
    """A chain's entries among the first `below` leaves, in order."""
    query = (
        select(log_entry.c.log_index, log_entry.c.project, log_entry.c.seq, log_entry.c.leaf)
        .where(log_entry.c.project == project, log_entry.c.log_index < below)
        .order_by(log_entry.c.seq)
    )
    return [Entry(*row) for row in connection.execute(query)]


def last_seq_of(connection: Connection, project: str, *, below: int) -> int:
    """The number of a chain's last event among the first `below` leaves; 0 where it has none."""
    query = select(func.max(log_entry.c.seq)).where(
        log_entry.c.project == project, log_entry.c.log_index < below
    )
    return connection.scalar(query) or 0


def heads_at(connection: Connection, below: int) -> list[tuple[str, int, str]]:
    """(project, seq, leaf) of each chain's last event among the first `below` leaves, by project in
    the order of the bytes of its name."""
    last = (
        select(log_entry.c.project, func.max(log_entry.c.seq).label("seq"))
        .where(log_entry.c.log_index < below)
        .group_by(log_entry.c.project)
        .subquery()
    )
    query = select(log_entry.c.project, log_entry.c.seq, log_entry.c.leaf).join(
        last, (log_entry.c.project == last.c.project) & (log_entry.c.seq == last.c.seq)
    )
    found = [(project, seq, leaf) for project, seq, leaf in connection.execute(query)]
    return sorted(found, key=lambda each: each[0].encode())


def _entry(connection: Connection, where: Any) -> Entry | None:
    row = connection.execute(
        select(log_entry.c.log_index, log_entry.c.project, log_entry.c.seq, log_entry.c.leaf).where(
            where
        )
    ).first()
    return None if row is None else Entry(*row)


def event_leaf(connection: Connection, project: str, seq: int) -> str | None:
    """The leaf of an event of the ledger, in the log or not; None where there is no such event."""
    return connection.scalar(
        select(event.c.leaf).where(event.c.project == project, event.c.seq == seq)
    )
