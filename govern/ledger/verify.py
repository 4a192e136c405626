"""What does not hold of the history? Every chain is recomputed from the stored bytes, a row at a time.

It names the first event of each chain that is not what it was; that nothing has to be named is told by
`assurance`, many times as quickly. Pure, and constant in memory but for the faults found. It catches
what was changed, removed, added or moved by somebody who did not recompute everything up to the head;
a whole chain written anew with a matching head is a matter for a log that others have seen.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from govern.ledger.canonical import NotCanonical, read_canonical
from govern.ledger.event import FIELDS, GENESIS, VERSION, leaf_hash


class StoredEvent(NamedTuple):
    """An event's row as it lies in the database, believed in nothing.

    Text is as stored, bytes that are no UTF-8 as surrogate escapes; `recorded_at` is the instant as
    text; `seq` is `None` where the column holds no whole number. `log_index` and `log_leaf` are what
    the log has of it, `None` while it is not in the log.
    """

    project: str
    seq: int | None
    prev: str
    body: bytes
    leaf: str
    kind: str
    recorded_at: str
    log_index: int | None = None
    log_leaf: str | None = None


Row = tuple[str, int | None, str, bytes, str, str, str, int | None, str | None]
"""The same, unnamed: a row may come as the driver of the database hands it over, with anything in it."""


class StoredHead(NamedTuple):
    """Where a chain stands: the number and the leaf of its last event, as stored, and up to which
    event the log says to have it."""

    project: str
    seq: int | None
    head: str
    sealed: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """The first event of a chain that does not hold, and what is wrong with it."""

    project: str
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Audit:
    """How many chains and events were seen, how many of them are in the log, and the first fault of
    every chain that has one."""

    chains: int
    events: int
    faults: tuple[Fault, ...]
    sealed: int = 0


Look = Callable[[str, int, str, Any], None]
"""Told of every event: chain, number, kind, and the `data` of its body where that can be read."""


def verify(events: Iterable[Row], heads: Iterable[StoredHead], look: Look | None = None) -> Audit:
    """Recompute every chain.

    `events` come sorted by (project, seq) and `heads` by project, text in the order of its UTF-8
    bytes. Rows out of order show as faults, never as silence.
    """
    audit = _Audit(heads, look)
    audit.run(events)
    return Audit(audit.chains, audit.events, tuple(audit.faults), audit.sealed)


class _Audit:
    """One pass; remembers only where it stands, and the first fault of each chain."""

    def __init__(self, heads: Iterable[StoredHead], look: Look | None) -> None:
        self._waiting = iter(heads)
        self._head = next(self._waiting, None)
        self._look = look
        self.chains = self.events = self.sealed = 0
        self.faults: list[Fault] = []

    def run(self, events: Iterable[Row]) -> None:
        chain: _Chain | None = None
        due, last, last_index = 0, GENESIS, -1
        for each in events:
            row = believable(each)
            self.events += 1
            if chain is None or row.project != chain.project:
                if chain is not None:
                    self._close(chain, due, last)
                chain = _Chain(row.project)
                due, last, last_index = 0, GENESIS, -1
            due += 1
            if row.seq is not None and 0 < row.seq < due:
                chain.fail(row.seq, "is there twice")
            chain.fail(due, wrong(row, due, last))
            if row.log_index is not None:
                self.sealed += 1
                if (
                    row.log_leaf != row.leaf
                    or chain.sealed != due - 1
                    or type(row.log_index) is not int
                    or row.log_index <= last_index
                ):
                    chain.not_in_order(due, row.leaf, row.log_leaf)
                chain.sealed = due
                last_index = row.log_index
            last = row.leaf
            if self._look is not None:
                self._look(chain.project, due, row.kind, _data(row.body))
        if chain is not None:
            self._close(chain, due, last)
        self._heads_before(None)

    def _close(self, chain: "_Chain", seq: int, leaf: str) -> None:
        self._heads_before(chain.project)
        self.chains += 1
        head = self._head
        if head is not None and head.project == chain.project:
            self._head = next(self._waiting, None)
        else:
            head = None
        chain.close(head, seq, leaf)
        if chain.fault is not None:
            self.faults.append(chain.fault)

    def _heads_before(self, project: str | None) -> None:
        """Heads of chains without events; all that are left where no project is named."""
        while self._head is not None and (
            project is None or _key(self._head.project) < _key(project)
        ):
            chain = _Chain(self._head.project)
            chain.close(self._head, 0, GENESIS)
            self.chains += 1
            if chain.fault is not None:
                self.faults.append(chain.fault)
            self._head = next(self._waiting, None)


class _Chain:
    """The chain being read: up to where the log has it, and its first fault."""

    __slots__ = ("fault", "project", "sealed")

    def __init__(self, project: str) -> None:
        self.project = project
        self.sealed = 0
        self.fault: Fault | None = None

    def fail(self, seq: int, what: str | None) -> None:
        if what is not None and (self.fault is None or seq < self.fault.seq):
            self.fault = Fault(self.project, seq, what)

    def not_in_order(self, due: int, leaf: str, log_leaf: str | None) -> None:
        if self.sealed != due - 1:
            self.fail(self.sealed + 1, f"is not in the log, but event {due} after it is")
        elif log_leaf != leaf:
            what = f"its leaf is {_show(leaf)}, the log's entry of it has {_show(_text(log_leaf))}"
            self.fail(due, what)
        else:
            self.fail(due, "stands in the log before the event that it follows")

    def close(self, head: StoredHead | None, last: int, leaf: str) -> None:
        if self.sealed != (0 if head is None else head.sealed or 0):
            self._not_as_sealed(0 if head is None else head.sealed or 0)
        if self.fault is not None:
            return
        if head is None:
            self.fail(
                last, "the chain has no head, which would tell whether this is its last event"
            )
        elif head.seq is None or head.seq < last:
            self.fail(last, f"the chain's head says that event {head.seq} is the last")
        elif head.seq > last:
            what = f"is missing: the chain's head says that event {head.seq} is the last"
            self.fail(last + 1, what)
        elif last == 0:
            self.fail(last, "the chain has a head, but no event")
        elif head.head != leaf:
            what = f"the chain's head is {_show(head.head)}, this event's leaf {_show(leaf)}"
            self.fail(last, what)

    def _not_as_sealed(self, said: int) -> None:
        if said > self.sealed:
            what = f"is not in the log, which is said to have this chain up to event {said}"
            self.fail(self.sealed + 1, what)
        else:
            what = f"is in the log, which is said to have this chain up to event {said} only"
            self.fail(max(said, 0) + 1, what)


def believable(row: Row) -> StoredEvent:
    """Whatever the cells hold, as the types that they should hold."""
    project, seq, prev, body, leaf, kind, at, log_index, log_leaf = cast("tuple[Any, ...]", row)
    if not isinstance(body, bytes):
        body = _text(body).encode("utf-8", "surrogateescape")
    whole = seq if type(seq) is int else None
    return StoredEvent(
        _text(project),
        whole,
        _text(prev),
        body,
        _text(leaf),
        _text(kind),
        _text(at),
        log_index,
        log_leaf,
    )


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value if isinstance(value, str) else "" if value is None else str(value)


def wrong(row: StoredEvent, due: int, last: str) -> str | None:
    """What does not hold of a row as event `due` of its chain, after one whose leaf is `last`."""
    return _wrong_place(row, due, last) or _wrong_body(row)


def _data(body: bytes) -> Any:
    """What the body says that happened, where it can be read; it may be anything."""
    try:
        return json.loads(body)["data"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


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


def _key(project: str) -> bytes:
    return project.encode("utf-8", "surrogateescape")


def _show(digest: str) -> str:
    return f"{digest[:12]!a}…"
