"""Gate submissions and the votes cast on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from govern.domain.actor import Actor
from govern.domain.decision import Decision
from govern.domain.record import Record
from govern.store import projects
from govern.store.engine import is_sqlite
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect
from govern.store.tables import project, submission, vote, workflow_revision
from govern.store.visibility import visible_to

OPEN = "open"
DECIDED = "decided"
EXPIRED = "expired"
WITHDRAWN = "withdrawn"
_PASSING = [each.value for each in Decision if each.passes]

_FIELDS = (
    submission.c.id,
    submission.c.project_id.label("project"),
    *(column for column in submission.c if column.name not in ("id", "project_id")),
)

SORTABLE = {
    "id": submission.c.id,
    "project": submission.c.project_id,
    "gate": submission.c.gate,
    "decide_by": submission.c.decide_by,
    "recorded_at": submission.c.recorded_at,
}


_EVERY: AnySelect = select(*_FIELDS)
"""Made once: each use adds its own `where` to it, which takes a fraction of naming every column anew."""
_ONE = _EVERY.where(submission.c.id == bindparam("of"))
_ONE_LOCKED = _ONE.with_for_update()
_OF_PROJECT = _EVERY.where(submission.c.project_id == bindparam("project")).order_by(
    submission.c.id
)
_TO_GATE = _OF_PROJECT.where(submission.c.gate == bindparam("gate"))
_CHANGE = update(submission).where(submission.c.id == bindparam("of"))
_WITH_PROJECT = (
    select(*_FIELDS, *projects.FIELDS)
    .select_from(submission)
    .join(project, project.c.id == submission.c.project_id)
    .join(workflow_revision, workflow_revision.c.digest == project.c.workflow_digest)
    .where(submission.c.id == bindparam("of"))
)
_WITH_PROJECT_LOCKED = _WITH_PROJECT.with_for_update(of=submission)
_LOCK_PROJECT = (
    select(project.c.id)
    .where(
        project.c.id
        == select(submission.c.project_id)
        .where(submission.c.id == bindparam("of"))
        .scalar_subquery()
    )
    .with_for_update()
)
_VOTES = select(vote).where(vote.c.submission_id == bindparam("of")).order_by(vote.c.id)
_ADD_VOTE = insert(vote).returning(vote.c.id)
_NO_VOTE: Record = dict.fromkeys(vote.c.keys())
_SEAT = update(vote).where(vote.c.id == bindparam("of"))


def find(connection: Connection, submission_id: int, lock: bool = False) -> Record | None:
    query = _ONE_LOCKED if lock else _ONE
    row = connection.execute(query, {"of": submission_id}).mappings().first()
    return dict(row) if row else None


def with_project(
    connection: Connection, submission_id: int, lock: bool = False
) -> tuple[Record, Record] | None:
    """A submission, and its project as `projects.find` has it. `lock`: the project first, then the
    submission, both read only once nobody else changes them."""
    if lock and not is_sqlite(connection):
        connection.execute(_LOCK_PROJECT, {"of": submission_id})
    query = _WITH_PROJECT_LOCKED if lock else _WITH_PROJECT
    row = connection.execute(query, {"of": submission_id}).first()
    if row is None:
        return None
    # By their places: some columns of the two have the same name.
    own = len(_FIELDS)
    return (
        dict(zip((each.name for each in _FIELDS), row[:own], strict=True)),
        dict(zip((each.name for each in projects.FIELDS), row[own:], strict=True)),
    )


def locked_open(connection: Connection, submission_id: int | None) -> Record | None:
    """A submission, locked after its project as everybody does, if it is open still."""
    found = None if submission_id is None else find(connection, submission_id)
    if found is None:
        return None
    its_project = select(project.c.id).where(project.c.id == found["project"])
    connection.execute(its_project.with_for_update())
    found = find(connection, found["id"], lock=True)
    return found if found is not None and found["state"] == OPEN else None


def lapsed(connection: Connection, project_id: str) -> list[Record]:
    """The conditional goes of a project that have lapsed and are not made good."""
    rows = connection.execute(
        _EVERY.where(
            submission.c.project_id == project_id, submission.c.became == Decision.HOLD.value
        ).order_by(submission.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def last_to(connection: Connection, project_id: str, gate: str) -> Record | None:
    """The newest submission of a project to a gate."""
    row = (
        connection.execute(
            _EVERY.where(submission.c.project_id == project_id, submission.c.gate == gate)
            .order_by(submission.c.iteration.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    return dict(row) if row else None


def open_one(connection: Connection, project_id: str) -> Record | None:
    """The open submission of a project: there is at most one."""
    row = (
        connection.execute(
            _EVERY.where(submission.c.project_id == project_id, submission.c.state == OPEN)
        )
        .mappings()
        .first()
    )
    return dict(row) if row else None


def all_open(connection: Connection, actor: Actor) -> list[Record]:
    rows = connection.execute(
        _EVERY.join(project, project.c.id == submission.c.project_id)
        .where(submission.c.state == OPEN, visible_to(actor))
        .order_by(submission.c.decide_by, submission.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def passed(connection: Connection, project_ids: set[str]) -> list[Record]:
    """What let projects through a gate, the first decided first."""
    rows = connection.execute(
        _EVERY.where(
            submission.c.project_id.in_(sorted(project_ids)),
            submission.c.decision.in_(_PASSING),
        ).order_by(submission.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def of_project(connection: Connection, project_id: str, gate: str | None = None) -> list[Record]:
    """All submissions of a project, or those to one gate, in the order they were made."""
    if gate is None:
        rows = connection.execute(_OF_PROJECT, {"project": project_id})
    else:
        rows = connection.execute(_TO_GATE, {"project": project_id, "gate": gate})
    return [dict(row) for row in rows.mappings()]


def next_iteration(connection: Connection, project_id: str, gate: str) -> int:
    return connection.execute(
        select(func.coalesce(func.max(submission.c.iteration), 0) + 1).where(
            submission.c.project_id == project_id, submission.c.gate == gate
        )
    ).scalar_one()


def page(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    project_id: str | None = None,
    gate: str | None = None,
    state: str | None = None,
) -> Page:
    query = _EVERY.join(project, project.c.id == submission.c.project_id).where(visible_to(actor))
    if project_id is not None:
        query = query.where(submission.c.project_id == project_id)
    if gate is not None:
        query = query.where(submission.c.gate == gate)
    if state is not None:
        query = query.where(submission.c.state == state)
    return page_of(connection, query, request, SORTABLE, submission.c.id, "-id")


def add(connection: Connection, values: dict[str, Any]) -> int:
    result = connection.execute(
        insert(submission).values(**values, version=1).returning(submission.c.id)
    )
    return result.scalar_one()


def change(
    connection: Connection, submission_id: int, version: int, values: dict[str, Any]
) -> None:
    """Writes fields and raises the version from the one the caller holds the lock on."""
    connection.execute(_CHANGE, {**values, "of": submission_id, "version": version + 1})


def votes(connection: Connection, submission_id: int) -> list[Record]:
    rows = connection.execute(_VOTES, {"of": submission_id}).mappings()
    return [dict(row) for row in rows]


def votes_on(connection: Connection, found: Record) -> list[Record]:
    """As `votes`, for a submission that the caller has locked: every vote raises its version."""
    return [] if found["version"] == 1 else votes(connection, found["id"])


def add_vote(connection: Connection, values: dict[str, Any], at: datetime) -> Record:
    """The vote as `votes` has it."""
    row = {**values, "recorded_at": at}
    return {**_NO_VOTE, **row, "id": connection.execute(_ADD_VOTE, row).scalar_one()}


def seat_votes(connection: Connection, seats: dict[int, str]) -> None:
    """Writes down which role's seat each vote filled when the gate was decided."""
    if seats:
        connection.execute(_SEAT, [{"of": each, "seat": seat} for each, seat in seats.items()])
