"""Does the whole history hold? A quick pass that is sure where it says yes, and silent where it is not.

Each body is read, and written again from what stands in its row beside it: where the bytes are the same,
they are canonical, and every column is what the event says. Events come in any order that has each chain's
in theirs, so that they can be read as they lie; so do the log's entries, of which each has to be one event.
Who is to be named where something does not hold is a matter for `verify`, which takes its time.

Pure. Memory is a few hundred bytes per chain and per event that is not in the log.
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

from govern.ledger.body import NOT_QUICK, Body, read, write_into
from govern.ledger.event import GENESIS, VERSION
from govern.ledger.quick import BEYOND
from govern.ledger.verify import Audit, Look, StoredEvent, StoredHead, believable, wrong
from govern.ledger.verify_log import Entry

EventRow = tuple[str, int, str, bytes, str, str, str]
"""An event as it lies in the database: project, seq, prev, body, leaf, kind, and the instant as text. A
tampered row may have anything in it."""

_Key = tuple[str, int | None, str]
"""Of an event or an entry: project, seq, leaf."""

_AT_ONCE = 500
_MOST_AHEAD = 200_000
"""Events read before the log's entry of them is met, or none is. Memory is bounded by it."""

_sha256 = hashlib.sha256


class _NotSure(Exception):  # noqa: N818 - no error: somebody else has to look
    """Something is not as it should be, or not as it usually is."""


def assure(
    events: Iterable[EventRow],
    entries: Iterable[Entry],
    heads: Iterable[StoredHead],
    look: Look | None = None,
    read_log: Callable[[Iterator[Entry]], object] | None = None,
) -> Audit | None:
    """What was seen, where all of it holds; None where that is not sure.

    Each chain's events come by their number, and its entries too; otherwise both in any order, best in
    about the same one. `look` is told of events, perhaps of some only where the answer is None.
    `read_log` reads the same entries, each when an event has been found to be it, and may stop early.
    """
    try:
        return _Pass(events, look).run(entries, heads, read_log)
    except _NotSure:
        return None


class _Pass:
    """How far each chain has come, by its events and by the log's entries."""

    def __init__(self, events: Iterable[EventRow], look: Look | None) -> None:
        self._events = iter(events)
        self._look = look
        self._reached: dict[str, tuple[int, str]] = {}
        self._seen = self._entries = 0
        self._queue: deque[_Key] = deque()
        self._ahead: set[_Key] = set()
        self._logged: dict[str, int] = {}
        self._index: dict[str, int] = {}

    def run(
        self,
        entries: Iterable[Entry],
        heads: Iterable[StoredHead],
        read_log: Callable[[Iterator[Entry]], object] | None,
    ) -> Audit:
        met = chain.from_iterable(self._met(entries))
        if read_log is not None:
            read_log(met)
        deque(met, 0)
        while self._take():
            pass
        chains = 0
        for project, seq, head, sealed in heads:
            chains += 1
            if self._reached.get(project) != (seq, head) or self._logged.get(project, 0) != (
                sealed or 0
            ):
                raise _NotSure
        if chains != len(self._reached):
            raise _NotSure
        return Audit(chains, self._seen, (), self._entries)

    def _met(self, entries: Iterable[Entry]) -> Iterator[list[Entry]]:
        """Some entries at a time, of which each is an event."""
        left = iter(entries)
        while some := list(islice(left, _AT_ONCE)):
            keys = [row[1:] for row in some]
            if not self._queue:
                self._queue.extend(self._take())
            if not self._ahead and keys == list(self._queue):
                self._queue.clear()
            else:
                self._meet(keys)
            self._follow(some)
            self._entries += len(some)
            yield some

    def _meet(self, keys: Iterable[_Key]) -> None:
        """Of each key one event that was not met before; those before it wait for their entries."""
        ahead = self._ahead
        for key in keys:
            if key in ahead:
                ahead.remove(key)
                continue
            while (event := self._next()) != key:
                if len(ahead) >= _MOST_AHEAD:
                    raise _NotSure
                ahead.add(event)

    def _next(self) -> _Key:
        if not self._queue:
            self._queue.extend(self._take())
        if not self._queue:
            raise _NotSure
        return self._queue.popleft()

    def _follow(self, some: Iterable[Entry]) -> None:
        """Each chain's entries have its numbers, one by one, and come one after the other in the log."""
        logged, last = self._logged, self._index
        for index, project, seq, _ in some:
            due = logged.get(project, 0) + 1
            if seq != due or index is None or index <= last.get(project, -1):
                raise _NotSure
            logged[project] = due
            last[project] = index

    def _take(self) -> list[_Key]:
        """Reads some events. This is where a million of them pass, hence the local names."""
        some = list(islice(self._events, _AT_ONCE))
        reached, look = self._reached, self._look
        sha256, tell, body_of, write = _sha256, read, Body, write_into
        first = (0, GENESIS)
        written: Any = bytearray()
        data: Any = None
        for project, seq, prev, body, leaf, kind, at in some:
            try:
                told = tell(body)
                data = told.data
                write(body_of(told.actor, at, data, kind, prev, project, seq, VERSION), written)
                before, head = reached.get(project, first)
                sound = (
                    head == prev
                    and before + 1 == seq
                    and sha256(b"\x00" + body).hexdigest() == leaf
                    and written == body
                    and type(kind) is str
                    and type(at) is str
                    and (body.isascii() or BEYOND.search(body) is None)
                )
            except NOT_QUICK:
                sound = False
            if not sound:
                row = (project, seq, prev, body, leaf, kind, at, None, None)
                data = self._slowly(believable(row))
            reached[project] = (seq, leaf)
            if look is not None:
                look(project, seq, kind, data)
        self._seen += len(some)
        return [(row[0], row[1], row[4]) for row in some]

    def _slowly(self, row: StoredEvent) -> Any:
        """The data of an event that the quick way is not sure of."""
        seq, leaf = self._reached.get(row.project, (0, GENESIS))
        if wrong(row, seq + 1, leaf) is not None:
            raise _NotSure
        return json.loads(row.body)["data"]
