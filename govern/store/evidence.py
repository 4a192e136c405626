"""The files handed in as evidence: what is known of each; the content stands elsewhere, by its hash."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect
from govern.store.tables import evidence_file, project
from govern.store.visibility import visible_to

DATABASE = "database"
DISK = "disk"

_FIELDS = (
    evidence_file.c.id,
    evidence_file.c.project_id.label("project"),
    *(each for each in evidence_file.c if each.name not in ("id", "project_id")),
)

SORTABLE = {
    "id": evidence_file.c.id,
    "filename": evidence_file.c.filename,
    "size": evidence_file.c.size,
    "recorded_at": evidence_file.c.recorded_at,
}


def _select() -> AnySelect:
    return select(*_FIELDS)


def find(connection: Connection, file_id: int) -> Record | None:
    row = connection.execute(_select().where(evidence_file.c.id == file_id)).mappings().first()
    return dict(row) if row else None


def by_digest(connection: Connection, project_id: str, digest: str) -> Record | None:
    """The file of a project with that content: there is at most one."""
    query = _select().where(
        evidence_file.c.project_id == project_id, evidence_file.c.digest == digest
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def page(connection: Connection, actor: Actor, request: PageRequest, project_id: str) -> Page:
    query = (
        _select()
        .join(project, project.c.id == evidence_file.c.project_id)
        .where(visible_to(actor), evidence_file.c.project_id == project_id)
    )
    return page_of(connection, query, request, SORTABLE, evidence_file.c.id, "-id")


def add(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(evidence_file).values(**values, recorded_at=at).returning(evidence_file.c.id)
    ).scalar_one()


def on_disk(connection: Connection) -> list[str]:
    """The digests of the contents that were put on disk."""
    return list(
        connection.scalars(
            select(evidence_file.c.digest)
            .where(evidence_file.c.kept_in == DISK)
            .distinct()
            .order_by(evidence_file.c.digest)
        )
    )
