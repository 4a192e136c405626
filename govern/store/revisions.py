"""Which workflow texts and rulebooks have been in force; their content stands in blobs."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from govern.domain.record import Record
from govern.store.tables import rulebook_revision, workflow_revision


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


def published_rulebook(connection: Connection) -> Record | None:
    """The rulebook in force: the revision published last."""
    row = (
        connection.execute(
            select(rulebook_revision).order_by(rulebook_revision.c.id.desc()).limit(1)
        )
        .mappings()
        .first()
    )
    return dict(row) if row else None


def add_rulebook(
    connection: Connection, digest: str, published_by: str, note: str | None, at: datetime
) -> int:
    return connection.execute(
        insert(rulebook_revision)
        .values(digest=digest, published_by=published_by, note=note, recorded_at=at)
        .returning(rulebook_revision.c.id)
    ).scalar_one()
