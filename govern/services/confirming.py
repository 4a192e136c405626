"""The signature at a gate: whoever votes there has just shown who they are."""

from datetime import datetime, timedelta
from typing import Any

from govern.domain.actor import Actor
from govern.domain.refusal import SignatureNeeded

HOLDS = timedelta(minutes=5)
"""How long a person who showed who they are can sign with it."""


def is_confirmed(actor: Actor, now: datetime) -> bool:
    """Whether the actor signed in in a browser and showed there who they are a moment ago."""
    return (
        actor.came_by is not None
        and actor.confirmed_at is not None
        and now - HOLDS < actor.confirmed_at <= now
    )


def signature_of(actor: Actor, asked: bool, page: str, now: datetime) -> dict[str, Any]:
    """When and how who votes was confirmed, as a vote keeps it; nothing where none is asked for.

    Raises SignatureNeeded, with the way to confirm; `page` is where the vote is cast.
    """
    if not asked:
        return {}
    if actor.came_by is None:
        raise SignatureNeeded(
            "This gate asks for a signature: a person votes here, on its page, and no program can. Sign in "
            f"in a browser and vote at {page}.",
            confirm=None,
            page=page,
        )
    if not is_confirmed(actor, now):
        minutes = round(HOLDS.total_seconds() / 60)
        raise SignatureNeeded(
            f"This gate asks for a signature: confirm that it is you, then vote within {minutes} minutes.",
            confirm=f"/sign-in?again=1&next={page}",
            page=page,
        )
    return {"signed_at": actor.confirmed_at, "signed_how": actor.came_by}
