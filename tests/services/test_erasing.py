"""Erasing what is known of a person leaves every proof valid, and nothing of the person anywhere."""

import shutil
import sqlite3
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError

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
from tests.services.house import NOW, House, add_project, report, submit
from tests.services.test_gates import to_stage, vote

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
    add_project(house, name=f"The house of {NAME}")
    done = erase_person(house.runtime, OPERATOR, EMAIL, reason="Asked", now=NOW)
    assert done.remains == ("event 1 of P1",)


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
