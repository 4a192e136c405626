"""Decisions worked out again, and what late corrections would have changed."""

import json

from pytest_bdd import given, parsers, then
from sqlalchemy import select, update

from features.house import House
from govern.ledger.canonical import canonical
from govern.store.tables import event
from tests.store.tampering import drop_triggers


@given(
    parsers.re(
        r"somebody with the database in their hands lets the recommendation of (?P<project>\S+) say "
        r'"(?P<action>\w+)"'
    )
)
def _(house: House, project: str, action: str) -> None:
    here = (event.c.project == project, event.c.kind == "recommendation.proposed")
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        query = select(event.c.seq, event.c.body).where(*here).limit(1)
        seq, body = connection.execute(query).one()
        fields = json.loads(body)
        fields["data"]["action"] = action
        connection.execute(
            update(event).where(*here, event.c.seq == seq).values(body=canonical(fields))
        )


@then(parsers.re(r"(?P<name>\w+) reads that the correction would have changed the recommendation"))
def _(house: House, name: str) -> None:
    (found,) = house.ask(name, "GET", "/projects/SHOP/corrections")["items"]
    proposed = [each for each in found["decisions"] if each["recommendation"] is not None]
    behind = {"revenue-behind-plan/SALES"}
    (changed,) = [each for each in proposed if each["then"]["outcomes"].keys() == behind]
    assert changed["then"]["outcomes"] == {"revenue-behind-plan/SALES": "fires"}
    assert changed["now"]["outcomes"] == {"revenue-behind-plan/SALES": "silent"}
