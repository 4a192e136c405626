"""Which rulebooks were proposed, by whom, and which of them have been in force since when.

Their content stands in blobs. Both tables are only ever added to.
"""

from datetime import datetime

from sqlalchemy import Connection, and_, case, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from govern.domain.record import Record
from govern.store.engine import is_sqlite
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect
from govern.store.tables import rulebook_proposal as proposal
from govern.store.tables import rulebook_revision as revision

PROPOSED, IN_FORCE, PAST = "proposed", "in_force", "past"
STATES = (PROPOSED, IN_FORCE, PAST)

SORTABLE = {"id": proposal.c.id, "proposed_at": proposal.c.recorded_at}

_LAST = (
    select(revision, proposal.c.author)
    .join(proposal, proposal.c.digest == revision.c.digest, isouter=True)
    .order_by(revision.c.id.desc())
    .limit(1)
)


def in_force(connection: Connection) -> Record | None:
    """The publication that counts: the last one."""
    row = connection.execute(_LAST).mappings().first()
    return dict(row) if row else None


def propose(
    connection: Connection, digest: str, author: str, note: str | None, at: datetime
) -> int | None:
    """Records who proposed a rulebook; None, changing nothing, where somebody has already."""
    # Looked up first: where proposals are guarded against REPLACE, even an insert that would do
    # nothing is refused.
    if connection.scalar(select(proposal.c.id).where(proposal.c.digest == digest)) is not None:
        return None
    dialect = sqlite if is_sqlite(connection) else postgresql
    added = connection.execute(
        dialect.insert(proposal)
        .values(digest=digest, author=author, note=note, recorded_at=at)
        .on_conflict_do_nothing(index_elements=["digest"])
        .returning(proposal.c.id)
    )
    return added.scalar_one_or_none()


def publish(
    connection: Connection, digest: str, published_by: str, note: str | None, at: datetime
) -> int:
    return connection.execute(
        insert(revision)
        .values(digest=digest, published_by=published_by, note=note, recorded_at=at)
        .returning(revision.c.id)
    ).scalar_one()


def find(connection: Connection, digest: str, lock: bool = False) -> Record | None:
    """A proposed rulebook with its last publication. `lock`: nobody publishes it meanwhile."""
    if lock:
        connection.execute(
            select(proposal.c.id).where(proposal.c.digest == digest).with_for_update()
        )
    row = connection.execute(_rulebooks().where(proposal.c.digest == digest)).mappings().first()
    return dict(row) if row else None


def page(connection: Connection, request: PageRequest, *, state: str | None = None) -> Page:
    """Every rulebook that was proposed, the newest first unless asked otherwise."""
    query = _rulebooks()
    if state is not None:
        query = query.where(_STATE.in_([state]))
    return page_of(connection, query, request, SORTABLE, proposal.c.id, "-id")


_published = (
    select(revision.c.digest, func.max(revision.c.id).label("last"), func.count().label("times"))
    .group_by(revision.c.digest)
    .subquery("published")
)
_newest = select(func.max(revision.c.id)).scalar_subquery()
_STATE = case((revision.c.id.is_(None), PROPOSED), (revision.c.id == _newest, IN_FORCE), else_=PAST)


def _rulebooks() -> AnySelect:
    return (
        select(
            proposal.c.id,
            proposal.c.digest,
            proposal.c.author,
            proposal.c.note,
            proposal.c.recorded_at.label("proposed_at"),
            _STATE.label("state"),
            revision.c.published_by.label("publisher"),
            revision.c.note.label("published_note"),
            revision.c.recorded_at.label("published_at"),
            (1 + func.coalesce(_published.c.times, 0)).label("version"),
        )
        .select_from(proposal)
        .outerjoin(_published, _published.c.digest == proposal.c.digest)
        .outerjoin(
            revision,
            and_(revision.c.id == _published.c.last, revision.c.digest == proposal.c.digest),
        )
    )
