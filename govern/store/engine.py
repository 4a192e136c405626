"""One engine per database, set up so that a write is whole, durable and never waits for ever."""

import sqlite3
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from govern.domain.refusal import BadConfiguration

IDLE_IN_TRANSACTION_MS = 300_000
CONNECT_S = 5
OLDEST_S = 1_800
"""After so long a connection is made anew."""
OLDEST_SQLITE = (3, 35, 0)
"""The first with RETURNING."""
_UNUSED_SINCE = "govern_unused_since"
READS = "govern_reads"
"""Execution option: transactions of this connection only read."""
ASKS = "govern_asks"
"""Execution option: this connection is for one query, which needs no transaction around it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may take of a database, and how long it lets a statement go on.

    `connections` are open at most, and `wait_s` is how long one that is in use is waited for. A
    statement may take `statement_s` (PostgreSQL) and wait for a lock for `lock_s`. A connection that
    was not used for `unused_s` is asked whether it is still there before it is used again.
    """

    connections: int = 15
    statement_s: int = 60
    lock_s: int = 5
    wait_s: float = 10
    unused_s: float = 30


USUAL = Limits()


def open_engine(address: str, limits: Limits = USUAL) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…`, tried once. `dispose` of it when done.

    The file's directory is made where it is missing. Raises `BadConfiguration` for an address that
    cannot work: unreadable, another kind of database, an unwritable place, no server.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise _refusal("The database URL cannot be read", address) from None
    shown = url.render_as_string(hide_password=True)
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite":
        engine = _sqlite(url, shown, limits)
    elif kind in ("postgresql", "postgres"):
        engine = _postgresql(url, shown, limits)
    else:
        raise _refusal(f"govern does not run on {kind!r}", shown)
    try:
        with engine.connect().execution_options(**{READS: True}) as connection:
            connection.exec_driver_sql("SELECT 1")
    except DBAPIError as error:
        engine.dispose()
        raise _refusal(f"The database cannot be opened: {error.orig}", shown) from error
    return engine


def is_sqlite(connection: Connection | Engine) -> bool:
    return connection.dialect.name == "sqlite"


def sees_one_state(connection: Connection) -> bool:
    """Whether every query of its transaction sees the same state, and its own writing."""
    level = connection.get_execution_options().get("isolation_level")
    return is_sqlite(connection) or level == "REPEATABLE READ"


def _refusal(problem: str, shown: str) -> BadConfiguration:
    return BadConfiguration(
        f"{problem.strip()} (the database URL is {shown}; right would be "
        "sqlite:///var/govern.db or postgresql://user@host/govern)",
        setting="GOVERN_DATABASE_URL",
        url=shown,
    )


def _sqlite(url: URL, shown: str, limits: Limits) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise _refusal(f"SQLite {sqlite3.sqlite_version} is too old, 3.35 is needed", shown)
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise _refusal("govern opens SQLite files with Python's own driver", shown)
    if not url.database or url.database == ":memory:":
        raise _refusal("A database in memory is empty for every connection: name a file", shown)
    if url.query or url.host or url.database.startswith("file:"):
        raise _refusal("An SQLite URL is sqlite:/// and a path, nothing else", shown)
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(f"The directory cannot be made: {error}", shown) from error
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        hide_parameters=True,
        pool_size=limits.connections,
        max_overflow=0,
        pool_timeout=limits.wait_s,
        # What a connection has read it need not read again, unless another one has written since.
        pool_use_lifo=True,
    )
    event.listen(engine, "connect", partial(_prepare_sqlite, limits.lock_s))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(lock_s: int, connection: sqlite3.Connection, record: object) -> None:
    # SQLAlchemy's way to take BEGIN away from the driver, which would send it too late.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {lock_s * 1000}",
        "synchronous = FULL",
        "foreign_keys = ON",
        # REPLACE deletes without firing delete triggers unless these are on.
        "recursive_triggers = ON",
        # What is erased is overwritten with zeros, not only let go.
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _use_wal(connection)


def _use_wal(connection: sqlite3.Connection) -> None:
    # The switch to WAL, once in a file's life, does not wait for locks as statements do.
    for pause_ms in (10, 20, 50, 100, 200, 500, 1000, 2000, 0):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not pause_ms:
                raise
            time.sleep(pause_ms / 1000)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    reads = options.get(READS, False)
    driver: Any = connection.connection.driver_connection
    # By the driver: two statements that every transaction begins with, and that give nothing back.
    try:
        driver.execute(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
        if not options.get(ASKS, False):
            driver.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise DBAPIError.instance("BEGIN", None, error, sqlite3.Error) from error


def _postgresql(url: URL, shown: str, limits: Limits) -> Engine:
    if url.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise _refusal("govern talks to PostgreSQL with psycopg 3", shown)
    of_session = {
        "statement_timeout": limits.statement_s * 1000,
        "lock_timeout": limits.lock_s * 1000,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_MS,
        "TimeZone": "UTC",
    }
    given = url.query.get("options", "")
    options = [f"-c {name}={value}" for name, value in of_session.items()]
    options += [given] if isinstance(given, str) else given
    arguments: dict[str, Any] = {"options": " ".join(options).strip()}
    if "connect_timeout" not in url.query:
        arguments["connect_timeout"] = CONNECT_S
    if "application_name" not in url.query:
        arguments["application_name"] = "govern"
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        # What people wrote must not get into the log of the service with a fault.
        hide_parameters=True,
        connect_args=arguments,
        pool_size=limits.connections,
        max_overflow=0,
        pool_timeout=limits.wait_s,
        # So that those that are not needed grow old.
        pool_use_lifo=True,
        pool_recycle=OLDEST_S,
    )
    event.listen(engine, "checkin", _put_back)
    event.listen(engine, "checkout", partial(_try_again_after, limits.unused_s, engine))
    event.listen(engine, "handle_error", _without_values)
    return engine


def _put_back(connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_UNUSED_SINCE] = time.monotonic()


def _try_again_after(
    unused_s: float,
    engine: Engine,
    connection: Any,
    record: ConnectionPoolEntry,
    proxy: object,
) -> None:
    """Asks a connection that was not used for a while whether its server is still there, and has all
    that are as old replaced where it is not. Asked each time (`pool_pre_ping`) every transaction
    would be a statement longer."""
    since = record.info.get(_UNUSED_SINCE)
    if since is None or time.monotonic() - since < unused_s:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _without_values(context: ExceptionContext) -> None:
    """Leaves of an error of PostgreSQL its first line: DETAIL and CONTEXT quote the row, and so what
    people wrote (PostgreSQL 15, Error and Notice Message Fields)."""
    error = context.original_exception
    diagnosis: Any = getattr(error, "diag", None)
    if diagnosis is None or diagnosis.message_primary is None:
        return
    whole, first = str(error), str(diagnosis.message_primary)
    error.args = (first,)
    told = context.sqlalchemy_exception
    if told is not None:
        told.args = tuple(
            each.replace(whole, first) if isinstance(each, str) else each for each in told.args
        )
