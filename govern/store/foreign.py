"""Databases of others: asked one question, read only, and left.

SQLite files are opened so that they cannot be written (`mode=ro`), PostgreSQL sessions are read only and
stop a query that takes too long; whatever the database, the transaction is rolled back.
"""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    bindparam,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from govern.domain.refusal import SourceUnreadable
from govern.store.engine import CONNECT_S

_STEPS = 10_000
"""Of SQLite's machine between two looks at the clock."""


def ask(
    address: str, query: str, watermark: Any, *, named: str, most: int, timeout_s: int
) -> tuple[tuple[str, ...], Sequence[Sequence[Any]]]:
    """The columns of a query, and at most `most` of its rows. `named` is what messages call the source.

    Raises SourceUnreadable, without the address: it holds a password.
    """
    try:
        url = make_url(address)
        engine = _engine(url, timeout_s)
    except (ArgumentError, ValueError, ImportError, SQLAlchemyError) as error:
        kind = type(error).__name__
        raise SourceUnreadable(
            f"The address of {named} cannot be used ({kind}); right would be "
            "postgresql+psycopg://user:password@host/database, or sqlite:////path/to/file.db."
        ) from None
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            found = _rows(connection, query, watermark, most)
            transaction.rollback()
            return found
    except SQLAlchemyError as error:
        why = _without(url, _first_line(error))
        raise SourceUnreadable(f"The database of {named} does not answer: {why}") from None
    finally:
        engine.dispose()


def _rows(
    connection: Connection, query: str, watermark: Any, most: int
) -> tuple[tuple[str, ...], Sequence[Sequence[Any]]]:
    if connection.dialect.name == "sqlite" and not isinstance(watermark, str | int | float):
        # SQLite knows neither days nor decimals; a number is compared as one.
        watermark = int(watermark) if _is_whole(watermark) else str(watermark)
    statement = text(query).bindparams(bindparam("watermark", watermark))
    result = connection.execution_options(stream_results=True).execute(statement)
    names = tuple(result.keys())
    rows = [tuple(row) for row in result.fetchmany(most)]
    result.close()
    return names, rows


def _is_whole(value: Any) -> bool:
    try:
        return value == int(value)
    except (TypeError, ValueError):
        return False


def _engine(url: URL, timeout_s: int) -> Engine:
    kind = url.get_backend_name()
    if kind == "sqlite":
        return _sqlite(url, timeout_s)
    arguments: dict[str, Any] = {}
    if kind == "postgresql":
        options = f"-c default_transaction_read_only=on -c statement_timeout={timeout_s * 1000}"
        arguments = {"connect_timeout": CONNECT_S, "options": options, "application_name": "govern"}
    return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)


def _sqlite(url: URL, timeout_s: int) -> Engine:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise ArgumentError("a source is a file")
    # A file that is not there must not be made, as SQLite would.
    path = Path(url.database).resolve()
    read_only = url.set(database=f"{path.as_uri()}?mode=ro", query={"uri": "true"})
    engine = create_engine(read_only, poolclass=NullPool, hide_parameters=True)

    def prepare(connection: sqlite3.Connection, record: object) -> None:
        end = time.monotonic() + timeout_s
        connection.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)

    event.listen(engine, "connect", prepare)
    return engine


def _first_line(error: SQLAlchemyError) -> str:
    """What was wrong; the lines behind it quote rows and the statement."""
    told = getattr(error, "orig", None)
    lines = str(told if told is not None else error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _without(url: URL, message: str) -> str:
    for secret in (url.password, url.username):
        if secret:
            message = message.replace(str(secret), "…")
    return message
