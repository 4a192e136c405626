"""A database in memory that a projection is written to and read from like any other."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from typing import Any, NoReturn

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import NullPool

from govern.store.engine import READS
from govern.store.lessons import TEXT_TABLE
from govern.store.tables import metadata
from govern.store.transaction import Store

_numbers = count(1)


class Scratch(Store):
    """A store of the past: filled once, then read. Nothing of it touches a disk."""

    def __init__(self) -> None:
        name = f"file:govern-past-{next(_numbers)}?mode=memory&cache=shared"
        # As long as one connection is open the database is there.
        self._anchor = sqlite3.connect(name, uri=True, check_same_thread=False)
        engine = create_engine(
            "sqlite+pysqlite://",
            creator=lambda: sqlite3.connect(name, uri=True, check_same_thread=False),
            poolclass=NullPool,
        )
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        metadata.create_all(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql(TEXT_TABLE)
        super().__init__(engine)

    @contextmanager
    def filling(self) -> Generator[Connection]:
        with self.engine.begin() as connection:
            yield connection

    def writing(self, *, large: bool = False) -> NoReturn:
        raise RuntimeError("the past is not written to")

    def close(self) -> None:
        super().close()
        self._anchor.close()


def _prepare(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None
    # Chains are projected one by one: what a row refers to may come later.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA synchronous = OFF")


def _begin(connection: Connection) -> None:
    reads: Any = connection.get_execution_options().get(READS, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN")
