"""Switched separations of duties: only ever added to; the newest of a pair is the one in force."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from govern.domain.record import Record
from govern.store.tables import separation_switch


def in_force(connection: Connection) -> dict[str, Record]:
    """Pair → the newest switch, for those that were ever switched."""
    newest = (
        select(func.max(separation_switch.c.id))
        .group_by(separation_switch.c.pair)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(separation_switch).where(separation_switch.c.id.in_(newest))
    ).mappings()
    return {row["pair"]: dict(row) for row in rows}


def add(
    connection: Connection, pair: str, separated: bool, reason: str, at: datetime, by: str
) -> int:
    """Adds a switch; returns its number."""
    return connection.execute(
        insert(separation_switch)
        .values(pair=pair, separated=separated, note=reason, recorded_at=at, recorded_by=by)
        .returning(separation_switch.c.id)
    ).scalar_one()
