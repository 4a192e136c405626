"""How many statements a decision, a reading and a gate check take: each is a wait for the database, and
they are made while the project is locked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import event

from govern.domain.decision import Answer
from govern.services import decisions, readings
from govern.services.ballots import Ballot
from govern.services.observing_one import load_project
from govern.store.engine import is_sqlite
from govern.store.transaction import Store
from tests.services.house import NOW, House, add_project, submit

GO = Ballot(Answer.GO, "It holds.", override_reason="It holds.")


MOST = {
    "a decision": (19, 21),
    "a decision after which the project stays": (17, 19),
    "a reading": (7, 7),
    "a gate check": (7, 7),
}
"""On SQLite and on PostgreSQL, which has to be told what to lock: on a gate that shows lessons, with a
reason that nobody gave before. Signing in is one more, and a reason that was given before two fewer."""


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Those that are run meanwhile."""
    seen: list[str] = []

    def watch(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", watch)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", watch)


def held(house: House, seen: list[str], what: str) -> None:
    sqlite, postgresql = MOST[what]
    most = sqlite if is_sqlite(house.runtime.store.engine) else postgresql
    assert len(seen) <= most, "\n".join(seen)


def test_a_decision(house: House) -> None:
    found = submit(house, add_project(house), "value_defined")
    with statements(house.runtime.store) as seen:
        decided = decisions.vote(
            house.runtime, house.sam, found["id"], GO, version=found["version"], now=NOW
        )
    assert decided["state"] == "decided"
    held(house, seen, "a decision")


def test_a_decision_after_which_the_project_stays(house: House) -> None:
    found = submit(house, add_project(house), "value_defined")
    ballot = Ballot(Answer.RECYCLE, "Once more.", override_reason="Once more.")
    with statements(house.runtime.store) as seen:
        decisions.vote(
            house.runtime, house.sam, found["id"], ballot, version=found["version"], now=NOW
        )
    held(house, seen, "a decision after which the project stays")


def test_a_reading(house: House) -> None:
    told = {"kpi": f"{add_project(house)}-K1", "period": date(2026, 9, 30), "actual": Decimal(5)}
    with statements(house.runtime.store) as seen:
        readings.record_readings(house.runtime, house.dan, [told], now=NOW)
    held(house, seen, "a reading")


def test_what_a_gate_check_looks_at(house: House) -> None:
    project = add_project(house)
    with statements(house.runtime.store) as seen, house.runtime.store.reading() as connection:
        load_project(connection, project)
    held(house, seen, "a gate check")
