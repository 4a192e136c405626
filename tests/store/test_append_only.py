"""The ledger, blobs, readings, validations and planned values are only ever added to, on both
databases."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from govern.store import blobs, events, people, rulebooks, separations, tables, validations
from govern.store.engine import is_sqlite
from govern.store.transaction import Store
from tests.databases import only_sqlite
from tests.store.rows import AT, add_kpi
from tests.store.tampering import drop_triggers

KEYS = {
    "event": "project, seq",
    "rulebook_proposal": "id",
    "rulebook_revision": "id",
    "blob": "digest",
    "reading_validation": "id",
    "reading": "id",
    "planned_value": "id",
    "separation_switch": "id",
}
EVERYWHERE = {
    "update": "UPDATE {table} SET recorded_at = recorded_at",
    "delete": "DELETE FROM {table}",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} WHERE true "
    "ON CONFLICT ({key}) DO UPDATE SET recorded_at = excluded.recorded_at",
    "insert again": "INSERT INTO {table} SELECT * FROM {table}",
}
SQLITE = {
    "replace": "REPLACE INTO {table} SELECT * FROM {table}",
    "insert or replace": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "insert or ignore": "INSERT OR IGNORE INTO {table} SELECT * FROM {table}",
    "update or replace": "UPDATE OR REPLACE {table} SET recorded_at = recorded_at",
    "update or ignore": "UPDATE OR IGNORE {table} SET recorded_at = recorded_at",
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
        people.add(connection, "a", "a@example.org", "A", AT)
        validations.add(connection, [1], AT, "a")
        separations.add(connection, "rule_author/rule_publisher", False, "Two people", AT, "a")
    return store


def _content(store: Store, table: str) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(select(tables.metadata.tables[table])))


def _run(store: Store, *statements: str) -> None:
    with store.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize("table", KEYS)
def test_nothing_but_adding_is_possible(filled: Store, table: str) -> None:
    before = _content(filled, table)
    assert len(before) == 1
    attempts = EVERYWHERE | (SQLITE if is_sqlite(filled.engine) else POSTGRESQL)
    for statements in attempts.values():
        with pytest.raises(IntegrityError, match=r"append-only|duplicate key"):
            _run(filled, *statements.format(table=table, key=KEYS[table]).split("; "))
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


def test_it_is_the_triggers_that_refuse(filled: Store) -> None:
    with filled.writing() as connection:
        drop_triggers(connection)
        for table in KEYS:
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our names
