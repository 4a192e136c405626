"""Where the plain reading stands: one row of a frame, and the rows around it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import cast

import polars as pl

from govern.language.frames import Frames, PlainRows, cell_of
from govern.language.meaning import Value
from govern.language.scopes import SCOPES


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A row of a scope's frame; `outer` is the row around a list's element, `link` its weight."""

    frames: Frames | PlainRows
    scope: str
    row: int
    outer: "RowPlace | None" = None
    link: float | None = None
    known: dict[tuple[int, int], Value] = field(default_factory=dict[tuple[int, int], Value])
    """What history functions have asked of earlier rows, by meaning and row: nested ones ask again
    and again."""

    def at(self, up: int) -> "RowPlace":
        return self if up == 0 or self.outer is None else self.outer.at(up - 1)

    def cell(self, column: str) -> Value:
        return plain_value(self._at(column, self.row))

    @property
    def identifier(self) -> Value:
        """The row's own id: it stands in the column that is named as the scope is."""
        return self.cell(self.scope)

    def periods(self) -> int:
        """How many periods the row's history has, itself included."""
        row = self.row
        while row > 0 and not self._at("is_first", row):
            row -= 1
        return self.row - row + 1

    def before(self, back: int) -> "RowPlace":
        return RowPlace(self.frames, self.scope, self.row - back, known=self.known)

    def _at(self, column: str, row: int) -> object:
        return cell_of(self.frames, SCOPES[self.scope].frame, column, row)


def plain_value(cell: object) -> Value:
    if isinstance(cell, bool | str | date) or cell is None:
        return cell
    if isinstance(cell, float):
        return Decimal(repr(cell)) if isfinite(cell) else None
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, pl.Series | list):
        return tuple(plain_value(item) for item in cast("list[object]", cell))
    raise TypeError(type(cell).__name__)
