"""Fixtures that give a test a database of its own: migrated, on SQLite and on PostgreSQL; empty, or a
copy of what many tests begin with (`contents`)."""

import shutil
from collections.abc import Callable, Generator, Iterator
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

Contents = Callable[[Store], object]
"""Writes what a database has in it when a test gets it."""


class Postgres:
    """A server that makes and drops databases: empty ones, and copies of a migrated one."""

    def __init__(self, url: str) -> None:
        self.url = url
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._admin = psycopg.connect(plain, autocommit=True)
        self._templates: dict[Contents | None, str] = {}

    def close(self) -> None:
        self._admin.close()

    @contextmanager
    def database(
        self, *, migrated: bool, like: str | None = None, contents: Contents | None = None
    ) -> Generator[str]:
        """`like` is the address of one to copy, which nobody is connected to."""
        name = f"test_{next(_numbers)}"
        template = self._template(contents) if migrated else "template0"
        if like is not None:
            template = str(make_url(like).database)
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._address(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _template(self, contents: Contents | None) -> str:
        """Made by the first test that begins with it."""
        name = self._templates.get(contents)
        if name is None:
            like = "template0" if contents is None else self._template(None)
            name = f"template_{len(self._templates)}"
            self._run(f"CREATE DATABASE {name} TEMPLATE {like}")
            if contents is None:
                upgrade(self._address(name), MIGRATIONS)
            else:
                fill(self._address(name), contents)
            self._templates[contents] = name
        return name

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


@pytest.fixture(scope="session")
def filled_sqlite(migrated_sqlite: Path) -> Callable[[Contents | None], Path]:
    """Files to copy, each made for the first test that begins with it."""
    made: dict[Contents | None, Path] = {None: migrated_sqlite}

    def file(contents: Contents | None) -> Path:
        if contents is not None and contents not in made:
            path = migrated_sqlite.with_name(f"filled-{len(made)}.db")
            shutil.copyfile(migrated_sqlite, path)
            fill(f"sqlite:///{path}", contents)
            made[contents] = path
        return made[contents]

    return file


def fill(address: str, contents: Contents) -> None:
    store = Store(open_engine(address))
    try:
        contents(store)
    finally:
        # The last connection to an SQLite file takes its journal with it.
        store.close()


@contextmanager
def migrated(
    kind: str, request: pytest.FixtureRequest, folder: Path, contents: Contents | None = None
) -> Generator[str]:
    """The address of a migrated database, for a fixture that lives longer than one test."""
    if kind == "sqlite":
        path = folder / "govern.db"
        shutil.copyfile(request.getfixturevalue("filled_sqlite")(contents), path)
        yield f"sqlite:///{path}"
    else:
        databases = request.getfixturevalue("postgres")
        with databases.database(migrated=True, contents=contents) as address:
            yield address


@pytest.fixture
def contents() -> Contents | None:
    """Nothing, unless a folder says otherwise."""
    return None


@pytest.fixture(params=KINDS)
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, contents: Contents | None
) -> Iterator[str]:
    """The address of a migrated database; empty, but for `contents`."""
    with migrated(request.param, request, tmp_path, contents) as address:
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
