"""Fixtures that give a test a database of its own: migrated, empty, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from govern.store.engine import open_engine
from govern.store.migrate import upgrade
from govern.store.transaction import Store
from tests.postgres import NoPostgres, server

MIGRATIONS = Path(__file__).parents[1] / "migrations"
KINDS = ("sqlite", "postgresql")
_numbers = count(1)


class Postgres:
    """A server that makes and drops databases: empty ones, and copies of a migrated one."""

    def __init__(self, url: str) -> None:
        self.url = url
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._admin = psycopg.connect(plain, autocommit=True)
        self._migrated: str | None = None

    def close(self) -> None:
        self._admin.close()

    @contextmanager
    def database(self, *, migrated: bool, like: str | None = None) -> Generator[str]:
        """`like` is the address of one to copy, which nobody is connected to."""
        name = f"test_{next(_numbers)}"
        template = self._template() if migrated else "template0"
        if like is not None:
            template = str(make_url(like).database)
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._address(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _template(self) -> str:
        if self._migrated is None:
            self._run("CREATE DATABASE migrated TEMPLATE template0")
            upgrade(self._address("migrated"), MIGRATIONS)
            self._migrated = "migrated"
        return self._migrated

    def make(self, name: str, template: str = "template0") -> None:
        """A database that stays until its server goes."""
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _run(self, statement: str) -> None:
        self._admin.execute(statement.encode())

    def _address(self, name: str) -> str:
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)


only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""For what only one of them can do; everything else runs on both."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server per test process, started when the first test wants it."""
    try:
        with server() as url:
            running = Postgres(url)
            yield running
            running.close()
    except NoPostgres as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file without anything in it, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    upgrade(f"sqlite:///{path}", MIGRATIONS)
    return path


@contextmanager
def migrated(kind: str, request: pytest.FixtureRequest, folder: Path) -> Generator[str]:
    """The address of a migrated, empty database, for a fixture that lives longer than one test."""
    if kind == "sqlite":
        path = folder / "govern.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
    else:
        with request.getfixturevalue("postgres").database(migrated=True) as address:
            yield address


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database."""
    with migrated(request.param, request, tmp_path) as address:
        yield address


@pytest.fixture(params=KINDS)
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which no migration has run."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
    else:
        with request.getfixturevalue("postgres").database(migrated=False) as address:
            yield address


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(open_engine(database_url))
    yield opened
    opened.close()
