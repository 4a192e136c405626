"""The quick pass over a whole ledger: sure of every order in which events may lie, and of no damage."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.ledger import assurance
from govern.ledger.assurance import assure
from govern.ledger.event import leaf_hash
from govern.ledger.verify import Audit, StoredHead
from tests.ledger.chains import chain_of

LENGTHS = {"@service": 3, "LIRR": 5, "MNR": 4}
ROWS = {project: [row[:7] for row in chain_of(project, of)] for project, of in LENGTHS.items()}
LEAF = 4
Rows = list[Any]


def _heads(**sealed: int) -> list[StoredHead]:
    """Where every chain stands, and up to where the log has it: all of it, where nothing else is said."""
    return [
        StoredHead(project, len(rows), rows[-1][LEAF], sealed.get(project, len(rows)))
        for project, rows in ROWS.items()
    ]


def _in_order(order: list[str]) -> Rows:
    """Events of the chains as they are named, each chain's in its own order."""
    left = {project: iter(rows) for project, rows in ROWS.items()}
    return [next(left[project]) for project in order]


def _entries(events: Rows) -> Rows:
    return [(index, row[0], row[1], row[LEAF]) for index, row in enumerate(events)]


NAMES = [project for project, of in LENGTHS.items() for _ in range(of)]
EVENTS = _in_order(NAMES)
WHOLE = Audit(3, 12, (), 12)


@given(st.permutations(NAMES), st.permutations(NAMES), st.integers(0, len(NAMES)))
def test_it_is_sure_in_whatever_order_events_and_entries_lie(
    written: list[str], logged: list[str], size: int
) -> None:
    entries = _entries(_in_order(logged))[:size]
    sealed = {project: sum(1 for each in entries if each[1] == project) for project in LENGTHS}
    found = assure(_in_order(written), entries, _heads(**sealed))
    assert found == Audit(3, 12, (), size)


def test_entries_may_come_by_chain_as_long_as_each_chain_has_its_order() -> None:
    logged = _entries(_in_order(["MNR", "LIRR", "@service"] * 3 + ["LIRR", "MNR", "LIRR"]))
    by_chain = sorted(logged, key=lambda each: (each[1], each[2]))
    assert assure(EVENTS, by_chain, _heads()) == WHOLE
    one, other = by_chain[4][0], by_chain[5][0]
    by_chain[4], by_chain[5] = (other, *by_chain[4][1:]), (one, *by_chain[5][1:])
    assert assure(EVENTS, by_chain, _heads()) is None


def test_whoever_looks_on_is_told_of_every_event() -> None:
    told: Rows = []
    assure(EVENTS, _entries(EVENTS), _heads(), lambda *each: told.append(each))
    assert told == [(row[0], row[1], row[5], {"number": row[1]}) for row in EVENTS]


@given(st.permutations(NAMES), st.permutations(NAMES), st.integers(0, len(NAMES)))
def test_who_reads_the_log_gets_each_entry_after_its_event(
    written: list[str], logged: list[str], enough: int
) -> None:
    entries = _entries(_in_order(logged))
    seen: set[tuple[str, int]] = set()
    got: Rows = []

    def read_log(handed: Iterator[Any]) -> None:
        for entry in islice(handed, enough):
            assert (entry[1], entry[2]) in seen
            got.append(entry)

    events = _in_order(written)
    found = assure(events, entries, _heads(), lambda *each: seen.add(each[:2]), read_log)
    assert (found, got) == (WHOLE, entries[:enough])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, b"LIRR"),
        (0, "OTHER"),
        (1, 4.0),
        (1, "4"),
        (1, None),
        (2, None),
        (3, None),
        (3, 7),
        (4, None),
        (4, b"0" * 64),
        (5, b"reading.recorded"),
        (5, None),
        (6, 7),
        (6, "2026-11-24"),
    ],
)
def test_it_is_not_sure_of_a_cell_that_holds_another_thing(column: int, value: object) -> None:
    events = list(EVENTS)
    row = list(events[6])
    row[column] = value
    events[6] = tuple(row)
    found = assure(events, _entries(EVENTS), _heads())
    # A text that is kept as bytes is the same text, which the patient way takes for it too.
    assert found == (WHOLE if (column, value) == (5, b"reading.recorded") else None)


def test_it_is_not_sure_of_entries_that_are_no_events() -> None:
    entries = _entries(EVENTS)
    stray = (len(entries), "LIRR", 6, leaf_hash(b"another"))
    assert assure(EVENTS, [*entries, stray], _heads(LIRR=6)) is None
    again = (len(entries), *entries[0][1:])
    assert assure(EVENTS, [*entries, again], _heads()) is None
    project, seq = entries[4][1:3]
    taken = [*entries[:4], (4, project, seq, entries[5][3]), (5, *entries[5][1:3], entries[4][3])]
    assert assure(EVENTS, [*taken, *entries[6:]], _heads()) is None


def test_it_is_not_sure_of_heads_that_are_not_where_the_chains_end() -> None:
    entries = _entries(EVENTS)
    for number, head in enumerate(_heads()):
        for wrong in (
            head._replace(seq=(head.seq or 0) + 1),
            head._replace(seq=None),
            head._replace(head=leaf_hash(b"another")),
            head._replace(sealed=(head.sealed or 0) - 1),
            head._replace(sealed=None),
        ):
            heads = _heads()
            heads[number] = wrong
            assert assure(EVENTS, entries, heads) is None
        heads = _heads()
        del heads[number]
        assert assure(EVENTS, entries, heads) is None
    assert assure(EVENTS, entries, [*_heads(), StoredHead("NONE", 0, "0" * 64)]) is None


def test_nothing_at_all_holds() -> None:
    assert assure([], [], []) == Audit(0, 0, ())


def test_it_gives_up_before_it_remembers_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assurance, "_MOST_AHEAD", 5)
    monkeypatch.setattr(assurance, "_AT_ONCE", 2)
    reverse = ["MNR"] * 4 + ["LIRR"] * 5 + ["@service"] * 3
    assert assure(EVENTS, _entries(_in_order(reverse)), _heads()) is None
    assert assure(EVENTS, _entries(EVENTS), _heads()) == WHOLE
    assert assure(EVENTS, [], _heads(**dict.fromkeys(LENGTHS, 0))) == Audit(3, 12, (), 0)
