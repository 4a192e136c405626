"""Files that wait for the yes of whoever sent them: one for each person, gone once it is said."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from govern.domain.record import Record
from govern.store.tables import waiting_file


def put(connection: Connection, values: dict[str, Any]) -> int:
    """Keeps a file in place of the one before of the same person; returns its number."""
    drop_of(connection, values["person_id"])
    made = connection.execute(insert(waiting_file).values(**values).returning(waiting_file.c.id))
    return made.scalar_one()


def find(connection: Connection, file_id: int, person_id: str, since: datetime) -> Record | None:
    """The file, where it is this person's and came at or after `since`."""
    row = connection.execute(
        select(waiting_file).where(
            waiting_file.c.id == file_id,
            waiting_file.c.person_id == person_id,
            waiting_file.c.recorded_at >= since,
        )
    )
    found = row.mappings().first()
    return dict(found) if found else None


def drop_of(connection: Connection, person_id: str) -> None:
    connection.execute(delete(waiting_file).where(waiting_file.c.person_id == person_id))


def drop_before(connection: Connection, before: datetime) -> int:
    """Drops what nobody said yes to; returns how many."""
    return connection.execute(
        delete(waiting_file).where(waiting_file.c.recorded_at < before)
    ).rowcount
