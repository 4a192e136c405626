"""A sheet as it is looked at: merged cells say in each of them what stands in the first."""

from collections.abc import Iterator
from dataclasses import dataclass

from govern.documents.grid import GridCell, GridSheet, Span


@dataclass(frozen=True, slots=True)
class At:
    """A cell and where it stands."""

    row: int
    column: int
    cell: GridCell

    @property
    def text(self) -> str:
        return self.cell.raw


class View:
    """The cells of a sheet by row and column, with merged ones spread."""

    def __init__(self, sheet: GridSheet) -> None:
        self.sheet = sheet
        self.rows, self.columns = sheet.rows, sheet.columns
        self._spread: dict[tuple[int, int], Span] = {}
        for span in sheet.merged:
            top, left, bottom, right = span
            for row in range(top, min(bottom, self.rows) + 1):
                for column in range(left, min(right, self.columns) + 1):
                    self._spread[row, column] = span
        self._by_row: dict[int, list[int]] = {}
        for row, column in sorted(sheet.cells):
            self._by_row.setdefault(row, []).append(column)

    def at(self, row: int, column: int) -> At | None:
        """What stands in the cell itself."""
        cell = self.sheet.cells.get((row, column))
        return None if cell is None else At(row, column, cell)

    def spread(self, row: int, column: int) -> At | None:
        """What stands in the cell, or in the first of those that it is merged with."""
        span = self._spread.get((row, column))
        return self.at(row, column) if span is None else self.at(span[0], span[1])

    def merged(self, row: int, column: int) -> Span | None:
        return self._spread.get((row, column))

    def row(self, number: int) -> Iterator[At]:
        """The cells of a row that hold something, from left to right."""
        for column in self._by_row.get(number, ()):
            found = self.at(number, column)
            if found is not None:
                yield found

    @property
    def numbers(self) -> list[int]:
        """The rows that hold something."""
        return sorted(self._by_row)

    def name(self, row: int, column: int) -> str:
        return self.sheet.cell_name(row, column)
