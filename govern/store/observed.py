"""Where the columns of the observation tables are kept."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Table

from govern.observation.tables import SCHEMAS

_NAMED = {
    "project": "project_id",
    "portfolio": "portfolio_id",
    "start": "starts_on",
    "end": "ends_on",
    "responsible": "department",
    "kpi": "kpi_id",
    "rule": "rule_id",
}
"""Column of a table of observations → that of the store, where it is called otherwise."""


def kept_in(table: Table, name: str, left_out: Collection[str] = ()) -> dict[str, Column[Any]]:
    """Column of the table of observations of this name → column of the store's table, for all but those
    that are made of something else."""
    key = name.removesuffix("s")
    found: dict[str, Column[Any]] = {}
    for column in SCHEMAS[name]:
        if column not in left_out:
            own = "id" if column == key else _NAMED.get(column, column)
            found[column] = table.c[own if own in table.c else column]
    return found
