"""Versions of the agreed plan: numbered from 1 for each project, only ever added to."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from govern.domain.record import Record
from govern.store.query import AnySelect
from govern.store.tables import baseline_version


def _select() -> AnySelect:
    return select(
        baseline_version.c.number,
        baseline_version.c.project_id.label("project"),
        baseline_version.c.digest,
        baseline_version.c.scope_change_id.label("scope_change"),
        baseline_version.c.recorded_by,
        baseline_version.c.recorded_at,
    )


def add(
    connection: Connection,
    project_id: str,
    number: int,
    digest: str,
    scope_change_id: int | None,
    by: str,
    at: datetime,
) -> int:
    return connection.execute(
        insert(baseline_version)
        .values(
            project_id=project_id,
            number=number,
            digest=digest,
            scope_change_id=scope_change_id,
            recorded_by=by,
            recorded_at=at,
        )
        .returning(baseline_version.c.id)
    ).scalar_one()


def of_project(connection: Connection, project_id: str) -> list[Record]:
    """The versions that are kept, the first one first."""
    rows = connection.execute(
        _select()
        .where(baseline_version.c.project_id == project_id)
        .order_by(baseline_version.c.number)
    ).mappings()
    return [dict(row) for row in rows]


def last_number(connection: Connection, project_id: str) -> int:
    """The number of the newest version; 0 where none is kept."""
    newest = select(func.max(baseline_version.c.number)).where(
        baseline_version.c.project_id == project_id
    )
    return connection.execute(newest).scalar() or 0
