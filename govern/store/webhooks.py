"""Who is told of events by webhook: where to, of what, and how it goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from govern.domain.record import Record
from govern.store.engine import is_sqlite
from govern.store.paging import Page, PageRequest, page_of
from govern.store.tables import webhook as table
from govern.store.tables import webhook_health as health

ACTIVE, PAUSED, DISABLED, ENDED = "active", "paused", "disabled", "ended"
STATES = (ACTIVE, PAUSED, DISABLED, ENDED)

_RENAMED = {"portfolio_id": "portfolio", "project_id": "project"}
_FIELDS = (
    *(column.label(_RENAMED.get(column.name, column.name)) for column in table.c),
    func.coalesce(health.c.failures, 0).label("failures"),
    health.c.failing_since,
    health.c.sent_at,
)
_FROM = table.outerjoin(health, health.c.webhook_id == table.c.id)

SORTABLE = {"id": table.c.id, "state": table.c.state}


def add(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(table)
        .values(**values, state=ACTIVE, rotation=0, version=1, recorded_at=at)
        .returning(table.c.id)
    ).scalar_one()


def find(connection: Connection, number: int, lock: bool = False) -> Record | None:
    query = select(*_FIELDS).select_from(_FROM).where(table.c.id == number)
    if lock:
        # Its key stays: news may be put down for it meanwhile.
        query = query.with_for_update(of=table, key_share=True)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def listening(connection: Connection) -> list[Record]:
    """Those that have not ended, by their numbers."""
    query = select(*_FIELDS).select_from(_FROM).where(table.c.state != ENDED).order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def count_of(connection: Connection, person_id: str) -> int:
    """How many of a person's have not ended."""
    return (
        connection.scalar(
            select(func.count()).where(table.c.recorded_by == person_id, table.c.state != ENDED)
        )
        or 0
    )


def page(
    connection: Connection,
    request: PageRequest,
    *,
    person_id: str | None = None,
    state: str | None = None,
) -> Page:
    """All of them, or those that one person has added."""
    query = select(*_FIELDS).select_from(_FROM)
    for column, value in {table.c.recorded_by: person_id, table.c.state: state}.items():
        if value is not None:
            query = query.where(column == value)
    return page_of(connection, query, request, SORTABLE, table.c.id, "-id")


def change(connection: Connection, found: Record, values: dict[str, Any]) -> None:
    connection.execute(
        update(table)
        .where(table.c.id == found["id"])
        .values(**values, version=found["version"] + 1)
    )


def note_sent(connection: Connection, number: int, at: datetime) -> None:
    """The last try was taken: nothing fails now."""
    _note(connection, number, {"failures": 0, "failing_since": None, "sent_at": at})


def note_failed(connection: Connection, number: int, at: datetime) -> tuple[int, datetime]:
    """The last try failed; returns how many did, one after the other, and since when."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    first = dialect.insert(health).values(webhook_id=number, failures=1, failing_since=at)
    row = connection.execute(
        first.on_conflict_do_update(
            index_elements=["webhook_id"],
            set_={
                "failures": health.c.failures + 1,
                "failing_since": func.coalesce(
                    health.c.failing_since, first.excluded.failing_since
                ),
            },
        ).returning(health.c.failures, health.c.failing_since)
    ).one()
    return row.failures, row.failing_since


def forget_failures(connection: Connection, number: int) -> None:
    """What failed before counts no more: it begins again."""
    connection.execute(
        update(health).where(health.c.webhook_id == number).values(failures=0, failing_since=None)
    )


def _note(connection: Connection, number: int, values: dict[str, Any]) -> None:
    dialect = sqlite if is_sqlite(connection) else postgresql
    connection.execute(
        dialect.insert(health)
        .values(webhook_id=number, **values)
        .on_conflict_do_update(index_elements=["webhook_id"], set_=values)
    )
