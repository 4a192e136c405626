"""A writing transaction is whole or nothing; a reading one sees one state and cannot write."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from govern.domain.refusal import Busy
from govern.store.engine import is_sqlite, open_engine
from govern.store.tables import portfolio
from govern.store.transaction import Store
from tests.databases import only_sqlite

AT = datetime(2026, 11, 24, tzinfo=UTC)


def _add(connection: Connection, name: str) -> None:
    connection.execute(portfolio.insert().values(id=name, name=name, recorded_at=AT))


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(portfolio)) or 0


def test_what_is_written_is_there_afterwards(store: Store) -> None:
    with store.writing() as connection:
        _add(connection, "a")
    with store.reading() as connection:
        assert _count(connection) == 1


def test_a_block_that_raises_has_written_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError):
        _write(store, "a", "b", "a")
    with store.reading() as connection:
        assert _count(connection) == 0


def test_a_reader_sees_one_state_and_does_not_stop_writers(store: Store) -> None:
    with store.reading() as reader:
        assert _count(reader) == 0
        with store.writing() as writer:
            _add(writer, "a")
        assert _count(reader) == 0
    with store.reading() as reader:
        assert _count(reader) == 1


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), store.reading() as connection:
        _add(connection, "a")
    with store.writing() as connection:
        _add(connection, "a")
        assert _count(connection) == 1


def test_writers_in_many_threads_all_get_their_turn(store: Store) -> None:
    def write(number: int) -> None:
        with store.writing() as connection:
            _add(connection, str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with store.reading() as connection:
        assert _count(connection) == 40


def test_a_lock_held_elsewhere_is_a_refusal_that_says_try_again(
    store: Store, database_url: str
) -> None:
    _wait_only_briefly(store)
    other = open_engine(database_url)
    with other.begin() as holder:
        _add(holder, "a")
        with pytest.raises(Busy, match="try again"):
            _write(store, "a")
    other.dispose()
    with pytest.raises(IntegrityError):
        _write(store, "a")
    _write(store, "b")


@only_sqlite
def test_a_thread_that_is_writing_cannot_begin_to_write_again(store: Store) -> None:
    with store.writing(), pytest.raises(RuntimeError, match="writing already"):
        _write(store, "within")
    _write(store, "after")


def _write(store: Store, *names: str) -> None:
    with store.writing() as connection:
        for name in names:
            _add(connection, name)


def _wait_only_briefly(store: Store) -> None:
    """For the one connection that is in the pool now."""
    with store.engine.connect() as connection:
        if is_sqlite(store.engine):
            connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        else:
            connection.exec_driver_sql("SET lock_timeout = '50ms'")
            connection.commit()
