"""Turns: of several processes that would begin something, one does."""

from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from govern.store.engine import is_sqlite
from govern.store.tables import turn


def is_free(connection: Connection, name: str, now: datetime) -> bool:
    """Whether `take` would give it, seen without writing."""
    until = connection.scalar(select(turn.c.until).where(turn.c.name == name))
    return until is None or until <= now


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
        update(turn).where(turn.c.name == name, turn.c.until <= now).values(until=until)
    )
    return taken.rowcount == 1
