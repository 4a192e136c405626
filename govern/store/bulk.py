"""Many readings or planned values at once: the database's own way in, from columns.

PostgreSQL takes them by COPY (PostgreSQL 15, COPY, CSV format), SQLite by one prepared statement. Every
guard holds: triggers and foreign keys see each row.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

import polars as pl
import psycopg
from psycopg import sql
from sqlalchemy import Connection, Date, Row, Table, Text, and_, select, text
from sqlalchemy.exc import OperationalError

from govern.domain.instant import write_instant
from govern.store.engine import is_sqlite
from govern.store.tables import planned_value, reading

Key = tuple[str, date]
"""A KPI and a period."""

READINGS, PLANNED = reading, planned_value


def reserve(connection: Connection, table: Table, rows: int) -> pl.Series:
    """Ids for so many new rows, rising. The caller adds them in the same transaction."""
    if is_sqlite(connection):
        last = connection.scalar(select(table.c.id).order_by(table.c.id.desc()).limit(1)) or 0
        return pl.int_range(last + 1, last + 1 + rows, eager=True)
    query = text(
        "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :rows)"
    )
    found = connection.scalars(query, {"table": table.name, "rows": rows})
    return pl.Series(list(found), dtype=pl.Int64).sort()


def add(connection: Connection, table: Table, rows: pl.DataFrame, at: datetime, by: str) -> None:
    """Adds rows: columns of `table`, figures as text in plain notation, with reserved ids."""
    made = rows.with_columns(recorded_at=pl.lit(write_instant(at)), recorded_by=pl.lit(by))
    if is_sqlite(connection):
        _insert(connection, table, made)
    else:
        _copy(connection, table, made)


def _insert(connection: Connection, table: Table, rows: pl.DataFrame) -> None:
    places = ", ".join("?" * rows.width)
    statement = f"INSERT INTO {table.name} ({', '.join(rows.columns)}) VALUES ({places})"  # noqa: S608
    plain = rows.with_columns(pl.col(pl.Date).dt.to_string("iso"))
    connection.exec_driver_sql(statement, plain.rows())


def _copy(connection: Connection, table: Table, rows: pl.DataFrame) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, rows.columns))
    )
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(rows.write_csv(include_header=False))
    except psycopg.Error as error:
        # Its other lines quote the row, and so what people wrote.
        error.args = (error.diag.message_primary or type(error).__name__,)
        raise OperationalError("COPY", None, error, hide_parameters=True) from None


def versions(
    connection: Connection, table: Table, keys: Iterable[Key]
) -> dict[Key, list[Row[Any]]]:
    """What is stored for these KPIs and periods, the first recorded first."""
    pairs = sorted(set(keys))
    if not pairs:
        return {}
    if is_sqlite(connection):
        listed = json.dumps([(kpi, period.isoformat()) for kpi, period in pairs])
        wanted = text(
            "SELECT json_extract(value, '$[0]') AS kpi_id, json_extract(value, '$[1]') AS period "
            "FROM json_each(:keys)"
        ).bindparams(keys=listed)
    else:
        wanted = text(
            "SELECT kpi_id, period FROM unnest(CAST(:kpis AS text[]), CAST(:periods AS date[])) "
            "AS wanted (kpi_id, period)"
        ).bindparams(kpis=[kpi for kpi, _ in pairs], periods=[period for _, period in pairs])
    some = wanted.columns(kpi_id=Text, period=Date).subquery("some")
    same = and_(some.c.kpi_id == table.c.kpi_id, some.c.period == table.c.period)
    query = select(table).select_from(some.join(table, same)).order_by(table.c.id)
    found: dict[Key, list[Row[Any]]] = {}
    for row in connection.execute(query):
        found.setdefault((row.kpi_id, row.period), []).append(row)
    return found


def periods_of(connection: Connection, kpi_id: str) -> list[date]:
    """The periods of a KPI for which there is a value."""
    both = (
        select(each.c.period).where(each.c.kpi_id == kpi_id) for each in (reading, planned_value)
    )
    return sorted({period for query in both for period in connection.scalars(query)})


def reported(connection: Connection) -> set[str]:
    """The KPIs for which there is a reading."""
    return set(connection.scalars(select(reading.c.kpi_id).distinct()))
