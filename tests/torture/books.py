"""What was answered, held against what is kept.

Each thing that somebody does carries a mark that nothing else has, in a text that is kept as written.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select

from govern.services.receipts import check_receipt
from govern.services.runtime import Runtime
from govern.store import events
from govern.store.tables import reading, submission, vote
from tests.torture.tally import Tally
from tests.torture.town import GATED, REPORTED, faults_of

SUBMISSION, VOTE, READING = "submission", "vote", "reading"
_MARKS = {SUBMISSION: submission.c.note, VOTE: vote.c.reason, READING: reading.c.note}
_ID = {SUBMISSION: submission.c.id, VOTE: vote.c.id, READING: reading.c.id}
_EVENTS = {SUBMISSION: ("gate.submitted", "submission"), VOTE: ("vote.cast", "vote")}
WORTHLESS = 20
"""So many differences of one kind are told, no more."""


@dataclass(frozen=True, slots=True)
class Done:
    """`decided` is the submission that it decided, `receipt` what was given for it."""

    kind: str
    mark: str
    decided: int | None = None
    receipt: str | None = None


@dataclass
class Books:
    """Kept by those who ask, from any thread. What is in none of the three may be there or not."""

    done: list[Done] = field(default_factory=list[Done])
    refused: set[str] = field(default_factory=set[str])
    wrong: list[str] = field(default_factory=list[str])
    _lock: Any = field(default_factory=Lock)

    def acknowledge(self, done: Done) -> None:
        with self._lock:
            self.done.append(done)

    def refuse(self, mark: str) -> None:
        with self._lock:
            self.refused.add(mark)

    def complain(self, what: str) -> None:
        with self._lock:
            self.wrong.append(what)

    def now(self) -> "Books":
        """As they stand at this moment, for a comparison with what was kept at this moment."""
        with self._lock:
            return Books(list(self.done), set(self.refused), list(self.wrong))


def compare(runtime: Runtime, books: Books, *, injected: int = 0, whole: bool = True) -> Tally:
    """With `whole` the ledger is verified, and every row held against it."""
    wrong = [*books.wrong[:WORTHLESS], *(faults_of(runtime) if whole else ())]
    with runtime.store.reading() as connection:
        kept = {kind: _kept(connection, kind) for kind in _MARKS}
        told = _told(connection)
    lost = duplicated = 0
    for each in books.done:
        there = kept[each.kind].get(each.mark, [])
        lost += not there
        duplicated += len(there) > 1
        wrong += _without_event(each, there, told)
    for mark in sorted(books.refused):
        if any(mark in of_kind for of_kind in kept.values()):
            wrong.append(f"{mark} was refused, and is there")
    decided, unkept = _decisions(books, told)
    wrong += _broken_promises(runtime, books)
    return Tally(
        injected,
        len(books.done) + decided,
        lost + unkept,
        duplicated + sum(count > 1 for count in told["gate.decided"].values()),
        tuple(wrong[: 2 * WORTHLESS]),
    )


def _kept(connection: Connection, kind: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for mark, number in connection.execute(select(_MARKS[kind], _ID[kind])):
        found.setdefault(mark, []).append(number)
    return found


def _told(connection: Connection) -> Mapping[str, Counter[int]]:
    """Kind of event → how often each number stands in one."""
    told: dict[str, Counter[int]] = {}
    for kind, name in (*_EVENTS.values(), ("gate.decided", "submission")):
        numbers = (
            each["data"][name]
            for project in (*GATED, *REPORTED)
            for each in events.of_kind(connection, project, kind)
        )
        told[kind] = Counter(numbers)
    return told


def _without_event(done: Done, there: list[int], told: Mapping[str, Counter[int]]) -> list[str]:
    if done.kind not in _EVENTS:
        return []
    kind, _ = _EVENTS[done.kind]
    return [
        f"{done.kind} {number} stands in {told[kind][number]} events"
        for number in there
        if told[kind][number] != 1
    ]


def _decisions(books: Books, told: Mapping[str, Counter[int]]) -> tuple[int, int]:
    """How many decisions were acknowledged, and how many of them no event tells."""
    decided = {each.decided for each in books.done if each.decided is not None}
    return len(decided), sum(not told["gate.decided"][each] for each in decided)


def _broken_promises(runtime: Runtime, books: Books) -> list[str]:
    """Each receipt names an event that must stand in its chain as it was signed."""
    found = [
        (each.mark, check_receipt(runtime, each.receipt).wrong)
        for each in books.done
        if each.receipt is not None
    ]
    return [f"the receipt of {mark}: {wrong}" for mark, wrong in found if wrong is not None]
