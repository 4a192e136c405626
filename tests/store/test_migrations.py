"""Migrations run up, down and up again, agree with the tables, and may be started by several at once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from govern.domain.refusal import BadConfiguration
from govern.store.engine import open_engine
from govern.store.migrate import current, downgrade, newest, upgrade
from govern.store.tables import metadata
from tests.databases import MIGRATIONS, only_postgresql

_SEARCHED = ("lesson_text", "ix_lesson_text")


def test_up_down_and_up_again(bare_database_url: str) -> None:
    assert current(bare_database_url) is None
    upgrade(bare_database_url, MIGRATIONS)
    assert current(bare_database_url) == newest(MIGRATIONS)
    downgrade(bare_database_url, MIGRATIONS, "base")
    engine = open_engine(bare_database_url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine, MIGRATIONS)
    assert current(engine) == newest(MIGRATIONS)
    engine.dispose()


def test_migrations_and_tables_agree(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        # How lessons are searched is each database's own, and no table of ours.
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, *_: not str(name).startswith(_SEARCHED)},
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_upgrading_again_changes_nothing(database_url: str) -> None:
    upgrade(database_url, MIGRATIONS)
    assert current(database_url) == newest(MIGRATIONS)


def test_several_may_start_at_once(bare_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: upgrade(bare_database_url, MIGRATIONS), range(4)))
    assert current(bare_database_url) == newest(MIGRATIONS)


def test_several_processes_may_start_at_once(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'new' / 'govern.db'}"
    program = (
        "import sys; from pathlib import Path; from govern.store.migrate import upgrade;"
        "upgrade(sys.argv[1], Path(sys.argv[2]))"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", program, address, MIGRATIONS], cwd=MIGRATIONS.parent
        )
        for _ in range(3)
    ]
    assert [start.wait(60) for start in starts] == [0, 0, 0]
    assert current(address) == newest(MIGRATIONS)


def test_a_failing_migration_leaves_nothing(bare_database_url: str, tmp_path: Path) -> None:
    migrations = _migrations(tmp_path, "op.execute('CREATE TABLE a (b INTEGER)')", "1 / 0")
    engine = open_engine(bare_database_url)
    with pytest.raises(ZeroDivisionError):
        upgrade(engine, migrations)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


@only_postgresql
def test_a_migration_waits_for_no_lock_and_no_statement_for_long(
    database_url: str, tmp_path: Path
) -> None:
    migrations = _migrations(
        tmp_path,
        "op.execute('CREATE TABLE seen AS SELECT current_setting($$lock_timeout$$) AS lock, '",
        "    'current_setting($$statement_timeout$$) AS statement')",
    )
    downgrade(database_url, MIGRATIONS, "base")
    engine = open_engine(database_url)
    upgrade(engine, migrations)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT * FROM seen")).one() == ("5s", "1min")
    engine.dispose()


def _migrations(directory: Path, *body: str) -> Path:
    """A directory with one migration that does `body`, run the way ours are."""
    versions = directory / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "env.py").write_text((MIGRATIONS / "env.py").read_text())
    lines = ("from alembic import op", "revision, down_revision = 'one', None", "def upgrade():")
    (versions / "one.py").write_text("\n".join([*lines, *(f"    {line}" for line in body)]))
    return versions.parent


def test_a_database_from_a_newer_govern_is_refused(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BadConfiguration, match="9999"):
        upgrade(engine, MIGRATIONS)
    engine.dispose()


def test_a_directory_without_migrations_is_refused(tmp_path: Path, database_url: str) -> None:
    with pytest.raises(BadConfiguration, match="holds no migrations"):
        upgrade(database_url, tmp_path)
