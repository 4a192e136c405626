"""Reports on their way: what is to be sent, how often it was tried, and what became of it.

Whoever sends one takes it for a while. Of those who come meanwhile nobody gets it; who comes after
that time takes it over, and what the first one finds out then is written no more.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.tables import delivery as table
from govern.store.tables import report_schedule

WAITING, SENDING, SENT, FAILED, DROPPED = "waiting", "sending", "sent", "failed", "dropped"
STATES = (WAITING, SENDING, SENT, FAILED, DROPPED)
_OPEN = (WAITING, SENDING)

_TOLD = (
    *(table.c.id, table.c.schedule_id.label("schedule"), table.c.due_on, table.c.channel),
    *(table.c.address, table.c.subject, table.c.state, table.c.tries, table.c.next_try_at),
    *(table.c.failure, table.c.sent_at, table.c.recorded_at),
)

SORTABLE = {"id": table.c.id, "due_on": table.c.due_on, "state": table.c.state}


def add(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(table).values(**values, tries=0, version=1, recorded_at=at).returning(table.c.id)
    ).scalar_one()


def take(connection: Connection, now: datetime, until: datetime) -> Record | None:
    """The one that is due for a try and has waited longest, taken until then; None where none is."""
    found = (
        connection.execute(
            select(table)
            .where(table.c.state.in_(_OPEN), table.c.next_try_at <= now)
            .order_by(table.c.next_try_at, table.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        .mappings()
        .first()
    )
    if found is None:
        return None
    taken = {
        "state": SENDING,
        "tries": found["tries"] + 1,
        "next_try_at": until,
        "version": found["version"] + 1,
    }
    connection.execute(update(table).where(table.c.id == found["id"]).values(**taken))
    return {**found, **taken}


def tell(connection: Connection, taken: Record, values: dict[str, Any]) -> bool:
    """Writes what became of one that was taken; False where somebody else has it by now."""
    told = connection.execute(
        update(table)
        .where(table.c.id == taken["id"], table.c.version == taken["version"])
        .values(**values, version=taken["version"] + 1)
    )
    return told.rowcount == 1


def drop(connection: Connection, schedule_id: int) -> None:
    """Nothing of a schedule that waits is sent any more."""
    connection.execute(
        update(table)
        .where(table.c.schedule_id == schedule_id, table.c.state.in_(_OPEN))
        .values(state=DROPPED, text=None, next_try_at=None, version=table.c.version + 1)
    )


def clear_texts(connection: Connection) -> None:
    """Takes every text that waits away, as anybody may be named in it: it is made anew when it is
    sent."""
    connection.execute(update(table).where(table.c.text.is_not(None)).values(text=None))


def find(connection: Connection, number: int) -> Record | None:
    row = connection.execute(select(*_TOLD).where(table.c.id == number)).mappings().first()
    return dict(row) if row else None


def page(
    connection: Connection,
    request: PageRequest,
    *,
    person_id: str | None = None,
    schedule: int | None = None,
    state: str | None = None,
) -> Page:
    """All of them, or those of schedules that one person has added."""
    query = select(*_TOLD)
    if person_id is not None:
        query = query.join(report_schedule, report_schedule.c.id == table.c.schedule_id).where(
            report_schedule.c.recorded_by == person_id
        )
    if schedule is not None:
        query = query.where(table.c.schedule_id == schedule)
    if state is not None:
        query = query.where(table.c.state == state)
    return page_of(connection, query, request, SORTABLE, table.c.id, "-id")
