"""Exchange rates: only ever added to; the newest of a pair and a day is the one in force."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from govern.domain.exchange import Rate, RateTable
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect
from govern.store.tables import exchange_rate, kpi

SORTABLE = {
    "rate_on": exchange_rate.c.rate_on,
    "currency": exchange_rate.c.currency,
    "recorded_at": exchange_rate.c.recorded_at,
}


def _newest() -> AnySelect:
    columns = exchange_rate.c
    newest = (
        select(func.max(columns.id))
        .group_by(columns.currency, columns.to_currency, columns.rate_on)
        .scalar_subquery()
    )
    return select(exchange_rate).where(columns.id.in_(newest))


def in_force(connection: Connection) -> dict[tuple[str, str, date], Record]:
    """(currency, to_currency, day) → the newest rate, every column of it."""
    rows = connection.execute(_newest().order_by(exchange_rate.c.id)).mappings()
    return {(row["currency"], row["to_currency"], row["rate_on"]): dict(row) for row in rows}


def table(connection: Connection, until: date) -> RateTable:
    """The rates in force of days up to `until`."""
    columns = exchange_rate.c
    query = (
        _newest()
        .where(columns.rate_on <= until)
        .with_only_columns(columns.currency, columns.to_currency, columns.rate_on, columns.rate)
    )
    return RateTable(Rate(*row) for row in connection.execute(query))


def currencies(connection: Connection) -> list[str]:
    """Every currency that a KPI is in or a rate leads from or to, in order."""
    found = {each for one, other, _ in in_force(connection) for each in (one, other)}
    used = connection.execute(select(kpi.c.currency).where(kpi.c.currency.is_not(None)).distinct())
    return sorted(found | {*used.scalars()})


def add(connection: Connection, rates: Sequence[Record], at: datetime, by: str) -> list[int]:
    """Adds rates in one statement; returns their ids in order."""
    if not rates:
        return []
    rows: list[dict[str, Any]] = [
        {
            "currency": each["currency"],
            "to_currency": each["to_currency"],
            "rate_on": each["rate_on"],
            "rate": each["rate"],
            "origin": each.get("origin"),
            "recorded_by": by,
            "recorded_at": at,
        }
        for each in rates
    ]
    added = insert(exchange_rate).returning(exchange_rate.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(added, rows))


def page(
    connection: Connection,
    request: PageRequest,
    *,
    currency: str | None = None,
    to_currency: str | None = None,
    history: bool = False,
) -> Page:
    """The rates in force, or with `history` those that were corrected too."""
    query = select(exchange_rate) if history else _newest()
    if currency is not None:
        query = query.where(exchange_rate.c.currency == currency)
    if to_currency is not None:
        query = query.where(exchange_rate.c.to_currency == to_currency)
    return page_of(connection, query, request, SORTABLE, exchange_rate.c.id, "rate_on")
