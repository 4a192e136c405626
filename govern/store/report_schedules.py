"""Which reports are sent to whom, how often, and when next."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.tables import report_schedule as table

ACTIVE, ENDED = "active", "ended"
STATES = (ACTIVE, ENDED)

_RENAMED = {"portfolio_id": "portfolio", "project_id": "project"}
_FIELDS = tuple(column.label(_RENAMED.get(column.name, column.name)) for column in table.c)

SORTABLE = {"id": table.c.id, "next_on": table.c.next_on, "report": table.c.report}


def add(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(table)
        .values(**values, state=ACTIVE, version=1, recorded_at=at)
        .returning(table.c.id)
    ).scalar_one()


def find(connection: Connection, number: int, lock: bool = False) -> Record | None:
    query = select(*_FIELDS).where(table.c.id == number)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def due(connection: Connection, today: date) -> list[Record]:
    """Those whose next day has come, the one that has waited longest first."""
    rows = connection.execute(
        select(*_FIELDS)
        .where(table.c.state == ACTIVE, table.c.next_on <= today)
        .order_by(table.c.next_on, table.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def next_by(connection: Connection, by: date, person_id: str | None = None) -> list[Record]:
    """Those whose next day is `by` or before: all of them, or what one person has added."""
    query = select(*_FIELDS).where(table.c.state == ACTIVE, table.c.next_on <= by)
    if person_id is not None:
        query = query.where(table.c.recorded_by == person_id)
    rows = connection.execute(query.order_by(table.c.next_on, table.c.id)).mappings()
    return [dict(row) for row in rows]


def page(
    connection: Connection,
    request: PageRequest,
    *,
    person_id: str | None = None,
    state: str | None = None,
    report: str | None = None,
) -> Page:
    """All of them, or those that one person has added."""
    query = select(*_FIELDS)
    wanted = {table.c.recorded_by: person_id, table.c.state: state, table.c.report: report}
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    return page_of(connection, query, request, SORTABLE, table.c.id, "-id")


def change(connection: Connection, found: Record, values: dict[str, Any]) -> None:
    connection.execute(
        update(table)
        .where(table.c.id == found["id"])
        .values(**values, version=found["version"] + 1)
    )
