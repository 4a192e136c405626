"""Looking through the log finds what is asked for, in order, whichever way it goes along."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Select, event, select

from govern.domain.record import Record
from govern.store import events, log, log_search
from govern.store.tables import event as stored
from govern.store.tables import log_entry
from govern.store.transaction import Store
from tests.databases import only_sqlite

AT = datetime(2026, 11, 24, tzinfo=UTC)
CHAINS = ("A", "B", "C")
KINDS = ("vote.cast", "vote.refused", "readings.recorded")
RARE = "waiver.revoked"
MANY = 60


@pytest.fixture
def filled(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Sixty events of three chains by turns, all in the log, of which nine are near its end; one is of
    a kind that is rare."""
    monkeypatch.setattr(log_search, "NEAR", 9)
    monkeypatch.setattr(log_search, "FEW", 5)
    draw = random.Random(7)  # noqa: S311 - a test's
    with store.writing() as connection:
        for number in range(MANY):
            kind = RARE if number == 5 else draw.choice(KINDS)
            events.append(
                connection, CHAINS[number % 3], actor="x", kind=kind, data={"n": number}, at=AT
            )
            log.append(connection, log.waiting(connection, 1))
    return store


def everything(connection: Connection) -> list[Record]:
    query = (
        select(log_entry.c.log_index.label("index"), stored)
        .join(stored, (stored.c.project == log_entry.c.project) & (stored.c.seq == log_entry.c.seq))
        .order_by(log_entry.c.log_index.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def test_it_finds_what_reading_everything_finds(filled: Store) -> None:
    draw = random.Random(8)  # noqa: S311 - a test's
    some = select(log_entry.c.project).where(log_entry.c.project.in_(["A", "C"]))
    with filled.reading() as connection:
        known = everything(connection)
        assert len(known) == MANY
        for _ in range(150):
            kind = draw.choice([None, *KINDS, RARE, "vote.*", "nothing"])
            chains: Any = draw.choice([None, ["B"], ["A", "C"], some, ["nobody"]])
            least, before = draw.choice([0, 20]), draw.randint(0, MANY + 2)
            limit = draw.randint(1, MANY)
            found = log_search.latest(
                connection, before=before, least=least, limit=limit, chains=chains, kind=kind
            )
            among = ["A", "C"] if isinstance(chains, Select) else chains
            wanted = [
                each
                for each in known
                if least <= each["index"] < before
                and (among is None or each["project"] in among)
                and (kind is None or matches(each["kind"], kind))
            ]
            assert found == wanted[:limit]


def matches(kind: str, wanted: str) -> bool:
    return kind.startswith("vote.") if wanted == "vote.*" else kind == wanted


@only_sqlite
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": "vote.cast"},
        {"kind": "vote.*"},
        {"chains": ["B"]},
        {"chains": ["B"], "kind": "vote.cast"},
        {"chains": ["A", "C"]},
    ],
)
def test_nothing_is_sorted_for_a_page(filled: Store, asked: dict[str, Any]) -> None:
    """What is near the end is read in the order in which it lies there."""
    said: list[tuple[str, Any]] = []
    with filled.reading() as connection:
        event.listen(
            connection,
            "before_cursor_execute",
            lambda _, cursor, statement, values, *more: said.append((statement, values)),
        )
        log_search.latest(connection, before=MANY, least=0, limit=2, **asked)
        statement, values = said[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        assert "TEMP B-TREE" not in " ".join(row[-1] for row in plan)


def test_kinds_are_each_told_once(filled: Store) -> None:
    with filled.reading() as connection:
        assert events.kinds(connection) == sorted({each["kind"] for each in everything(connection)})


def test_no_event_has_no_kind(store: Store) -> None:
    with store.reading() as connection:
        assert events.kinds(connection) == []
