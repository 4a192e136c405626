"""What events state of daily heads is made again from the entries, and the first that is not so is named."""

from typing import Any

import pytest

from govern.ledger.heads import Head, heads_root
from govern.ledger.verify import Fault
from govern.ledger.verify_heads import DailyHeads
from govern.ledger.verify_log import StoredEntry

ENTRIES = [
    StoredEntry(index, project, seq, f"{index:064x}")
    for index, (project, seq) in enumerate(
        [("LIRR", 1), ("@service", 1), ("LIRR", 2), ("\U0001f600", 1), ("\ufb33", 1), ("LIRR", 3)]
    )
]
DAYS = {"2026-11-22": 1, "2026-11-23": 3, "2026-11-24": 3, "2026-11-25": 6}


def _stated(day: str, size: int) -> dict[str, Any]:
    last = {entry.project: entry for entry in ENTRIES[:size]}
    heads = [Head(each.project, each.seq or 0, each.leaf) for each in last.values()]
    return {"day": day, "size": size, "count": len(heads), "root": heads_root(heads).hex()}


def _seen(statements: list[Any], entries: list[StoredEntry] = ENTRIES) -> DailyHeads:
    days = DailyHeads("@service")
    for seq, data in enumerate(statements, 10):
        days.take(seq, data)
    assert list(days.watch(entries)) == entries
    return days


def _all() -> list[Any]:
    return [_stated(day, size) for day, size in DAYS.items()]


def test_heads_as_they_were_hold() -> None:
    seen = _seen(_all())
    assert (seen.held, seen.faults) == (4, [])


def test_where_no_heads_are_stated_nothing_is_done() -> None:
    seen = _seen([])
    assert (seen.held, seen.faults) == (0, [])


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"root": "0" * 64}, "under"),
        ({"root": None}, "not which"),
        ({"count": 17}, "states 17 heads"),
        ({"count": True}, "not which"),
        ({"size": 7}, "has not so many"),
        ({"size": 0}, "not which"),
        ({"size": "3"}, "not which"),
        ({"day": "2026-11-22x"}, "not which"),
        ({"day": 20261122}, "not which"),
    ],
)
def test_what_is_stated_otherwise_is_named(number: int, change: dict[str, Any], says: str) -> None:
    statements = _all()
    statements[number] |= change
    (fault,) = _seen(statements).faults
    assert (fault.project, fault.seq) == ("@service", 10 + number)
    assert says in fault.what


@pytest.mark.parametrize("data", [None, [], "x", {}])
def test_data_that_state_no_heads_are_named(data: Any) -> None:
    assert [fault.seq for fault in _seen([data, *_all()]).faults] == [10]


def test_a_day_has_its_heads_once_and_after_the_day_before() -> None:
    statements = _all()
    again = _seen([*statements, statements[-1]]).faults
    assert again == [
        Fault("@service", 14, "states the heads of 2026-11-25 after those of 2026-11-25")
    ]
    assert [fault.seq for fault in _seen(statements[::-1]).faults] == [11]


@pytest.mark.parametrize("index", range(len(ENTRIES)))
def test_an_entry_that_is_another_gives_other_heads(index: int) -> None:
    entries = list(ENTRIES)
    entries[index] = entries[index]._replace(leaf="f" * 64)
    # An entry that another of its chain followed before heads were taken is a matter of the chain.
    first = {0: 10, 1: 11, 2: 11}.get(index, 13)
    assert [fault.seq for fault in _seen(_all(), entries).faults] == [first]


@pytest.mark.parametrize("left", range(6))
def test_a_log_that_ends_too_early_is_told(left: int) -> None:
    first = min(seq for seq, size in enumerate(DAYS.values(), 10) if size > left)
    (fault,) = _seen(_all(), ENTRIES[:left]).faults
    assert fault.seq == first


def test_an_entry_that_holds_anything_is_no_head() -> None:
    entries = [ENTRIES[0]._replace(leaf=b"\xff")._replace(project="\udcff"), *ENTRIES[1:]]
    assert [fault.seq for fault in _seen(_all(), entries).faults] == [10]
