"""How often something was done in a window of time: one row for each key, counted by all processes.

A window that ends later than two that begin now, one after the other, was begun by a clock that was ahead,
and counts no more.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, or_
from sqlalchemy.dialects import postgresql, sqlite

from govern.store.engine import is_sqlite
from govern.store.tables import rate_window


def add(
    connection: Connection, key: str, amount: int, window: timedelta, now: datetime
) -> tuple[int, datetime]:
    """Counts `amount` more, in a window that begins now where the last one is over; how many there are
    in the window then, and when it ends."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    row = dialect.insert(rate_window).values(key=key, count=amount, ends_at=now + window)
    ends_at = rate_window.c.ends_at
    is_over = or_(ends_at <= now, ends_at > now + 2 * window)
    counted = row.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((is_over, row.excluded.count), else_=rate_window.c.count + amount),
            "ends_at": case((is_over, row.excluded.ends_at), else_=rate_window.c.ends_at),
        },
    ).returning(rate_window.c.count, rate_window.c.ends_at)
    found = connection.execute(counted).one()
    return found[0], found[1]


def forget(connection: Connection, before: datetime) -> int:
    """Forgets windows that ended before; returns how many."""
    return connection.execute(delete(rate_window).where(rate_window.c.ends_at < before)).rowcount
