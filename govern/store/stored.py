"""The ledger and the log as they lie in the tables, for verification: streamed, believed in nothing.

Two ways to read events. The quick one takes rows from the database's own driver, as they lie. Where a
tampered cell cannot even be read so (SQLite stores any bytes in any column), it raises `Unreadable`, and
the patient one reads everything as bytes.
"""

import itertools
import sqlite3
from collections.abc import Callable, Collection, Generator, Iterator
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, bindparam, text

from govern.ledger.assurance import EventRow
from govern.ledger.body import read
from govern.ledger.verify import StoredEvent, StoredHead
from govern.ledger.verify_log import Entry, StoredCheckpoint, StoredEntry, StoredTile
from govern.store.engine import is_sqlite

_AT_ONCE = 1000
_CURSORS = itertools.count()
"""Two may be open in one transaction of PostgreSQL, by names of their own."""
_INSTANT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


Unreadable = sqlite3.OperationalError
"""What reading the quick way raises where a cell holds what its column cannot hold."""


Told = tuple[int, str, Any]
"""Of an event its number, its kind and its data."""

_Row_co = TypeVar("_Row_co", covariant=True)


class Rows(Protocol[_Row_co]):
    """Rows as they come. Whoever may not take all of them closes them before anything else is asked: on
    PostgreSQL a cursor that the garbage collector closes in the middle of another statement waits for
    that one for ever."""

    def __iter__(self) -> Iterator[_Row_co]: ...
    def close(self) -> object: ...


def events_as_they_lie(connection: Connection) -> Rows[EventRow]:
    """Every event the quick way, each chain's in their order: on SQLite in the order of its rows, which is
    that of writing them, on PostgreSQL by chain, along the key."""
    order = "event.rowid" if is_sqlite(connection) else 'event.project COLLATE "C", event.seq'
    columns = ", ".join(_event_columns(connection, patient=False))
    return _quickly(connection, f"SELECT {columns} FROM event ORDER BY {order}")  # noqa: S608


def events_lie_by_index(connection: Connection) -> bool:
    """Whether the order of `entries_as_events_lie` is that of the log."""
    return is_sqlite(connection)


def entries_as_events_lie(connection: Connection) -> Rows[Entry]:
    """Every entry of the log the quick way, in about the order of `events_as_they_lie`."""
    order = "log_index" if events_lie_by_index(connection) else 'project COLLATE "C", seq'
    query = f"SELECT log_index, project, seq, leaf FROM log_entry ORDER BY {order}"  # noqa: S608
    return _quickly(connection, query)


def told_by(connection: Connection, project: str, kinds: Collection[str]) -> list[Told]:
    """What a chain's events of some kinds tell, by their number, the quick way. Raises what `body.read`
    does for a body that is none."""
    body = _cells(connection)("body")
    query = text(
        f"SELECT seq, kind, {body} FROM event "  # noqa: S608 - our names
        "WHERE project = :project AND kind IN :kinds ORDER BY seq"
    ).bindparams(bindparam("kinds", expanding=True))
    found = connection.execute(query, {"project": project, "kinds": list(kinds)})
    return [(seq, kind, read(body).data) for seq, kind, body in found]


def stored_events(connection: Connection) -> Generator[StoredEvent]:
    """Every event with what the log has of it, whatever the cells hold, in the order `verify` wants."""
    for project, seq, prev, body, leaf, kind, recorded_at, log_index, log_leaf in _rows(
        connection, _events(connection)
    ):
        yield StoredEvent(
            _text(project),
            _whole(seq),
            _text(prev),
            body or b"",
            _text(leaf),
            _text(kind),
            _text(recorded_at),
            _whole(log_index),
            None if log_leaf is None else _text(log_leaf),
        )


def stored_heads(connection: Connection) -> Generator[StoredHead]:
    """Every chain's head, and up to where the log says to have it, in the order `verify` wants."""
    raw = _cells(connection)
    query = (
        f"SELECT {raw('named.project')}, {raw('chain.seq')}, {raw('chain.head')}, "  # noqa: S608
        f"{raw('sealed_chain.seq')} "
        "FROM (SELECT project FROM chain UNION SELECT project FROM sealed_chain) AS named "
        "LEFT JOIN chain ON chain.project = named.project "
        "LEFT JOIN sealed_chain ON sealed_chain.project = named.project "
        f"ORDER BY {_order(connection, 'named.project')}"
    )
    for project, seq, head, sealed in _rows(connection, query):
        yield StoredHead(_text(project), _whole(seq), _text(head), _whole(sealed))


def stored_entries(connection: Connection) -> Rows[Entry]:
    """Every entry of the log by its index, the quick way."""
    query = "SELECT log_index, project, seq, leaf FROM log_entry ORDER BY log_index"
    return _quickly(connection, query)


def patient_entries(connection: Connection) -> Generator[StoredEntry]:
    """The same, whatever the cells hold."""
    raw = _cells(connection)
    columns = ", ".join(raw(name) for name in StoredEntry._fields)
    query = f"SELECT {columns} FROM log_entry ORDER BY log_entry.log_index"  # noqa: S608 - our names
    for log_index, project, seq, leaf in _rows(connection, query):
        yield StoredEntry(_whole(log_index), _text(project), _whole(seq), _text(leaf))


