"""What somebody takes home of a vote: the event that it became, and the log's signature over it."""

from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import NotFound
from govern.services import gates
from govern.services.access import submission_for
from govern.services.receipts import receipt_over
from govern.services.runtime import Runtime
from govern.store import events


def vote_receipt(
    runtime: Runtime, actor: Actor, submission_id: int, vote_id: int, *, now: datetime
) -> Record:
    """`submission` and its `project`, the `vote`, its `event` (number, leaf), the `decision` event where
    that vote decided, and the signed `receipts` over them (none where there is no key).

    For whoever cast it. Raises NotFound.
    """
    with runtime.store.reading() as connection:
        found, project = submission_for(connection, actor, submission_id)
        told = gates.view(runtime, connection, found, project, now)
        vote = next(
            (
                each
                for each in told["votes"]
                if each["id"] == vote_id and each["person_id"] == actor.person_id
            ),
            None,
        )
        if vote is None:
            raise NotFound(f"You have cast no vote {vote_id} on submission {submission_id}.")
        event = _event(connection, project["id"], "vote.cast", "vote", vote_id)
        decided = _event(connection, project["id"], "gate.decided", "submission", submission_id)
        if decided is not None and decided["at"] != vote["recorded_at"]:
            decided = None
        listed = [each for each in (event, decided) if each is not None]
        signed = [
            receipt_over(runtime, project["id"], each["seq"], each["leaf"]) for each in listed
        ]
        return {
            "submission": told,
            "project": project,
            "vote": vote,
            "event": event,
            "decision": decided,
            "receipts": [each for each in signed if each is not None],
        }


def _event(connection: Connection, chain: str, kind: str, name: str, value: int) -> Record | None:
    return next(
        (
            each
            for each in reversed(events.numbered_of_kind(connection, chain, kind))
            if each["data"].get(name) == value
        ),
        None,
    )
