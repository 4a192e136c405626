"""Roles that people are granted on a project, a portfolio or the whole installation, and taken from them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor, Grant
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, LastAdmin, NotFound
from govern.domain.role import Permission, Role
from govern.services.access import require_everywhere
from govern.services.ledger import SERVICE, record_event
from govern.services.operator import OPERATOR
from govern.services.runtime import Runtime
from govern.store import people, portfolios, projects, role_grants


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
) -> int | None:
    """Grants a role on a project, a portfolio, or (neither named) the whole installation; the number of
    the grant. It ends by itself at `until`.

    Granting what is held already as long changes nothing, and gives None. Raises NotAllowed, NotFound
    for an unknown person, portfolio or project, InvalidInput for both of these or an end in the past.
    """
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    _require_sense(portfolio, project, until, now)
    with runtime.store.writing() as connection:
        person = people.find(connection, email)
        if person is None:
            raise NotFound(f"There is nobody known as {email}.", email=email)
        if portfolio is not None and portfolios.find(connection, portfolio) is None:
            raise NotFound(f"There is no portfolio '{portfolio}'.", portfolio=portfolio)
        if project is not None and projects.find(connection, project) is None:
            raise NotFound(f"There is no project '{project}'.", project=project)
        role_grants.lock_person(connection, person["id"])
        wanted = Grant(role, portfolio, project)
        held = role_grants.in_force(connection, now, person_id=person["id"])
        if any(_grant(each) == wanted and _lasts(each["until"], until) for each in held):
            return None
        return _add(connection, actor, person["id"], wanted, until, None, now)


def revoke_role(
    runtime: Runtime, actor: Actor, grant_id: int, *, reason: str | None = None, now: datetime
) -> Record:
    """Takes a grant away at once. What has ended stays so. Raises NotAllowed, NotFound, and LastAdmin
    where nobody would be left who manages access."""
    require_everywhere(actor, Permission.MANAGE_ACCESS)
    with runtime.store.writing() as connection:
        admins = role_grants.admins(connection, now)
        found = role_grants.find(connection, grant_id, lock=True)
        if found is None:
            raise NotFound(f"There is no grant {grant_id}.", grant=grant_id)
        if _ended(found, now) is None:
            others = [each for each in admins if each["id"] != grant_id]
            # Whoever runs commands on the machine can always grant the role again.
            if len(others) < len(admins) and not others and actor != OPERATOR:
                raise LastAdmin(
                    "This is the last role that manages access: without it nobody could grant any. "
                    "Grant the role admin to somebody else first.",
                    grant=grant_id,
                )
            _revoke(connection, actor, found, reason, now)
            found = {**found, "revoked_at": now}
        return _told(connection, [found])[0]


def list_grants(
    runtime: Runtime, actor: Actor, now: datetime, *, person: str | None = None
) -> list[Record]:
    """The grants in force of everybody, or of one person (id or address): who granted them, when, until
    when, and which group brought them. Raises NotAllowed, NotFound."""
    require_everywhere(actor, Permission.SEE_ACCESS)
    with runtime.store.reading() as connection:
        whose = None
        if person is not None:
            whose = people.resolve(connection, person)
            if whose is None:
                raise NotFound(f"There is nobody known as {person}.", person=person)
        return _told(connection, role_grants.in_force(connection, now, person_id=whose))


def own_grants(runtime: Runtime, actor: Actor, now: datetime) -> list[Record]:
    with runtime.store.reading() as connection:
        found = role_grants.in_force(connection, now, person_id=actor.person_id)
        return _told(connection, found)


def sync_brought(
    connection: Connection,
    person_id: str,
    wanted: Mapping[Grant, str],
    now: datetime,
) -> None:
    """Makes the roles that groups brought somebody those of `wanted` (each with its group), in the
    caller's transaction. What people granted stays as it is."""
    role_grants.lock_person(connection, person_id)
    held = role_grants.in_force(connection, now, person_id=person_id)
    brought = {
        (_grant(each), each["brought_by"]): each for each in held if each["brought_by"] is not None
    }
    for key, each in brought.items():
        if wanted.get(key[0]) != key[1]:
            _revoke(connection, OPERATOR, each, "the group does not bring it any more", now)
    for grant, group in wanted.items():
        if (grant, group) not in brought and _is_there(connection, grant):
            _add(connection, OPERATOR, person_id, grant, None, group, now)


def gone_places(connection: Connection, grants: Collection[Grant]) -> list[Grant]:
    """Those on a portfolio or project that is not there."""
    return [each for each in grants if not _is_there(connection, each)]


def _add(
    connection: Connection,
    actor: Actor,
    person_id: str,
    grant: Grant,
    until: datetime | None,
    group: str | None,
    now: datetime,
) -> int:
    values: dict[str, Any] = {
        "role": grant.role.value,
        "portfolio_id": grant.portfolio_id,
        "project_id": grant.project_id,
        "until": until,
        "brought_by": group,
    }
    grant_id = people.add_grant(
        connection,
        {
            **values,
            "person_id": person_id,
            "granted_by": actor.person_id,
            "recorded_at": now,
        },
    )
    told = {
        "grant": grant_id,
        "person": person_id,
        "role": grant.role,
        "portfolio": grant.portfolio_id,
        "project": grant.project_id,
        "until": until,
        "brought_by": group,
    }
    record_event(connection, SERVICE, actor, "role.granted", told, now)
    return grant_id


def _revoke(
    connection: Connection, actor: Actor, found: Record, reason: str | None, now: datetime
) -> None:
    role_grants.revoke(connection, found["id"], now)
    told = {
        "grant": found["id"],
        "person": found["person_id"],
        "role": found["role"],
        "portfolio": found["portfolio_id"],
        "project": found["project_id"],
        "reason": reason,
    }
    record_event(connection, SERVICE, actor, "role.revoked", told, now)


def _require_sense(
    portfolio: str | None, project: str | None, until: datetime | None, now: datetime
) -> None:
    if portfolio is not None and project is not None:
        raise InvalidInput(
            "A role is granted on one thing.",
            errors={"project": ["a portfolio or a project, not both"]},
        )
    if until is not None and until <= now:
        raise InvalidInput("The role would have ended.", errors={"until": ["later than now"]})


def _lasts(held: datetime | None, wanted: datetime | None) -> bool:
    return held is None or (wanted is not None and held >= wanted)


def _ended(found: Record, now: datetime) -> datetime | None:
    if found["revoked_at"] is not None:
        return found["revoked_at"]
    return found["until"] if found["until"] is not None and found["until"] <= now else None


def _is_there(connection: Connection, grant: Grant) -> bool:
    if grant.portfolio_id is not None and portfolios.find(connection, grant.portfolio_id) is None:
        return False
    return grant.project_id is None or projects.find(connection, grant.project_id) is not None


def _grant(found: Record) -> Grant:
    return Grant(Role(found["role"]), found["portfolio_id"], found["project_id"])


def _told(connection: Connection, found: list[Record]) -> list[Record]:
    ids = {each["person_id"] for each in found} | {each["granted_by"] for each in found}
    named = people.names(connection, ids)
    return [
        {
            "id": each["id"],
            "person": each["person_id"],
            "person_name": named.get(each["person_id"]),
            "role": each["role"],
            "portfolio": each["portfolio_id"],
            "project": each["project_id"],
            "granted_by": each["granted_by"],
            "granted_by_name": named.get(each["granted_by"]),
            "granted_at": each["recorded_at"],
            "until": each["until"],
            "brought_by": each["brought_by"],
            "revoked_at": each["revoked_at"],
        }
        for each in found
    ]
