"""What a plan does with frames, step by step: each adds columns to the table of some rows.

Nothing in a step depends on the frames, so that a plan that is made once is run over any of them.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Protocol

import polars as pl

from govern.language.errors import UnsortedFrameError
from govern.language.frames import Frames, frame_of
from govern.language.history_columns import ROW
from govern.language.list_columns import PARENT, Lists
from govern.language.scopes import SCOPES

_SHARED = pl.QueryOptFlags.none(comm_subexpr_elim=True)
"""What an expression repeats is computed once; there is nothing else in these queries to optimise."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows on which conditions, or parts of them, are computed.

    Either all rows of a scope (`outer` is `None`), or the elements of a list: one row per link
    from a row of `outer` (`PARENT`, positions there) to a row of the scope (`row`).
    """

    scope: str
    outer: "Rows | None" = None


class Run:
    """The columns computed so far of some frames, and where they come from."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self.sources: dict[Rows, pl.DataFrame] = {}
        self.tables: dict[Rows, pl.DataFrame] = {}

    def add(self, rows: Rows, columns: list[pl.Series]) -> None:
        self.tables[rows] = self.tables[rows].hstack(columns)

    def rows_at(self, rows: Rows, up: int) -> pl.Series:
        """For each row, the number of the scope's row that lies `up` rows outwards."""
        if rows.outer is None:
            return self.tables[rows].get_column(ROW)
        if up == 0:
            return self.sources[rows].get_column("row")
        return self.rows_at(rows.outer, up - 1).gather(self.sources[rows].get_column(PARENT))

    def contribution(self, rows: Rows, up: int) -> pl.Series:
        """For each row, what the link `up` rows outwards carries."""
        if rows.outer is None or up == 0:
            return _finite(self.sources[rows].get_column("contribution"))
        return self.contribution(rows.outer, up - 1).gather(self.sources[rows].get_column(PARENT))


class Step(Protocol):
    def run(self, of: Run) -> None: ...


@dataclass(frozen=True, slots=True)
class AllRows:
    """All rows of a scope. Raises `UnsortedFrameError`."""

    rows: Rows

    def run(self, of: Run) -> None:
        scope = SCOPES[self.rows.scope]
        frame = frame_of(of.frames, scope.frame)
        numbered = pl.int_range(frame.height, eager=True)
        if scope.history and not frame.get_column("row").equals(numbered):
            raise UnsortedFrameError(scope.name)
        of.sources[self.rows] = frame
        of.tables[self.rows] = pl.DataFrame([numbered.alias(ROW)])


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of a list, one for each link from one of the rows around them."""

    rows: Rows
    around: Rows
    membership: str
    up: int

    def run(self, of: Run) -> None:
        links = frame_of(of.frames, self.membership)
        if self.around.outer is None:
            links = links.rename({"parent": PARENT})
        else:
            here = pl.DataFrame([of.rows_at(self.around, self.up).alias("parent")])
            here = here.with_row_index(PARENT).cast({PARENT: pl.Int64})
            links = here.join(links, on="parent", maintain_order="left_right")
        row = pl.int_range(links.height, eager=True).alias(ROW)
        of.sources[self.rows] = links
        of.tables[self.rows] = pl.DataFrame([row, links.get_column(PARENT)])


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of the frame; numbers as Float64 without NaN and infinities."""

    name: str
    column: str
    is_number: bool

    def of(self, frame: pl.DataFrame) -> pl.Series:
        found = frame.get_column(self.column)
        return (_finite(found.cast(pl.Float64)) if self.is_number else found).alias(self.name)


@dataclass(frozen=True, slots=True)
class Cells:
    rows: Rows
    cells: tuple[Cell, ...]

    def run(self, of: Run) -> None:
        of.add(self.rows, [cell.of(of.sources[self.rows]) for cell in self.cells])


@dataclass(frozen=True, slots=True)
class Contributed:
    rows: Rows
    name: str
    up: int

    def run(self, of: Run) -> None:
        of.add(self.rows, [of.contribution(self.rows, self.up).alias(self.name)])


@dataclass(frozen=True, slots=True)
class Gathered:
    """Columns of other rows, by their names there, for the row that lies `up` rows outwards."""

    rows: Rows
    base: Rows
    up: int
    names: tuple[tuple[str, str], ...]

    def run(self, of: Run) -> None:
        there, numbers = of.tables[self.base], of.rows_at(self.rows, self.up)
        of.add(
            self.rows,
            [there.get_column(theirs).gather(numbers).alias(ours) for theirs, ours in self.names],
        )


@dataclass(frozen=True, slots=True)
class Aggregated:
    rows: Rows
    elements: Rows
    lists: Lists
    names: tuple[str, ...]

    def run(self, of: Run) -> None:
        columns = self.lists.aggregated(of.tables[self.elements], of.tables[self.rows].height)
        named = zip(columns, self.names, strict=True)
        of.add(self.rows, [column.alias(name) for column, name in named])


@dataclass(frozen=True, slots=True)
class Computed:
    rows: Rows
    columns: tuple[pl.Expr, ...]

    def run(self, of: Run) -> None:
        made = of.tables[self.rows].lazy().with_columns(self.columns)
        of.tables[self.rows] = made.collect(optimizations=_SHARED)


def _finite(column: pl.Series) -> pl.Series:
    # A sum is finite only if every number is, and costs a fraction of looking at each.
    if isfinite(column.sum() or 0.0):
        return column
    number = pl.col(column.name)
    return column.to_frame().select(pl.when(number.is_finite()).then(number)).to_series()
