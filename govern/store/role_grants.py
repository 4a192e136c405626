"""Roles that people were granted: on what, by whom, until when, brought by which group."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from govern.domain.record import Record
from govern.domain.role import Role
from govern.store.tables import person, role_grant


def find(connection: Connection, grant_id: int, *, lock: bool = False) -> Record | None:
    query = select(role_grant).where(role_grant.c.id == grant_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return dict(row) if row else None


def in_force(
    connection: Connection,
    at: datetime,
    *,
    person_id: str | None = None,
    lock: bool = False,
) -> list[Record]:
    """Every grant in force at a time, of one person or of everybody, in the order they were made."""
    query = select(role_grant).where(_in_force(at))
    if person_id is not None:
        query = query.where(role_grant.c.person_id == person_id)
    query = query.order_by(role_grant.c.id)
    rows = connection.execute(query.with_for_update() if lock else query)
    return [dict(row) for row in rows.mappings()]


def admins(connection: Connection, at: datetime) -> list[Record]:
    """The grants in force that let somebody manage access; nobody else changes them until the end of the
    transaction."""
    rows = connection.execute(
        select(role_grant)
        .where(
            _in_force(at),
            role_grant.c.role == Role.ADMIN.value,
            role_grant.c.portfolio_id.is_(None),
            role_grant.c.project_id.is_(None),
        )
        .order_by(role_grant.c.id)
        .with_for_update()
    )
    return [dict(row) for row in rows.mappings()]


def revoke(connection: Connection, grant_id: int, at: datetime) -> None:
    connection.execute(update(role_grant).where(role_grant.c.id == grant_id).values(revoked_at=at))


def lock_person(connection: Connection, person_id: str) -> None:
    """Who changes the roles of one person takes turns with others who do."""
    connection.execute(select(person.c.id).where(person.c.id == person_id).with_for_update())


def _in_force(at: datetime) -> Any:
    return role_grant.c.revoked_at.is_(None) & or_(
        role_grant.c.until.is_(None), role_grant.c.until > at
    )
