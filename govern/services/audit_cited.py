"""What events cite, looked up some at a time while they are verified: memory does not grow with them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from sqlalchemy import Connection

from govern.domain.personal import REFERENCE
from govern.ledger.verify import Fault
from govern.store import cited

CITED = ("facts_digest", "rulebook_digest", "workflow_digest", "seen_digest", "digest")
"""Where the data of an event names kept content, beside the `digest` of each piece of evidence. A
sweep's `facts_digest` is another thing: it is taken over the facts digests of the projects whose
findings it wrote, each of which stands in that project's own chain."""

OF_THE_PORTFOLIO = ("sweep.recorded", "facts_digest")

_AT_ONCE = 2000
_MOST_REMEMBERED = 10_000
_REFERENCE = re.compile(REFERENCE.pattern.encode())
_PERSONAL = "personal:"

_Place = tuple[str, int, str]
"""A chain, the number of the event in it, and the name that it cites by."""


@dataclass(slots=True)
class Cited:
    """`look` is told of every event; `faults` has the first of each chain whose citations do not hold.

    `changed` and `on_disk` say of a digest or a reference what is wrong with it, `files` which
    digests are kept on disk.
    """

    connection: Connection
    changed: Mapping[str, str]
    files: frozenset[str]
    on_disk: Mapping[str, str]
    faults: dict[str, Fault] = field(default_factory=dict[str, Fault])
    _waiting: dict[str, list[_Place]] = field(default_factory=dict[str, list[_Place]])
    _good: set[str] = field(default_factory=set[str])

    def look(self, project: str, seq: int, kind: str, data: Any) -> None:
        """Remembers what an event cites, until there is enough to be looked up together."""
        if not isinstance(data, dict):
            return  # The chain does not hold there, which is told anyway.
        good, waiting = self._good, self._waiting
        for name, what in _citations(kind, cast("dict[str, Any]", data)):
            if what not in good:
                waiting.setdefault(what, []).append((project, seq, name))
        if len(waiting) >= _AT_ONCE:
            self.settle()

    def settle(self) -> None:
        """Looks up what waits; to be called once more after the last event."""
        references = {what for what in self._waiting if what.startswith(_PERSONAL)}
        digests = self._waiting.keys() - references
        there = cited.kept(self.connection, digests) | cited.known(self.connection, references)
        for what, places in self._waiting.items():
            wrong = self._wrong(what, what in there)
            if wrong is not None:
                for project, seq, name in places:
                    self._fail(Fault(project, seq, f"cites as {name} the {wrong}"))
        if len(self._good) > _MOST_REMEMBERED:
            self._good.clear()
        self._good |= there - self.changed.keys() - self.on_disk.keys()
        self._waiting.clear()

    def _wrong(self, what: str, there: bool) -> str | None:
        if what.startswith(_PERSONAL):
            if what in self.changed:
                return f"personal value {what}, which {self.changed[what]}"
            return None if there else f"personal value {what}, which is gone"
        if what in self.changed:
            return f"content {what}, which {self.changed[what]}"
        if what in self.on_disk:
            return f"file {self.on_disk[what]}"
        return None if there or what in self.files else f"content {what}, which is gone"

    def _fail(self, fault: Fault) -> None:
        earlier = self.faults.get(fault.project)
        if earlier is None or fault.seq < earlier.seq:
            self.faults[fault.project] = fault


def _citations(kind: str, data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in CITED:
        digest = data.get(name)
        if isinstance(digest, str) and (kind, name) != OF_THE_PORTFOLIO:
            yield name, digest
    brought = data.get("evidence")
    for each in cast("list[Any]", brought) if isinstance(brought, list) else ():
        digest = cast("dict[str, Any]", each).get("digest") if isinstance(each, dict) else None
        if isinstance(digest, str):
            yield "evidence", digest
    try:
        written = orjson.dumps(data)
    except TypeError:
        return
    if b'"personal:' in written:
        for reference in _REFERENCE.findall(written):
            yield "a personal value", reference.decode()
