"""Bring a database to the shape this govern works with; safe when several start at once."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from govern.domain.refusal import BadConfiguration
from govern.store.engine import READS, is_sqlite, open_engine

_LOCK = 0x676F7665726E
"""The advisory lock on PostgreSQL: "govern" in ASCII."""
_WAIT_MS = 120_000
"""How long a start waits for another one's migration."""


def upgrade(database: Engine | str, migrations: Path, revision: str = "head") -> None:
    """Run what is missing, all of it or nothing.

    Raises `BadConfiguration` where the database was made by a newer govern, or is no database of
    ours.
    """
    with _engine(database) as engine:
        script = _script(migrations)
        wanted = script.get_current_head() if revision == "head" else revision
        if current(engine) == wanted:
            return
        with _alone(engine) as connection:
            _check_known(connection, script)
            command.upgrade(_config(migrations, connection), revision)


def downgrade(database: Engine | str, migrations: Path, revision: str) -> None:
    """Take back every migration after `revision` (`"base"`: all of them), with the data in it."""
    with _engine(database) as engine, _alone(engine) as connection:
        _check_known(connection, _script(migrations))
        command.downgrade(_config(migrations, connection), revision)


def current(database: Engine | str) -> str | None:
    """The revision the database is at; `None` where it has no tables of ours."""
    with _engine(database) as engine:
        options = {READS: True}
        with engine.connect().execution_options(**options) as connection:
            return _revision(connection)


def newest(migrations: Path) -> str | None:
    """The revision that `upgrade` leads to."""
    return _script(migrations).get_current_head()


@contextmanager
def _engine(database: Engine | str) -> Generator[Engine]:
    if isinstance(database, Engine):
        yield database
        return
    engine = open_engine(database)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _alone(engine: Engine) -> Generator[Connection]:
    """One transaction that no other migration runs beside. On SQLite any transaction is that."""
    with engine.begin() as connection:
        if not is_sqlite(engine):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_WAIT_MS}")
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_WAIT_MS}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield connection


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _check_known(connection: Connection, script: ScriptDirectory) -> None:
    revision = _revision(connection)
    if revision is None:
        return
    try:
        script.get_revision(revision)
    except CommandError:
        raise BadConfiguration(
            f"The database is at revision {revision}, which this govern does not know: a newer "
            "one has been here. Run that one, or restore the backup from before it.",
            revision=revision,
        ) from None


def _script(migrations: Path) -> ScriptDirectory:
    if not (migrations / "env.py").is_file():
        raise BadConfiguration(f"{migrations} holds no migrations", path=str(migrations))
    return ScriptDirectory.from_config(_config(migrations))


def _config(migrations: Path, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
