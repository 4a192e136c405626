"""Whom an issuer means by a subject, and sign-ins that were begun there and have not come back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from govern.domain.record import Record
from govern.store.tables import person_identity, sign_in_attempt


def person_of(connection: Connection, issuer: str, subject: str) -> str | None:
    return connection.execute(
        select(person_identity.c.person_id).where(
            person_identity.c.issuer == issuer, person_identity.c.subject == subject
        )
    ).scalar_one_or_none()


def is_known_there(connection: Connection, person_id: str, issuer: str) -> bool:
    """Whether the issuer has a subject for the person already."""
    found = connection.execute(
        select(person_identity.c.id).where(
            person_identity.c.person_id == person_id, person_identity.c.issuer == issuer
        )
    )
    return found.first() is not None


def add(connection: Connection, person_id: str, issuer: str, subject: str, at: datetime) -> None:
    connection.execute(
        insert(person_identity).values(
            person_id=person_id, issuer=issuer, subject=subject, recorded_at=at
        )
    )


def forget(connection: Connection, person_id: str) -> None:
    connection.execute(delete(person_identity).where(person_identity.c.person_id == person_id))


def add_attempt(connection: Connection, values: dict[str, Any], at: datetime) -> None:
    """And takes away those that are out of date."""
    connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.expires_at <= at))
    connection.execute(insert(sign_in_attempt).values(**values, recorded_at=at))


def take_attempt(connection: Connection, sha256: str, at: datetime) -> Record | None:
    """Once, for one caller only; None where there is none, or it is out of date."""
    taken = connection.execute(
        delete(sign_in_attempt)
        .where(sign_in_attempt.c.sha256 == sha256)
        .returning(*sign_in_attempt.c)
    )
    found = taken.mappings().first()
    return dict(found) if found and found["expires_at"] > at else None
