"""The version that is running goes on while the next one's migration runs, and after it."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, func, select, text

from govern.domain.refusal import BadConfiguration
from govern.services.readiness import missing
from govern.settings import Settings
from govern.store.engine import is_sqlite, open_engine
from govern.store.migrate import current, newest, upgrade
from govern.store.transaction import Store
from govern.wiring import started
from tests.databases import MIGRATIONS
from tests.services.house import add_project, build, report, submit

FIRST = "0011"
"""What came before it ran nowhere when the next was made."""


def _steps() -> list[tuple[str, str]]:
    known = sorted(each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    later = [each for each in known if each >= FIRST]
    return [*itertools.pairwise(later)]


def _tables(engine: Engine) -> dict[str, Table]:
    metadata = MetaData()
    metadata.reflect(engine)
    return dict(metadata.tables)


@pytest.mark.parametrize(("before", "after"), _steps())
def test_what_the_version_before_says_to_the_database_still_works(
    bare_database_url: str, before: str, after: str
) -> None:
    engine = open_engine(bare_database_url)
    upgrade(engine, MIGRATIONS, before)
    old = _tables(engine)
    upgrade(engine, MIGRATIONS, after)
    new = _tables(engine)
    for name, table in old.items():
        assert name in new, f"{after} takes {name} away"
        for column in table.columns:
            there = new[name].columns.get(column.name)
            assert there is not None, f"{after} takes {name}.{column.name} away"
            # What may be left out, or be unknown, may be so still.
            assert there.nullable or not column.nullable, f"{after}: {name}.{column.name}"
            assert str(there.type) == str(column.type), f"{after}: {name}.{column.name}"
        for column in new[name].columns:
            if column.name not in table.columns:
                # An INSERT of the version before does not name it.
                given = column.nullable or column.server_default is not None
                assert given, f"{after} needs {name}.{column.name}"
    with engine.connect() as connection:
        for table in old.values():
            connection.execute(select(table).limit(1)).all()
    engine.dispose()


_ADD = """\
INSERT INTO portfolio (id, name, recorded_at)
VALUES (:id, 'A portfolio', '2026-11-24T10:00:00.000000Z')"""


@contextmanager
def _at_work(engine: Engine, table: Table) -> Iterator[list[int]]:
    """Somebody who adds a row and reads, again and again, with the SQL of the version before."""
    stop, done, failed = Event(), [], []

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                with engine.begin() as connection:
                    connection.execute(text(_ADD), {"id": f"P{number}"})
                    connection.execute(select(func.count()).select_from(table)).scalar_one()
            except Exception as error:  # whatever hinders it is what is looked for
                failed.append(error)
                return
            done.append(number)
            # SQLite lets who waits in by chance: beside one who never rests, perhaps not within its time.
            stop.wait(0.005)

    worker = Thread(target=work)
    worker.start()
    try:
        yield done
    finally:
        stop.set()
        worker.join()
    assert not failed, failed


@pytest.mark.parametrize(("before", "after"), _steps())
def test_who_writes_while_it_is_migrated_loses_nothing(
    bare_database_url: str, before: str, after: str
) -> None:
    engine, other = open_engine(bare_database_url), open_engine(bare_database_url)
    upgrade(engine, MIGRATIONS, before)
    table = _tables(engine)["portfolio"]
    with _at_work(other, table) as done:
        _until(done, 3)
        upgrade(engine, MIGRATIONS, after)
        _until(done, len(done) + 3)
    assert current(engine) == after
    with engine.connect() as connection:
        kept = connection.execute(select(func.count()).select_from(table)).scalar_one()
    assert kept == len(done)
    engine.dispose()
    other.dispose()


def _until(done: list[int], wanted: int) -> None:
    waiting = Event()
    for _ in range(3000):
        if len(done) >= wanted:
            return
        waiting.wait(0.01)
    raise AssertionError(f"only {len(done)} of {wanted}")


def test_a_migration_that_waits_for_a_lock_gives_up_and_changes_nothing(
    bare_database_url: str,
) -> None:
    engine = open_engine(bare_database_url)
    if is_sqlite(engine):
        engine.dispose()
        pytest.skip("on SQLite whoever writes is the only one, and waits five seconds as ever")
    # 0012 adds columns to `vote`.
    before, after = "0011", "0012"
    upgrade(engine, MIGRATIONS, before)
    with engine.begin() as held:
        held.exec_driver_sql("LOCK TABLE vote IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Exception, match="lock timeout"):
            upgrade(engine, MIGRATIONS, after)
    assert current(engine) == before
    upgrade(engine, MIGRATIONS, after)
    assert current(engine) == after
    engine.dispose()


def test_a_database_one_migration_ahead_keeps_who_runs_and_refuses_who_starts(
    database_url: str, tmp_path: Path
) -> None:
    """While a newer govern takes over: the processes of this one go on, and none is started anew."""
    store = Store(open_engine(database_url))
    house = build(store)
    project = add_project(house)
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert missing(house.runtime, newest(MIGRATIONS)) == []
    report(house, f"{project}-K1", {"2026-10-31": 12})
    assert submit(house, project, "value_defined")["state"] == "open"
    settings = Settings(database_url=database_url, keys_dir=tmp_path)
    with pytest.raises(BadConfiguration, match="9999, which this govern does not know"):
        started(settings).__enter__()
    with store.reading() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    store.close()
