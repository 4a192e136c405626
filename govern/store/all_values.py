"""Every planned value and reading, with every correction, in one order on both databases; streamed."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby, zip_longest
from typing import Any

from sqlalchemy import Connection, Row, Table, collate, select

from govern.store.engine import is_sqlite
from govern.store.tables import kpi, planned_value, reading

_AT_ONCE = 5_000

Versions = list[tuple[Row[Any] | None, Row[Any] | None]]
"""Of one KPI and period, the first recorded first: a planned value and a reading, where there is one."""


def all_values(
    connection: Connection, project_id: str | None = None
) -> Iterator[tuple[str, date, Versions]]:
    """KPI, period and what was recorded for it, in order of KPI (by its characters) and period."""
    planned = _by_period(connection, planned_value, project_id)
    reported = _by_period(connection, reading, project_id)
    first, second = next(planned, None), next(reported, None)
    while first is not None or second is not None:
        key = min(each[0] for each in (first, second) if each is not None)
        plans: list[Row[Any]] = []
        reports: list[Row[Any]] = []
        if first is not None and first[0] == key:
            plans, first = first[1], next(planned, None)
        if second is not None and second[0] == key:
            reports, second = second[1], next(reported, None)
        yield *key, list(zip_longest(plans, reports))


def _by_period(
    connection: Connection, table: Table, project_id: str | None
) -> Iterator[tuple[tuple[str, date], list[Row[Any]]]]:
    of_kpi: Any = table.c.kpi_id if is_sqlite(connection) else collate(table.c.kpi_id, "C")
    query = select(table).order_by(of_kpi, table.c.period, table.c.id)
    if project_id is not None:
        query = query.join(kpi, kpi.c.id == table.c.kpi_id).where(kpi.c.project_id == project_id)
    options = {"stream_results": True, "yield_per": _AT_ONCE}
    with connection.execute(query, execution_options=options) as rows:
        for key, found in groupby(rows, lambda row: (row.kpi_id, row.period)):
            yield key, list(found)
