"""Chains for the tests, as rows, and every way to tamper with them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from govern.domain.instant import write_instant
from govern.ledger.event import GENESIS, Event, compose
from govern.ledger.verify import Audit, StoredEvent, StoredHead, verify

Row = TypeVar("Row", bound=NamedTuple)
START = datetime(2026, 11, 24, 10, tzinfo=UTC)


def chain_of(project: str, length: int) -> list[StoredEvent]:
    rows: list[StoredEvent] = []
    prev = GENESIS
    for seq in range(1, length + 1):
        link = compose(
            project=project,
            seq=seq,
            prev=prev,
            at=START + timedelta(minutes=seq),
            actor="someone",
            kind="reading.recorded",
            data={"number": seq},
        )
        rows.append(stored(link))
        prev = link.leaf
    return rows


def stored(link: Event) -> StoredEvent:
    return StoredEvent(
        link.project,
        link.seq,
        link.prev,
        link.body,
        link.leaf,
        link.kind,
        write_instant(link.recorded_at),
    )


def head_of(rows: Sequence[StoredEvent]) -> StoredHead:
    return StoredHead(rows[-1].project, rows[-1].seq, rows[-1].leaf)


def audit(rows: Sequence[StoredEvent], *heads: StoredHead) -> Audit:
    """As the store hands them over: sorted by project and number."""
    return verify(sorted(rows, key=lambda row: (row.project, row.seq or 0)), heads)


def replace(row: Row, **changes: Any) -> Row:
    """The row with other values in some of its columns."""
    return row._replace(**changes)
