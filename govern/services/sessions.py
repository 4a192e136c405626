"""Sessions of people in a browser: begun by a link or by the organisation's sign-in, confirmed, ended."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.refusal import NotSignedIn
from govern.services import secrets_made
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.services.sign_in_links import no_such_link
from govern.store import people, sessions

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=4)
SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is known when a session was used: a read of a page should seldom write."""


@dataclass(frozen=True, slots=True)
class Begun:
    """`secret` is what the cookie holds."""

    actor: Actor
    secret: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class Session:
    id: int
    actor: Actor
    how: str


def begin_by_link(
    runtime: Runtime, link_secret: str, *, within: Session | None = None, now: datetime
) -> Begun:
    """Uses a link up. Within a session of the same person it also confirms that session, which then
    ends: its secret is made anew. Raises NotSignedIn for a link that cannot be used."""
    with runtime.store.writing() as connection:
        link = sessions.use_link(connection, secrets_made.sha256_of(link_secret), now)
        if link is None:
            raise no_such_link()
        begun = begin(connection, link["person_id"], "link", leads_to=link["leads_to"], now=now)
        if within is not None:
            _end(connection, within, now)
    return begun


def begin(
    connection: Connection, person_id: str, how: str, *, leads_to: str, now: datetime
) -> Begun:
    """A new session, in the caller's transaction; `how`: `link` or `oidc`."""
    actor = people.actor_of_person(connection, person_id, now)
    if actor is None:
        raise NotSignedIn("There is no such person any more.")
    secret = secrets_made.make()
    session_id = sessions.add(
        connection,
        {
            "person_id": person_id,
            "sha256": secrets_made.sha256_of(secret),
            "recorded_at": now,
            "expires_at": now + LASTS,
            "how": how,
            "seen_at": now,
            "confirmed_at": now,
        },
    )
    record_event(
        connection, SERVICE, actor, "session.started", {"session": session_id, "how": how}, now
    )
    return Begun(replace(actor, confirmed_at=now), secret, leads_to)


def of_secret(runtime: Runtime, secret: str, now: datetime) -> Session | None:
    """The session whose cookie holds `secret`, with who it is and the roles in force; None where it has
    ended, is too old, or was idle for too long."""
    with runtime.store.reading() as connection:
        found = sessions.live(connection, secrets_made.sha256_of(secret), now, now - IDLE)
        if found is None:
            return None
        actor = people.actor_of_person(connection, found["person_id"], now)
    if actor is None:
        return None
    if found["seen_at"] <= now - SEEN_EVERY:
        with runtime.store.writing() as connection:
            sessions.seen(connection, found["id"], now)
    return Session(found["id"], replace(actor, confirmed_at=found["confirmed_at"]), found["how"])


def end(runtime: Runtime, session: Session, *, now: datetime) -> None:
    """Signs out. Ending what has ended changes nothing."""
    with runtime.store.writing() as connection:
        _end(connection, session, now)


def _end(connection: Connection, session: Session, now: datetime) -> None:
    if sessions.end(connection, session.id, now):
        told = {"session": session.id, "person": session.actor.person_id}
        record_event(connection, SERVICE, session.actor, "session.ended", told, now)
