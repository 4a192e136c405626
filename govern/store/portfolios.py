"""Portfolios: what projects are grouped in and roles are granted on."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from govern.domain.record import Record
from govern.store.tables import portfolio


def find(connection: Connection, portfolio_id: str) -> Record | None:
    row = (
        connection.execute(select(portfolio).where(portfolio.c.id == portfolio_id))
        .mappings()
        .first()
    )
    return dict(row) if row else None


def add(connection: Connection, portfolio_id: str, name: str, at: datetime) -> None:
    connection.execute(insert(portfolio).values(id=portfolio_id, name=name, recorded_at=at))
