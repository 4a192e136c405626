"""A writing transaction is whole or nothing; a reading one sees one state and cannot write."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from govern.domain.refusal import Busy, OutcomeUnknown, StorageFault
from govern.store import personal
from govern.store.engine import is_sqlite, open_engine
from govern.store.tables import portfolio
from govern.store.transaction import Store
from tests.databases import only_postgresql, only_sqlite

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


@only_postgresql
def test_a_large_transaction_does_not_keep_to_plans_made_for_an_empty_table(store: Store) -> None:
    with store.writing(large=True) as connection:
        for step in range(20):
            personal.references_of(connection, [f"{step} {n}" for n in range(500)], AT)
            for first in range(20):
                texts = [f"{step} {first + n}" for n in range(20)]
                assert len(personal.references_of(connection, texts, AT)) == len(texts)
        read = connection.exec_driver_sql(
            "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'personal'"
        )
        # Looked for in the whole table, they would be found 400 times among some 5,000 rows.
        assert read.scalar_one() < 600_000


def test_a_single_question_takes_no_transaction(store: Store) -> None:
    with store.writing() as connection:
        _add(connection, "a")
    with store.asking() as connection:
        assert _count(connection) == 1
        if not is_sqlite(store.engine):
            begun = connection.exec_driver_sql("SELECT now() = statement_timestamp()")
            assert begun.scalar_one()
            assert connection.exec_driver_sql(
                "SELECT now() = statement_timestamp()"
            ).scalar_one(), "a transaction that goes on has a time of its own"
    with store.writing() as connection:
        _add(connection, "b")


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


@only_sqlite
def test_a_full_disk_is_told_and_nothing_of_it_is_written(store: Store) -> None:
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.commit()
    with pytest.raises(StorageFault, match="its disk is full"):
        _write(store, "small", *(f"{number:05}" * 40 for number in range(500)))
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        connection.commit()
    _write(store, "small")
    with store.reading() as connection:
        assert _count(connection) == 1


@only_postgresql
@pytest.mark.parametrize(
    ("state", "told"), [("53100", "its disk is full"), ("58030", "its disk reports a fault")]
)
def test_what_the_server_says_of_its_disk_is_told(store: Store, state: str, told: str) -> None:
    failing = f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"
    ending = store.ending(lambda connection: _run(connection, failing))
    with pytest.raises(StorageFault, match=told):
        _write(ending, "a")
    with store.reading() as connection:
        assert _count(connection) == 0


@only_postgresql
def test_a_connection_that_is_lost_while_it_commits_leaves_open_whether_it_did(
    store: Store,
) -> None:
    losing = store.ending(lambda connection: _end_session_of(store, connection))
    with pytest.raises(OutcomeUnknown, match="Idempotency-Key"):
        _write(losing, "a")
    _write(store, "a")


@only_postgresql
def test_a_connection_that_is_lost_before_has_written_nothing(store: Store) -> None:
    def go_on(connection: Connection) -> None:
        _end_session_of(store, connection)
        _add(connection, "b")

    with pytest.raises(Busy, match="try again"):
        _write(store.ending(go_on), "a")
    _write(store, "a")


def test_a_server_that_is_not_there_is_a_refusal(tmp_path: Path) -> None:
    absent = create_engine(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    with pytest.raises(Busy, match="cannot be reached"):
        _write(Store(absent), "a")


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _end_session_of(store: Store, connection: Connection) -> None:
    session = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with store.engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({session}, 5000)")


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