def stored_tiles(connection: Connection) -> Generator[StoredTile]:
    """Every stored root of a subtree, in the order in which they become complete."""
    raw = _cells(connection)
    query = (
        f"SELECT {raw('level')}, {raw('tile')}, {raw('hash')} FROM log_tile "  # noqa: S608
        "ORDER BY (CAST(log_tile.tile AS bigint) + 1) << (8 * log_tile.level), log_tile.level"
    )
    for level, tile, digest in _rows(connection, query):
        yield StoredTile(_number(level), _number(tile), _text(digest))


def stored_checkpoints(connection: Connection) -> Generator[StoredCheckpoint]:
    """Every checkpoint by its size."""
    raw = _cells(connection)
    at = raw("sealed_at") if is_sqlite(connection) else _INSTANT.format("sealed_at")
    query = (
        f"SELECT {raw('size')}, {raw('root')}, {raw('note')}, {at} FROM checkpoint "  # noqa: S608
        "ORDER BY checkpoint.size"
    )
    for size, root, note, sealed_at in _rows(connection, query):
        yield StoredCheckpoint(_number(size), _text(root), _text(note), _text(sealed_at))


def stored_cosignatures(connection: Connection) -> Iterator[tuple[int, str, str, str]]:
    """Every cosignature by its size: size, witness, line, and the note that it stands under."""
    raw = _cells(connection)
    query = (
        f"SELECT {raw('cosignature.size')}, {raw('witness')}, {raw('line')}, {raw('note')} "  # noqa: S608
        "FROM cosignature LEFT JOIN checkpoint ON checkpoint.size = cosignature.size "
        "ORDER BY cosignature.size, cosignature.id"
    )
    for size, witness, line, note in _rows(connection, query):
        yield _number(size), _text(witness), _text(line), _text(note)


def stored_timestamps(connection: Connection) -> Iterator[tuple[int, str, bytes, str]]:
    """Every answer of a timestamp authority by its size: size, authority, the answer, and the note that
    it is about, empty where there is no such checkpoint."""
    raw = _cells(connection)
    stamp = "checkpoint_timestamp"
    query = (
        f"SELECT {raw(f'{stamp}.size')}, {raw('authority')}, {raw('token')}, {raw('note')} "  # noqa: S608
        f"FROM {stamp} LEFT JOIN checkpoint ON checkpoint.size = {stamp}.size "
        f"ORDER BY {stamp}.size, {stamp}.id"
    )
    for size, authority, token, note in _rows(connection, query):
        yield _number(size), _text(authority), token or b"", _text(note)


def _events(connection: Connection) -> str:
    raw = _cells(connection)
    columns = [
        *_event_columns(connection, patient=True),
        raw("log_entry.log_index"),
        raw("log_entry.leaf"),
    ]
    return (
        f"SELECT {', '.join(columns)} FROM event "  # noqa: S608 - our names
        "LEFT JOIN log_entry ON log_entry.project = event.project AND log_entry.seq = event.seq "
        f"ORDER BY {_order(connection, 'event.project')}, event.seq"
    )


def _event_columns(connection: Connection, *, patient: bool) -> list[str]:
    raw = _cells(connection) if patient else str
    at = "event.recorded_at"
    at = raw(at) if is_sqlite(connection) else _INSTANT.format(at)
    return [*(raw(f"event.{name}") for name in StoredEvent._fields[:6]), at]


def _quickly(connection: Connection, query: str) -> Rows[Any]:
    """Rows as the driver of the database hands them over, with nothing between. Raises `Unreadable`."""
    driver: Any = connection.connection.driver_connection
    return driver.execute(query) if is_sqlite(connection) else _streamed(driver, query)


def _streamed(driver: Any, query: str) -> Generator[Any]:
    with driver.cursor(name=f"govern_{next(_CURSORS)}", binary=True) as cursor:
        cursor.itersize = _AT_ONCE
        yield from cursor.execute(query)


def _order(connection: Connection, column: str) -> str:
    return column if is_sqlite(connection) else f'{column} COLLATE "C"'


def _cells(connection: Connection) -> Callable[[str], str]:
    """A column as its bytes; PostgreSQL's own types vouch for theirs."""
    return _as_bytes if is_sqlite(connection) else str


def _as_bytes(column: str) -> str:
    return f"CAST({column} AS BLOB)"


def _rows(connection: Connection, query: str) -> Iterator[Any]:
    options = {"stream_results": True, "yield_per": _AT_ONCE}
    with connection.execute(text(query.replace(":", r"\:")), execution_options=options) as result:
        yield from result


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value or ""


def _whole(value: Any) -> int | None:
    if isinstance(value, bytes):
        return int(value) if value.removeprefix(b"-").isdigit() else None
    return value


def _number(value: Any) -> int:
    whole = _whole(value)
    return -1 if whole is None else whole
