"""Replaying the ledger: every gate verdict, vote, decision and finding recomputed from the content
that its event cites, and compared with what the event says."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.refusal import NotAllowed
from govern.domain.role import Role
from govern.ledger.event import Event
from govern.services.access import project_for
from govern.services.ledger import SERVICE
from govern.services.personal import reveal
from govern.services.replay_chain import Outcome, Replayed, replay_chain
from govern.services.replay_texts import CannotReplayError, Texts
from govern.services.runtime import Runtime
from govern.store import blobs, events

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Replay:
    """`counts` says how often each kind of event came out how; `engines` how many were written by
    which version of govern (empty: before that was recorded, or by a kind that does not say). `found`
    are those that did not come out the same, in order of project and event."""

    projects: int
    counts: dict[str, dict[str, int]]
    engines: dict[str, int]
    found: tuple[Replayed, ...]

    @property
    def differs(self) -> bool:
        """Whether something was recorded that its facts and rules do not give, or cannot be read."""
        return any(each.outcome is not Outcome.ERASED for each in self.found)


def replay(
    runtime: Runtime, actor: Actor, *, project: str | None = None, since: datetime | None = None
) -> Replay:
    """One project's chain, or every one. Events before `since` are remembered, not recomputed.

    For auditors and the operator. Raises NotAllowed, NotFound.
    """
    needed = {Role.ADMIN, Role.AUDITOR}
    if needed.isdisjoint(actor.everywhere):
        raise NotAllowed(
            "Replaying the ledger takes the role auditor or admin on the installation.",
            needed=sorted(role.value for role in needed),
        )
    counts: dict[str, Counter[str]] = {}
    engines: Counter[str] = Counter()
    found: list[Replayed] = []
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        chains = [project] if project is not None else chains_of_projects(connection)
        texts = texts_of(connection)
        for chain in chains:
            for each in replay_chain(events_in_turn(connection, chain), texts, since):
                counts.setdefault(each.kind, Counter())[each.outcome.value] += 1
                engines[each.engine or ""] += 1
                if each.outcome is not Outcome.SAME:
                    found.append(each)
    return Replay(
        len(chains),
        {kind: dict(of_kind) for kind, of_kind in sorted(counts.items())},
        dict(sorted(engines.items())),
        tuple(found),
    )


def texts_of(connection: Connection) -> Texts:
    """What is kept in the database, with personal texts in words."""

    def read(digest: str) -> bytes | None:
        try:
            kept = blobs.get(connection, digest)
        except blobs.Corrupt as error:
            raise CannotReplayError(str(error)) from error
        return None if kept is None else kept.content

    def in_words(data: Any) -> Any:
        return reveal(connection, data)

    return Texts(read, in_words)


def events_in_turn(connection: Connection, chain: str) -> Iterator[Event]:
    """A whole chain in order, some at a time."""
    after = 0
    while batch := events.events_of(connection, chain, after=after, limit=_AT_ONCE):
        yield from batch
        after = batch[-1].seq


def chains_of_projects(connection: Connection) -> list[str]:
    """The projects that have a chain, in the order of their ids' bytes."""
    found = (head.project for head in events.stored_heads(connection))
    return [each for each in found if each != SERVICE]
