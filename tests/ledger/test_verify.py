"""Whatever is done to a chain short of writing it anew, verification names the first bad event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.ledger.canonical import canonical, read_canonical
from govern.ledger.event import compose, leaf_hash
from govern.ledger.verify import Fault, StoredEvent, StoredHead, verify
from tests.ledger.chains import START, audit, chain_of, head_of, replace, stored

LENGTH = 6
ROWS = chain_of("LIRR", LENGTH)
HEAD = head_of(ROWS)
numbers = st.integers(1, LENGTH)
TEXT_COLUMNS = ("prev", "leaf", "kind", "recorded_at")


def _first_fault(rows: list[StoredEvent], *heads: StoredHead) -> Fault:
    faults = audit(rows, *(heads or (HEAD,))).faults
    assert len(faults) == 1
    return faults[0]


def test_whole_chains_have_no_fault() -> None:
    other = chain_of("SUBWAY", 2)
    seen = audit(ROWS + other, HEAD, head_of(other))
    assert (seen.chains, seen.events, seen.faults) == (2, LENGTH + 2, ())


def test_nothing_has_no_fault() -> None:
    assert audit([]).faults == ()


@given(numbers, st.data())
def test_a_flipped_bit_of_a_body_is_found(seq: int, data: st.DataObject) -> None:
    body = bytearray(ROWS[seq - 1].body)
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    rows = list(ROWS)
    rows[seq - 1] = replace(rows[seq - 1], body=bytes(body))
    assert _first_fault(rows).seq == seq


@given(numbers, st.sampled_from(TEXT_COLUMNS), st.data())
def test_a_flipped_bit_of_a_column_is_found(seq: int, column: str, data: st.DataObject) -> None:
    raw = bytearray(getattr(ROWS[seq - 1], column).encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    rows = list(ROWS)
    changed = raw.decode("utf-8", "surrogateescape")
    rows[seq - 1] = replace(rows[seq - 1], **{column: changed})
    assert _first_fault(rows).seq == seq


@given(numbers, st.none() | st.integers(-3, 20))
def test_a_changed_number_is_found(seq: int, changed: int | None) -> None:
    rows = list(ROWS)
    taken = {row.seq for row in rows}
    if changed in taken:
        return
    rows[seq - 1] = replace(rows[seq - 1], seq=changed)
    fault = _first_fault(rows)
    # A number below 1 sorts in front of everything, so the first event is the first not to hold.
    assert fault.seq == (1 if (changed or 0) < 1 else seq)


@given(numbers)
def test_an_event_moved_to_another_project_is_missing_there_and_bad_here(seq: int) -> None:
    rows = list(ROWS)
    rows[seq - 1] = replace(rows[seq - 1], project="MNR")
    faults = audit(rows, HEAD).faults
    assert [(fault.project, fault.seq) for fault in faults] == [("LIRR", seq), ("MNR", 1)]


@given(numbers)
def test_a_removed_event_is_found(seq: int) -> None:
    rows = [row for row in ROWS if row.seq != seq]
    assert _first_fault(rows).seq == seq


@given(numbers)
def test_a_cut_tail_is_found_by_the_head(left: int) -> None:
    if left == LENGTH:
        return
    fault = _first_fault(ROWS[:left])
    assert (fault.seq, "is missing" in fault.what) == (left + 1, True)


def test_all_events_removed_is_found_by_the_head() -> None:
    assert _first_fault([]).seq == 1


@given(numbers)
def test_an_inserted_event_is_found(seq: int) -> None:
    """The events from `seq` on make room; nothing but the column of numbers changes."""
    inserted = compose(
        project="LIRR",
        seq=seq,
        prev=ROWS[seq - 1].prev,
        at=START,
        actor="intruder",
        kind="gate.decided",
        data={},
    )
    later = [replace(row, seq=(row.seq or 0) + 1) for row in ROWS[seq - 1 :]]
    # The inserted one fits what is before it; it is the next that follows another event.
    assert _first_fault([*ROWS[: seq - 1], stored(inserted), *later]).seq == seq + 1


def test_an_appended_event_is_found_by_the_head() -> None:
    extra = compose(
        project="LIRR",
        seq=LENGTH + 1,
        prev=HEAD.head,
        at=START,
        actor="intruder",
        kind="gate.decided",
        data={},
    )
    assert "head" in _first_fault([*ROWS, stored(extra)]).what


@given(st.lists(numbers, min_size=2, max_size=2, unique=True))
def test_two_events_changing_places_are_found(pair: list[int]) -> None:
    one, other = sorted(pair)
    rows = list(ROWS)
    rows[one - 1], rows[other - 1] = (
        replace(ROWS[other - 1], seq=one),
        replace(ROWS[one - 1], seq=other),
    )
    assert _first_fault(rows).seq == one


@given(st.permutations(range(LENGTH)))
def test_any_reordering_is_found(order: list[int]) -> None:
    rows = [replace(ROWS[source], seq=place + 1) for place, source in enumerate(order)]
    moved = [place for place, source in enumerate(order) if place != source]
    if moved:
        assert _first_fault(rows).seq == moved[0] + 1
    else:
        assert audit(rows, HEAD).faults == ()


@given(numbers)
def test_an_event_replaced_with_a_fitting_hash_is_found_at_the_next(seq: int) -> None:
    body = canonical(read_canonical(ROWS[seq - 1].body) | {"actor": "somebody else"})
    rows = list(ROWS)
    rows[seq - 1] = replace(rows[seq - 1], body=body, leaf=leaf_hash(body))
    # For the last event it is the head that does not fit.
    assert _first_fault(rows).seq == min(seq + 1, LENGTH)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"extra": 1}, "fields of an event"),
        ({"v": 2}, "no event of a version"),
        ({"v": True}, "no event of a version"),
        ({"actor": 7}, "no event of a version"),
        ({"data": []}, "no event of a version"),
        ({"project": "MNR"}, "says project 'MNR'"),
        ({"seq": 7}, "says seq 7"),
        ({"seq": True}, "says seq True"),
        ({"prev": "f" * 64}, "says prev"),
        ({"kind": "other"}, "says kind 'other'"),
        ({"at": "2026-11-24T10:01:00Z"}, "says at"),
    ],
)
def test_a_body_must_have_the_fields_and_agree_with_its_row(
    changes: dict[str, object], says: str
) -> None:
    body = canonical(read_canonical(ROWS[0].body) | changes)
    row = replace(ROWS[0], body=body, leaf=leaf_hash(body))
    fault = _first_fault([row], head_of([row]))
    assert (fault.seq, says in fault.what) == (1, True), fault


@pytest.mark.parametrize("body", [b"", b"[]", b"{ }", b'{"v":1.0}', b"\xff", b"null"])
def test_a_body_that_is_no_event_is_found_though_its_hash_fits(body: bytes) -> None:
    row = replace(ROWS[0], body=body, leaf=leaf_hash(body))
    assert _first_fault([row], head_of([row])).seq == 1


@pytest.mark.parametrize(
    ("head", "seq"),
    [
        (replace(HEAD, seq=LENGTH - 1), LENGTH),
        (replace(HEAD, seq=LENGTH + 1), LENGTH + 1),
        (replace(HEAD, seq=None), LENGTH),
        (replace(HEAD, seq=-1), LENGTH),
        (replace(HEAD, head="0" * 64), LENGTH),
        (replace(HEAD, head=ROWS[-2].leaf), LENGTH),
    ],
)
def test_a_changed_head_is_found(head: StoredHead, seq: int) -> None:
    assert _first_fault(list(ROWS), head).seq == seq


def test_a_chain_without_its_head_is_found() -> None:
    (fault,) = verify(ROWS, []).faults
    assert (fault.seq, "no head" in fault.what) == (LENGTH, True)


def test_a_head_without_a_chain_is_found_wherever_it_sorts() -> None:
    heads = [StoredHead("A", 0, "0" * 64), HEAD, StoredHead("Z", 3, "f" * 64)]
    assert [(fault.project, fault.seq) for fault in verify(ROWS, heads).faults] == [
        ("A", 0),
        ("Z", 1),
    ]


def test_each_chain_has_its_own_first_fault() -> None:
    other, third = chain_of("MNR", 3), chain_of("SUBWAY", 3)
    rows = [*ROWS[:2], *ROWS[3:], *other, third[0], replace(third[1], kind="x"), third[2]]
    faults = audit(rows, HEAD, head_of(other), head_of(third)).faults
    assert [(fault.project, fault.seq) for fault in faults] == [("LIRR", 3), ("SUBWAY", 2)]


def test_rows_out_of_order_are_a_fault_and_never_silence() -> None:
    other = chain_of("MNR", 2)
    assert verify([*other, *ROWS], [HEAD, head_of(other)]).faults
    assert verify([*ROWS, *other], [head_of(other), HEAD]).faults
    assert verify([*ROWS[:2], *other, *ROWS[2:]], [HEAD, head_of(other)]).faults


def test_projects_are_in_the_order_of_their_bytes() -> None:
    names = sorted(["a", "Z", "é", "\U0001f600", "\ufb33", "a b"], key=str.encode)
    chains = [chain_of(name, 2) for name in names]
    assert verify((row for rows in chains for row in rows), map(head_of, chains)).faults == ()
