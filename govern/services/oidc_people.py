"""Whom an issuer means, and which roles their groups bring them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from govern.domain.refusal import Busy, NoAccess
from govern.services import people as use
from govern.services import roles
from govern.services.issuer import Setup
from govern.services.ledger import SERVICE, record_event
from govern.services.operator import OPERATOR
from govern.store import identities, people

MOST_GROUPS = 1000
"""Of somebody's groups no more are looked at."""

LONGEST_NAME = 200

_log = structlog.get_logger("govern.access")


def person_of(
    connection: Connection, setup: Setup, subject: str, told: Mapping[str, Any], now: datetime
) -> str:
    """The id of the person that the issuer calls `subject`, with the roles that their groups bring.

    Who is new is known by a verified address, or added where a group brings a role. Raises NoAccess for
    who is neither, Busy where somebody else adds them at this moment.
    """
    groups = groups_of(told, setup.groups_claim) or []
    wanted = setup.roles.of(groups)
    person_id = identities.person_of(connection, setup.url, subject)
    if person_id is None:
        try:
            person_id = _first_sight(connection, setup, told, bool(wanted), now)
            identities.add(connection, person_id, setup.url, subject, now)
        except IntegrityError as error:
            raise Busy("You are being signed in elsewhere at this moment; try again.") from error
        told_of = {"person": person_id, "issuer": setup.url}
        record_event(connection, SERVICE, OPERATOR, "identity.linked", told_of, now)
    for each in roles.gone_places(connection, list(wanted)):
        _log.warning(
            "role_not_granted",
            role=each.role.value,
            portfolio=each.portfolio_id,
            project=each.project_id,
        )
    roles.sync_brought(connection, person_id, wanted, now)
    return person_id


def groups_of(told: Mapping[str, Any], claim: str) -> list[str] | None:
    """The groups of the claim of this name, or of a path of names with dots; None where it says none."""
    found: Any = told.get(claim)
    if found is None and "." in claim:
        found = told
        for name in claim.split("."):
            found = (
                cast("Mapping[str, Any]", found).get(name) if isinstance(found, Mapping) else None
            )
    if isinstance(found, str):
        return [found]
    if not isinstance(found, list):
        return None
    listed = cast("list[Any]", found)[:MOST_GROUPS]
    return [each for each in listed if isinstance(each, str)]


def _first_sight(
    connection: Connection, setup: Setup, told: Mapping[str, Any], brings_role: bool, now: datetime
) -> str:
    email = told.get("email")
    email = email if isinstance(email, str) and "@" in email else None
    known = None if email is None else people.by_email(connection, email)
    if known is not None:
        return _known_by_address(connection, setup, known["id"], told)
    if not brings_role:
        raise NoAccess(
            "Your organisation's sign-in knows you, and none of your groups brings a role here. Ask whoever "
            "manages access to govern.",
            why="no_group",
        )
    if email is None or told.get("email_verified") is False:
        raise NoAccess(
            "Your organisation's sign-in does not tell an address of yours that it has verified, and "
            "without one you cannot be told anything. Ask whoever runs it.",
            why="no_email",
        )
    return use.add_to(connection, OPERATOR, email=email, name=_name(told, email), now=now)


def _known_by_address(
    connection: Connection, setup: Setup, person_id: str, told: Mapping[str, Any]
) -> str:
    if person_id == OPERATOR.person_id:
        why = "operator"
    elif not setup.match_email:
        why = "match_off"
    elif told.get("email_verified") is not True:
        why = "email_not_verified"
    elif identities.is_known_there(connection, person_id, setup.url):
        why = "other_subject"
    else:
        return person_id
    raise NoAccess(
        "There is somebody here with your address, and it is not certain that it is you: ask whoever manages "
        "access to govern.",
        why=why,
    )


def _name(told: Mapping[str, Any], email: str) -> str:
    for claim in ("name", "preferred_username"):
        found = told.get(claim)
        if isinstance(found, str) and found.strip():
            return " ".join(found.split())[:LONGEST_NAME]
    return email
