"""The formulas of composite KPIs, with all that they read, directly or through each other."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from govern.domain.record import Record
from govern.store.tables import kpi

_AT_ONCE = 1_000
"""SQL databases take only so many values in a list."""


def of(connection: Connection, kpi_ids: Iterable[str]) -> dict[str, Record]:
    """KPI id → `id`, `project`, `cadence`, `formula` and `inputs` of these KPIs and, step by step,
    of all that their formulas read; without what is not there."""
    found: dict[str, Record] = {}
    wanted = set(kpi_ids)
    while wanted:
        rows = _read(connection, sorted(wanted))
        found |= rows
        read = {each for row in rows.values() if row["formula"] for each in row["inputs"].values()}
        wanted = read - found.keys()
    return found


def readers_of(connection: Connection, kpi_id: str) -> list[Record]:
    """The composites that read a KPI directly, in order of their ids."""
    query = (
        select(kpi.c.id, kpi.c.cadence, kpi.c.inputs)
        .where(kpi.c.formula.is_not(None))
        .order_by(kpi.c.id)
    )
    rows = (dict(row) for row in connection.execute(query).mappings())
    return [row for row in rows if kpi_id in row["inputs"].values()]


def _read(connection: Connection, ids: list[str]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = select(
            kpi.c.id,
            kpi.c.project_id.label("project"),
            kpi.c.cadence,
            kpi.c.formula,
            kpi.c.inputs,
        ).where(kpi.c.id.in_(ids[start : start + _AT_ONCE]))
        found |= {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    return found
