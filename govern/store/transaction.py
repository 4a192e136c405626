"""The two kinds of transaction: one that writes, one that reads a single consistent snapshot."""

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from copy import copy

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from govern.domain.refusal import Busy, OutcomeUnknown, Refusal, StorageFault
from govern.store.engine import ASKS, READS, is_sqlite

QUEUE_S = 30
"""How long a writer of this process waits for the writers before it (SQLite has one at a time)."""

_BUSY_STATES = {
    "25P03": "the transaction waited for too long",
    "40001": "another transaction changed the same rows",
    "40P01": "two transactions waited for each other",
    "53200": "the database has no memory left",
    "53300": "the database takes no more connections",
    "55P03": "another transaction holds the rows",
    "57014": "the statement took too long",
    "57P01": "the database is being stopped",
    "57P02": "the database is being started again after a crash",
    "57P03": "the database is being started or stopped",
}
_FULL, _BROKEN = "its disk is full", "its disk reports a fault"
_STORAGE_STATES = {"53100": _FULL, "58030": _BROKEN}
"""PostgreSQL's error codes (its manual, appendix A)."""
_STORAGE_CODES = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _BROKEN,
    sqlite3.SQLITE_CANTOPEN: "its files cannot be opened",
}


class Store:
    """A database, as the services see it. Both methods may be used from any thread.

    Both raise `Busy` where the database could not do it now and may do it later, and `StorageFault`
    where its disk is full or broken: nothing has been written then. `writing` raises `OutcomeUnknown`
    where the connection was lost in the middle of the commit.
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
    def writing(self, *, large: bool = False) -> Generator[Connection]:
        """A transaction that is committed when the block ends and rolled back when it raises.

        On SQLite one writer at a time, in order of arrival: its own polling for the lock is unfair. In a
        `large` one tables may grow from nothing to millions of rows, and a plan that PostgreSQL has made
        for the few of the beginning, and would keep, reads them all each time.
        """
        committing = threading.Event()
        turn = nullcontext() if self._turn is None else self._turn
        with _busy_is_a_refusal(committing), turn, self.engine.begin() as connection:
            if large and self._turn is None:
                connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")
            yield connection
            if self._before_commit is not None:
                self._before_commit(connection)
            committing.set()

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

    @contextmanager
    def asking(self) -> Generator[Connection]:
        """For one query, which sees one state by itself: without a transaction around it, which is two
        statements more. For what every request begins with."""
        options = (
            {READS: True, ASKS: True}
            if is_sqlite(self.engine)
            else {"isolation_level": "AUTOCOMMIT"}
        )
        with (
            _busy_is_a_refusal(),
            self.engine.connect().execution_options(**options) as connection,
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
def _busy_is_a_refusal(committing: threading.Event | None = None) -> Generator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Busy("All connections to the database are in use; try again") from error
    except DBAPIError as error:
        refusal = _refusal_of(error, committing is not None and committing.is_set())
        if refusal is None:
            raise
        raise refusal from error


def _refusal_of(error: DBAPIError, committing: bool) -> Refusal | None:
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        busy = "it is locked" if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else None
        broken = _STORAGE_CODES.get(code)
    else:
        if committing and error.connection_invalidated:
            return OutcomeUnknown(
                "The connection to the database was lost while this was being committed: ask again "
                "with the same Idempotency-Key, or read what stands now."
            )
        state = getattr(error.orig, "sqlstate", None)
        lost = state is None and (
            error.connection_invalidated or isinstance(error, OperationalError)
        )
        busy = "it cannot be reached" if lost else _BUSY_STATES.get(state or "")
        broken = _STORAGE_STATES.get(state or "")
    if broken is not None:
        return StorageFault(
            f"The database cannot do it: {broken}. Whoever runs govern has to help."
        )
    return None if busy is None else Busy(f"The database is busy: {busy}; try again")
