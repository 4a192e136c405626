"""Keys of requests that may come twice, each with what it was answered; kept for a day."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from govern.store.engine import is_sqlite
from govern.store.tables import idempotency_key

WRITTEN = 0
"""As a `status`: what the request asked for was written, and there is no answer to give again."""

_NEVER = ""
"""As `headers`: no answer is to be kept, as somebody was erased since the request came."""


@dataclass(frozen=True, slots=True)
class Row:
    """`status` is None while the request is being answered; `at` is when it was begun."""

    request_digest: str
    status: int | None
    headers: str | None
    answer: str | None
    at: datetime


def begin(connection: Connection, actor: str, key: str, digest: str, at: datetime) -> Row | None:
    """None where the key is new, and now taken; else what is known of it, locked."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    added = connection.execute(
        dialect.insert(idempotency_key)
        .values(actor_id=actor, key=key, request_digest=digest, recorded_at=at)
        .on_conflict_do_nothing(index_elements=["actor_id", "key"])
        .returning(idempotency_key.c.key)
    )
    if added.first() is not None:
        return None
    row = connection.execute(
        select(
            idempotency_key.c.request_digest,
            idempotency_key.c.status,
            idempotency_key.c.headers,
            idempotency_key.c.answer,
            idempotency_key.c.recorded_at,
        )
        .where(idempotency_key.c.actor_id == actor, idempotency_key.c.key == key)
        .with_for_update()
    ).first()
    # Taken away at this very moment: it is begun by whoever comes next.
    return Row(*row) if row is not None else Row(digest, None, None, None, at)


def begin_again(connection: Connection, actor: str, key: str, digest: str, at: datetime) -> None:
    """Takes over a key whose row is locked, as if it were new."""
    connection.execute(
        update(idempotency_key)
        .where(idempotency_key.c.actor_id == actor, idempotency_key.c.key == key)
        .values(request_digest=digest, status=None, headers=None, answer=None, recorded_at=at)
    )


def mark_written(connection: Connection, actor: str, key: str, begun: datetime) -> bool:
    """Says in the transaction of the request that it has written; False where it was taken over."""
    marked = connection.execute(
        update(idempotency_key)
        .where(
            idempotency_key.c.actor_id == actor,
            idempotency_key.c.key == key,
            idempotency_key.c.recorded_at == begun,
        )
        .values(status=WRITTEN)
    )
    return marked.rowcount == 1


def keep(
    connection: Connection,
    actor: str,
    key: str,
    begun: datetime,
    status: int,
    headers: str,
    answer: str,
) -> None:
    connection.execute(
        update(idempotency_key)
        .where(
            idempotency_key.c.actor_id == actor,
            idempotency_key.c.key == key,
            idempotency_key.c.recorded_at == begun,
            idempotency_key.c.headers.is_(None),
        )
        .values(status=status, headers=headers, answer=answer)
    )


def free(connection: Connection, actor: str, key: str, begun: datetime) -> None:
    """Forgets a key with which nothing was written, so that the request can be made again."""
    connection.execute(
        delete(idempotency_key).where(
            idempotency_key.c.actor_id == actor,
            idempotency_key.c.key == key,
            idempotency_key.c.recorded_at == begun,
            func.coalesce(idempotency_key.c.status, -1) != WRITTEN,
        )
    )


def drop_answers(connection: Connection) -> None:
    """Takes every answer away, as anybody may be named in it; that it was given stays known."""
    answered = case((idempotency_key.c.status.is_(None), None), else_=WRITTEN)
    connection.execute(update(idempotency_key).values(status=answered, headers=_NEVER, answer=None))


def forget(connection: Connection, before: datetime) -> int:
    """Forgets what was begun before; returns how many."""
    return connection.execute(
        delete(idempotency_key).where(idempotency_key.c.recorded_at < before)
    ).rowcount
