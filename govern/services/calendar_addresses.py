"""The secret address of somebody's calendar: a token that reads what is due for them, and nothing else."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.domain.token_scope import TokenScope
from govern.services import secrets_made
from govern.services.ledger import SERVICE, record_event
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.tokens import issue_to
from govern.store import people, tokens

LABEL = "Calendar"
LASTS = timedelta(days=5 * 365)
PATH = "/calendar/"


def get_address(runtime: Runtime, actor: Actor, *, now: datetime) -> Record:
    """When the actor's address was made (`made_at`), and until when it is good; None without one."""
    with runtime.store.reading() as connection:
        live = [each for each in tokens.listed(connection, actor.person_id, now) if _is_one(each)]
    last = live[0] if live else None
    return {
        "made_at": None if last is None else last["recorded_at"],
        "expires_at": None if last is None else last["expires_at"],
    }


def make_address(runtime: Runtime, actor: Actor, *, now: datetime) -> Record:
    """A new `address`, told this once; the one before is good for nothing from now on."""
    if actor.person_id == OPERATOR.person_id:
        raise InvalidInput("The operator is nobody in particular.", errors={"person": ["a person"]})
    with runtime.store.writing() as connection:
        people.find(connection, actor.person_id, lock=True)
        _revoke(connection, actor, now)
        scopes = (TokenScope.CALENDAR,)
        secret = issue_to(connection, actor, actor.person_id, LABEL, LASTS, scopes, now)
    return {
        "made_at": now,
        "expires_at": now + LASTS,
        "address": f"{runtime.public_url}{PATH}{secret}.ics",
    }


def revoke_address(runtime: Runtime, actor: Actor, *, now: datetime) -> Record:
    """The actor has no address any more."""
    with runtime.store.writing() as connection:
        _revoke(connection, actor, now)
    return {"made_at": None, "expires_at": None}


def whose(runtime: Runtime, secret: str, *, now: datetime) -> Actor:
    """The person of an address. Raises NotFound: whoever tries some is told nothing else."""
    with runtime.store.reading() as connection:
        found = tokens.of_secret(connection, secrets_made.sha256_of(secret))
        if (
            found is not None
            and _is_one(found)
            and found["revoked_at"] is None
            and found["expires_at"] > now
        ):
            actor = people.actor_of_person(connection, found["person_id"], now)
            if actor is not None:
                return actor
    raise NotFound("There is no calendar at this address: it was revoked, or made anew.")


def _is_one(found: Record) -> bool:
    return found["scopes"] == [TokenScope.CALENDAR.value]


def _revoke(connection: Connection, actor: Actor, now: datetime) -> None:
    for each in tokens.listed(connection, actor.person_id, now):
        if _is_one(each):
            tokens.revoke(connection, each["id"], now)
            told = {"token": each["id"], "person": actor.person_id, "reason": None}
            record_event(connection, SERVICE, actor, "token.revoked", told, now)
