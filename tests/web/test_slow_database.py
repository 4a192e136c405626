"""A database that is too slow for a caller is answered as documented, and nothing is written."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from govern.store.engine import Limits, open_engine
from govern.store.transaction import Store
from tests.databases import only_postgresql
from tests.services import house as made
from tests.web.caller import Callers, everybody

READING = {"period": "2026-10-31", "actual": 12}
SLOW = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(300); RETURN NEW; END $$;
CREATE TRIGGER slow BEFORE INSERT ON reading FOR EACH ROW EXECUTE FUNCTION slow();
"""
"""As a disk that stands still: any insert of a reading takes five minutes."""


@pytest.fixture
def hurried(database_url: str) -> Iterator[Callers]:
    """A service whose statements may take three seconds, and wait a second for a lock."""
    store = Store(open_engine(database_url, Limits(statement_s=3, lock_s=1)))
    house = made.build(store)
    made.add_project(house)
    yield everybody(house)
    store.close()


@only_postgresql
def test_a_statement_that_takes_too_long(hurried: Callers, database_url: str) -> None:
    outside = open_engine(database_url)
    with outside.begin() as connection:
        connection.exec_driver_sql(SLOW)
    refused(hurried, "the statement took too long")
    with outside.begin() as connection:
        assert count(connection) == 0
        connection.exec_driver_sql("DROP TRIGGER slow ON reading")
    outside.dispose()
    assert hurried.dan.post("/kpis/P1-K1/readings", READING).status_code == 201


@only_postgresql
def test_a_lock_that_is_waited_for_too_long(hurried: Callers, database_url: str) -> None:
    outside = open_engine(database_url)
    with outside.begin() as connection:
        connection.execute(text("SELECT id FROM project FOR UPDATE"))
        refused(hurried, "another transaction holds the rows")
        assert count(connection) == 0
    outside.dispose()
    assert hurried.dan.post("/kpis/P1-K1/readings", READING).status_code == 201


def refused(people: Callers, why: str) -> None:
    response = people.dan.post("/kpis/P1-K1/readings", READING)
    assert response.status_code == 503
    assert response.content_type == "application/problem+json"
    assert response.json is not None
    assert response.json["code"] == "busy"
    assert why in response.json["detail"]


def count(connection: Connection) -> int:
    return connection.execute(text("SELECT count(*) FROM reading")).scalar_one()
