"""Turns: of several processes that would begin something, one does.

A turn that ends later than two that were taken now, one after the other, was taken by a clock that was
ahead, and keeps nobody waiting.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from govern.store.engine import is_sqlite
from govern.store.tables import turn


def is_free(connection: Connection, name: str, now: datetime, until: datetime) -> bool:
    """Whether `take` would give it, seen without writing."""
    held = select(turn.c.name).where(turn.c.name == name, ~_is_over(now, until))
    return connection.execute(held).first() is None


def take(connection: Connection, name: str, now: datetime, until: datetime) -> bool:
    """Whether it is ours to begin, which nobody else does before `until`."""
    dialect = sqlite if is_sqlite(connection) else postgresql
    begun = connection.execute(
        dialect.insert(turn)
        .values(name=name, until=until)
        .on_conflict_do_nothing()
        .returning(turn.c.name)
    )
    if begun.first() is not None:
        return True
    taken = connection.execute(
        update(turn).where(turn.c.name == name, _is_over(now, until)).values(until=until)
    )
    return taken.rowcount == 1


def _is_over(now: datetime, until: datetime) -> ColumnElement[bool]:
    return or_(turn.c.until <= now, turn.c.until > until + (until - now))
