"""Sheets of a workbook as plain values: what stands in which cell, and how people name it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from govern.documents.source import Place

MOST_ROWS: Final = 10_000
MOST_COLUMNS: Final = 200
"""How far the cells of a workbook may reach that govern reads."""
LONGEST_CELL: Final = 32_767
"""Characters that a cell of Excel can hold."""

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Percent:
    """A number that the sheet shows as a percentage: `value` 0.9 is shown as 90%."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell with something that is no value, such as a formula; `help` says what would be right."""

    what: str
    help: str


Content = str | bool | Decimal | Percent | date | Unreadable


@dataclass(frozen=True, slots=True)
class Sheet:
    """`cells`: row and column, both from 1 → what stands there; empty cells are left out."""

    name: str
    cells: Mapping[tuple[int, int], Content]

    @property
    def rows(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @property
    def columns(self) -> int:
        return max((column for _, column in self.cells), default=0)

    def text(self, row: int, column: int) -> str | None:
        """The text of a cell that holds nothing but text."""
        found = self.cells.get((row, column))
        return found.strip() if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet to be written, every cell as text. The first `labels` rows are bold and not wrapped,
    the `heads` rows below them are the head of the columns; all of these stay in view."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    labels: int = 0
    heads: int = 0


@dataclass(frozen=True, slots=True)
class CellPlace(Place):
    """A cell of a workbook: `path` is the workbook, `cell` reads `'kpi-rag'!C7`."""

    cell: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.cell}" if self.cell else self.path


def cell_place(path: str, sheet: str, row: int, column: int) -> CellPlace:
    return CellPlace(path, row, column, cell=f"{quoted_name(sheet)}!{letters(column)}{row}")


def quoted_name(sheet: str) -> str:
    """The sheet's name as formulas and the name box take it."""
    if _PLAIN_NAME.fullmatch(sheet):
        return sheet
    return "'" + sheet.replace("'", "''") + "'"


def letters(column: int) -> str:
    """The letters of a column that counts from 1: A, …, Z, AA, …"""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
