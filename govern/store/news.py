"""News on its way: how far each chain was turned into it, what waits for each webhook, and what became
of each piece.

The news of one project for one webhook is a lane. Whoever sends takes a lane for a while, so that its
news goes out in order; of those who come meanwhile nobody gets it. Who comes after that time takes it
over, and what the first one finds out then is written no more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Text, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from govern.domain.record import Record
from govern.store import webhooks
from govern.store.engine import is_sqlite
from govern.store.paging import Page, PageRequest, page_of
from govern.store.tables import (
    chain,
    event,
    news_delivery,
    news_lane,
    news_try,
    relayed_chain,
    webhook,
)

WAITING, SENT, FAILED, WITHHELD, DROPPED = "waiting", "sent", "failed", "withheld", "dropped"
STATES = (WAITING, SENT, FAILED, WITHHELD, DROPPED)

_TOLD = (
    *(news_delivery.c.id, news_delivery.c.webhook_id.label("webhook"), news_delivery.c.project),
    *(news_delivery.c.seq, news_delivery.c.kind, news_delivery.c.state, news_delivery.c.tries),
    *(news_delivery.c.status, news_delivery.c.duration_ms, news_delivery.c.failure),
    *(news_delivery.c.ended_at, news_delivery.c.recorded_at),
)

SORTABLE = {"id": news_delivery.c.id, "state": news_delivery.c.state}

_AT_ONCE = 500

_BEHIND = text("""
    SELECT c.project FROM chain AS c LEFT JOIN relayed_chain AS r ON r.project = c.project
    WHERE c.seq > coalesce(r.seq, 0) ORDER BY c.project LIMIT :most
""").columns(project=Text)

_TO_HEADS = text("""
    INSERT INTO relayed_chain (project, seq) SELECT project, seq FROM chain WHERE seq > 0
    ORDER BY project ON CONFLICT (project) DO UPDATE SET seq = excluded.seq
    WHERE excluded.seq > relayed_chain.seq
""")

_LAG = text("""
    SELECT coalesce(sum(c.seq - coalesce(r.seq, 0)), 0) AS events
    FROM chain AS c LEFT JOIN relayed_chain AS r ON r.project = c.project
    WHERE c.seq > coalesce(r.seq, 0)
""").columns(events=Integer)


def behind(connection: Connection, most: int) -> list[str]:
    """Chains with events that were not turned into news yet, at most so many.

    A transaction that commits late is not overlooked: a chain's events commit in the order of their
    numbers, and what is asked is how far each chain came.
    """
    return list(connection.scalars(_BEHIND, {"most": most}))


def unrelayed(connection: Connection) -> int:
    """How many events were not turned into news yet."""
    return int(connection.execute(_LAG).one().events)


def has_begun(connection: Connection) -> bool:
    """Whether anything was ever turned into news, or passed over."""
    return connection.execute(select(relayed_chain.c.project).limit(1)).first() is not None


def pass_over(connection: Connection) -> None:
    """Nothing that is in a chain now becomes news."""
    connection.execute(_TO_HEADS)


def take_chains(
    connection: Connection, projects: Collection[str], *, wait: bool = False
) -> dict[str, int]:
    """Project → the number of the last event that was turned into news: of those that nobody else
    is at, kept from others until the transaction ends; with `wait` of all."""
    names = sorted(projects)
    if not names:
        return {}
    dialect = sqlite if is_sqlite(connection) else postgresql
    connection.execute(
        dialect.insert(relayed_chain)
        .values([{"project": each, "seq": 0} for each in names])
        .on_conflict_do_nothing()
    )
    rows = connection.execute(
        select(relayed_chain.c.project, relayed_chain.c.seq)
        .where(relayed_chain.c.project.in_(names))
        .order_by(relayed_chain.c.project)
        .with_for_update(skip_locked=not wait)
    )
    return {row.project: row.seq for row in rows}


def move_on(connection: Connection, project: str, seq: int) -> None:
    """The events of a chain up to this one were turned into news."""
    connection.execute(
        update(relayed_chain).where(relayed_chain.c.project == project).values(seq=seq)
    )


def put(
    connection: Connection, project: str, rows: Sequence[Mapping[str, Any]], at: datetime
) -> int:
    """News of one project that waits (`webhook_id`, `seq`, `kind` each); what is there stays as it
    is. Returns how much of it is new."""
    if not rows:
        return 0
    dialect = sqlite if is_sqlite(connection) else postgresql
    added = 0
    for first in range(0, len(rows), _AT_ONCE):
        done = connection.execute(
            dialect.insert(news_delivery)
            .values(
                [
                    {**each, "project": project, "state": WAITING, "tries": 0, "recorded_at": at}
                    for each in rows[first : first + _AT_ONCE]
                ]
            )
            .on_conflict_do_nothing()
            .returning(news_delivery.c.id)
        )
        added += len(done.all())
    wake(connection, project, {each["webhook_id"] for each in rows}, at)
    return added


def wake(connection: Connection, project: str, numbers: Iterable[int], at: datetime) -> None:
    """Something waits in the lanes of a project. A lane that waits for another try waits on."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    made = dialect.insert(news_lane).values(
        [
            {"webhook_id": each, "project": project, "next_try_at": at, "version": 1}
            for each in sorted(numbers)
        ]
    )
    connection.execute(
        made.on_conflict_do_update(
            index_elements=["webhook_id", "project"],
            set_={"next_try_at": func.coalesce(news_lane.c.next_try_at, made.excluded.next_try_at)},
        )
    )


