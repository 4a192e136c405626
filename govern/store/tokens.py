"""Tokens of programs: whose, what for, until when, used last on which day. Of a secret its SHA-256."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from govern.domain.actor import Grant
from govern.domain.record import Record
from govern.domain.role import Role
from govern.store.engine import is_sqlite
from govern.store.tables import person, role_grant, token, token_use
from govern.store.types import UtcTime


def add(connection: Connection, values: dict[str, Any]) -> int:
    return connection.execute(insert(token).values(**values).returning(token.c.id)).scalar_one()


def of_secret(connection: Connection, sha256: str) -> Record | None:
    """The token, live or not, with the person's name and `last_used_on`."""
    row = connection.execute(_select().where(token.c.sha256 == sha256)).mappings().first()
    return dict(row) if row else None


def presented(
    connection: Connection, sha256: str, at: datetime
) -> tuple[Record, tuple[Grant, ...]] | None:
    """In one query what every request asks: the token, and what its person holds at a time."""
    rows = connection.execute(_PRESENTED, {"sha256": sha256, "at": at}).mappings().all()
    if not rows:
        return None
    grants = tuple(
        Grant(Role(row["role"]), row["of_portfolio"], row["of_project"])
        for row in rows
        if row["role"] is not None
    )
    return dict(rows[0]), grants


def find(connection: Connection, token_id: int, *, lock: bool = False) -> Record | None:
    query = select(token).where(token.c.id == token_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return dict(row) if row else None


def listed(connection: Connection, person_id: str | None, at: datetime) -> list[Record]:
    """Those that can be used still, of one person or of everybody; the newest first."""
    query = _select().where(token.c.revoked_at.is_(None), token.c.expires_at > at)
    if person_id is not None:
        query = query.where(token.c.person_id == person_id)
    return [dict(row) for row in connection.execute(query.order_by(token.c.id.desc())).mappings()]


def revoke(connection: Connection, token_id: int, at: datetime) -> None:
    connection.execute(update(token).where(token.c.id == token_id).values(revoked_at=at))


def used(connection: Connection, token_id: int, on: date) -> None:
    """Writes down the day; one that is later stays."""
    made = (sqlite_insert if is_sqlite(connection) else postgresql_insert)(token_use)
    connection.execute(
        made.values(token_id=token_id, last_used_on=on).on_conflict_do_update(
            index_elements=[token_use.c.token_id],
            set_={"last_used_on": made.excluded.last_used_on},
            where=token_use.c.last_used_on < made.excluded.last_used_on,
        )
    )


def _select() -> Any:
    return (
        select(
            token,
            person.c.name.label("person_name"),
            person.c.email,
            token_use.c.last_used_on,
        )
        .join(person, person.c.id == token.c.person_id)
        .outerjoin(token_use, token_use.c.token_id == token.c.id)
    )


_AT: ColumnElement[datetime] = bindparam("at", type_=UtcTime)
_SHA256: ColumnElement[str] = bindparam("sha256", type_=Text)
_PRESENTED = (
    _select()
    .add_columns(
        role_grant.c.role,
        role_grant.c.portfolio_id.label("of_portfolio"),
        role_grant.c.project_id.label("of_project"),
    )
    .outerjoin(
        role_grant,
        and_(
            role_grant.c.person_id == person.c.id,
            role_grant.c.revoked_at.is_(None),
            or_(role_grant.c.until.is_(None), role_grant.c.until > _AT),
        ),
    )
    .where(token.c.sha256 == _SHA256)
    .order_by(role_grant.c.id)
)
