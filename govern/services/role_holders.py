"""Who holds which role on a project: all of a list of projects with one query."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Grant
from govern.domain.record import Record
from govern.domain.role import Role
from govern.store import role_holders as stored

Holders = Mapping[Role, Sequence[str]]


def role_holders(
    connection: Connection, projects: Iterable[Record], roles: Iterable[Role], now: datetime
) -> dict[str, Holders]:
    """Project id → role → names, in order. Of those who hold a role on the project itself; where nobody
    does, of those who hold it on its portfolio or everywhere."""
    wanted = [*roles]
    held = stored.held(connection, wanted, now)
    return {
        each["id"]: {role: _names(held, role, each["portfolio"], each["id"]) for role in wanted}
        for each in projects
    }


def _names(
    held: Sequence[tuple[Grant, str]], role: Role, portfolio: str, project: str
) -> list[str]:
    covering = [
        (grant, name)
        for grant, name in held
        if grant.role is role and grant.covers(portfolio, project)
    ]
    own = [name for grant, name in covering if grant.project_id is not None]
    return sorted({*(own or (name for _, name in covering))})
