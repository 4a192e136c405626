"""People, their roles and their tokens."""

import secrets
from datetime import datetime, timedelta

from govern.domain.actor import Actor, Grant
from govern.domain.record import Record
from govern.domain.refusal import Duplicate, InvalidInput, NotFound, NotSignedIn
from govern.domain.role import Permission, Role
from govern.services import secrets_made
from govern.services.access import require_everywhere
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import people, portfolios, projects

OPERATOR = Actor("operator", "Operator (command line)", (Grant(Role.ADMIN),))
"""Who acts when somebody with access to the machine runs a command there."""

OPERATOR_EMAIL = "operator@localhost"

TOKEN_PREFIX = "gov_"  # noqa: S105 - the mark that secret scanners look for, not a secret


def ensure_operator(runtime: Runtime, *, now: datetime) -> None:
    """Makes the operator a person, so that what the command line does has an actor."""
    with runtime.store.reading() as connection:
        if people.by_email(connection, OPERATOR_EMAIL) is not None:
            return
    with runtime.store.writing() as connection:
        if people.by_email(connection, OPERATOR_EMAIL) is None:
            people.add(connection, OPERATOR.person_id, OPERATOR_EMAIL, OPERATOR.name, now)
            record_event(
                connection,
                SERVICE,
                OPERATOR,
                "person.added",
                {
                    "person": OPERATOR.person_id,
                    "email": OPERATOR_EMAIL,
                    "person_name": OPERATOR.name,
                },
                now,
            )


def add_person(runtime: Runtime, actor: Actor, *, email: str, name: str, now: datetime) -> str:
    """Adds a person and returns their id. Raises Duplicate for a known e-mail address."""
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    if "@" not in email or any(character.isspace() for character in email):
        raise InvalidInput(
            "The address cannot be used.", errors={"email": ["not an e-mail address"]}
        )
    with runtime.store.writing() as connection:
        if people.by_email(connection, email):
            raise Duplicate(f"There is a person with the address {email} already.", email=email)
        person_id = f"person-{secrets.token_hex(6)}"
        people.add(connection, person_id, email, name, now)
        # The event holds references: name and address can be erased, an event cannot.
        told = {"person": person_id, "email": email, "person_name": name}
        record_event(connection, SERVICE, actor, "person.added", told, now)
    return person_id


def grant_role(
    runtime: Runtime,
    actor: Actor,
    *,
    email: str,
    role: Role,
    portfolio: str | None = None,
    project: str | None = None,
    until: datetime | None = None,
    now: datetime,
) -> None:
    """Grants a role on a project, a portfolio, or (neither named) the whole installation.

    Granting what is held already changes nothing. Raises NotFound for an unknown person, portfolio
    or project.
    """
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    with runtime.store.writing() as connection:
        person = people.by_email(connection, email)
        if person is None:
            raise NotFound(f"There is nobody with the address {email}.", email=email)
        if portfolio is not None and portfolios.find(connection, portfolio) is None:
            raise NotFound(f"There is no portfolio '{portfolio}'.", portfolio=portfolio)
        if project is not None and projects.find(connection, project) is None:
            raise NotFound(f"There is no project '{project}'.", project=project)
        wanted = Grant(role, portfolio, project)
        if wanted in people.grants_of(connection, person["id"], now):
            return
        grant_id = people.add_grant(
            connection,
            {
                "person_id": person["id"],
                "role": role.value,
                "portfolio_id": portfolio,
                "project_id": project,
                "granted_by": actor.person_id,
                "recorded_at": now,
                "until": until,
            },
        )
        record_event(
            connection,
            SERVICE,
            actor,
            "role.granted",
            {
                "grant": grant_id,
                "person": person["id"],
                "role": role,
                "portfolio": portfolio,
                "project": project,
                "until": until,
            },
            now,
        )


def issue_token(
    runtime: Runtime, actor: Actor, *, email: str, label: str, lifetime: timedelta, now: datetime
) -> str:
    """A new token of 256 random bits, shown once: only its SHA-256 is kept."""
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    if lifetime <= timedelta(0):
        raise InvalidInput("The token would be dead.", errors={"lifetime": ["more than zero"]})
    with runtime.store.writing() as connection:
        person = people.by_email(connection, email)
        if person is None:
            raise NotFound(f"There is nobody with the address {email}.", email=email)
        secret = secrets_made.make(TOKEN_PREFIX)
        kept = {"sha256": secrets_made.sha256_of(secret), "label": label, "expires_at": now + lifetime}
        token_id = people.add_token(
            connection, {"person_id": person["id"], "recorded_at": now, **kept}
        )
        record_event(
            connection,
            SERVICE,
            actor,
            "token.issued",
            {"token": token_id, "person": person["id"], **kept},
            now,
        )
    return secret


def sign_in(runtime: Runtime, token: str, now: datetime) -> Actor:
    """The person a token stands for. Raises NotSignedIn for an unknown, expired or revoked one."""
    with runtime.store.reading() as connection:
        actor = people.actor_of_token(connection, secrets_made.sha256_of(token), now)
    if actor is None:
        raise NotSignedIn("The token is unknown, expired or revoked; ask an admin for a new one.")
    return actor


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
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    with runtime.store.reading() as connection:
        return [
            {
                "id": person["id"],
                "email": person["email"],
                "name": person["name"],
                "roles": [
                    {"role": g.role.value, "portfolio": g.portfolio_id, "project": g.project_id}
                    for g in people.grants_of(connection, person["id"], now)
                ],
            }
            for person in people.everyone(connection)
        ]

