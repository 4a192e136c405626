"""Tokens that programs sign in with: made, listed, revoked, and read with each request."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Busy, InvalidInput, NotAllowed, NotFound, NotSignedIn
from govern.domain.role import Permission
from govern.domain.token_scope import MEANINGS, TokenScope, of_words
from govern.services import secrets_made
from govern.services.access import may_manage_access, require_everywhere
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import people, tokens

PREFIX = "gov_"
"""The mark that scanners for secrets look for; no secret."""

LONGEST = timedelta(days=366)
"""How long the token that somebody makes for themselves can be good for."""

_ASK = "ask an admin for a new one, or make one yourself on the page /me"


@dataclass(frozen=True, slots=True)
class Presented:
    """Who a token stands for. `why`: what is wrong with it, for the log; None where nothing is."""

    actor: Actor | None
    token: int | None
    why: str | None


def issue_token(
    runtime: Runtime,
    actor: Actor,
    *,
    email: str,
    label: str,
    lifetime: timedelta,
    scopes: Collection[TokenScope] | None = None,
    now: datetime,
) -> str:
    """A new token of 256 random bits, shown once: only its SHA-256 is kept. Without `scopes` it may be
    used for all that its person may.

    Raises NotAllowed unless the actor manages access, NotFound for an unknown address, InvalidInput.
    """
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    with runtime.store.writing() as connection:
        person = people.by_email(connection, email)
        if person is None:
            raise NotFound(f"There is nobody with the address {email}.", email=email)
        return issue_to(connection, actor, person["id"], label, lifetime, scopes, now)


def make_own(
    runtime: Runtime,
    actor: Actor,
    *,
    label: str,
    lifetime: timedelta,
    scopes: Collection[TokenScope],
    now: datetime,
) -> str:
    """As `issue_token`, for oneself: at most a year, for named scopes, and by who signed in in a browser:
    a token makes no other one. Raises NotAllowed, InvalidInput."""
    if actor.came_by is None:
        raise NotAllowed("A token makes no other token: sign in in a browser, and make it there.")
    if lifetime > LONGEST:
        raise InvalidInput(
            "The token would be good for too long.",
            errors={
                "days": [f"at most {LONGEST.days}: a token that is needed longer is made anew"]
            },
        )
    with runtime.store.writing() as connection:
        return issue_to(connection, actor, actor.person_id, label, lifetime, scopes, now)


def issue_to(
    connection: Connection,
    actor: Actor,
    person_id: str,
    label: str,
    lifetime: timedelta,
    scopes: Collection[TokenScope] | None,
    now: datetime,
) -> str:
    if lifetime <= timedelta(0):
        raise InvalidInput("The token would be dead.", errors={"lifetime": ["more than zero"]})
    if scopes is not None and not scopes:
        raise InvalidInput(
            "The token would be of no use.",
            errors={"scopes": [f"one or more of {', '.join(TokenScope)}"]},
        )
    secret = secrets_made.make(PREFIX)
    kept: dict[str, Any] = {
        "sha256": secrets_made.sha256_of(secret),
        "label": label,
        "expires_at": now + lifetime,
        "scopes": None if scopes is None else sorted(scopes),
        "issued_by": actor.person_id,
    }
    token_id = tokens.add(connection, {"person_id": person_id, "recorded_at": now, **kept})
    told = {"token": token_id, "person": person_id, **kept}
    record_event(connection, SERVICE, actor, "token.issued", told, now)
    return secret


def sign_in(runtime: Runtime, token: str, now: datetime) -> Actor:
    """The person a token stands for. Raises NotSignedIn for an unknown, expired or revoked one."""
    found = present(runtime, token, now)
    if found.actor is None:
        raise refused()
    return found.actor


def present(runtime: Runtime, token: str, now: datetime) -> Presented:
    """Whom a token stands for, with the roles in force now and the token's scopes; and the day it was
    used last is written down."""
    with runtime.store.asking() as connection:
        known = tokens.presented(connection, secrets_made.sha256_of(token), now)
    if known is None:
        return Presented(None, None, "unknown")
    found, grants = known
    why = _why_not(found, now)
    if why is not None:
        return Presented(None, found["id"], why)
    _mark_used(runtime, found, now)
    actor = Actor(
        found["person_id"], found["person_name"], grants, scopes=of_words(found["scopes"])
    )
    return Presented(actor, found["id"], None)


def refused() -> NotSignedIn:
    return NotSignedIn(f"The token is unknown, expired or revoked; {_ASK}.")


def own_tokens(runtime: Runtime, actor: Actor, now: datetime) -> list[Record]:
    """What one's own programs can sign in with."""
    with runtime.store.reading() as connection:
        return _told(connection, tokens.listed(connection, actor.person_id, now))


def all_tokens(
    runtime: Runtime, actor: Actor, now: datetime, *, email: str | None = None
) -> list[Record]:
    """Everybody's, or those of one person. Raises NotAllowed, NotFound."""
    require_everywhere(actor, Permission.SEE_ACCESS)
    with runtime.store.reading() as connection:
        whose = None
        if email is not None:
            person = people.find(connection, email)
            if person is None:
                raise NotFound(f"There is nobody known as {email}.", person=email)
            whose = person["id"]
        return _told(connection, tokens.listed(connection, whose, now))


def revoke_token(
    runtime: Runtime, actor: Actor, token_id: int, *, reason: str | None = None, now: datetime
) -> Record:
    """Ends a token at once: one's own, or anybody's for who manages access. What has ended stays so.
    Raises NotFound."""
    with runtime.store.writing() as connection:
        found = tokens.find(connection, token_id, lock=True)
        own = found is not None and found["person_id"] == actor.person_id
        if found is None or not (own or may_manage_access(actor)):
            raise NotFound(f"There is no token {token_id} that you may see.", token=token_id)
        if found["revoked_at"] is None:
            tokens.revoke(connection, token_id, now)
            told = {"token": token_id, "person": found["person_id"], "reason": reason}
            record_event(connection, SERVICE, actor, "token.revoked", told, now)
        return {
            "id": token_id,
            "person": found["person_id"],
            "label": found["label"],
            "revoked_at": found["revoked_at"] or now,
        }


def meaning_of(scopes: Collection[str] | None) -> str:
    """In plain words what a token may be used for."""
    if scopes is None:
        return "all that its person may"
    return "; ".join(MEANINGS[each] for each in TokenScope if each in scopes) or "nothing"


def _why_not(found: Record, now: datetime) -> str | None:
    if found["revoked_at"] is not None:
        return "revoked"
    return "expired" if found["expires_at"] <= now else None


def _mark_used(runtime: Runtime, found: Record, now: datetime) -> None:
    """At most one write a day and token."""
    last = found["last_used_on"]
    if last is not None and last >= now.date():
        return
    try:
        with runtime.store.writing() as connection:
            tokens.used(connection, found["id"], now.date())
    except Busy:
        # The next request writes it down. Nobody is kept out for it.
        return


def _told(connection: Connection, found: list[Record]) -> list[Record]:
    named = people.names(connection, {each["issued_by"] for each in found if each["issued_by"]})
    return [
        {
            "id": each["id"],
            "person": each["person_id"],
            "person_name": each["person_name"],
            "email": each["email"],
            "label": each["label"],
            "scopes": each["scopes"],
            "issued_by": each["issued_by"],
            "issued_by_name": named.get(each["issued_by"]),
            "issued_at": each["recorded_at"],
            "expires_at": each["expires_at"],
            "last_used_on": each["last_used_on"],
        }
        for each in found
    ]
