"""Which workflow texts have been in force; their content stands in blobs."""

from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, select

from govern.domain.record import Record
from govern.store.tables import project, workflow_revision


def workflow(connection: Connection, digest: str) -> Record | None:
    row = (
        connection.execute(select(workflow_revision).where(workflow_revision.c.digest == digest))
        .mappings()
        .first()
    )
    return dict(row) if row else None


def workflow_of_version(connection: Connection, workflow_id: str, version: int) -> Record | None:
    row = (
        connection.execute(
            select(workflow_revision).where(
                workflow_revision.c.workflow_id == workflow_id,
                workflow_revision.c.workflow_version == version,
            )
        )
        .mappings()
        .first()
    )
    return dict(row) if row else None


def newest_workflow(connection: Connection, workflow_id: str) -> Record | None:
    row = (
        connection.execute(
            select(workflow_revision)
            .where(workflow_revision.c.workflow_id == workflow_id)
            .order_by(workflow_revision.c.workflow_version.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    return dict(row) if row else None


def every(connection: Connection) -> list[Record]:
    """Every version, by workflow and the newest first, with how many projects run under it."""
    running = (
        select(project.c.workflow_digest, func.count().label("count"))
        .group_by(project.c.workflow_digest)
        .subquery()
    )
    rows = connection.execute(
        select(workflow_revision, func.coalesce(running.c.count, 0).label("projects"))
        .outerjoin(running, running.c.workflow_digest == workflow_revision.c.digest)
        .order_by(workflow_revision.c.workflow_id, workflow_revision.c.workflow_version.desc())
    ).mappings()
    seen: set[str] = set()
    found: list[Record] = []
    for row in rows:
        found.append({**row, "newest": row["workflow_id"] not in seen})
        seen.add(row["workflow_id"])
    return found


def newest_of_each(connection: Connection) -> list[str]:
    """The digest of every workflow's newest version."""
    newest = (
        select(
            workflow_revision.c.workflow_id,
            func.max(workflow_revision.c.workflow_version).label("version"),
        )
        .group_by(workflow_revision.c.workflow_id)
        .subquery()
    )
    query = (
        select(workflow_revision.c.digest)
        .join(
            newest,
            and_(
                newest.c.workflow_id == workflow_revision.c.workflow_id,
                newest.c.version == workflow_revision.c.workflow_version,
            ),
        )
        .order_by(workflow_revision.c.workflow_id)
    )
    return list(connection.execute(query).scalars())


def add_workflow(
    connection: Connection, digest: str, workflow_id: str, version: int, path: str, at: datetime
) -> None:
    connection.execute(
        insert(workflow_revision).values(
            digest=digest,
            workflow_id=workflow_id,
            workflow_version=version,
            path=path,
            recorded_at=at,
        )
    )
