"""The history and the log over it are only ever added to, on both databases, by every way there is."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

from govern.store import blobs, events, people, rulebooks, separations, tables, validations
from govern.store.engine import is_sqlite
from govern.store.transaction import Store
from tests.databases import only_sqlite
from tests.store.rows import AT, add_kpi
from tests.store.tampering import drop_triggers

KEYS = {
    "event": "project, seq",
    "blob": "digest",
    "rulebook_proposal": "id",
    "rulebook_revision": "id",
    "reading": "id",
    "reading_validation": "id",
    "planned_value": "id",
    "separation_switch": "id",
    "log_entry": "log_index",
    "log_tile": "level, tile",
    "checkpoint": "size",
    "cosignature": "id",
    "checkpoint_timestamp": "id",
}
SOME_COLUMN = {"log_entry": "leaf", "log_tile": "hash", "checkpoint": "sealed_at"}
"""One to write to where there is no `recorded_at`."""
EVERYWHERE = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} WHERE true "
    "ON CONFLICT ({key}) DO UPDATE SET {column} = excluded.{column}",
    "insert again": "INSERT INTO {table} SELECT * FROM {table}",
}
SQLITE = {
    "replace": "REPLACE INTO {table} SELECT * FROM {table}",
    "insert or replace": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "insert or ignore": "INSERT OR IGNORE INTO {table} SELECT * FROM {table}",
    "update or replace": "UPDATE OR REPLACE {table} SET {column} = {column}",
    "update or ignore": "UPDATE OR IGNORE {table} SET {column} = {column}",
}
POSTGRESQL = {
    "truncate": "TRUNCATE {table} CASCADE",
    "update as a replica": "SET LOCAL session_replication_role = replica; " + EVERYWHERE["update"],
    "delete as a replica": "SET LOCAL session_replication_role = replica; " + EVERYWHERE["delete"],
    "truncate as a replica": "SET LOCAL session_replication_role = replica; "
    "TRUNCATE {table} CASCADE",
    "merge": "MERGE INTO {table} USING {table} AS old ON true WHEN MATCHED THEN DELETE",
}


@pytest.fixture
def filled(store: Store) -> Store:
    """One row in each of the tables."""
    with store.writing() as connection:
        events.append(connection, "P", actor="a", kind="k", data={}, at=AT)
        digest = blobs.put(connection, b"content", "text/plain", AT)
        rulebooks.propose(connection, digest, "a", None, AT)
        rulebooks.publish(connection, digest, "b", None, AT)
        add_kpi(connection)
        row = {"kpi_id": "K", "period": date(2026, 10, 31), "recorded_at": AT, "recorded_by": "a"}
        connection.execute(tables.reading.insert().values(actual=Decimal(1), **row))
        connection.execute(tables.planned_value.insert().values(planned=Decimal(1), **row))
        _log(connection)
        people.add(connection, "a", "a@example.org", "A", AT)
        validations.add(connection, [1], AT, "a")
        separations.add(connection, "rule_author/rule_publisher", False, "Two people", AT, "a")
    return store


def _log(connection: Connection) -> None:
    for table, row in {
        tables.log_entry: {"log_index": 0, "project": "P", "seq": 1, "leaf": "a"},
        tables.log_tile: {"level": 1, "tile": 0, "hash": "a"},
        tables.checkpoint: {"size": 1, "root": "a", "note": "n", "sealed_at": AT},
        tables.cosignature: {"size": 1, "witness": "w", "line": "l", "recorded_at": AT},
        tables.checkpoint_timestamp: {
            "size": 1,
            "authority": "t",
            "token": b"t",
            "recorded_at": AT,
        },
    }.items():
        connection.execute(table.insert().values(row))


def _content(store: Store, table: str) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(select(tables.metadata.tables[table])))


def _run(store: Store, *statements: str) -> None:
    with store.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _filled_in(statements: str, table: str) -> str:
    column = SOME_COLUMN.get(table, "recorded_at")
    return statements.format(table=table, key=KEYS[table], column=column)


@pytest.mark.parametrize("table", KEYS)
def test_nothing_but_adding_is_possible(filled: Store, table: str) -> None:
    before = _content(filled, table)
    assert len(before) == 1
    attempts = EVERYWHERE | (SQLITE if is_sqlite(filled.engine) else POSTGRESQL)
    for statements in attempts.values():
        with pytest.raises(IntegrityError, match=r"append-only|duplicate key"):
            _run(filled, *_filled_in(statements, table).split("; "))
        assert _content(filled, table) == before


@only_sqlite
@pytest.mark.parametrize("table", KEYS)
def test_replacing_is_refused_whatever_the_connection_asks_for(filled: Store, table: str) -> None:
    before = _content(filled, table)
    with filled.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA query_only = OFF")
        driver.execute("PRAGMA recursive_triggers = OFF")
        with pytest.raises(Exception, match="append-only"):
            driver.execute(f"REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608 - our name
    assert _content(filled, table) == before


@only_sqlite
@pytest.mark.parametrize(
    "statement",
    [
        # Each is in conflict with the row that is there by another key than the first.
        "INSERT OR REPLACE INTO event (rowid, project, seq, prev, body, leaf, kind, recorded_at) "
        "SELECT rowid, 'Q', 1, prev, body, leaf, kind, recorded_at FROM event",
        "INSERT OR REPLACE INTO blob (_rowid_, digest, media_type, content, recorded_at) "
        "SELECT rowid, 'other', media_type, content, recorded_at FROM blob",
        "REPLACE INTO rulebook_proposal (id, digest, author, recorded_at) "
        "SELECT 9, digest, 'c', recorded_at FROM rulebook_proposal",
        "REPLACE INTO reading_validation SELECT 9, reading_id, recorded_by, recorded_at "
        "FROM reading_validation",
        "REPLACE INTO log_entry SELECT 9, project, seq, leaf FROM log_entry",
        "REPLACE INTO log_tile (oid, level, tile, hash) SELECT oid, 1, 9, hash FROM log_tile",
        "REPLACE INTO cosignature SELECT 9, size, witness, 'other', recorded_at FROM cosignature",
        "REPLACE INTO checkpoint_timestamp SELECT 9, size, authority, token, recorded_at "
        "FROM checkpoint_timestamp",
        "INSERT INTO cosignature SELECT 9, size, witness, 'other', recorded_at FROM cosignature "
        "WHERE true ON CONFLICT (size, witness) DO UPDATE SET line = excluded.line",
    ],
)
def test_no_row_goes_by_a_conflict_on_another_key(filled: Store, statement: str) -> None:
    before = {table: _content(filled, table) for table in KEYS}
    with filled.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA query_only = OFF")
        driver.execute("PRAGMA recursive_triggers = OFF")
        with pytest.raises(Exception, match="append-only"):
            driver.execute(statement)
    assert {table: _content(filled, table) for table in KEYS} == before


def test_it_is_the_triggers_that_refuse(filled: Store) -> None:
    with filled.writing() as connection:
        drop_triggers(connection)
        for table in reversed(KEYS):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our names
