"""The log holds every event once, chains in their order, and its stored hashes make the same tree."""

import pytest
from sqlalchemy import Connection, delete, select

from govern.ledger import merkle
from govern.ledger.event import Event
from govern.store import events, log
from govern.store.tables import log_entry
from govern.store.transaction import Store
from tests.databases import only_postgresql, only_sqlite
from tests.store.rows import AT
from tests.store.tampering import drop_triggers


def _append(connection: Connection, project: str, number: int = 0) -> Event:
    return events.append(
        connection, project, actor="someone", kind="k", data={"number": number}, at=AT
    )


def _seal(store: Store, most: int = 1000) -> int:
    with store.writing() as connection:
        links = log.waiting(connection, most)
        log.append(connection, links)
        return len(links)


def _leaves(connection: Connection) -> list[bytes]:
    rows = connection.scalars(select(log_entry.c.leaf).order_by(log_entry.c.log_index))
    return [bytes.fromhex(leaf) for leaf in rows]


def test_what_is_not_in_the_log_comes_next_and_each_event_once(store: Store) -> None:
    with store.writing() as connection:
        made = [_append(connection, project) for project in ("B", "A", "B", "@service")]
    assert _seal(store) == 4
    assert _seal(store) == 0
    with store.writing() as connection:
        made.append(_append(connection, "A"))
    with store.reading() as connection:
        assert log.behind(connection) == ["A"]
        assert log.unsealed(connection) == 1
    assert _seal(store) == 1
    with store.reading() as connection:
        assert log.size(connection) == 5
        assert sorted(_leaves(connection)) == sorted(bytes.fromhex(each.leaf) for each in made)
        last = log.entry_of(connection, "A", 2)
        assert last == log.Entry(4, "A", 2, made[-1].leaf)
        assert log.entry_at(connection, 4) == last
        assert log.last_seq_of(connection, "A", below=4) == 1
        assert log.unsealed(connection) == 0
        heads = log.heads_at(connection, 4)
        assert [(project, seq) for project, seq, _ in heads] == [
            ("@service", 1),
            ("A", 1),
            ("B", 2),
        ]


@pytest.mark.parametrize("most", [7, 256, 300])
def test_stored_hashes_are_those_of_the_tree_however_it_grew(store: Store, most: int) -> None:
    with store.writing() as connection:
        for number in range(600):
            _append(connection, f"P{number % 3}", number)
    while _seal(store, most):
        pass
    with store.reading() as connection:
        leaves, hashes = _leaves(connection), log.hashes(connection)
        known = merkle.hashes_over(leaves)
        for size in (1, 2, 255, 256, 257, 511, 512, 599, 600):
            assert merkle.root_at(size, hashes) == merkle.root(leaves[:size])
        assert merkle.inclusion(300, 600, hashes) == merkle.inclusion(300, 600, known)
        assert merkle.consistency(255, 600, hashes) == merkle.consistency(255, 600, known)


def test_a_chain_with_a_hole_stays_out_and_holds_nobody_up(store: Store) -> None:
    with store.writing() as connection:
        for project in ("A", "A", "B"):
            _append(connection, project)
        drop_triggers(connection)
        connection.execute(
            delete(events.event).where(events.event.c.project == "A", events.event.c.seq == 1)
        )
    assert _seal(store) == 1
    with store.reading() as connection:
        assert log.behind(connection) == ["A"]


def test_a_hash_that_is_gone_is_told(store: Store) -> None:
    with store.writing() as connection:
        for number in range(5):
            _append(connection, "A", number)
    _seal(store)
    with store.writing() as connection:
        drop_triggers(connection)
        connection.execute(delete(log_entry).where(log_entry.c.log_index == 2))
    with store.reading() as connection, pytest.raises(log.LogDamaged, match="0 to 3"):
        merkle.root_at(5, log.hashes(connection))


@only_postgresql
def test_a_late_commit_is_sealed_and_nobody_waits_for_the_sealer(store: Store) -> None:
    with store.engine.connect() as late, late.begin() as slow:
        _append(late, "slow")
        with store.writing() as connection:
            _append(connection, "quick")
        assert _seal(store) == 1
        slow.commit()
    with store.engine.connect() as sealer, sealer.begin():
        assert log.take_turn(sealer)
        log.append(sealer, log.waiting(sealer, 10))
        with store.writing() as connection:
            assert not log.take_turn(connection)
            _append(connection, "slow")
    assert _seal(store) == 1


@only_sqlite
def test_on_sqlite_whoever_writes_has_the_turn(store: Store) -> None:
    with store.writing() as connection:
        assert log.take_turn(connection)
