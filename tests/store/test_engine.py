"""An address that can work opens a database set up to be durable; any other is refused with why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from govern.domain.refusal import BadConfiguration, Busy
from govern.store.engine import Limits, is_sqlite, open_engine
from govern.store.transaction import Store
from tests.databases import only_postgresql


def test_sqlite_is_durable_and_keeps_its_rules(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'deep' / 'er' / 'govern.db'}")
    with engine.connect() as connection:
        pragmas = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "busy_timeout",
                "recursive_triggers",
            )
        }
    engine.dispose()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "recursive_triggers": 1,
    }


@only_postgresql
def test_postgresql_never_waits_for_ever(database_url: str) -> None:
    wanted = {
        "statement_timeout": "1min",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "5min",
        "timezone": "UTC",
        "transaction_isolation": "read committed",
        "application_name": "govern",
    }
    engine = open_engine(database_url)
    with engine.connect() as connection:
        assert {name: connection.scalar(text(f"SHOW {name}")) for name in wanted} == wanted
    engine.dispose()


def test_limits_are_those_that_are_asked_for(database_url: str) -> None:
    engine = open_engine(database_url, Limits(statement_s=7, lock_s=2))
    with engine.connect() as connection:
        if is_sqlite(engine):
            assert connection.scalar(text("PRAGMA busy_timeout")) == 2000
        else:
            assert connection.scalar(text("SHOW statement_timeout")) == "7s"
            assert connection.scalar(text("SHOW lock_timeout")) == "2s"
    engine.dispose()


@only_postgresql
def test_a_statement_that_takes_too_long_is_ended(database_url: str) -> None:
    store = Store(open_engine(database_url, Limits(statement_s=1)))
    with pytest.raises(Busy, match="the statement took too long"), store.reading() as connection:
        connection.execute(text("SELECT pg_sleep(300)"))
    store.close()


def test_a_process_takes_no_more_connections_than_it_may(database_url: str) -> None:
    store = Store(open_engine(database_url, Limits(connections=1, wait_s=0.05)))
    with (
        store.reading(),
        pytest.raises(Busy, match="All connections to the database are in use"),
        store.reading(),
    ):
        pass
    with store.reading() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    store.close()


@only_postgresql
def test_connections_that_were_cut_while_unused_are_made_anew(database_url: str) -> None:
    store = Store(open_engine(database_url, Limits(unused_s=0)))
    with store.reading() as one, store.reading() as other:
        before = {each.scalar(text("SELECT pg_backend_pid()")) for each in (one, other)}
    executioner = open_engine(database_url)
    with executioner.begin() as connection:
        for process in before:
            connection.execute(text(f"SELECT pg_terminate_backend({process}, 5000)"))
    executioner.dispose()
    with store.reading() as one, store.reading() as other:
        after = {each.scalar(text("SELECT pg_backend_pid()")) for each in (one, other)}
    assert len(after) == 2
    assert before.isdisjoint(after)
    store.close()


@only_postgresql
def test_options_in_the_address_are_kept(database_url: str) -> None:
    engine = open_engine(f"{database_url}&options=-c%20work_mem%3D8MB&application_name=audit")
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW work_mem")) == "8MB"
        assert connection.scalar(text("SHOW lock_timeout")) == "5s"
        assert connection.scalar(text("SHOW application_name")) == "audit"
    engine.dispose()


@only_postgresql
def test_the_usual_spellings_of_postgresql_open(database_url: str) -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        open_engine(database_url.replace("postgresql+psycopg", scheme)).dispose()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "cannot be read"),
        ("govern.db", "cannot be read"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("sqlite://host/govern.db", "An SQLite URL is sqlite:/// and a path"),
        ("sqlite:///file:a.db?uri=true", "An SQLite URL is sqlite:/// and a path"),
        ("sqlite+aiosqlite:///a.db", "Python's own driver"),
        ("mysql://localhost/govern", "does not run on 'mysql'"),
        ("postgresql+psycopg2://localhost/govern", "psycopg 3"),
        ("postgresql://u:secret@/govern?host=/nowhere", "cannot be opened"),
    ],
)
def test_an_address_that_cannot_work_is_refused(address: str, says: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        open_engine(address)
    assert says in refused.value.detail
    assert "right would be sqlite:///" in refused.value.detail
    assert "secret" not in refused.value.detail


@only_postgresql
def test_a_database_that_is_not_there_is_refused(database_url: str) -> None:
    with pytest.raises(BadConfiguration, match=r'"no_such_test_\d+" does not exist'):
        open_engine(database_url.replace("postgres@/", "postgres@/no_such_"))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes, and no database at all. " * 50)
    with pytest.raises(BadConfiguration, match="file is not a database"):
        open_engine(f"sqlite:///{path}")
    assert path.read_text().startswith("These are notes")


def test_a_directory_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="unable to open"):
        open_engine(f"sqlite:///{tmp_path}")


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadConfiguration, match="directory cannot be made"):
        open_engine(f"sqlite:///{tmp_path / 'file' / 'govern.db'}")


def test_foreign_keys_hold(database_url: str) -> None:
    engine = open_engine(database_url)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text("INSERT INTO deliverable_kpi VALUES ('no', 'no', NULL)"))
    engine.dispose()


def test_importing_the_store_touches_nothing(tmp_path: Path) -> None:
    program = (
        "import os; before = set(os.listdir('.'));"
        "import govern.store.engine, govern.store.transaction, govern.store.migrate;"
        "import govern.store.events, govern.store.blobs; assert set(os.listdir('.')) == before"
    )
    subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path,
        check=True,
        env={"PATH": os.defpath},
    )