def wake_all(connection: Connection, number: int, at: datetime) -> None:
    """Every lane of a webhook in which something waits is tried now."""
    connection.execute(
        update(news_lane)
        .where(news_lane.c.webhook_id == number, news_lane.c.next_try_at.is_not(None))
        .values(next_try_at=at)
    )


def _due(now: datetime) -> Any:
    return (
        select(news_lane)
        .join(webhook, webhook.c.id == news_lane.c.webhook_id)
        .where(
            webhook.c.state == webhooks.ACTIVE,
            news_lane.c.next_try_at <= now,
            or_(news_lane.c.taken_until.is_(None), news_lane.c.taken_until <= now),
        )
        .order_by(news_lane.c.next_try_at, news_lane.c.webhook_id, news_lane.c.project)
        .limit(1)
    )


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether there is a lane to take."""
    return connection.execute(_due(now)).first() is not None


def take(connection: Connection, now: datetime, until: datetime) -> tuple[Record, Record] | None:
    """The lane that has waited longest, taken until then, and the first of its news. None where no
    lane is due."""
    while True:
        row = connection.execute(_due(now).with_for_update(of=news_lane, skip_locked=True))
        lane = row.mappings().first()
        if lane is None:
            return None
        first = _first(connection, lane)
        if first is None:
            _move(connection, lane, {"next_try_at": None, "taken_until": None})
            continue
        _move(connection, lane, {"taken_until": until})
        return {**lane, "version": lane["version"] + 1}, first


def hold(connection: Connection, lane: Record) -> bool:
    """Whether a lane that was taken is still ours; kept from others until the transaction ends."""
    c = news_lane.c
    query = (
        select(c.version)
        .where(c.webhook_id == lane["webhook_id"], c.project == lane["project"])
        .with_for_update()
    )
    return connection.scalar(query) == lane["version"]


def let_go(connection: Connection, lane: Record, again_at: datetime, now: datetime) -> None:
    """Gives back a lane that is ours: to be tried at `again_at` where the first of its news waits
    still, at once where that is done and more waits."""
    first = _first(connection, lane)
    when = None if first is None else again_at if first["tries"] else now
    _move(connection, lane, {"next_try_at": when, "taken_until": None})


def _first(connection: Connection, lane: Mapping[Any, Any]) -> Record | None:
    c = news_delivery.c
    query = (
        select(*_TOLD)
        .where(
            c.webhook_id == lane["webhook_id"],
            c.project == lane["project"],
            c.state == WAITING,
        )
        .order_by(c.seq)
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def _move(connection: Connection, lane: Mapping[Any, Any], values: Mapping[str, Any]) -> None:
    connection.execute(
        update(news_lane)
        .where(
            news_lane.c.webhook_id == lane["webhook_id"],
            news_lane.c.project == lane["project"],
        )
        .values(**values, version=lane["version"] + 1)
    )


def tell(connection: Connection, number: int, values: Mapping[str, Any]) -> None:
    """Writes what became of a delivery."""
    connection.execute(update(news_delivery).where(news_delivery.c.id == number).values(**values))


def add_try(connection: Connection, number: int, values: Mapping[str, Any]) -> None:
    connection.execute(insert(news_try).values(delivery_id=number, **values))


def tries_of(connection: Connection, number: int) -> list[Record]:
    """Each try of a delivery, in order: when, what was answered, how long it took, what went wrong."""
    c = news_try.c
    rows = connection.execute(
        select(c.tried_at, c.status, c.duration_ms, c.failure)
        .where(c.delivery_id == number)
        .order_by(c.id)
    ).mappings()
    return [dict(row) for row in rows]


def find(connection: Connection, number: int) -> Record | None:
    row = connection.execute(select(*_TOLD).where(news_delivery.c.id == number)).mappings().first()
    return dict(row) if row else None


def page(
    connection: Connection,
    request: PageRequest,
    webhook_id: int,
    *,
    state: str | None = None,
    project: str | None = None,
) -> Page:
    query = select(*_TOLD).where(news_delivery.c.webhook_id == webhook_id)
    if state is not None:
        query = query.where(news_delivery.c.state == state)
    if project is not None:
        query = query.where(news_delivery.c.project == project)
    return page_of(connection, query, request, SORTABLE, news_delivery.c.id, "-id")


def again(connection: Connection, webhook_id: int, project: str, seqs: Collection[int]) -> int:
    """What is done of these events waits once more; returns how many of them do."""
    c = news_delivery.c
    found = sorted(seqs)
    count = 0
    for first in range(0, len(found), _AT_ONCE):
        done = connection.execute(
            update(news_delivery)
            .where(
                c.webhook_id == webhook_id,
                c.project == project,
                c.seq.in_(found[first : first + _AT_ONCE]),
                c.state != WAITING,
            )
            .values(state=WAITING, tries=0, failure=None, ended_at=None)
        )
        count += done.rowcount
    return count


def drop(connection: Connection, webhook_id: int, at: datetime) -> int:
    """Nothing that waits for a webhook is sent any more; returns how much that was."""
    done = connection.execute(
        update(news_delivery)
        .where(news_delivery.c.webhook_id == webhook_id, news_delivery.c.state == WAITING)
        .values(state=DROPPED, ended_at=at)
    )
    return done.rowcount


def waiting_for(connection: Connection, webhook_id: int) -> int:
    """How much waits for a webhook."""
    query = select(func.count()).where(
        news_delivery.c.webhook_id == webhook_id, news_delivery.c.state == WAITING
    )
    return connection.scalar(query) or 0


def projects_since(connection: Connection, at: datetime) -> list[str]:
    """The chains that were written to since a time."""
    last = (event.c.project == chain.c.project) & (event.c.seq == chain.c.seq)
    query = select(chain.c.project).join(event, last).where(event.c.recorded_at >= at)
    return list(connection.scalars(query.order_by(chain.c.project)))


def forget_ended(connection: Connection, before: datetime) -> None:
    """Takes away what was done before a time, with its tries."""
    old = select(news_delivery.c.id).where(news_delivery.c.ended_at < before)
    connection.execute(delete(news_try).where(news_try.c.delivery_id.in_(old)))
    connection.execute(delete(news_delivery).where(news_delivery.c.ended_at < before))
