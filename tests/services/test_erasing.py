"""Erasing what is known of a person leaves every proof valid, and nothing of the person anywhere."""

import json
import logging
import shutil
import sqlite3
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError

from govern.cli.main import govern
from govern.domain.personal import ERASED, REFERENCE
from govern.domain.refusal import InvalidInput, NotAllowed, NotFound, NotSignedIn
from govern.domain.role import Role
from govern.ledger.verify import verify
from govern.services import history, people, projects, waivers
from govern.services.erasing import erase_person
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.store import events, guards, personal, tables
from govern.store import people as stored_people
from govern.store.engine import is_sqlite
from govern.web.app import create_app
from tests.services.house import NOW, House, add_project, report, submit
from tests.services.test_gates import to_stage, vote
from tests.walk.served import served
from tests.web.caller import Caller

NAME, EMAIL = "Wilhelmina Quist", "w.quist@example.org"
WRITTEN = f"As {NAME} said, and {EMAIL} confirms."


@pytest.fixture
def quist(house: House) -> str:
    """Somebody who is named wherever a name can stand; her id."""
    person_id = people.add_person(house.runtime, OPERATOR, email=EMAIL, name=NAME, now=NOW)
    people.grant_role(
        house.runtime, OPERATOR, email=EMAIL, role=Role.GATEKEEPER, portfolio="main", now=NOW
    )
    project = add_project(house, owner=NAME, status_text=WRITTEN, spent=None)
    first = submit(house, project, "value_defined")
    vote(house, "sam", first, "recycle", reason=WRITTEN, override_reason=f"{NAME.upper()} knows")
    to_stage(house, project, "monitoring")
    report(house, "P1-K1", {"2026-10-31": 700})
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    with house.runtime.store.reading() as connection:
        who = stored_people.actor_of_person(connection, person_id, NOW)
    assert who is not None
    waivers.grant(
        house.runtime,
        who,
        project,
        gate="planned",
        criterion="budget-set",
        reason="Known.",
        expires_on=NOW.date().replace(month=12),
        now=NOW,
    )
    return person_id


def _verified(house: House) -> int:
    with house.runtime.store.reading() as connection:
        audit = verify(events.stored_events(connection), events.stored_heads(connection))
        assert not audit.faults
        rows = connection.execute(tables.personal.select()).all()
    for row in rows:
        if row.erased_at is None:
            assert personal.reference_of(row.value, row.salt) == row.ref
        else:
            assert row.salt is None
            assert row.value_sha256 is None
            assert row.value is None or REFERENCE.fullmatch(row.value)
    return audit.events


def test_events_hold_references_and_the_history_words(house: House, quist: str) -> None:
    with house.runtime.store.reading() as connection:
        for each in events.stored_events(connection):
            assert b"Quist" not in each.body
            assert b"quist" not in each.body
        kept = connection.scalars(text("SELECT content FROM blob")).all()
    assert not [each for each in kept if b"quist" in bytes(each).lower()]
    found = history.project_history(house.runtime, house.aud, "P1").items
    (added,) = [each["data"] for each in found if each["kind"] == "project.added"]
    assert added["owner"] == NAME
    assert added["status_text"] == WRITTEN
    assert WRITTEN in next(each["told"] for each in found if each["kind"] == "vote.cast")


def test_nothing_of_an_erased_person_is_left_but_what_proves_the_rest(
    house: House, quist: str, database_url: str, tmp_path: Path
) -> None:
    before = _verified(house)
    with house.runtime.store.reading() as connection:
        leaves = {(e.project, e.seq): e.leaf for e in events.stored_events(connection)}
    assert _holds(house, database_url, tmp_path / "before")
    token = people.issue_token(
        house.runtime, OPERATOR, email=EMAIL, label=NAME, lifetime=timedelta(days=1), now=NOW
    )

    done = erase_person(house.runtime, OPERATOR, EMAIL, reason=f"Asked by {NAME}", now=NOW)

    assert done.person == quist
    assert done.erased >= 2
    assert done.redacted >= 2
    assert done.remains == ()
    assert _verified(house) == before + 2
    with house.runtime.store.reading() as connection:
        after = {(e.project, e.seq): e.leaf for e in events.stored_events(connection)}
        assert guards.fallen(connection) == ()
        assert done.cleared is is_sqlite(connection)
    assert after.items() >= leaves.items()
    assert not _holds(house, database_url, tmp_path / "after")
    with pytest.raises(NotSignedIn):
        people.sign_in(house.runtime, token, NOW)
    assert projects.get_project(house.runtime, house.aud, "P1")["owner"] == ERASED
    found = history.project_history(house.runtime, house.aud, "P1").items
    (added,) = [each["data"] for each in found if each["kind"] == "project.added"]
    assert added["owner"] == ERASED
    assert added["status_text"] == f"As {ERASED} said, and {ERASED} confirms."
    known = people.known_people(house.runtime, OPERATOR, NOW)
    assert next(each for each in known if each["id"] == quist)["roles"] == []


