"""Requests that may come twice: what was done once is not done again, and has the answer that it had.

The key is taken in a transaction of its own; what the request writes says in its own transaction that
it has written; the answer is kept last. So a crash leaves one of two things: a key with which nothing
was written, which after `LEASE` anybody who repeats the request takes over; or one with which
something was, which is told and never done again. A request that outlives its lease, and whose key was
taken over, can no longer write.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.refusal import AnswerNotKept, KeyReused, StillAnswering
from govern.services.runtime import Runtime
from govern.store import idempotency

KEPT_FOR = timedelta(hours=24)
LEASE = timedelta(minutes=5)
"""After so long nobody waits any more for a request that says nothing."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request that is being answered, with the runtime that it is to be answered by."""

    runtime: Runtime
    actor: str
    key: str
    begun: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """As it was given: HTTP status, headers and body."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: str


def begin(
    runtime: Runtime, actor: Actor, key: str, request: Sequence[bytes], *, now: datetime
) -> Keyed | Answer:
    """The answer that the request had, or, where it has none yet, leave to make one.

    `request` is all that makes it this request and no other. Raises KeyReused where the key came with
    another one, StillAnswering, and AnswerNotKept where it was done and its answer is lost or erased.
    """
    # Whoever chooses keys may write names into them: only the hash is kept.
    hashed = hashlib.sha256(key.encode()).hexdigest()
    digest = _digest(request)
    with runtime.store.writing() as connection:
        found = idempotency.begin(connection, actor.person_id, hashed, digest, now)
        if found is not None:
            if found.at > now - KEPT_FOR:
                answer = _answer(found, digest, now)
                if answer is not None:
                    return answer
            idempotency.begin_again(connection, actor.person_id, hashed, digest, now)
    return _keyed(runtime, actor.person_id, hashed, now)


def keep(keyed: Keyed, answer: Answer) -> None:
    """Keeps what the request is answered, to answer it so again."""
    headers = json.dumps([[name, value] for name, value in answer.headers])
    with _plain(keyed).store.writing() as connection:
        idempotency.keep(
            connection,
            keyed.actor,
            keyed.key,
            keyed.begun,
            answer.status,
            headers,
            answer.body,
        )


def give_up(keyed: Keyed) -> None:
    """After a fault: the request may be made again, unless it has written."""
    with _plain(keyed).store.writing() as connection:
        idempotency.free(connection, keyed.actor, keyed.key, keyed.begun)


def forget_old(runtime: Runtime, *, now: datetime) -> int:
    """Forgets keys of more than a day ago; returns how many."""
    with runtime.store.writing() as connection:
        return idempotency.forget(connection, now - KEPT_FOR)


def _keyed(runtime: Runtime, actor: str, key: str, begun: datetime) -> Keyed:
    def mark(connection: Connection) -> None:
        if not idempotency.mark_written(connection, actor, key, begun):
            raise _still_answering()

    marking = replace(runtime, store=runtime.store.ending(mark))
    return Keyed(marking, actor, key, begun)


def _plain(keyed: Keyed) -> Runtime:
    return replace(keyed.runtime, store=keyed.runtime.store.ending(lambda _: None))


def _answer(found: idempotency.Row, digest: str, now: datetime) -> Answer | None:
    """What a key that is known is answered; None where it may be taken over."""
    if found.request_digest != digest:
        raise KeyReused(
            "This Idempotency-Key came with another request: send each request with a key of its own, "
            "and the same request with the same body, address and If-Match."
        )
    if found.status is None:
        if found.at > now - LEASE:
            raise _still_answering()
        return None
    if found.status == idempotency.WRITTEN or found.answer is None:
        raise AnswerNotKept(
            "The request with this Idempotency-Key was done, and its answer is lost, or was dropped as "
            "somebody was erased: read what stands now."
        )
    headers = [(str(name), str(value)) for name, value in json.loads(found.headers or "[]")]
    return Answer(found.status, headers, found.answer)


def _still_answering() -> StillAnswering:
    return StillAnswering(
        "The request with this Idempotency-Key is being answered: ask again in a moment."
    )


def _digest(request: Sequence[bytes]) -> str:
    """SHA-256 over the parts, each with its length before it, so that no two requests run together."""
    running = hashlib.sha256()
    for part in request:
        running.update(b"%d:" % len(part))
        running.update(part)
    return running.hexdigest()
