"""Who holds a role where, over all projects at once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, or_, select

from govern.domain.actor import Grant
from govern.domain.role import Role
from govern.store.tables import person, role_grant


def held(connection: Connection, roles: Iterable[Role], at: datetime) -> list[tuple[Grant, str]]:
    """Every grant of these roles that is in force at a time, with the name of who holds it."""
    rows = connection.execute(
        select(role_grant.c.role, role_grant.c.portfolio_id, role_grant.c.project_id, person.c.name)
        .join(person, person.c.id == role_grant.c.person_id)
        .where(
            role_grant.c.role.in_(sorted(role.value for role in roles)),
            role_grant.c.revoked_at.is_(None),
            or_(role_grant.c.until.is_(None), role_grant.c.until > at),
        )
        .order_by(person.c.name, role_grant.c.id)
    )
    return [(Grant(Role(r.role), r.portfolio_id, r.project_id), r.name) for r in rows]
