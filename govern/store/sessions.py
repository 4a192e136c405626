"""One-time links, and the sessions that they begin. Of each secret its SHA-256 is kept, never itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from govern.domain.record import Record
from govern.store.tables import person, person_session, sign_in_link


def add_link(connection: Connection, values: dict[str, Any]) -> int:
    made = connection.execute(insert(sign_in_link).values(**values).returning(sign_in_link.c.id))
    return made.scalar_one()


def live_link(connection: Connection, sha256: str, at: datetime) -> Record | None:
    """The link that can be used still, with the person's name."""
    row = connection.execute(
        select(sign_in_link, person.c.name)
        .join(person, person.c.id == sign_in_link.c.person_id)
        .where(
            sign_in_link.c.sha256 == sha256,
            sign_in_link.c.used_at.is_(None),
            sign_in_link.c.expires_at > at,
        )
    )
    found = row.mappings().first()
    return dict(found) if found else None


def use_link(connection: Connection, sha256: str, at: datetime) -> Record | None:
    """Takes the link, once and for one caller only; None where there is none to take."""
    taken = connection.execute(
        update(sign_in_link)
        .where(
            sign_in_link.c.sha256 == sha256,
            sign_in_link.c.used_at.is_(None),
            sign_in_link.c.expires_at > at,
        )
        .values(used_at=at)
        .returning(*sign_in_link.c)
    )
    found = taken.mappings().first()
    return dict(found) if found else None


def add(connection: Connection, values: dict[str, Any]) -> int:
    made = connection.execute(
        insert(person_session).values(**values).returning(person_session.c.id)
    )
    return made.scalar_one()


def live(connection: Connection, sha256: str, at: datetime, idle_since: datetime) -> Record | None:
    """The session of a secret, unless it has ended, run out, or was not used since `idle_since`."""
    row = connection.execute(
        select(person_session).where(
            person_session.c.sha256 == sha256,
            person_session.c.ended_at.is_(None),
            person_session.c.expires_at > at,
            person_session.c.seen_at > idle_since,
        )
    )
    found = row.mappings().first()
    return dict(found) if found else None


def seen(connection: Connection, session_id: int, at: datetime) -> None:
    connection.execute(
        update(person_session).where(person_session.c.id == session_id).values(seen_at=at)
    )


def end(connection: Connection, session_id: int, at: datetime) -> bool:
    """Whether it had not ended before."""
    done = connection.execute(
        update(person_session)
        .where(person_session.c.id == session_id, person_session.c.ended_at.is_(None))
        .values(ended_at=at)
        .returning(person_session.c.id)
    )
    return done.first() is not None


def end_all(connection: Connection, person_id: str, at: datetime) -> list[int]:
    """Ends every session and takes every link of a person; the sessions that were open."""
    connection.execute(
        update(sign_in_link)
        .where(sign_in_link.c.person_id == person_id, sign_in_link.c.used_at.is_(None))
        .values(used_at=at)
    )
    ended = connection.scalars(
        update(person_session)
        .where(
            person_session.c.person_id == person_id,
            person_session.c.ended_at.is_(None),
        )
        .values(ended_at=at)
        .returning(person_session.c.id)
    )
    return sorted(ended)


def open_of(
    connection: Connection, person_id: str | None, at: datetime, idle_since: datetime
) -> list[Record]:
    """Those that can be used still, of one person or of everybody; the newest first."""
    query = (
        select(
            person_session.c.id,
            person_session.c.person_id,
            person.c.name.label("person_name"),
            person_session.c.how,
            person_session.c.recorded_at,
            person_session.c.seen_at,
            person_session.c.expires_at,
        )
        .join(person, person.c.id == person_session.c.person_id)
        .where(
            person_session.c.ended_at.is_(None),
            person_session.c.expires_at > at,
            person_session.c.seen_at > idle_since,
        )
        .order_by(person_session.c.id.desc())
    )
    if person_id is not None:
        query = query.where(person_session.c.person_id == person_id)
    return [dict(row) for row in connection.execute(query).mappings()]
