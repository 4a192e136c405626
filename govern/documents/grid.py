"""What a table of figures holds, cell by cell, whether it came as CSV or as a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from govern.documents.sheet import letters, quoted_name


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that holds no value: an error of the spreadsheet, a formula nobody has worked out."""

    what: str
    help: str


@dataclass(frozen=True, slots=True)
class GridCell:
    """`raw` is what a person sees or the file has; `value` what it is. A text is a figure only once
    somebody has said how figures are written. Where `percent`, the sheet shows 0.8 as 80%.
    `currency` is the sign that the sheet shows beside the number."""

    raw: str
    value: str | Decimal | date | Broken
    percent: bool = False
    currency: str | None = None


Span = tuple[int, int, int, int]
"""First row, first column, last row, last column of cells; all count from 1."""


@dataclass(frozen=True, slots=True)
class GridSheet:
    """`cells`: row and column, from 1 → what stands there; empty cells are left out. `name` is
    `None` for a CSV file, whose cells are named as a spreadsheet would."""

    name: str | None
    cells: Mapping[tuple[int, int], GridCell]
    merged: tuple[Span, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = field(default_factory=frozenset[int])
    hidden_columns: frozenset[int] = field(default_factory=frozenset[int])

    @property
    def rows(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @property
    def columns(self) -> int:
        return max((column for _, column in self.cells), default=0)

    def cell_name(self, row: int, column: int) -> str:
        """`B14`, or `Sheet1!B14` in a workbook."""
        name = f"{letters(column)}{row}"
        return name if self.name is None else f"{quoted_name(self.name)}!{name}"
