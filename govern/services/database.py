"""The database behind the service: what its role may do there."""

from sqlalchemy import text

from govern.domain.actor import Actor
from govern.domain.refusal import InvalidInput, NotAllowed
from govern.domain.role import Role
from govern.services.runtime import Runtime
from govern.store import grants
from govern.store.engine import is_sqlite


def give_grants(runtime: Runtime, actor: Actor, role: str) -> tuple[str, ...]:
    """Lets a PostgreSQL role use the tables as the service does, and no further; returns the SQL.

    The runtime's own role has to own the tables. Raises InvalidInput where there is no such role, or
    where it is one that grants do not bind: a superuser, the owner, a member of the owner.
    """
    if Role.ADMIN not in actor.everywhere:
        raise NotAllowed(
            "Granting rights in the database takes the role admin on the installation."
        )
    if is_sqlite(runtime.store.engine):
        raise _refusal("SQLite has no roles: whoever can write the file can change all of it.")
    with runtime.store.writing() as connection:
        found = connection.execute(
            text(
                "SELECT rolsuper, pg_has_role(rolname, current_user, 'MEMBER') AS owner "
                "FROM pg_roles WHERE rolname = :role"
            ),
            {"role": role},
        ).one_or_none()
        if found is None:
            raise _refusal(f"There is no role '{role}'. Make it first: CREATE ROLE … LOGIN.")
        if found.rolsuper or found.owner:
            raise _refusal(
                f"'{role}' is a superuser, or has the rights of the tables' owner: no grant binds it."
            )
        return grants.give(connection, role)


def _refusal(problem: str) -> InvalidInput:
    return InvalidInput("The grants cannot be given.", errors={"role": [problem]})
