"""Which events an export holds: all of a project, those of a gate, or a part of the log."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import Connection

from govern.domain.record import Record
from govern.ledger.event import Event
from govern.store import events, exported, log

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for: a project, one of its gates, or the days from `first` to `last` (UTC)."""

    project: str | None = None
    gate: str | None = None
    first: date | None = None
    last: date | None = None

    @property
    def kind(self) -> str:
        if self.project is None:
            return "period"
        return "project" if self.gate is None else "gate"

    def told(self) -> Record:
        """As events and manifests tell it."""
        return {
            "project": {"kind": "project", "project": self.project},
            "gate": {"kind": "gate", "project": self.project, "gate": self.gate},
            "period": {
                "kind": "period",
                "from": self.first.isoformat() if self.first else None,
                "to": self.last.isoformat() if self.last else None,
            },
        }[self.kind]


@dataclass(frozen=True, slots=True)
class Part:
    """Some events of one chain by their numbers, ascending."""

    chain: str
    seqs: Sequence[int]

    @property
    def whole(self) -> bool:
        """Whether it is the chain from its first event on, without gaps."""
        return self.seqs[0] == 1 and self.seqs[-1] == len(self.seqs)

    def record(self) -> Record:
        return {
            "chain": self.chain,
            "first": self.seqs[0],
            "last": self.seqs[-1],
            "events": len(self.seqs),
            "whole": self.whole,
        }


@dataclass(frozen=True, slots=True)
class Selection:
    """The parts, chains in the order of the bytes of their names; for a period, the part of the log."""

    parts: tuple[Part, ...]
    first_index: int | None = None
    next_index: int | None = None

    @property
    def events(self) -> int:
        return sum(len(part.seqs) for part in self.parts)

    def with_events(self, chain: str, seqs: set[int]) -> "Selection":
        """With further events of a chain."""
        own = next((part for part in self.parts if part.chain == chain), None)
        if not seqs or (own is not None and seqs <= set(own.seqs)):
            return self
        others = [part for part in self.parts if part.chain != chain]
        grown = Part(chain, sorted(seqs | set(own.seqs if own else ())))
        ordered = sorted([*others, grown], key=lambda part: part.chain.encode())
        return Selection(tuple(ordered), self.first_index, self.next_index)


def select(connection: Connection, query: Query, size: int) -> Selection:
    """Of the first `size` entries of the log. A period is what was sealed in it, so that it can be
    shown to be all of it: nothing is left out between one export and the next."""
    if query.project is None:
        first = _until(connection, query.first, 0, size)
        following = _until(
            connection, query.last + timedelta(days=1) if query.last else None, size, size
        )
        spans = exported.chains_between(connection, first, following)
        parts = tuple(Part(chain, range(low, high + 1)) for chain, low, high in spans)
        return Selection(parts, first, max(first, following))
    last = log.last_seq_of(connection, query.project, below=size)
    whole = Part(query.project, range(1, last + 1))
    if last == 0:
        return Selection(())
    if query.gate is None:
        return Selection((whole,))
    seqs = [
        event.seq
        for event in events_in(connection, Selection((whole,)))
        if data_of(event).get("gate") == query.gate
    ]
    return Selection((Part(query.project, seqs),) if seqs else ())


def events_in(connection: Connection, selection: Selection) -> Iterator[Event]:
    """The selected events, chain after chain; some at a time."""
    for part in selection.parts:
        wanted = part.seqs if isinstance(part.seqs, range) else frozenset(part.seqs)
        after = part.seqs[0] - 1
        while after < part.seqs[-1]:
            batch = events.events_of(connection, part.chain, after=after, limit=_AT_ONCE)
            if not batch:
                return
            for event in batch:
                if event.seq in wanted:
                    yield event
            after = batch[-1].seq


def data_of(event: Event) -> dict[str, Any]:
    """The data of an event; nothing where its body is no longer what was written."""
    try:
        body = json.loads(event.body)
        data = body["data"]
    except (ValueError, KeyError, TypeError):
        return {}
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


def _until(connection: Connection, day: date | None, otherwise: int, size: int) -> int:
    """The size of the log before a day began."""
    if day is None:
        return otherwise
    began = datetime.combine(day, time(), UTC)
    return min(exported.size_before(connection, began), size)
