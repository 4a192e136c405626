"""One row's cells as typed values. Every bad cell of a row is refused, not only the first."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from govern.intake.dates import parse_date, parse_day_of
from govern.intake.guard import unguard
from govern.intake.log import Log
from govern.intake.numbers import Percent, parse_number
from govern.intake.problem import CellProblem
from govern.intake.table import Header
from govern.intake.texts import (
    MISSING_WORDS,
    NAME_LENGTH,
    TEXT_LENGTH,
    parse_choice,
    parse_flag,
    parse_id,
    parse_lines,
    parse_text,
    trimmed,
)

T = TypeVar("T")


class Cells:
    """Reads one row by column name. `refused` turns true with the first cell that cannot be taken.

    Every reading method gives `None` for a blank or refused cell and for a column that is absent.
    """

    def __init__(self, log: Log, file: str, header: Header, line: int, cells: list[str]) -> None:
        self._log = log
        self._file = file
        self._positions = header.positions
        self._cells = cells
        self.line = line
        self.refused = False

    def raw(self, column: str) -> str:
        """The cell without blanks at its ends; empty where the column is absent."""
        position = self._positions.get(column)
        return "" if position is None else trimmed(self._cells[position])

    @property
    def stated(self) -> frozenset[str]:
        """The columns in which this row says something."""
        return frozenset(
            column
            for column in self._positions
            if (text := self.raw(column)) and text.casefold() not in MISSING_WORDS
        )

    def refuse(self, column: str | None, problem: str, right: str) -> None:
        value = self.raw(column) if column else ""
        self._log.refuse(self._file, self.line, column, value, problem=problem, right=right)
        self.refused = True

    def note(self, column: str | None, text: str) -> None:
        self._log.note(self._file, self.line, column, text)

    def read(self, column: str, parse: Callable[[str], T], *, bare: bool = False) -> T | None:
        """`bare`: what may begin with a sign, so that no apostrophe stands in front of it."""
        text = self.raw(column)
        if not text:
            return None
        if text.casefold() in MISSING_WORDS:
            self.note(column, f"'{text}' is taken as missing")
            return None
        try:
            return parse(text if bare else unguard(text))
        except CellProblem as problem:
            self.refuse(column, problem.problem, problem.right)
            return None

    def needed(self, column: str, parse: Callable[[str], T]) -> T | None:
        """As `read`, and a cell without a value is refused: `None` means that the row is."""
        text = self.raw(column)
        if not text or text.casefold() in MISSING_WORDS:
            self.refuse(column, "is missing", "fill it in; the row cannot be placed without it")
            return None
        return self.read(column, parse)

    def identifier(self, column: str) -> str | None:
        return self.needed(column, parse_id)

    def lines(self, column: str, longest: int = TEXT_LENGTH) -> str | None:
        return self.read(column, lambda text: parse_lines(text, longest))

    def text(self, column: str, longest: int = NAME_LENGTH) -> str | None:
        return self.read(column, lambda text: parse_text(text, longest))

    def number(self, column: str, percent: Percent = Percent.NOT_SAID) -> Decimal | None:
        return self.read(column, lambda text: parse_number(text, percent), bare=True)

    def amount(self, column: str) -> Decimal | None:
        """A figure that cannot be below zero."""
        value = self.number(column)
        if value is not None and value < 0:
            self.refuse(column, "is below zero", "write an amount of zero or more")
            return None
        return value

    def day(self, column: str) -> date | None:
        return self.read(column, parse_date, bare=True)

    def day_of(self, column: str) -> date | None:
        return self.read(column, parse_day_of, bare=True)

    def choice(self, column: str, choices: Iterable[str]) -> str | None:
        return self.read(column, lambda text: parse_choice(text, choices))

    def flag(self, column: str) -> bool:
        """Blank is no."""
        return bool(self.read(column, parse_flag))
