"""People: who there is, with the roles in force, and adding somebody."""

import secrets
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Duplicate, InvalidInput, NotFound
from govern.domain.role import Permission
from govern.services.access import require_everywhere
from govern.services.ledger import SERVICE, record_event
from govern.services.operator import OPERATOR, OPERATOR_EMAIL
from govern.services.roles import grant_role
from govern.services.runtime import Runtime
from govern.services.tokens import issue_token, sign_in
from govern.store import people

__all__ = [
    "OPERATOR",
    "OPERATOR_EMAIL",
    "add_person",
    "ensure_operator",
    "grant_role",
    "issue_token",
    "known_people",
    "person",
    "sign_in",
]


def ensure_operator(runtime: Runtime, *, now: datetime) -> None:
    """Makes the operator a person, so that what the command line does has an actor."""
    with runtime.store.reading() as connection:
        if people.by_email(connection, OPERATOR_EMAIL) is not None:
            return
    with runtime.store.writing() as connection:
        if people.by_email(connection, OPERATOR_EMAIL) is None:
            _add(connection, OPERATOR, OPERATOR.person_id, OPERATOR_EMAIL, OPERATOR.name, now)


def add_person(runtime: Runtime, actor: Actor, *, email: str, name: str, now: datetime) -> str:
    """Adds a person and returns their id. Raises Duplicate for a known e-mail address."""
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    with runtime.store.writing() as connection:
        return add_to(connection, actor, email=email, name=name, now=now)


def add_to(connection: Connection, actor: Actor, *, email: str, name: str, now: datetime) -> str:
    """As `add_person`, in the caller's transaction, whoever the actor is."""
    if "@" not in email or any(character.isspace() for character in email):
        raise InvalidInput(
            "The address cannot be used.", errors={"email": ["not an e-mail address"]}
        )
    if people.by_email(connection, email):
        raise Duplicate(f"There is a person with the address {email} already.", email=email)
    person_id = f"person-{secrets.token_hex(6)}"
    _add(connection, actor, person_id, email, name, now)
    return person_id


def _add(
    connection: Connection, actor: Actor, person_id: str, email: str, name: str, now: datetime
) -> None:
    people.add(connection, person_id, email, name, now)
    # The event holds references: name and address can be erased, an event cannot.
    told = {"person": person_id, "email": email, "person_name": name}
    record_event(connection, SERVICE, actor, "person.added", told, now)


def person(runtime: Runtime, email: str, now: datetime) -> Actor:
    """Who acts on the command line under a name of their own. Raises NotFound."""
    with runtime.store.reading() as connection:
        found = people.by_email(connection, email)
        actor = people.actor_of_person(connection, found["id"], now) if found else None
    if actor is None:
        raise NotFound(f"There is nobody with the address {email}.", email=email)
    return actor


def known_people(runtime: Runtime, actor: Actor, now: datetime) -> list[Record]:
    """Everybody, with the roles in force."""
    require_everywhere(actor, Permission.SEE_ACCESS)
    with runtime.store.reading() as connection:
        return [_known(connection, each, now) for each in people.everyone(connection)]


def known_person(runtime: Runtime, actor: Actor, name: str, now: datetime) -> Record:
    """Somebody by id or address, with the roles in force. Raises NotAllowed, NotFound."""
    require_everywhere(actor, Permission.SEE_ACCESS)
    with runtime.store.reading() as connection:
        found = people.find(connection, name)
        if found is None:
            raise NotFound(f"There is nobody known as {name}.", person=name)
        return _known(connection, found, now)


def _known(connection: Connection, found: Record, now: datetime) -> Record:
    return {
        "id": found["id"],
        "email": found["email"],
        "name": found["name"],
        "roles": [
            {"role": g.role.value, "portfolio": g.portfolio_id, "project": g.project_id}
            for g in people.grants_of(connection, found["id"], now)
        ],
    }
