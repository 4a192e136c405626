"""Does the whole history hold? A quick pass that is sure where it says yes, and silent where it is not.

Each body is read, and written again from what stands in its row beside it: where the bytes are the same,
they are canonical, and every column is what the event says. Events come in any order that has each chain's
in theirs, so that they can be read as they lie; so do the log's entries, of which each has to be one event.
Who is to be named where something does not hold is a matter for `verify`, which takes its time.

Pure. Memory is a few hundred bytes per chain and per event that is not in the log.
"""

import hashlib
import json
from collections.abc import Iterable
from itertools import islice
from typing import Any

from govern.ledger.body import NOT_QUICK, Body, read, write
from govern.ledger.event import GENESIS, VERSION
from govern.ledger.quick import BEYOND
from govern.ledger.verify import Audit, Look, StoredEvent, StoredHead, believable, wrong

LogRow = tuple[int, str, int, str]
"""An entry of the log: index, project, seq, leaf. A tampered row may have anything in it."""

EventRow = tuple[str, int, str, bytes, str, str, str]
"""An event as it lies in the database: project, seq, prev, body, leaf, kind, and the instant as text. A
tampered row may have anything in it."""

_AT_ONCE = 200
_MOST_AHEAD = 200_000
"""Events read before the log's entry of them is met, or none is. Memory is bounded by it."""

_sha256 = hashlib.sha256


class _NotSure(Exception):  # noqa: N818 - no error: somebody else has to look
    """Something is not as it should be, or not as it usually is."""


def assure(
    events: Iterable[EventRow],
    entries: Iterable[LogRow],
    heads: Iterable[StoredHead],
    look: Look | None = None,
) -> Audit | None:
    """What was seen, where all of it holds; None where that is not sure.

    Each chain's events come by their number, and its entries too; otherwise both in any order, best in
    about the same one. `look` is told of events, perhaps of some only where the answer is None.
    """
    try:
        return _Pass(events, look).run(entries, heads)
    except _NotSure:
        return None


class _Pass:
    """How far each chain has come, by its events and by the log's entries."""

    def __init__(self, events: Iterable[EventRow], look: Look | None) -> None:
        self._events = iter(events)
        self._look = look
        self._reached: dict[str, tuple[int, str]] = {}
        self._ahead: dict[str, tuple[str, int]] = {}
        self._seen = 0

    def run(self, entries: Iterable[LogRow], heads: Iterable[StoredHead]) -> Audit:
        met, logged = 0, dict[str, tuple[int, int]]()
        ahead, first = self._ahead, (0, -1)
        for index, project, seq, leaf in entries:
            event = ahead.pop(leaf, None)
            while event is None:
                self._read_on()
                event = ahead.pop(leaf, None)
            before, last_index = logged.get(project, first)
            if event != (project, seq) or before + 1 != seq or index <= last_index:
                raise _NotSure
            logged[project] = (seq, index)
            met += 1
        while self._take():
            ahead.clear()
        chains = 0
        for project, seq, head, sealed in heads:
            chains += 1
            if self._reached.get(project) != (seq, head) or logged.get(project, first)[0] != (
                sealed or 0
            ):
                raise _NotSure
        if chains != len(self._reached):
            raise _NotSure
        return Audit(chains, self._seen, (), met)

    def _read_on(self) -> None:
        if len(self._ahead) > _MOST_AHEAD or not self._take():
            raise _NotSure

    def _take(self) -> int:
        """Reads some events; how many. This is where a million of them pass, hence the local names."""
        some = list(islice(self._events, _AT_ONCE))
        reached, ahead, look = self._reached, self._ahead, self._look
        sha256, tell, body_of, write_it = _sha256, read, Body, write
        first = (0, GENESIS)
        data: Any = None
        for project, seq, prev, body, leaf, kind, at in some:
            try:
                told = tell(body)
                data = told.data
                sound = (
                    sha256(b"\x00" + body).hexdigest() == leaf
                    and reached.get(project, first) == (seq - 1, prev)
                    and write_it(body_of(told.actor, at, data, kind, prev, project, seq, VERSION))
                    == body
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
            ahead[leaf] = (project, seq)
            if look is not None:
                look(project, seq, kind, data)
        self._seen += len(some)
        return len(some)

    def _slowly(self, row: StoredEvent) -> Any:
        """The data of an event that the quick way is not sure of."""
        seq, leaf = self._reached.get(row.project, (0, GENESIS))
        if wrong(row, seq + 1, leaf) is not None:
            raise _NotSure
        return json.loads(row.body)["data"]
