"""The role that the service runs with on PostgreSQL adds to the history and can do nothing else to it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

import govern.store
from govern.store import blobs, events, grants, guards, shares
from govern.store.engine import open_engine
from govern.store.migrate import upgrade
from govern.store.transaction import Store
from tests.databases import MIGRATIONS, only_postgresql
from tests.store.rows import AT

ROLE = "govern_service"
REFUSED = "permission denied|must be owner"


@pytest.fixture
def service(database_url: str, store: Store) -> Iterator[Store]:
    """The database, opened as the service opens it that owns nothing."""
    with store.writing() as connection:
        there = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
        if connection.scalar(there, {"role": ROLE}) is None:
            connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
        grants.give(connection, ROLE)
        events.append(connection, "P", actor="a", kind="k", data={}, at=AT)
        blobs.put(connection, b"content", "text/plain", AT)
    url = make_url(database_url).set(username=ROLE).render_as_string(hide_password=False)
    opened = Store(open_engine(url))
    yield opened
    opened.close()


def _run(store: Store, statement: str) -> None:
    with store.writing() as connection:
        connection.execute(text(statement))


@only_postgresql
def test_the_service_works_with_what_it_was_granted(service: Store, database_url: str) -> None:
    upgrade(service.engine, MIGRATIONS)
    with service.writing() as connection:
        events.append(connection, "P", actor="a", kind="k", data={}, at=AT)
        events.append(connection, "Q", actor="a", kind="k", data={}, at=AT)
        blobs.put(connection, b"more", "text/plain", AT)
    with service.reading() as connection:
        assert len(events.events_of(connection, "P")) == 2
        assert guards.fallen(connection) == ()
        assert guards.owned(connection) == ()


@only_postgresql
def test_the_owner_is_told_to_be_one(service: Store, store: Store) -> None:
    with store.reading() as connection:
        assert set(guards.owned(connection)) == set(guards.APPEND_ONLY)


@only_postgresql
@pytest.mark.parametrize("table", guards.APPEND_ONLY)
def test_the_service_can_do_nothing_else_to_the_history(service: Store, table: str) -> None:
    for statement in (
        "UPDATE {0} SET {1} = {1}",
        "DELETE FROM {0}",
        "TRUNCATE {0} CASCADE",
        "ALTER TABLE {0} DISABLE TRIGGER ALL",
        "ALTER TABLE {0} DISABLE TRIGGER {0}_no_change",
        "ALTER TABLE {0} ENABLE TRIGGER {0}_no_change",
        "ALTER TABLE {0} DROP COLUMN {1}",
        "ALTER TABLE {0} RENAME TO something",
        "DROP TRIGGER {0}_no_change ON {0}",
        "DROP TABLE {0} CASCADE",
        "CREATE TRIGGER quiet BEFORE INSERT ON {0} FOR EACH ROW "
        "EXECUTE FUNCTION govern_append_only()",
        "CREATE RULE quiet AS ON INSERT TO {0} DO INSTEAD NOTHING",
    ):
        columns = {"log_entry": "leaf", "log_tile": "hash", "checkpoint": "sealed_at"}
        column = columns.get(table, "recorded_at")
        with pytest.raises(DBAPIError, match=REFUSED), service.writing() as connection:
            connection.execute(text(statement.format(table, column)))


@only_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION govern_append_only() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NULL; END $$",
        "DROP FUNCTION govern_append_only() CASCADE",
        "CREATE TABLE public.another (a integer)",
        "SET ROLE postgres",
        "UPDATE pg_trigger SET tgenabled = 'D'",
        "UPDATE alembic_version SET version_num = '0001'",
        "GRANT UPDATE ON event TO CURRENT_USER",
    ],
)
def test_nor_to_what_guards_it(service: Store, store: Store, statement: str) -> None:
    if statement.startswith("GRANT"):
        # PostgreSQL lets a grant pass that the role has no right to give, and gives nothing.
        _run(service, statement)
        statement = "UPDATE event SET kind = kind"
    with pytest.raises(DBAPIError, match=REFUSED):
        _run(service, statement)
    with store.reading() as connection:
        assert guards.fallen(connection) == ()


@only_postgresql
def test_what_was_granted_before_goes(service: Store, store: Store) -> None:
    with store.writing() as connection:
        connection.execute(text(f"GRANT ALL ON event TO {ROLE}"))
        grants.give(connection, ROLE)
    with pytest.raises(DBAPIError, match=REFUSED), service.writing() as connection:
        connection.execute(text("DELETE FROM event"))


TIED = {each.table.name for each in vars(shares).values() if isinstance(each, shares.Tie)}
"""The tables of links, each of which is replaced as a whole."""


def test_rows_are_taken_only_where_that_is_granted() -> None:
    """Every `delete(…)` of the store is of a table that the role may delete from, but for what a
    projection does in a database of its own."""
    taken: set[str] = set()
    for module in Path(govern.store.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if (
                module.parent.name != "projection"
                and isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "delete"
            ):
                named = ast.unparse(node.args[0])
                taken |= TIED if named == "self.table" and module.name == "shares.py" else {named}
    assert taken == grants.ROWS_GO


def test_a_name_is_quoted() -> None:
    assert all('"a ""b"' in each for each in grants.statements('a "b'))
    with pytest.raises(ValueError, match="no name of a role"):
        grants.statements("")