def _holds(house: House, database_url: str, folder: Path) -> list[str]:
    """The files of the database, or a dump of it, that hold the name or the address."""
    folder.mkdir()
    url = make_url(database_url)
    if url.drivername.startswith("sqlite"):
        source = Path(str(url.database))
        for each in source.parent.glob(f"{source.name}*"):
            shutil.copy(each, folder)
        with sqlite3.connect(source) as there, sqlite3.connect(folder / "backup") as backup:
            there.backup(backup)
    else:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        dump = ["/usr/lib/postgresql/15/bin/pg_dump", "--inserts", plain]
        found = shutil.which("pg_dump") or dump[0]
        (folder / "dump").write_bytes(
            subprocess.run([found, *dump[1:]], check=True, capture_output=True).stdout
        )
    return [each.name for each in folder.iterdir() if b"quist" in each.read_bytes().lower()]


def test_a_name_in_a_place_that_is_no_persons_is_told(house: House) -> None:
    people.add_person(house.runtime, OPERATOR, email=EMAIL, name=NAME, now=NOW)
    places = (
        {"name": f"The house of {NAME}"},
        {"tags": ["pilot", EMAIL]},
        {"department": NAME.upper()},
        {"owner": NAME, "objective": WRITTEN},
    )
    for number, place in enumerate(places, 1):
        add_project(house, f"P{number}", **place)
    done = erase_person(house.runtime, OPERATOR, EMAIL, reason="Asked", now=NOW)
    assert done.remains == ("event 1 of P1", "event 1 of P2", "event 1 of P3")
    assert projects.get_project(house.runtime, house.aud, "P2")["tags"] == ["pilot", EMAIL]


def test_further_spellings_go_too_and_can_be_given_later(house: House) -> None:
    person = people.add_person(house.runtime, OPERATOR, email=EMAIL, name=NAME, now=NOW)
    add_project(house, status_text="Mina agrees; Minalba does not.", owner="Quist")
    erase_person(house.runtime, OPERATOR, EMAIL, reason="Asked", also=["Mina"], now=NOW)
    read = projects.get_project(house.runtime, house.aud, "P1")
    assert read["status_text"] == f"{ERASED} agrees; Minalba does not."
    assert read["owner"] == "Quist"
    erase_person(house.runtime, OPERATOR, person, reason="Asked", also=["quist"], now=NOW)
    assert projects.get_project(house.runtime, house.aud, "P1")["owner"] == ERASED


def test_what_is_refused(house: House) -> None:
    with pytest.raises(NotAllowed):
        erase_person(house.runtime, house.aud, "sam@example.org", reason="x", now=NOW)
    with pytest.raises(NotFound):
        erase_person(house.runtime, OPERATOR, "nobody@example.org", reason="x", now=NOW)
    with pytest.raises(InvalidInput):
        erase_person(house.runtime, OPERATOR, OPERATOR.person_id, reason="x", now=NOW)
    with pytest.raises(InvalidInput):
        erase_person(house.runtime, OPERATOR, "sam@example.org", reason="x", also=["a"], now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reading SET note = 'another'",
        "UPDATE reading SET note = NULL",
        "UPDATE reading SET note = '(erased)', actual = actual + 1",
        "UPDATE reading SET actual = actual + 1",
        "UPDATE reading SET note = '(erased)', id = id + 1000",
    ],
)
def test_a_note_loses_a_name_and_changes_in_no_other_way(house: House, change: str) -> None:
    add_project(house)
    report(house, "P1-K1", {"2026-10-31": 700})
    with house.runtime.store.writing() as connection:
        connection.execute(text("UPDATE reading SET note = 'By (erased)'"))
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text(change.replace("actual + 1", "'1'")))
        connection.rollback()


def _named_in(text: bytes) -> bool:
    return any(each in text.lower() for each in (b"quist", b"wilhelmina"))


