"""Another process reads the state that a transaction sees, or is told that it is past."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from govern.domain.refusal import BadConfiguration, Busy
from govern.store import projects
from govern.store.snapshot import Snapshot, reading_at, snapshot_of
from govern.store.tables import project
from govern.store.transaction import Store
from tests.databases import only_postgresql, only_sqlite
from tests.services.house import House, add_project


def ids(snapshot: Snapshot) -> list[str]:
    with reading_at(snapshot) as connection:
        return list(connection.scalars(select(project.c.id).order_by(project.c.id)))


@only_postgresql
def test_the_state_of_then_is_read_whatever_is_written_meanwhile(house: House) -> None:
    add_project(house, "P1")
    with house.runtime.store.reading() as connection:
        snapshot = snapshot_of(connection)
        add_project(house, "P2")
        assert ids(snapshot) == ids(snapshot) == ["P1"]


def test_one_who_writes_hands_on_what_was_there_before(house: House) -> None:
    add_project(house, "P1")
    with house.runtime.store.writing() as connection:
        snapshot = snapshot_of(connection)
        connection.execute(project.update().values(name="Other"))
        with reading_at(snapshot) as other:
            found = projects.find(other, "P1")
        assert found is not None
        assert found["name"] != "Other"


@only_sqlite
def test_a_file_that_was_written_to_is_past(house: House) -> None:
    add_project(house, "P1")
    with house.runtime.store.reading() as connection:
        snapshot = snapshot_of(connection)
        assert ids(snapshot) == ["P1"]
        add_project(house, "P2")
        with pytest.raises(Busy, match="Somebody wrote to the database"):
            ids(snapshot)


@only_sqlite
def test_a_file_that_is_not_here_is_of_another_machine(store: Store, tmp_path: Path) -> None:
    snapshot = Snapshot(f"sqlite:///{tmp_path / 'other.db'}", None, 0)
    with pytest.raises(BadConfiguration, match="another machine"):
        ids(snapshot)
    assert not (tmp_path / "other.db").exists()


def test_it_is_only_read(store: Store) -> None:
    with (
        store.reading() as connection,
        reading_at(snapshot_of(connection)) as other,
        pytest.raises(DBAPIError, match=r"readonly|read-only"),
    ):
        other.execute(project.delete())


def test_the_password_is_not_shown(store: Store) -> None:
    assert "secret" not in repr(Snapshot("postgresql+psycopg://u:secret@h/db", "1", 0))
