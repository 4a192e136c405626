"""Events are appended densely whoever appends, and what is stored is verified as it lies there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, text, update

from govern.ledger.canonical import NotCanonical
from govern.ledger.event import GENESIS, Event
from govern.ledger.verify import Audit, verify
from govern.store import events
from govern.store.tables import chain, event
from govern.store.transaction import Store
from tests.databases import only_postgresql, only_sqlite
from tests.store.rows import AT
from tests.store.tampering import drop_triggers


def _append(connection: Connection, project: str = "LIRR", number: int = 0) -> Event:
    data = {"number": number, "attainment": "0.8"}
    return events.append(
        connection, project, actor="someone", kind="reading.recorded", data=data, at=AT
    )


def _audit(store: Store) -> Audit:
    with store.reading() as connection:
        return verify(events.stored_events(connection), events.stored_heads(connection))


def test_events_follow_each_other(store: Store) -> None:
    with store.writing() as connection:
        first, second = _append(connection), _append(connection)
    assert (first.seq, first.prev) == (1, GENESIS)
    assert (second.seq, second.prev) == (2, first.leaf)
    with store.reading() as connection:
        assert events.events_of(connection, "LIRR") == [first, second]
        assert events.events_of(connection, "LIRR", after=1) == [second]
        assert events.events_of(connection, "LIRR", limit=1) == [first]
        assert events.head_of(connection, "LIRR") == (2, second.leaf)
        assert events.head_of(connection, "none") == (0, GENESIS)
        assert events.events_of(connection, "none") == []


def test_an_event_goes_with_the_transaction_it_was_written_in(store: Store) -> None:
    with pytest.raises(NotCanonical):
        _append_and_fail(store)
    assert _audit(store) == Audit(0, 0, ())


def _append_and_fail(store: Store) -> None:
    with store.writing() as connection:
        _append(connection)
        events.append(connection, "LIRR", actor="a", kind="k", data={"x": 0.5}, at=AT)


def test_a_refused_event_leaves_no_trace_in_a_transaction_that_goes_on(store: Store) -> None:
    with store.writing() as connection:
        with pytest.raises(NotCanonical):
            events.append(connection, "new", actor="a", kind="k", data={"x": 0.5}, at=AT)
        _append(connection)
    assert _audit(store) == Audit(1, 1, ())


def test_many_threads_append_to_one_chain_without_gap_or_loss(store: Store) -> None:
    def work(thread: int) -> None:
        for number in range(8):
            with store.writing() as connection:
                _append(connection, "LIRR", thread * 100 + number)
                _append(connection, f"own {thread}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    with store.reading() as connection:
        chained = events.events_of(connection, "LIRR")
    assert [link.seq for link in chained] == list(range(1, 49))
    wanted = {thread * 100 + number for thread in range(6) for number in range(8)}
    assert {link.data["number"] for link in chained} == wanted
    assert _audit(store) == Audit(7, 96, ())


def test_projects_of_any_name_verify(store: Store) -> None:
    names = ["b", "a", "Z", "é", "z", "\U0001f600", "\ufb33", "a b", "@service", "a-b", "ab"]
    with store.writing() as connection:
        for name in names:
            _append(connection, name)
            _append(connection, name)
    assert _audit(store) == Audit(len(names), 2 * len(names), ())


def test_more_events_than_one_batch_verify(store: Store) -> None:
    with store.writing() as connection:
        for number in range(1100):
            _append(connection, f"P{number // 500}")
    assert _audit(store) == Audit(3, 1100, ())


# --- tampering --------------------------------------------------------------------------------


def _third() -> Any:
    return event.c.seq == 3


def _flip(connection: Connection, column: str) -> None:
    where = (event.c.project == "LIRR") & _third()
    value: Any = connection.scalar(select(event.c[column]).where(where))
    flipped = (
        bytes(value[:-1]) + bytes([value[-1] ^ 1])
        if isinstance(value, bytes)
        else value[:-1] + chr(ord(value[-1]) ^ 1)
    )
    connection.execute(update(event).where(where).values({column: flipped}))


def _swap(connection: Connection) -> None:
    for old, new in ((3, -1), (4, 3), (-1, 4)):
        connection.execute(
            update(event).where(event.c.project == "LIRR", event.c.seq == old).values(seq=new)
        )


def _insert(connection: Connection) -> None:
    for old in (5, 4, 3):
        connection.execute(
            update(event).where(event.c.project == "LIRR", event.c.seq == old).values(seq=old + 1)
        )
    row = connection.execute(select(event).where(event.c.project == "LIRR", event.c.seq == 2)).one()
    connection.execute(event.insert().values(**(row._asdict() | {"seq": 3})))


def _where(**columns: Any) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(
        delete(event).where(
            event.c.project == "LIRR", *(event.c[name] == value for name, value in columns.items())
        )
    )


def _set(**columns: Any) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(
        update(event).where(event.c.project == "LIRR", _third()).values(**columns)
    )


TAMPERINGS: dict[str, tuple[Callable[[Connection], object], int]] = {
    "flip a bit of the body": (lambda c: _flip(c, "body"), 3),
    "flip a bit of the leaf": (lambda c: _flip(c, "leaf"), 3),
    "flip a bit of prev": (lambda c: _flip(c, "prev"), 3),
    "flip a bit of the kind": (lambda c: _flip(c, "kind"), 3),
    "change the time by a microsecond": (_set(recorded_at=AT.replace(microsecond=1)), 3),
    "change the number": (_set(seq=9), 3),
    "change the project": (_set(project="other"), 3),
    "delete the first": (_where(seq=1), 1),
    "delete one in the middle": (_where(seq=3), 3),
    "delete the last": (_where(seq=5), 5),
    "delete all": (_where(), 1),
    "swap two": (_swap, 3),
    "insert one": (_insert, 3),
    "delete the head": (lambda c: c.execute(delete(chain)), 5),
    "move the head back": (lambda c: c.execute(update(chain).values(seq=4)), 5),
    "change the head": (lambda c: c.execute(update(chain).values(head=GENESIS)), 5),
    "cut the tail and move the head along": (
        lambda c: (_where(seq=5)(c), c.execute(update(chain).values(seq=4))),
        4,
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found_at_the_first_event_that_does_not_hold(store: Store, what: str) -> None:
    tamper, seq = TAMPERINGS[what]
    with store.writing() as connection:
        for _ in range(5):
            _append(connection)
    assert _audit(store).faults == ()
    with store.writing() as connection:
        drop_triggers(connection)
        tamper(connection)
    faults = _audit(store).faults
    expected = [("LIRR", seq), ("other", 1)] if "project" in what else [("LIRR", seq)]
    assert [(fault.project, fault.seq) for fault in faults] == expected


ODD_CELLS = {
    "bytes that are no text": "UPDATE event SET kind = CAST(x'ff00fe' AS TEXT) WHERE seq = 3",
    "bytes for a name": "UPDATE event SET project = x'ff' WHERE seq = 3",
    "text for a number": "UPDATE event SET seq = 'three' WHERE seq = 3",
    "a fraction for a number": "UPDATE event SET seq = 3.5 WHERE seq = 3",
    "a number for bytes": "UPDATE event SET body = 7 WHERE seq = 3",
    "a text for a time": "UPDATE event SET recorded_at = 'yesterday' WHERE seq = 3",
    "nothing but zero bytes": "UPDATE event SET body = x'' WHERE seq = 3",
}


@only_sqlite
@pytest.mark.parametrize("what", ODD_CELLS)
def test_a_cell_of_any_type_is_a_fault_and_stops_nothing(store: Store, what: str) -> None:
    """SQLite takes anything in any column."""
    with store.writing() as connection:
        for _ in range(4):
            _append(connection)
        _append(connection, "other")
        drop_triggers(connection)
        connection.execute(text(ODD_CELLS[what]))
    faults = {fault.project: fault.seq for fault in _audit(store).faults}
    assert faults["LIRR"] == 3
    assert "other" not in faults


@only_postgresql
def test_a_time_without_end_is_a_fault_and_stops_nothing(store: Store) -> None:
    with store.writing() as connection:
        _append(connection)
        drop_triggers(connection)
        connection.execute(text("UPDATE event SET recorded_at = 'infinity'"))
    assert [fault.seq for fault in _audit(store).faults] == [1]