def test_a_bundle_of_everything_holds_nothing_of_an_erased_person(
    house: House,
    quist: str,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("GOVERN_PUBLISH_RULES", "no")
    monkeypatch.setenv("GOVERN_KEYS_DIR", str(tmp_path / "keys"))
    caplog.set_level(logging.DEBUG)

    def run(*words: str) -> str:
        result = CliRunner().invoke(govern, ["--database", database_url, *words])
        assert result.exception is None, result.output
        return result.output

    def bundle(name: str) -> dict[str, bytes]:
        run("audit", "export", str(tmp_path / name))
        with zipfile.ZipFile(tmp_path / name) as opened:
            return {each: opened.read(each) for each in opened.namelist()}

    run("keys", "new", "--origin", "govern.example.org/log")
    before = bundle("before.zip")
    assert {name for name, content in before.items() if _named_in(content)} >= {"personal.jsonl"}
    caplog.clear()
    told = run("people", "erase", EMAIL, "--reason", f"Asked by {NAME}")
    assert not _named_in(told.encode())
    after = bundle("after.zip")
    assert before.keys() - {name for name in before if "/" in name} <= after.keys()
    assert not [name for name, content in after.items() if _named_in(name.encode() + content)]
    assert not _named_in(caplog.text.encode())
    assert quist.encode() in after["events.jsonl"], "what the person did stays told, by an id"


def test_a_service_that_is_asked_about_an_erased_person_writes_nothing_of_them(
    house: House, quist: str, database_url: str, tmp_path: Path
) -> None:
    people.grant_role(
        house.runtime, OPERATOR, email="pia@example.org", role=Role.ADMIN, portfolio=None, now=NOW
    )
    tokens = [
        people.issue_token(
            house.runtime,
            OPERATOR,
            email=email,
            label="asks",
            lifetime=timedelta(days=3650),
            now=NOW,
        )
        for email in ("aud@example.org", "pia@example.org")
    ]
    erase_person(house.runtime, OPERATOR, EMAIL, reason=f"Asked by {NAME}", now=NOW)
    person = {"person": EMAIL, "reason": NAME}
    asked: list[tuple[str, str, bytes | None]] = [
        *(
            ("GET", path, None)
            for path in (
                "/projects/P1",
                "/projects/P1/history",
                "/projects/P1/gates",
                "/submissions/1",
                "/waivers",
                "/overrides",
                "/findings",
                "/me",
                "/service/history",
                f"/projects/{quote(NAME)}",
                f"/projects?q={quote(NAME)}",
                f"/submissions/{quote(EMAIL)}",
            )
        ),
        ("POST", "/people/erasures", json.dumps(person).encode()),
        ("POST", "/delegations", json.dumps({"to": EMAIL}).encode()),
        ("PATCH", "/projects/P1", json.dumps({"owner": NAME}).encode()),
        ("POST", "/readings", f'{{"readings": [{NAME}'.encode()),
    ]
    (folder := tmp_path / "served").mkdir()
    answered: list[int] = []
    with served(database_url, folder) as address:
        for token in (*tokens, NAME):
            for method, path, body in asked:
                status, answer = _ask(f"{address}/api/v1{path}", method, quote(token), body)
                answered.append(status)
                if method == "GET" and "uist" not in path:
                    assert not _named_in(answer), (path, answer)
    assert {200, 401, 403, 404, 422} <= set(answered)
    assert 500 not in answered
    assert not [each for each in folder.rglob("*.log") if _named_in(each.read_bytes())]
    assert (folder / "serve.log").read_bytes()


def _ask(address: str, method: str, token: str, body: bytes | None) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = Request(address, method=method, data=body, headers=headers)  # noqa: S310 - our own
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=30) as got:
            return got.status, got.read()
    except HTTPError as refused:
        return refused.code, refused.read()


def test_a_fault_of_the_database_is_logged_without_what_people_wrote(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    add_project(house)
    with house.runtime.store.writing() as connection:
        refuse = (
            "CREATE TRIGGER no_room BEFORE INSERT ON personal "
            "BEGIN SELECT RAISE(ABORT, 'no_room'); END"
            if is_sqlite(connection)
            else "ALTER TABLE personal ADD CONSTRAINT no_room CHECK (value = '') NOT VALID"
        )
        connection.execute(text(refuse))
    token = people.issue_token(
        house.runtime, OPERATOR, email="pia@example.org", label="", lifetime=timedelta(1), now=NOW
    )
    caller = Caller(create_app(house.runtime, lambda: NOW), token)
    assert caller.patch("/projects/P1", {"owner": NAME}, version=1).status_code == 500
    logged = caplog.text + "".join(str(vars(each).get("exception", "")) for each in caplog.records)
    assert "no_room" in logged
    assert "incident" in logged
    assert not _named_in(logged.encode())
