"""The checker tells histories of a gate from those of none."""

from dataclasses import replace

import pytest

from tests.torture.linearizable import (
    CLOSED,
    LOOK,
    NEVER,
    OK,
    READ,
    REFUSED,
    STALE,
    SUBMIT,
    VOTE,
    Call,
    Gate,
    Seen,
    is_linearizable,
)

FIRST = Gate(project=3)


def submit(begun: float, ended: float, number: int = 1, version: int = 3) -> Call:
    return Call(SUBMIT, "mia", begun, ended, number, version, OK)


def vote(who: str, begun: float, ended: float, version: int, result: str | None = OK) -> Call:
    return Call(VOTE, who, begun, ended, 1, version, result)


def read(begun: float, ended: float, version: int, votes: int, *, is_open: bool = True) -> Call:
    return Call(READ, "rea", begun, ended, 1, 0, OK, Seen(version, votes, is_open))


def look(begun: float, ended: float, version: int) -> Call:
    return Call(LOOK, "rea", begun, ended, 0, version, OK)


GOOD = {
    "nobody": [],
    "one after the other": [
        submit(0, 1),
        vote("ann", 2, 3, 1),
        read(4, 5, 2, 1),
        vote("bob", 6, 7, 2),
        read(8, 9, 3, 2, is_open=False),
        look(8, 9, 4),
    ],
    "at once": [
        submit(0, 1),
        vote("ann", 2, 9, 1),
        vote("bob", 2, 9, 1, STALE),
        read(3, 8, 1, 0),
        read(4, 8, 2, 1),
    ],
    "one who came too late": [
        submit(0, 1),
        vote("ann", 2, 3, 1),
        vote("ann", 4, 5, 2, REFUSED),
        vote("bob", 6, 7, 2),
        vote("cid", 6, 9, 2, CLOSED),
        replace(submit(10, 11, 2), version=4),
        vote("dan", 12, 13, 1, CLOSED),
    ],
    "no answer, and it was done": [
        submit(0, 1),
        vote("ann", 2, NEVER, 1, None),
        read(3, 4, 1, 0),
        read(5, 6, 2, 1),
    ],
    "no answer, and it was never done": [
        submit(0, 1),
        vote("ann", 2, NEVER, 1, None),
        read(9, 10, 1, 0),
    ],
    "a submission that nobody was told of": [
        replace(submit(0, NEVER), number=0, result=None),
        vote("ann", 2, 3, 1),
    ],
}

BAD = {
    "a read of what was": [submit(0, 1), vote("ann", 2, 3, 1), read(4, 5, 1, 0)],
    "a read of what will be": [submit(0, 1), read(2, 3, 2, 1), vote("ann", 4, 5, 1)],
    "two changes of one version": [submit(0, 1), vote("ann", 2, 9, 1), vote("bob", 2, 9, 1)],
    "somebody who votes twice": [submit(0, 1), vote("ann", 2, 3, 1), vote("ann", 4, 5, 2)],
    "a vote after the decision": [
        submit(0, 1),
        vote("ann", 2, 3, 1),
        vote("bob", 4, 5, 2),
        vote("cid", 6, 7, 3),
    ],
    "a vote that is gone": [
        submit(0, 1),
        vote("ann", 2, 3, 1),
        read(4, 5, 2, 1),
        read(6, 7, 1, 0),
    ],
    "a vote of which no answer came, seen and gone": [
        submit(0, 1),
        vote("ann", 2, NEVER, 1, None),
        read(3, 4, 2, 1),
        read(5, 6, 1, 0),
    ],
    "two that are open at once": [submit(0, 1), submit(2, 3, 2)],
    "refused though nothing stood against it": [submit(0, 1), vote("ann", 2, 3, 1, STALE)],
    "closed though it is open": [submit(0, 1), vote("ann", 2, 3, 1, CLOSED)],
    "half a vote": [submit(0, 1), vote("ann", 2, 3, 1), read(4, 5, 2, 0)],
    "a decision that moved no project": [
        submit(0, 1),
        vote("ann", 2, 3, 1),
        vote("bob", 4, 5, 2),
        look(6, 7, 3),
    ],
    "a project that moved before its decision": [submit(0, 1), vote("ann", 2, 3, 1), look(4, 5, 4)],
}


@pytest.mark.parametrize("name", GOOD)
def test_a_history_of_a_gate(name: str) -> None:
    assert is_linearizable(GOOD[name], FIRST)


@pytest.mark.parametrize("name", BAD)
def test_a_history_of_none(name: str) -> None:
    assert not is_linearizable(BAD[name], FIRST)


@pytest.mark.parametrize("name", BAD)
def test_the_order_in_which_they_were_written_down_changes_nothing(name: str) -> None:
    assert not is_linearizable(BAD[name][::-1], FIRST)
