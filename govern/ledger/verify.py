"""Does the history still hold? Every chain is recomputed from the stored bytes, a row at a time.

Pure, and constant in memory but for the faults found. It catches what was changed, removed, added
or moved by somebody who did not recompute everything up to the head; a whole chain written anew
with a matching head is a matter for a log that others have seen.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from govern.ledger.canonical import NotCanonical, read_canonical
from govern.ledger.event import FIELDS, GENESIS, VERSION, leaf_hash


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event's row as it lies in the database, believed in nothing.

    Text is as stored, bytes that are no UTF-8 as surrogate escapes; `recorded_at` is the instant as
    text; `seq` is `None` where the column holds no whole number.
    """

    project: str
    seq: int | None
    prev: str
    body: bytes
    leaf: str
    kind: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class StoredHead:
    """Where a chain stands: the number and the leaf of its last event, as stored."""

    project: str
    seq: int | None
    head: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first event of a chain that does not hold, and what is wrong with it."""

    project: str
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Audit:
    """How many chains and events were seen, and the first fault of every chain that has one."""

    chains: int
    events: int
    faults: tuple[Fault, ...]


def verify(events: Iterable[StoredEvent], heads: Iterable[StoredHead]) -> Audit:
    """Recompute every chain.

    `events` come sorted by (project, seq) and `heads` by project, text in the order of its UTF-8
    bytes. Rows out of order show as faults, never as silence.
    """
    chains = count = 0
    faults: list[Fault] = []
    for project, rows, head in _chains(events, heads):
        chains += 1
        chain = _Chain(project)
        for row in rows:
            count += 1
            chain.take(row)
        fault = chain.close(head)
        if fault is not None:
            faults.append(fault)
    return Audit(chains, count, tuple(faults))


class _Chain:
    """One pass over the rows of one project; remembers only where it stands and the first fault."""

    def __init__(self, project: str) -> None:
        self.project = project
        self.seq = 0
        self.leaf = GENESIS
        self.fault: Fault | None = None

    def take(self, row: StoredEvent) -> None:
        if self.fault is not None:
            return
        due = self.seq + 1
        what = _wrong_place(row, due, self.leaf) or _wrong_body(row)
        if what is not None:
            self.fault = Fault(self.project, due, what)
        self.seq, self.leaf = due, row.leaf

    def close(self, head: StoredHead | None) -> Fault | None:
        if self.fault is not None:
            return self.fault
        what = None
        at = self.seq
        if head is None:
            what = "the chain has no head, which would tell whether this is its last event"
        elif head.seq is None or head.seq < self.seq:
            what = f"the chain's head says that event {head.seq} is the last"
        elif head.seq > self.seq:
            at = self.seq + 1
            what = f"is missing: the chain's head says that event {head.seq} is the last"
        elif self.seq == 0:
            what = "the chain has a head, but no event"
        elif head.head != self.leaf:
            what = f"the chain's head is {_show(head.head)}, this event's leaf {_show(self.leaf)}"
        return None if what is None else Fault(self.project, at, what)


def _wrong_place(row: StoredEvent, due: int, leaf: str) -> str | None:
    if row.seq != due:
        return f"is missing: the next event stored is numbered {row.seq}"
    if row.leaf != leaf_hash(row.body):
        return f"its bytes hash to {leaf_hash(row.body)[:12]}…, recorded is {_show(row.leaf)}"
    if row.prev != leaf:
        return f"it follows {_show(row.prev)}, the event before it is {_show(leaf)}"
    return None


def _wrong_body(row: StoredEvent) -> str | None:
    try:
        body = read_canonical(row.body)
    except NotCanonical as error:
        return f"its body {error.problem}"
    if not isinstance(body, dict) or cast(dict[str, Any], body).keys() != FIELDS:
        return "its body has not the fields of an event"
    fields = cast(dict[str, Any], body)
    if (
        type(fields["v"]) is not int
        or fields["v"] != VERSION
        or not isinstance(fields["actor"], str)
        or not isinstance(fields["data"], dict)
    ):
        return "its body is no event of a version known here"
    columns = {
        "project": row.project,
        "seq": row.seq,
        "prev": row.prev,
        "kind": row.kind,
        "at": row.recorded_at,
    }
    for name, stored in columns.items():
        if type(fields[name]) is not type(stored) or fields[name] != stored:
            return f"its body says {name} {fields[name]!r}, its row {stored!a}"
    return None


def _chains(
    events: Iterable[StoredEvent], heads: Iterable[StoredHead]
) -> Iterator[tuple[str, Iterable[StoredEvent], StoredHead | None]]:
    """Merge both by project: every chain once, with its rows and its head; one of them may lack."""
    waiting = iter(heads)
    head = next(waiting, None)
    for project, rows in groupby(events, key=lambda row: row.project):
        while head is not None and _key(head.project) < _key(project):
            yield head.project, (), head
            head = next(waiting, None)
        if head is not None and head.project == project:
            yield project, rows, head
            head = next(waiting, None)
        else:
            yield project, rows, None
    while head is not None:
        yield head.project, (), head
        head = next(waiting, None)


def _key(project: str) -> bytes:
    return project.encode("utf-8", "surrogateescape")


def _show(digest: str) -> str:
    return f"{digest[:12]!a}…"
