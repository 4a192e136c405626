"""An event: one thing that happened, as the exact bytes that were hashed.

`body` is the canonical JSON of `FIELDS`; `leaf` is SHA-256(0x00 ‖ body), the leaf hash of RFC 6962,
so that the same hash serves in the chain (as the next event's `prev`) and in a Merkle log.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from govern.domain.instant import read_instant, write_instant
from govern.ledger.canonical import canonical, read_canonical

VERSION = 1
FIELDS = frozenset({"v", "project", "seq", "prev", "at", "actor", "kind", "data"})
GENESIS = "0" * 64
"""What the first event of a chain names as its predecessor."""


@dataclass(frozen=True, slots=True)
class Event:
    """One link of a project's chain. `prev` and `leaf` are 64 lowercase hexadecimal digits."""

    project: str
    seq: int
    prev: str
    body: bytes
    leaf: str
    kind: str
    recorded_at: datetime

    @property
    def actor(self) -> str:
        return cast(str, self.fields()["actor"])

    @property
    def data(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.fields()["data"])

    def fields(self) -> dict[str, Any]:
        """The body, read. Raises `NotCanonical` where the stored bytes are not what was written."""
        return cast(dict[str, Any], read_canonical(self.body))


def leaf_hash(body: bytes) -> str:
    """SHA-256(0x00 ‖ body) as lowercase hex: the leaf hash of RFC 6962, section 2.1."""
    return hashlib.sha256(b"\x00" + body).hexdigest()


def compose(
    *,
    project: str,
    seq: int,
    prev: str,
    at: datetime,
    actor: str,
    kind: str,
    data: Mapping[str, Any],
) -> Event:
    """The event that follows `prev`, the leaf of event `seq − 1` (`GENESIS` for the first, seq 1).

    Raises `NotCanonical` for data that has no canonical form (a float, a date not written as text)
    and `ValueError` for a moment without a time zone.
    """
    instant = write_instant(at)
    body = canonical(
        {
            "v": VERSION,
            "project": project,
            "seq": seq,
            "prev": prev,
            "at": instant,
            "actor": actor,
            "kind": kind,
            "data": dict(data),
        }
    )
    return Event(project, seq, prev, body, leaf_hash(body), kind, read_instant(instant))


def compose_written(
    *, project: str, seq: int, prev: str, at: datetime, actor: str, kind: str, data: bytes
) -> Event:
    """As `compose`, for data whose canonical bytes are there already: whoever made them answers for it."""
    instant = write_instant(at)
    body = b"".join(
        (
            b'{"actor":',
            canonical(actor),
            b',"at":',
            canonical(instant),
            b',"data":',
            data,
            b',"kind":',
            canonical(kind),
            b',"prev":',
            canonical(prev),
            b',"project":',
            canonical(project),
            b',"seq":',
            canonical(seq),
            b',"v":',
            canonical(VERSION),
            b"}",
        )
    )
    return Event(project, seq, prev, body, leaf_hash(body), kind, read_instant(instant))
