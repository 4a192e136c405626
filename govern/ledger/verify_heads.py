"""Are the daily heads those of the chains? What each event states is made again from the entries of
the log, while they are read for the tree: a day's heads are where the chains stood among the first
entries.

Pure; memory is one head per chain, and one statement per day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, cast

from govern.ledger.heads import Head, heads_root
from govern.ledger.verify import Fault
from govern.ledger.verify_log import Entry


class _Stated(NamedTuple):
    size: int
    seq: int
    day: str
    chains: int
    root: str


@dataclass(slots=True)
class DailyHeads:
    """What the events of one chain state about daily heads, and the first of them that is not so.

    `held` counts the days whose heads were made again and are the ones stated.
    """

    chain: str
    held: int = 0
    faults: list[Fault] = field(default_factory=list[Fault])
    _stated: list[_Stated] = field(default_factory=list[_Stated])
    _last_day: str = ""
    _met: int = 0

    def take(self, seq: int, data: Any) -> None:
        """Event `seq` states heads; its `data` may be anything. Events come in their order."""
        stated = _read(seq, data)
        if stated is None:
            self._fail(seq, "states heads of a day, but not which")
            return
        if stated.day <= self._last_day:
            self._fail(seq, f"states the heads of {stated.day} after those of {self._last_day}")
        self._last_day = max(self._last_day, stated.day)
        self._stated.append(stated)

    def watch(self, entries: Iterable[Entry]) -> Iterable[Entry]:
        """The same entries, which come in the order of the log; looked at as they pass by."""
        self._stated.sort()
        return self._watched(entries) if self._stated else entries

    def _watched(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        last: dict[str, Entry] = {}
        due = self._stated[0].size
        for size, entry in enumerate(entries, 1):
            last[entry[1]] = entry
            if size == due:
                due = self._meet(size, last)
            yield entry
        for stated in self._stated[self._met :]:
            what = f"states heads of {stated.size} entries of the log, which has not so many"
            self._fail(stated.seq, what)

    def _meet(self, size: int, last: dict[str, Entry]) -> int:
        """Compares all that is stated of this size; returns the next size that something is of."""
        heads = [Head(project, seq or 0, leaf) for _, project, seq, leaf in last.values()]
        try:
            root = heads_root(heads).hex()
        except (TypeError, ValueError):
            root = ""
        while self._met < len(self._stated) and self._stated[self._met].size == size:
            stated = self._stated[self._met]
            self._met += 1
            if (stated.chains, stated.root) == (len(heads), root):
                self.held += 1
                continue
            what = (
                f"states {stated.chains} heads of {stated.day} under {stated.root[:12]!a}…; after "
                f"{size} entries the log has {len(heads)} under {root[:12]!a}…"
            )
            self._fail(stated.seq, what)
        return self._stated[self._met].size if self._met < len(self._stated) else 0

    def _fail(self, seq: int, what: str) -> None:
        if not self.faults or seq < self.faults[0].seq:
            self.faults[:] = [Fault(self.chain, seq, what)]


def _read(seq: int, data: Any) -> _Stated | None:
    if not isinstance(data, dict):
        return None
    fields = cast(dict[str, Any], data)
    day, size, chains, root = (fields.get(name) for name in ("day", "size", "count", "root"))
    if type(size) is not int or type(chains) is not int or size < 1:
        return None
    if not isinstance(day, str) or not isinstance(root, str) or not _is_day(day):
        return None
    return _Stated(size, seq, day, chains, root)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
