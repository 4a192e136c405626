"""The log's key and what it has signed, and backups of the database."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import psycopg
from pytest_bdd import given, parsers, then, when
from sqlalchemy import URL, make_url

from features.house import House
from govern.ledger.note import Signer
from govern.store import checkpoints, log
from govern.store.key_folder import KEY

OWNER_ONLY = 0o600


@given(parsers.parse("the history is sealed as {origin}"))
def _(house: House, origin: str) -> None:
    assert house.run("keys", "new", "--origin", origin).code == 0, house.ran
    house.noted["key"] = (_keys(house) / KEY).read_text()
    assert house.run("audit", "seal").code == 0, house.ran


@given("the operator seals the history")
def _(house: House) -> None:
    assert house.run("audit", "seal").code == 0, house.ran


@given(parsers.parse('a backup "{name}" of the database is made'))
def _(house: House, name: str) -> None:
    # Nobody may be connected to a database of PostgreSQL that is copied.
    house.runtime.store.close()
    url = make_url(house.database_url)
    if url.get_backend_name() == "sqlite":
        _copy(_file(url), house.folder / f"{name}.backup")
    else:
        _on_server(url, f"CREATE DATABASE {_backup(url, name)} TEMPLATE {url.database}")


@given(parsers.parse('the backup "{name}" is restored'))
@when(parsers.parse('the backup "{name}" is restored'))
def _(house: House, name: str) -> None:
    house.runtime.store.close()
    url = make_url(house.database_url)
    if url.get_backend_name() == "sqlite":
        _copy(house.folder / f"{name}.backup", _file(url))
    else:
        _on_server(url, f"DROP DATABASE {url.database} WITH (FORCE)")
        _on_server(url, f"CREATE DATABASE {url.database} TEMPLATE {_backup(url, name)}")


@then("every event so far is sealed")
def _(house: House) -> None:
    with house.runtime.store.reading() as connection:
        last = checkpoints.last(connection)
        assert last is not None
        assert last["size"] == log.size(connection) > 0
        assert log.unsealed(connection) == 0


@then("only its owner can read the key")
def _(house: House) -> None:
    assert stat.S_IMODE((_keys(house) / KEY).stat().st_mode) == OWNER_ONLY


@then("the key from before signs nothing any more")
def _(house: House) -> None:
    before = house.noted["key"]
    kept = [path.read_text() for path in _keys(house).rglob("*") if path.is_file()]
    assert all(before.strip() not in text for text in kept), "the private key is still there"
    assert Signer.read((_keys(house) / KEY).read_text()).name == Signer.read(before).name


def _keys(house: House) -> Path:
    return house.folder / house.environment["GOVERN_KEYS_DIR"]


def _file(url: URL) -> Path:
    return Path(str(url.database))


def _copy(source: Path, target: Path) -> None:
    """As SQLite itself copies, whatever is still in its journal."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _backup(url: URL, name: str) -> str:
    return f"{url.database}_{name}"


def _on_server(url: URL, statement: str) -> None:
    server = url.set(drivername="postgresql", database="postgres")
    address = server.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())
