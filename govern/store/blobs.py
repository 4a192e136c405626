"""Content kept under its own hash: facts a decision saw, the rulebook it was judged by."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from govern.store.engine import is_sqlite
from govern.store.query import in_parts
from govern.store.tables import blob

_KNOWN = select(blob.c.digest).where(blob.c.digest.in_(bindparam("of", expanding=True)))
_SMALL = 2**20
_AT_ONCE = 10


class Corrupt(Exception):  # noqa: N818 - says what the content is
    """Stored content no longer has the hash it is kept under."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"the content kept as {digest} has another hash: it was changed")
        self.digest = digest


@dataclass(frozen=True, slots=True)
class Blob:
    digest: str
    media_type: str
    content: bytes


def digest_of(content: bytes) -> str:
    """`sha256:` and 64 lowercase hexadecimal digits."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def put(connection: Connection, content: bytes, media_type: str, at: datetime) -> str:
    """Keep `content` unless it is kept already; its digest either way."""
    (digest,) = put_each(connection, [content], media_type, at)
    return digest


def put_each(
    connection: Connection, contents: Iterable[bytes], media_type: str, at: datetime
) -> list[str]:
    """As `put`, for many in few statements; their digests in order."""
    digested = [(digest_of(content), content) for content in contents]
    content_of = dict(digested)
    dialect = sqlite if is_sqlite(connection) else postgresql
    for part in in_parts(content_of):
        # Looked up first: where blobs are guarded against REPLACE, even an insert that would do
        # nothing is refused.
        known = set(connection.scalars(_KNOWN, {"of": part}))
        rows = [
            {
                "digest": each,
                "media_type": media_type,
                "content": content_of[each],
                "recorded_at": at,
            }
            for each in part
            if each not in known
        ]
        if rows:
            connection.execute(dialect.insert(blob).on_conflict_do_nothing(), rows)
    return [digest for digest, _ in digested]


def get(connection: Connection, digest: str) -> Blob | None:
    """The content kept under `digest`. Raises `Corrupt` where it is not what was put there."""
    row = connection.execute(
        select(blob.c.media_type, blob.c.content).where(blob.c.digest == digest)
    ).first()
    if row is None:
        return None
    content = bytes(row.content)
    if digest_of(content) != digest:
        raise Corrupt(digest)
    return Blob(digest, row.media_type, content)


def digests(connection: Connection) -> frozenset[str]:
    """The digest of everything that is kept."""
    return frozenset(connection.scalars(select(blob.c.digest)))


def texts(connection: Connection) -> Iterator[Blob]:
    """Every kept facts, rulebook and workflow; evidence is left out. Streamed, not held to its hash."""
    query = select(blob.c.digest, blob.c.media_type, blob.c.content).where(
        blob.c.media_type.in_(("application/json", "application/yaml"))
    )
    options = {"stream_results": True, "yield_per": _AT_ONCE}
    with connection.execute(query, execution_options=options) as result:
        for digest, media_type, content in result:
            yield Blob(digest, media_type, bytes(content))


def changed(connection: Connection) -> Iterator[str]:
    """The digests whose content no longer has that hash. Every blob is read: small ones some at a
    time, large ones, as evidence may be, one by one."""
    size = func.coalesce(func.length(blob.c.content), 0)
    for which, at_once in ((size <= _SMALL, _AT_ONCE), (size > _SMALL, 1)):
        query = select(blob.c.digest, blob.c.content).where(which).order_by(blob.c.digest)
        options = {"stream_results": True, "yield_per": at_once}
        with connection.execute(query, execution_options=options) as result:
            for digest, content in result:
                if digest_of(bytes(content)) != digest:
                    yield digest
