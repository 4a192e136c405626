"""What an export for auditors reads beside the ledger: parts of the log, personal rows, checkpoints."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from govern.domain.personal import REFERENCE
from govern.store.tables import checkpoint, cosignature, log_entry, personal

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Personal:
    """A reference with its text and salt, or when it was erased and what is left under which other
    reference."""

    ref: str
    value: str | None
    salt: bytes | None
    erased_at: datetime | None
    left: str | None


def personal_rows(connection: Connection, refs: Collection[str]) -> Iterator[Personal]:
    """The rows of these references, in their order, and of what is left of an erased one."""
    waiting, seen = sorted(refs), set(refs)
    while waiting:
        some, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
        query = select(
            personal.c.ref, personal.c.value, personal.c.salt, personal.c.erased_at
        ).where(personal.c.ref.in_(some))
        for ref, value, salt, erased_at in connection.execute(query.order_by(personal.c.ref)).all():
            if erased_at is None:
                yield Personal(ref, value, salt, None, None)
                continue
            left = value if value and REFERENCE.fullmatch(value) else None
            yield Personal(ref, None, None, erased_at, left)
            if left is not None and left not in seen:
                seen.add(left)
                waiting.append(left)


def chains_between(connection: Connection, first: int, below: int) -> list[tuple[str, int, int]]:
    """(project, first seq, last seq) of every chain with entries from index `first` to before
    `below`: a chain is sealed in its own order, so that what lies between is in that part too."""
    query = (
        select(log_entry.c.project, func.min(log_entry.c.seq), func.max(log_entry.c.seq))
        .where(log_entry.c.log_index >= first, log_entry.c.log_index < below)
        .group_by(log_entry.c.project)
    )
    found = [(project, low, high) for project, low, high in connection.execute(query)]
    return sorted(found, key=lambda each: each[0].encode())


def size_before(connection: Connection, moment: datetime) -> int:
    """How large the log was by the last checkpoint sealed before a moment; 0 where there is none."""
    query = select(func.max(checkpoint.c.size)).where(checkpoint.c.sealed_at < moment)
    return connection.scalar(query) or 0


def daily_sizes(connection: Connection, below: int) -> list[int]:
    """The sizes of the last checkpoint of each day (UTC) that are less than `below`, in order."""
    query = (
        select(checkpoint.c.size, checkpoint.c.sealed_at)
        .where(checkpoint.c.size < below)
        .order_by(checkpoint.c.size)
    )
    last: dict[str, int] = {}
    for size, sealed_at in connection.execute(query):
        last[sealed_at.date().isoformat()] = size
    return sorted(set(last.values()))


def cosigned_size(connection: Connection) -> int | None:
    """The size of the last checkpoint that a witness has signed too; None where none has."""
    return connection.scalar(select(func.max(cosignature.c.size)))
