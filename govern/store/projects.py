"""Projects, and the moves between stages that they made."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.stage import ON_HOLD
from govern.store.engine import is_sqlite
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect, in_parts
from govern.store.tables import kpi, project, stage_move, workflow_revision
from govern.store.visibility import visible_to

FIELDS = (
    project.c.id,
    project.c.portfolio_id.label("portfolio"),
    project.c.name,
    project.c.owner,
    project.c.department,
    project.c.starts_on.label("start"),
    project.c.ends_on.label("end"),
    project.c.budget,
    project.c.spent,
    project.c.status_text,
    project.c.objective,
    project.c.tags,
    workflow_revision.c.workflow_id.label("workflow"),
    workflow_revision.c.workflow_version,
    project.c.workflow_digest,
    project.c.stage,
    project.c.held_from,
    project.c.resume_on,
    project.c.resume_when,
    project.c.held_by_lapse,
    project.c.baseline_frozen_at,
    project.c.version,
    project.c.recorded_at,
)

SORTABLE = {
    "id": project.c.id,
    "name": project.c.name,
    "stage": project.c.stage,
    "start": project.c.starts_on,
    "end": project.c.ends_on,
    "budget": project.c.budget,
    "department": project.c.department,
}

_COLUMN_OF = {"portfolio": "portfolio_id", "start": "starts_on", "end": "ends_on"}


_EVERY: AnySelect = select(*FIELDS).join(
    workflow_revision, workflow_revision.c.digest == project.c.workflow_digest
)
"""Made once: each use adds its own `where` to it, which takes a fraction of naming every column anew."""
_ONE = _EVERY.where(project.c.id == bindparam("of"))
_CHANGE = update(project).where(project.c.id == bindparam("of"))
_LOCK = select(project.c.id).where(project.c.id == bindparam("of")).with_for_update()
_LOCK_THOSE_OF = (
    select(project.c.id, project.c.portfolio_id.label("portfolio"))
    .where(
        project.c.id.in_(
            select(kpi.c.project_id).where(kpi.c.id.in_(bindparam("kpis", expanding=True)))
        )
    )
    .order_by(project.c.id)
    .with_for_update()
)


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    return {_COLUMN_OF.get(name, name): value for name, value in fields.items()}


def find(connection: Connection, project_id: str, lock: bool = False) -> Record | None:
    """One project; `lock` keeps others from changing it until the transaction ends."""
    if lock and not is_sqlite(connection):
        # Then read: PostgreSQL would join the changed row to the revision of the unchanged one.
        connection.execute(_LOCK, {"of": project_id})
    row = connection.execute(_ONE, {"of": project_id}).mappings().first()
    return dict(row) if row else None


def some(
    connection: Connection, project_ids: Collection[str], *, lock: bool = False
) -> dict[str, Record]:
    """Those of these projects that there are, by id; `lock` takes them in the order of their ids."""
    found: dict[str, Record] = {}
    for part in in_parts(project_ids):
        if lock:
            mine = select(project.c.id).where(project.c.id.in_(part)).order_by(project.c.id)
            connection.execute(mine.with_for_update())
        rows = connection.execute(_EVERY.where(project.c.id.in_(part))).mappings()
        found |= {row["id"]: dict(row) for row in rows}
    return found


def lock_those_of(connection: Connection, kpi_ids: Collection[str]) -> dict[str, Record]:
    """The projects of these KPIs by id, each with its `id` and `portfolio`: locked in one statement, in
    the order of their ids, so that two who ask for the same ones do not wait for each other."""
    rows = connection.execute(_LOCK_THOSE_OF, {"kpis": sorted(kpi_ids)}).mappings()
    return {row["id"]: dict(row) for row in rows}


def lock_every(connection: Connection) -> None:
    """Keeps others from changing any project until the transaction ends."""
    connection.execute(select(project.c.id).order_by(project.c.id).with_for_update())


def locked(connection: Connection, project_id: str) -> Record:
    """A project that is known to be there, locked until the transaction ends."""
    found = find(connection, project_id, lock=True)
    if found is None:
        raise LookupError(f"there is no project {project_id}")
    return found


def held_until(connection: Connection) -> list[str]:
    """The projects on hold that say when the hold ends."""
    return list(
        connection.execute(
            select(project.c.id)
            .where(
                project.c.stage == ON_HOLD,
                or_(project.c.resume_on.is_not(None), project.c.resume_when.is_not(None)),
            )
            .order_by(project.c.id)
        ).scalars()
    )


def ids(connection: Connection) -> set[str]:
    return set(connection.execute(select(project.c.id)).scalars())


def visible_ids(connection: Connection, actor: Actor) -> list[str]:
    """The projects that a person may see, in order."""
    query = select(project.c.id).where(visible_to(actor)).order_by(project.c.id)
    return list(connection.execute(query).scalars())


def portfolios(connection: Connection) -> list[tuple[str, str]]:
    """Every project id with its portfolio, in order."""
    rows = connection.execute(select(project.c.id, project.c.portfolio_id).order_by(project.c.id))
    return [(row[0], row[1]) for row in rows]


def entered(connection: Connection, stage: str) -> list[tuple[str, date | None]]:
    """The projects that have been in a stage, with the day they first entered it."""
    moves = (
        select(stage_move.c.project_id, stage_move.c.since)
        .where(stage_move.c.to_stage == stage)
        .order_by(stage_move.c.project_id, stage_move.c.number)
    )
    first: dict[str, date | None] = {}
    for project_id, since in connection.execute(moves):
        first.setdefault(project_id, since)
    return list(first.items())


def last_moves(connection: Connection) -> dict[str, date | None]:
    """Since when each project has been in its stage, where that is known."""
    moves = select(stage_move.c.project_id, stage_move.c.since).order_by(
        stage_move.c.project_id, stage_move.c.number
    )
    return {row.project_id: row.since for row in connection.execute(moves)}


def every(connection: Connection) -> list[Record]:
    return [dict(row) for row in connection.execute(_EVERY.order_by(project.c.id)).mappings()]


def page(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    stage: str | None = None,
    department: str | None = None,
    portfolio: str | None = None,
) -> Page:
    query = _EVERY.where(visible_to(actor))
    if stage is not None:
        query = query.where(project.c.stage == stage)
    if department is not None:
        query = query.where(project.c.department == department)
    if portfolio is not None:
        query = query.where(project.c.portfolio_id == portfolio)
    return page_of(connection, query, request, SORTABLE, project.c.id, "id")


def count_by_stage(connection: Connection, actor: Actor) -> dict[str, int]:
    rows = connection.execute(
        select(project.c.stage, func.count()).where(visible_to(actor)).group_by(project.c.stage)
    )
    return {row[0]: row[1] for row in rows}


def workflow_digests(connection: Connection, actor: Actor) -> list[str]:
    """The workflow versions that projects run under, the most used first."""
    rows = connection.execute(
        select(project.c.workflow_digest)
        .where(visible_to(actor))
        .group_by(project.c.workflow_digest)
        .order_by(func.count().desc(), project.c.workflow_digest)
    )
    return list(rows.scalars())


def workflows_and_stages(connection: Connection) -> list[tuple[str, str]]:
    """Each workflow version (digest) with each stage that one of its projects is in."""
    query = (
        select(project.c.workflow_digest, project.c.stage)
        .distinct()
        .order_by(project.c.workflow_digest, project.c.stage)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def add(connection: Connection, fields: dict[str, Any], at: datetime) -> None:
    """`fields` by their reader's names (`start`, `portfolio` …); version 1."""
    connection.execute(insert(project).values(**_columns(fields), version=1, recorded_at=at))


