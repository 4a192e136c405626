"""A table of a page: sorted by whoever reads it, and the same as CSV.

The address says how: `sort-NAME=COLUMN` or `-COLUMN` orders the table NAME, `csv=NAME` has it as a file.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, cast

from flask import Response

from govern.intake.guard import guard


class Kind(StrEnum):
    """How a value is shown; what it is worth is the same."""

    TEXT = "text"
    WORDS = "words"
    """A name as the API has it, shown in plain words: `conditional_go`."""
    NUMBER = "number"
    SHARE = "share"
    """1 is 100 %."""
    DAY = "day"
    MOMENT = "moment"
    RAG = "rag"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    title: str
    kind: Kind = Kind.TEXT
    link: str | None = None
    """The name of the value in a row that holds the address the cell leads to."""
    missing: str = "unknown"
    """What is shown where there is no value: `unknown`, or why there need be none."""
    long: bool = False
    """Whether it holds sentences, which need room."""
    only_filed: bool = False
    """Whether only the CSV file has it, for programs."""


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` hold a value for the name of every column, None where it is not known."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    none: str = "Nothing."
    """What is said where there is no row."""
    sort: str | None = None
    """The column in whose order the rows are, with a minus for the reverse."""
    cards: bool = False
    """Whether each row is a card on a phone: for rows that are read one by one, not compared."""

    @property
    def shown(self) -> list[Column]:
        return [each for each in self.columns if not each.only_filed]

    @property
    def sort_key(self) -> str:
        return f"sort-{self.name}"

    def ordered(self, args: Mapping[str, str]) -> "Table":
        """In the order that the address asks for; what is not known stands last either way. An order by
        no column there is leaves the table as it is."""
        wanted = args.get(self.sort_key)
        column = self._column((wanted or "").removeprefix("-"))
        if wanted is None or column is None:
            return self
        known = [each for each in self.rows if each.get(column.name) is not None]
        rest = [each for each in self.rows if each.get(column.name) is None]
        known.sort(key=lambda row: _rank(column, row[column.name]), reverse=wanted.startswith("-"))
        return replace(self, rows=[*known, *rest], sort=wanted)

    def next_sort(self, column: Column) -> str:
        """What a click on the head of a column asks for."""
        return f"-{column.name}" if self.sort == column.name else column.name

    def aria_sort(self, column: Column) -> str | None:
        if self.sort is None or self.sort.removeprefix("-") != column.name:
            return None
        return "descending" if self.sort.startswith("-") else "ascending"

    def _column(self, name: str) -> Column | None:
        return next((each for each in self.columns if each.name == name), None)


_RAG = {"red": 0, "amber": 1, "green": 2}


def _rank(column: Column, value: Any) -> Any:
    if column.kind is Kind.RAG:
        return _RAG.get(str(value), len(_RAG))
    if column.kind in (Kind.NUMBER, Kind.SHARE):
        try:
            return Decimal(str(value))
        except InvalidOperation:
            return Decimal(0)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value).casefold()


def as_csv(table: Table) -> Response:
    """The rows in their order, values as the API has them, with a byte order mark for Excel."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([each.name for each in table.columns])
    for row in table.rows:
        writer.writerow([_cell(each, row.get(each.name)) for each in table.columns])
    answer = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    return answer


def _cell(column: Column, value: Any) -> str:
    """Figures stand bare; no text can be a formula to the spreadsheet that opens it (OWASP, CSV
    injection)."""
    if value is None:
        return ""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        value = ", ".join(str(each) for each in cast("list[Any]", value))
    if column.kind in (Kind.NUMBER, Kind.SHARE) or not isinstance(value, str):
        return str(value)
    return f"'{value}" if value[:1] in ("\t", "\r", "\n") else guard(value)
