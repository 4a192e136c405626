"""The rows of a query as a data frame, without a Python value for every cell.

The database writes each column as one JSON array, all of them in one pass over the rows, and Polars reads
these. SQLite and PostgreSQL both do, on the connection and in the transaction of every other query.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from sqlalchemy import Column, ColumnElement, Connection, Integer, Text, cast, func, select

from govern.store.engine import is_sqlite
from govern.store.query import AnySelect, among, listed

_PROJECTS = "project_ids"
_NO_ROWS = "[]"


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """A query that is made once. `types` has the names and types of its columns, in their order: text,
    days, whole numbers, truths, `Float64` for exact numbers, and lists of text for JSON.

    `project` is the column of the project that a row is of, or, where that stands in another table, which
    is named by its `id`, `through` is the column with these ids.
    """

    query: AnySelect
    project: Column[str]
    types: Mapping[str, pl.DataType]
    through: Column[str] | None = None

    def of_projects(self, *, sqlite: bool) -> AnySelect:
        """Of those that the parameter `project_ids` lists."""
        own = among(self.project, _PROJECTS, sqlite=sqlite)
        if self.through is None:
            return self.query.where(own)
        return self.query.where(self.through.in_(select(self.project.table.c.id).where(own)))


def read_frame(
    connection: Connection,
    source: Source,
    project_ids: Collection[str] | None,
    columns: Collection[str] | None = None,
) -> pl.DataFrame:
    """The rows of the projects, of all where `None`, in no particular order.

    Of `columns` only the named ones are read, and the others are null. An exact number becomes the Float64
    that is nearest to it.
    """
    wanted = tuple(name for name in source.types if columns is None or name in columns)
    some = project_ids is not None
    statement = _statement(source, wanted, some, is_sqlite(connection))
    given = {_PROJECTS: listed(connection, project_ids)} if project_ids is not None else {}
    [row] = connection.execute(statement, given)
    if row[0] is None or row[0] == _NO_ROWS:
        return pl.DataFrame(schema=dict(source.types))
    arrays = pl.DataFrame([pl.Series(name, [text]) for name, text in zip(wanted, row, strict=True)])
    # All in one query: so many by themselves cost more than what they do.
    return arrays.select(
        (_cells(name, of) if name in wanted else pl.lit(None, of)).alias(name)
        for name, of in source.types.items()
    )


@lru_cache(maxsize=256)
def _statement(source: Source, wanted: tuple[str, ...], some: bool, sqlite: bool) -> AnySelect:
    """One row of a JSON array for each of the columns; null on PostgreSQL where there are no rows."""
    query = source.of_projects(sqlite=sqlite) if some else source.query
    chosen = dict(zip(source.types, query.selected_columns, strict=True))
    plain = [
        _plain(chosen[name], source.types[name]).label(f"column_{at}")
        for at, name in enumerate(wanted)
    ]
    rows = query.with_only_columns(*plain, maintain_column_froms=True).subquery("told")
    array = func.json_group_array if sqlite else func.json_agg
    return select(*(cast(array(each), Text) for each in rows.c))


def _plain(column: ColumnElement[Any], of: pl.DataType) -> ColumnElement[Any]:
    """What both databases write alike. A number goes as its text: SQLite writes 15 digits of a float,
    and reads a decimal an ulp off now and then."""
    if isinstance(of, pl.Boolean):
        return cast(column, Integer)
    return cast(column, Text) if isinstance(of, pl.Float64 | pl.List) else column


def _cells(name: str, of: pl.DataType) -> pl.Expr:
    written = pl.Int64() if isinstance(of, pl.Int64 | pl.Boolean) else pl.String()
    array = pl.col(name).str.json_decode(pl.List(written))
    cells = array.explode(empty_as_null=False)
    if isinstance(of, pl.Date):
        return cells.str.to_date("%Y-%m-%d")
    if isinstance(of, pl.List):
        return cells.str.json_decode(of)
    return cells if of == written else cells.cast(of)
