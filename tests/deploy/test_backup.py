"""A backup that is taken while people work comes back whole, on both databases."""

import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from govern.cli.main import govern
from govern.domain.refusal import BadConfiguration
from govern.services import evidence_files, kpis
from govern.services.audit import verify_ledger
from govern.services.backup import back_up, restore
from govern.services.keeping import Keeping
from govern.services.people import OPERATOR
from govern.store.copies import is_empty
from govern.store.engine import open_engine
from govern.store.folder import Folder
from govern.store.paging import PageRequest
from govern.store.tables import metadata
from govern.store.transaction import Store
from tests.databases import only_postgresql, only_sqlite
from tests.postgres import binaries
from tests.services import house as made
from tests.services.house import NOW, House

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server that the tests start."""
    monkeypatch.setenv("PATH", f"{binaries()}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of the kind that the store is of."""
    if store.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'govern.db'}"
    else:
        with request.getfixturevalue("postgres").database(migrated=False) as address:
            yield address


@pytest.fixture
def kept(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "evidence")


@pytest.fixture
def house(store: Store, kept: Folder) -> House:
    built = made.build(store)
    return replace(built, runtime=replace(built.runtime, keeping=Keeping(kept)))


def _hand_in(house: House, number: int) -> None:
    evidence_files.hand_in(
        house.runtime,
        house.pia,
        "P1",
        filename=f"{number}.pdf",
        media_type="application/pdf",
        content=PDF + str(number).encode() + b"\n%%EOF\n",
        now=NOW,
    )


def _rows(store: Store) -> dict[str, int]:
    with store.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def test_what_is_backed_up_while_people_write_comes_back(
    house: House, store: Store, kept: Folder, elsewhere: str, tmp_path: Path
) -> None:
    made.add_project(house, "P1")
    stop, written = Event(), []

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            _hand_in(house, number)
            kpis.change_kpi(
                house.runtime, house.pia, "P1-K1", {"name": f"R{number}"}, version=number, now=NOW
            )
            written.append(number)

    worker = Thread(target=work)
    worker.start()
    while len(written) < 3:
        stop.wait(0.01)
    before = len(written)
    told = back_up(store.engine, kept, tmp_path / "backup.tar.gz", now=NOW)
    stop.set()
    worker.join()
    assert told.evidence >= before

    there = open_engine(elsewhere)
    into = Folder(tmp_path / "elsewhere")
    assert restore(there, into, tmp_path / "backup.tar.gz") == told
    there.dispose()
    again = Store(open_engine(elsewhere))
    runtime = replace(house.runtime, store=again, keeping=Keeping(into))
    audit = verify_ledger(runtime, OPERATOR)
    assert (audit.faults, audit.fallen) == ((), ())
    found, last = kpis.get_kpi(runtime, house.pia, "P1-K1"), len(written)
    assert before <= found["version"] <= last + 1
    # Every file that the database of then names came along, and is what it was.
    files = evidence_files.list_files(runtime, house.pia, PageRequest(limit=500), "P1")
    assert before <= len(files.items) <= last
    for each in files.items:
        assert evidence_files.read_file(runtime, house.pia, each["id"]).content.startswith(PDF)
    # Work goes on there, and the guards stand.
    kpis.change_kpi(runtime, house.pia, "P1-K1", {"name": "On"}, version=found["version"], now=NOW)
    again.close()


def test_the_commands_say_what_they_did_and_refuse_what_would_lose_something(
    house: House, store: Store, database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    made.add_project(house, "P1")
    rows = _rows(store)
    file, keys = tmp_path / "backup.tar.gz", str(tmp_path / "keys")

    def run(url: str, *command: str) -> tuple[int, str]:
        given = {"GOVERN_DATABASE_URL": url, "GOVERN_KEYS_DIR": keys}
        done = CliRunner(env=given).invoke(govern, ["database", *command])
        return done.exit_code, done.output + getattr(done.exception, "detail", "")

    assert run(database_url, "migrate", "--check")[0] == 0
    code, told = run(elsewhere, "migrate", "--check")
    assert (code, "revision none" in told) == (1, True)
    code, told = run(database_url, "backup", str(file))
    assert code == 0, told
    assert file.stat().st_mode & 0o777 == 0o600
    code, told = run(database_url, "backup", str(file))
    assert (code != 0, "is there already" in told) == (True, True)
    code, told = run(database_url, "restore", str(file))
    assert (code != 0, "There is something in" in told) == (True, True)
    code, told = run(elsewhere, "restore", str(file))
    assert code == 0, told
    assert "Every chain holds." in told
    again = Store(open_engine(elsewhere))
    # A start begins with where news stands.
    of_a_start = {"relayed_chain"}
    found = {name: count for name, count in _rows(again).items() if name not in of_a_start}
    assert found == {name: count for name, count in rows.items() if name not in of_a_start}
    again.close()


def _archive(path: Path, parts: list[tuple[str, bytes]]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in parts:
            part = tarfile.TarInfo(name)
            part.size = len(content)
            tar.addfile(part, io.BytesIO(content))
    return path


MANIFEST = {
    "format": "govern/backup/v1",
    "database": "sqlite",
    "revision": "0001",
    "made_at": "x",
    "engine": "x",
    "evidence": 0,
    "files": {"database": "0" * 64},
}


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([("database", b"x")], "does not begin with a manifest"),
        ([("manifest.json", b"{}")], "its format is None"),
        ([("manifest.json", json.dumps(MANIFEST).encode())], "part database is missing"),
        (
            [("manifest.json", json.dumps(MANIFEST).encode()), ("database", b"x")],
            "part database is damaged",
        ),
        (
            [("manifest.json", json.dumps(MANIFEST).encode()), ("../../etc/passwd", b"x")],
            "it has a part '../../etc/passwd'",
        ),
    ],
)
def test_a_damaged_archive_writes_nothing(
    tmp_path: Path, parts: list[tuple[str, bytes]], says: str
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(BadConfiguration, match="no whole backup") as caught:
        restore(engine, None, _archive(tmp_path / "x.tar.gz", parts))
    assert says in caught.value.detail
    assert is_empty(engine)
    engine.dispose()


@pytest.fixture
def whole(house: House, store: Store, kept: Folder, tmp_path: Path) -> Path:
    made.add_project(house, "P1")
    _hand_in(house, 1)
    back_up(store.engine, kept, tmp_path / "whole.tar.gz", now=NOW)
    return tmp_path / "whole.tar.gz"


@only_sqlite
def test_evidence_is_not_left_behind(whole: Path, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(BadConfiguration, match="GOVERN_EVIDENCE_DIR has to name"):
        restore(engine, None, whole)
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole.read_bytes()[:-200])
    with pytest.raises(BadConfiguration, match="no whole backup"):
        restore(engine, Folder(tmp_path / "elsewhere"), cut)
    engine.dispose()


@only_postgresql
def test_a_backup_goes_back_to_its_own_kind_of_database(whole: Path, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(BadConfiguration, match="is of a postgresql database, and this is sqlite"):
        restore(engine, Folder(tmp_path / "elsewhere"), whole)
    engine.dispose()
