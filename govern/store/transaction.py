"""The two kinds of transaction: one that writes, one that reads a single consistent snapshot."""

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from copy import copy

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from govern.domain.refusal import Busy
from govern.store.engine import READS, is_sqlite

QUEUE_S = 30
"""How long a writer of this process waits for the writers before it (SQLite has one at a time)."""

_BUSY_STATES = {
    "40001": "another transaction changed the same rows",
    "40P01": "two transactions waited for each other",
    "55P03": "another transaction holds the rows",
    "57014": "the statement took too long",
    "57P01": "the database is being stopped",
}


class Store:
    """A database, as the services see it. Both methods may be used from any thread.

    Both raise `Busy` where the database could not do it now and may do it later: nothing has been
    written then.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._turn = _Turn() if is_sqlite(engine) else None
        self._before_commit: Callable[[Connection], None] | None = None

    def ending(self, before_commit: Callable[[Connection], None]) -> "Store":
        """The same database; each transaction that writes ends with `before_commit`, and is rolled
        back where that raises."""
        other = copy(self)
        other._before_commit = before_commit
        return other

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """A transaction that is committed when the block ends and rolled back when it raises.

        On SQLite one writer at a time, in order of arrival: its own polling for the lock is unfair.
        """
        with _busy_is_a_refusal():
            if self._turn is None:
                with self.engine.begin() as connection:
                    yield connection
                    self._end(connection)
            else:
                with self._turn, self.engine.begin() as connection:
                    yield connection
                    self._end(connection)

    def _end(self, connection: Connection) -> None:
        if self._before_commit is not None:
            self._before_commit(connection)

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A snapshot: every query of the block sees the same state. Writing in it is refused."""
        options = (
            {READS: True}
            if is_sqlite(self.engine)
            else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        with (
            _busy_is_a_refusal(),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    def clear(self) -> bool:
        """Writes an SQLite file anew, so that nothing of what was removed is left in it or beside it.

        False where somebody is still reading what was there before, and on PostgreSQL, where a dump
        holds what is there, and what was is the server's to clear.
        """
        if self._turn is None:
            return False
        with _busy_is_a_refusal(), self._turn:
            raw = self.engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("PRAGMA query_only = OFF")
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                held: tuple[int, ...] | None = cursor.fetchone()
                return held is not None and not held[0]
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    return False
                raise
            finally:
                raw.close()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


class _Turn:
    """A lock that is given in time or refused, and never waits for its own thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None

    def __enter__(self) -> None:
        if self._holder == threading.get_ident():
            raise RuntimeError("this thread is writing already; pass its connection on")
        if not self._lock.acquire(timeout=QUEUE_S):
            raise Busy("Other writers have held the database for too long; try again")
        self._holder = threading.get_ident()

    def __exit__(self, *_: object) -> None:
        self._holder = None
        self._lock.release()


@contextmanager
def _busy_is_a_refusal() -> Generator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Busy("All connections to the database are in use; try again") from error
    except DBAPIError as error:
        reason = _why_busy(error)
        if reason is None:
            raise
        raise Busy(f"The database is busy: {reason}; try again") from error


def _why_busy(error: DBAPIError) -> str | None:
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        return "it is locked" if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else None
    state = getattr(error.orig, "sqlstate", None)
    if state is None and error.connection_invalidated:
        return "the connection was lost"
    return _BUSY_STATES.get(state or "")
