"""Sessions of people in a browser: begun by a link or by the organisation's sign-in, confirmed, ended."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import NotFound, NotSignedIn
from govern.domain.role import Permission
from govern.services import secrets_made
from govern.services.access import require_everywhere
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
    ends: its secret is made anew. Raises NotSignedIn for a link that cannot be used, or that is another
    person's than who is signed in; that one stays as it is."""
    with runtime.store.writing() as connection:
        link = sessions.use_link(connection, secrets_made.sha256_of(link_secret), now)
        if link is None:
            raise no_such_link()
        if within is not None and link["person_id"] != within.actor.person_id:
            raise NotSignedIn(
                f"You are signed in as {within.actor.name}, and this link is another person's. Sign out "
                "first to use it; to confirm who you are, open a link of your own.",
                why="another_person",
            )
        begun = begin(
            connection,
            link["person_id"],
            "link",
            leads_to=link["leads_to"],
            confirmed_at=now,
            now=now,
        )
        if within is not None:
            _end(connection, within.actor, within.id, within.actor.person_id, now)
    return begun


def begin(
    connection: Connection,
    person_id: str,
    how: str,
    *,
    leads_to: str,
    confirmed_at: datetime | None,
    now: datetime,
) -> Begun:
    """A new session, in the caller's transaction; `how`: `link` or `oidc`; `confirmed_at`: when they
    showed who they are, None where that is not known."""
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
            "confirmed_at": confirmed_at,
        },
    )
    record_event(
        connection, SERVICE, actor, "session.started", {"session": session_id, "how": how}, now
    )
    return Begun(replace(actor, confirmed_at=confirmed_at, came_by=how), secret, leads_to)


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
    who = replace(actor, confirmed_at=found["confirmed_at"], came_by=found["how"])
    return Session(found["id"], who, found["how"])


def end(runtime: Runtime, session: Session, *, now: datetime) -> None:
    """Signs out. Ending what has ended changes nothing."""
    with runtime.store.writing() as connection:
        _end(connection, session.actor, session.id, session.actor.person_id, now)


def end_everywhere(runtime: Runtime, actor: Actor, person_id: str, *, now: datetime) -> int:
    """Ends every session of somebody and takes their links: oneself, or anybody for who manages access.
    How many were open. Raises NotAllowed, NotFound."""
    with runtime.store.writing() as connection:
        person = people.find(connection, person_id)
        if person is None or person["id"] != actor.person_id:
            require_everywhere(actor, Permission.MANAGE_ACCESS)
        if person is None:
            raise NotFound(f"There is nobody known as {person_id}.", person=person_id)
        ended = sessions.end_all(connection, person["id"], now)
        for each in ended:
            _tell_end(connection, actor, each, person["id"], now)
    return len(ended)


def own_sessions(runtime: Runtime, actor: Actor, now: datetime) -> list[Record]:
    with runtime.store.reading() as connection:
        return _told(sessions.open_of(connection, actor.person_id, now, now - IDLE))


def open_sessions(
    runtime: Runtime, actor: Actor, now: datetime, *, person: str | None = None
) -> list[Record]:
    """Who is signed in, of everybody or one person (id or address). Raises NotAllowed, NotFound."""
    require_everywhere(actor, Permission.SEE_ACCESS)
    with runtime.store.reading() as connection:
        whose = None
        if person is not None:
            whose = people.resolve(connection, person)
            if whose is None:
                raise NotFound(f"There is nobody known as {person}.", person=person)
        return _told(sessions.open_of(connection, whose, now, now - IDLE))


def end_within(connection: Connection, session: Session, now: datetime) -> None:
    """As `end`, in the caller's transaction."""
    _end(connection, session.actor, session.id, session.actor.person_id, now)


def _end(
    connection: Connection, actor: Actor, session_id: int, person_id: str, now: datetime
) -> None:
    if sessions.end(connection, session_id, now):
        _tell_end(connection, actor, session_id, person_id, now)


def _tell_end(
    connection: Connection, actor: Actor, session_id: int, person_id: str, now: datetime
) -> None:
    told = {"session": session_id, "person": person_id}
    record_event(connection, SERVICE, actor, "session.ended", told, now)


def _told(found: list[Record]) -> list[Record]:
    return [
        {
            "id": each["id"],
            "person": each["person_id"],
            "person_name": each["person_name"],
            "how": each["how"],
            "started_at": each["recorded_at"],
            "seen_at": each["seen_at"],
            "expires_at": each["expires_at"],
        }
        for each in found
    ]