def change(connection: Connection, project_id: str, version: int, fields: dict[str, Any]) -> None:
    """Writes fields and raises the version from the one the caller holds the lock on."""
    connection.execute(_CHANGE, {**_columns(fields), "of": project_id, "version": version + 1})


def add_move(
    connection: Connection,
    project_id: str,
    from_stage: str | None,
    to_stage: str,
    since: date | None,
    at: datetime,
) -> None:
    number = connection.execute(
        select(func.coalesce(func.max(stage_move.c.number), 0) + 1).where(
            stage_move.c.project_id == project_id
        )
    ).scalar_one()
    connection.execute(
        insert(stage_move).values(
            project_id=project_id,
            number=number,
            from_stage=from_stage,
            to_stage=to_stage,
            since=since,
            recorded_at=at,
        )
    )


def entered_on(connection: Connection, project_id: str) -> date | None:
    """The day on which the project entered the stage it is in; `None` for as far back as we know."""
    return connection.execute(
        select(stage_move.c.since)
        .where(stage_move.c.project_id == project_id)
        .order_by(stage_move.c.number.desc())
        .limit(1)
    ).scalar_one_or_none()


def entered_at(connection: Connection, project_id: str) -> datetime | None:
    """When it was recorded that the project entered the stage it is in; unknown for none."""
    return connection.execute(
        select(stage_move.c.recorded_at)
        .where(stage_move.c.project_id == project_id)
        .order_by(stage_move.c.number.desc())
        .limit(1)
    ).scalar_one_or_none()


def stages_of(connection: Connection, project_id: str) -> list[str]:
    """The stages that a project has been in, in order."""
    return list(
        connection.execute(
            select(stage_move.c.to_stage)
            .where(stage_move.c.project_id == project_id)
            .order_by(stage_move.c.number)
        ).scalars()
    )


def moves_of(connection: Connection, project_id: str) -> list[Record]:
    """Every stage that a project has entered, in order; `since` is unknown where nobody said."""
    rows = connection.execute(
        select(stage_move.c.to_stage, stage_move.c.since, stage_move.c.recorded_at)
        .where(stage_move.c.project_id == project_id)
        .order_by(stage_move.c.number)
    ).mappings()
    return [dict(row) for row in rows]
