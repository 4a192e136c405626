"""Whether the guards stand is seen, also where they were taken away without any statement on a table."""

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, text

from govern.store import guards, tables
from govern.store.transaction import Store
from tests.databases import only_postgresql, only_sqlite


def _run(store: Store, *statements: str) -> None:
    with store.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _fallen(store: Store) -> tuple[str, ...]:
    with store.reading() as connection:
        return guards.fallen(connection)


def test_after_the_migrations_every_guard_stands(store: Store) -> None:
    assert _fallen(store) == ()


def test_what_is_only_added_to_is_a_table(store: Store) -> None:
    assert set(guards.APPEND_ONLY) <= set(tables.metadata.tables)


def test_every_key_of_a_guarded_table_is_guarded() -> None:
    for name, keys in guards.KEYS.items():
        table = tables.metadata.tables[name]
        unique = {
            tuple(each.columns.keys())
            for each in table.constraints
            if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)
        }
        whole = len(table.primary_key.columns) == 1 and all(
            column.type.python_type is int for column in table.primary_key.columns
        )
        # Where the key is one whole number it is SQLite's rowid itself.
        assert set(keys) == unique | (set() if whole else {("rowid",)}), name


@only_sqlite
@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DROP TRIGGER event_no_update", "the trigger event_no_update is gone"),
        (
            "CREATE TRIGGER quiet AFTER INSERT ON event BEGIN DELETE FROM notice; END",
            "the trigger quiet was not set up by govern",
        ),
    ],
)
def test_a_trigger_that_went_or_came_is_told_on_sqlite(
    store: Store, statement: str, says: str
) -> None:
    _run(store, statement)
    assert _fallen(store) == (says,)


@only_sqlite
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            "DELETE FROM sqlite_schema WHERE name = 'checkpoint_no_delete'",
            "the trigger checkpoint_no_delete is gone",
        ),
        (
            "UPDATE sqlite_schema SET sql = replace(sql, 'ON event', 'ON event WHEN 0') "
            "WHERE name = 'event_no_delete'",
            "the trigger event_no_delete is another than the one that was set up",
        ),
    ],
)
def test_a_schema_written_by_hand_is_told(store: Store, change: str, says: str) -> None:
    with store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA query_only = OFF")
        driver.execute("PRAGMA writable_schema = ON")
        driver.execute(change)
        driver.execute("PRAGMA writable_schema = RESET")
    assert _fallen(store) == (says,)


@only_postgresql
@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DROP TRIGGER event_no_change ON event", "the trigger event_no_change is gone"),
        (
            "ALTER TABLE blob DISABLE TRIGGER blob_no_change",
            "the trigger blob_no_change is switched off, or another than the one that was set up",
        ),
        (
            "ALTER TABLE checkpoint ENABLE TRIGGER checkpoint_no_truncate",
            "the trigger checkpoint_no_truncate is switched off, "
            "or another than the one that was set up",
        ),
        (
            "CREATE OR REPLACE FUNCTION govern_append_only() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NEW; END $$",
            "the function govern_append_only is another than the one that was set up",
        ),
        (
            "CREATE TRIGGER quiet BEFORE INSERT ON event FOR EACH ROW "
            "EXECUTE FUNCTION govern_append_only()",
            "the trigger quiet was not set up by govern",
        ),
        (
            "CREATE OR REPLACE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event "
            "FOR EACH ROW WHEN (OLD.seq = 7) EXECUTE FUNCTION govern_append_only(); "
            "ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_change",
            "the trigger event_no_change is switched off, or another than the one that was set up",
        ),
    ],
)
def test_a_trigger_that_went_or_came_is_told_on_postgresql(
    store: Store, statement: str, says: str
) -> None:
    _run(store, *_each(statement))
    assert _fallen(store) == (says,)


def _each(statements: str) -> list[str]:
    """Those that are several end with a semicolon before ALTER; a function's body has its own."""
    first, alter, rest = statements.partition("; ALTER")
    return [first, "ALTER" + rest] if alter else [first]
