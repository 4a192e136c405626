"""Links that sign one person in, once: for those who have no other way in, and who run govern themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound, NotSignedIn
from govern.domain.role import Permission
from govern.services import secrets_made
from govern.services.access import require_everywhere
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import people, sessions

LIFETIME = timedelta(minutes=15)
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Link:
    """`secret` is what the address ends with; it is told here and never again."""

    person: str
    name: str
    secret: str
    expires_at: datetime


def issue(
    runtime: Runtime,
    actor: Actor,
    *,
    email: str,
    lifetime: timedelta = LIFETIME,
    leads_to: str = "/",
    now: datetime,
) -> Link:
    """A link that signs the person with this address in, once, within `lifetime`.

    Raises NotAllowed unless the actor manages access, NotFound for an unknown address, InvalidInput for
    a lifetime that is nothing or longer than a week, and for one's own address.
    """
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    if not timedelta(0) < lifetime <= LONGEST:
        raise InvalidInput(
            "The link would be dead, or good for too long.",
            errors={"lifetime": ["more than nothing, and at most 7 days"]},
        )
    with runtime.store.writing() as connection:
        person = people.by_email(connection, email)
        if person is None:
            raise NotFound(f"There is nobody with the address {email}.", email=email)
        if person["id"] == actor.person_id:
            raise InvalidInput(
                "A link that you make for yourself would show nobody who you are.",
                errors={"email": ["somebody else's; your own is made on the command line"]},
            )
        secret = secrets_made.make()
        kept = {
            "person_id": person["id"],
            "sha256": secrets_made.sha256_of(secret),
            "expires_at": now + lifetime,
            "leads_to": leads_to,
        }
        link_id = sessions.add_link(connection, {**kept, "recorded_at": now})
        told = {
            "sign_in_link": link_id,
            "person": person["id"],
            "expires_at": kept["expires_at"],
        }
        record_event(connection, SERVICE, actor, "sign_in_link.issued", told, now)
    return Link(person["id"], person["name"], secret, now + lifetime)


def look(runtime: Runtime, secret: str, now: datetime) -> Record:
    """Whom a link would sign in (`name`) and where it leads, without using it.

    Programs that look at the links of a mail before its reader does must not use it up. Raises
    NotSignedIn for one that is unknown, used or out of date.
    """
    with runtime.store.reading() as connection:
        found = sessions.live_link(connection, secrets_made.sha256_of(secret), now)
    if found is None:
        raise no_such_link()
    return {"name": found["name"], "leads_to": found["leads_to"], "person": found["person_id"]}


def no_such_link() -> NotSignedIn:
    return NotSignedIn(
        "This link is unknown, was used already, or is out of date. Links work once; ask whoever runs "
        "govern for a new one (govern signin YOUR-ADDRESS).",
        why="link_dead",
    )
