"""What somebody does who has the database in their hands."""

import pytest
from pytest_bdd import given, parsers, then, when
from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import DatabaseError

from features.house import House
from govern.services import projects
from govern.services.audit import verify_ledger
from govern.services.people import OPERATOR
from govern.store.tables import blob, event
from tests.store.tampering import drop_triggers

ASIDE = -1


def _one(connection: Connection, project: str, seq: int) -> Row[tuple[object, ...]]:
    return connection.execute(
        select(event).where(event.c.project == project, event.c.seq == seq)
    ).one()


def _set(connection: Connection, project: str, seq: int, /, **columns: object) -> None:
    connection.execute(
        update(event).where(event.c.project == project, event.c.seq == seq).values(**columns)
    )


def _remove(connection: Connection, project: str, seq: int) -> None:
    connection.execute(delete(event).where(event.c.project == project, event.c.seq == seq))


def _last(house: House, project: str) -> int:
    return house.events(project)[-1]["seq"]


@given(parsers.re(r"somebody .* flips a byte of event (?P<seq>\d+) of (?P<project>\S+)"))
def _(house: House, seq: str, project: str) -> None:
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        body = bytes(_one(connection, project, int(seq)).body)
        middle = len(body) // 2
        flipped = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
        _set(connection, project, int(seq), body=flipped)


@given(parsers.re(r"somebody .* deletes event (?P<seq>\d+) of (?P<project>\S+)"))
def _(house: House, seq: str, project: str) -> None:
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        _remove(connection, project, int(seq))


@given(parsers.re(r"somebody .* deletes the last event of (?P<project>\S+)"))
def _(house: House, project: str) -> None:
    last = _last(house, project)
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        _remove(connection, project, last)


@given(parsers.re(r"somebody .* inserts an event after (?P<seq>\d+) of (?P<project>\S+)"))
def _(house: House, seq: str, project: str) -> None:
    last = _last(house, project)
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        for each in range(last, int(seq), -1):
            _set(connection, project, each, seq=each + 1)
        copied = _one(connection, project, int(seq))._asdict() | {"seq": int(seq) + 1}
        connection.execute(insert(event).values(**copied))


@given(parsers.re(r"somebody .* swaps the events (?P<one>\d+) and (?P<other>\d+) of (?P<p>\S+)"))
def _(house: House, one: str, other: str, p: str) -> None:
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        _set(connection, p, int(one), seq=ASIDE)
        _set(connection, p, int(other), seq=int(one))
        _set(connection, p, ASIDE, seq=int(other))


@given(parsers.re(r"somebody .* gives event (?P<seq>\d+) of (?P<project>\S+) to another"))
def _(house: House, seq: str, project: str) -> None:
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        _set(connection, project, int(seq), project="OTHER")


@given(parsers.re(r"somebody .* changes the facts of the submission"))
def _(house: House) -> None:
    digest = house.current()["facts_digest"]
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        content = connection.execute(
            select(blob.c.content).where(blob.c.digest == digest)
        ).scalar_one()
        richer = bytes(content).replace(b'"budget":"1000"', b'"budget":"9000"')
        assert richer != bytes(content)
        connection.execute(update(blob).where(blob.c.digest == digest).values(content=richer))


@given(parsers.re(r"somebody .* deletes the workflow of (?P<project>\S+)"))
def _(house: House, project: str) -> None:
    found = projects.get_project(house.runtime, OPERATOR, project)
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        connection.execute(delete(blob).where(blob.c.digest == found["workflow_digest"]))


@when(
    parsers.re(
        r"somebody with the service's access tries to change or delete event (?P<seq>\d+) "
        r"of (?P<project>\S+)"
    )
)
def _(house: House, seq: str, project: str) -> None:
    house.noted["database"] = []
    changes = (
        lambda connection: _set(connection, project, int(seq), kind="vote.cast"),
        lambda connection: _remove(connection, project, int(seq)),
    )
    for change in changes:
        with pytest.raises(DatabaseError) as caught, house.runtime.store.writing() as connection:
            change(connection)
        house.noted["database"].append(str(caught.value))


@then("the database refuses it")
def _(house: House) -> None:
    assert len(house.noted["database"]) == 2


@when(parsers.re(r"(?P<name>\w+) verifies the history"))
def _(house: House, name: str) -> None:
    house.seen = verify_ledger(house.runtime, house.actor(name))


@when(parsers.re(r"(?P<name>\w+) tries to verify the history"))
def _(house: House, name: str) -> None:
    house.refused(lambda: verify_ledger(house.runtime, house.actor(name)))


@then("every chain holds")
def _(house: House) -> None:
    assert house.seen.faults == ()
    assert house.seen.events > 0


@then(parsers.re(r'event (?P<seq>\d+) of (?P<project>\S+) does not hold: "(?P<what>[^"]*)"'))
def _(house: House, seq: str, project: str, what: str) -> None:
    found = {fault.project: fault for fault in house.seen.faults}
    assert found.keys() <= {project, "OTHER", "@service"}
    assert found[project].seq == int(seq)
    assert what in found[project].what
