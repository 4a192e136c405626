"""People, what they were granted, and the tokens their programs sign in with."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from govern.domain.actor import Actor, Grant
from govern.domain.record import Record
from govern.domain.role import Role
from govern.store.tables import person, role_grant, token

_NAMES = select(person.c.id, person.c.name).where(person.c.id.in_(bindparam("ids", expanding=True)))


def add(connection: Connection, person_id: str, email: str, name: str, at: datetime) -> None:
    connection.execute(insert(person).values(id=person_id, email=email, name=name, recorded_at=at))


def by_email(connection: Connection, email: str) -> Record | None:
    row = connection.execute(select(person).where(person.c.email == email)).mappings().first()
    return dict(row) if row else None


def resolve(connection: Connection, name: str) -> str | None:
    """The id of the person with this id or e-mail address."""
    return connection.execute(
        select(person.c.id).where(or_(person.c.id == name, person.c.email == name))
    ).scalar_one_or_none()


def everyone(connection: Connection) -> list[Record]:
    return [
        dict(row) for row in connection.execute(select(person).order_by(person.c.email)).mappings()
    ]


def find(connection: Connection, name: str, *, lock: bool = False) -> Record | None:
    """The person with this id or e-mail address."""
    query = select(person).where(or_(person.c.id == name, person.c.email == name))
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return dict(row) if row else None


def close(
    connection: Connection, person_id: str, email: str, name: str, at: datetime
) -> dict[str, list[int]]:
    """Gives a person this name and address, and ends their tokens and roles; `tokens` and `grants`
    that were not ended before."""
    connection.execute(
        update(person).where(person.c.id == person_id).values(email=email, name=name)
    )
    ended: dict[str, list[int]] = {}
    for what, table in (("tokens", token), ("grants", role_grant)):
        rows = connection.scalars(
            update(table)
            .where(table.c.person_id == person_id, table.c.revoked_at.is_(None))
            .values(revoked_at=at)
            .returning(table.c.id)
        )
        ended[what] = sorted(rows)
    return ended


def names(connection: Connection, ids: set[str]) -> dict[str, str]:
    """Person id → name, for the ids that are people."""
    if not ids:
        return {}
    rows = connection.execute(_NAMES, {"ids": sorted(ids)})
    return {row.id: row.name for row in rows}


def known_as(connection: Connection, name: str) -> list[str]:
    """The ids of those with this name, e-mail address or id."""
    return list(
        connection.execute(
            select(person.c.id)
            .where(or_(person.c.id == name, person.c.email == name, person.c.name == name))
            .order_by(person.c.id)
        ).scalars()
    )


def add_grant(connection: Connection, values: dict[str, Any]) -> int:
    result = connection.execute(insert(role_grant).values(**values).returning(role_grant.c.id))
    return result.scalar_one()


def grants_of(connection: Connection, person_id: str, at: datetime) -> tuple[Grant, ...]:
    """The grants in force at a time."""
    rows = connection.execute(
        select(role_grant.c.role, role_grant.c.portfolio_id, role_grant.c.project_id)
        .where(
            role_grant.c.person_id == person_id,
            role_grant.c.revoked_at.is_(None),
            or_(role_grant.c.until.is_(None), role_grant.c.until > at),
        )
        .order_by(role_grant.c.id)
    )
    return tuple(Grant(Role(r.role), r.portfolio_id, r.project_id) for r in rows)


def holders(
    connection: Connection, role: Role, portfolio_id: str, project_id: str, at: datetime
) -> list[Record]:
    """Who holds a role on a project at a time: id, name, email."""
    on_it = or_(
        role_grant.c.project_id == project_id,
        and_(role_grant.c.project_id.is_(None), role_grant.c.portfolio_id == portfolio_id),
        and_(role_grant.c.project_id.is_(None), role_grant.c.portfolio_id.is_(None)),
    )
    rows = connection.execute(
        select(person.c.id, person.c.name, person.c.email)
        .join(role_grant, role_grant.c.person_id == person.c.id)
        .where(
            role_grant.c.role == role.value,
            role_grant.c.revoked_at.is_(None),
            or_(role_grant.c.until.is_(None), role_grant.c.until > at),
            on_it,
        )
        .distinct()
        .order_by(person.c.name, person.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def actor_of_person(connection: Connection, person_id: str, at: datetime) -> Actor | None:
    row = connection.execute(select(person.c.name).where(person.c.id == person_id)).first()
    if row is None:
        return None
    return Actor(person_id, row.name, grants_of(connection, person_id, at))
