"""What somebody saw when they voted, years later: the kept text that their vote is bound to."""

from typing import Any

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import NotFound
from govern.services.access import submission_for
from govern.services.ledger import kept
from govern.services.runtime import Runtime
from govern.store import people, submissions


def seen_by(runtime: Runtime, actor: Actor, submission_id: int, vote_id: int) -> Record:
    """The vote's digest and what is kept under it: the same digest is the same text.

    Raises NotFound for a vote of another submission, and for one that was cast before this was kept.
    """
    with runtime.store.reading() as connection:
        submission_for(connection, actor, submission_id)
        votes = submissions.votes(connection, submission_id)
        found = next((each for each in votes if each["id"] == vote_id), None)
        if found is None:
            raise NotFound(f"Submission {submission_id} has no vote {vote_id}.", vote=vote_id)
        digest = found["seen_digest"]
        seen: dict[str, Any] | None = kept(connection, digest) if digest is not None else None
        if seen is None:
            raise NotFound(
                f"What vote {vote_id} saw was not kept yet when it was cast.", vote=vote_id
            )
        scored = {each["person_id"] for each in seen["scores"]}
        named = people.names(
            connection,
            {found["person_id"], *scored, *(x["by"] for x in seen["evidence"] if "by" in x)},
        )
        return {
            "submission": submission_id,
            "vote": vote_id,
            "person": named.get(found["person_id"]),
            "recorded_at": found["recorded_at"],
            "digest": digest,
            "people": dict(sorted(named.items())),
            "seen": seen,
        }
