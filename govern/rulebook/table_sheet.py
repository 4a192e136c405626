"""The rows of a decision table from the sheet that somebody edited, and every problem in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from govern.documents.problem import Problem, did_you_mean
from govern.documents.sheet import CellPlace, Content, Percent, Sheet, Unreadable, cell_place
from govern.language.write import plain
from govern.rulebook.table_page import (
    ABOUT,
    FIRST_ROW,
    HEAD_ROW,
    HIT,
    HIT_ROW,
    ID_ROW,
    INPUT,
    KIND_ROW,
    OUTPUT,
    ROWS_LABEL,
    TABLE,
    TITLE,
    TITLE_ROW,
)
from govern.rulebook.table_place import Cells, WrittenTable
from govern.rulebook.table_text import Grid, stands_alone

ANY, NULL = "-", "null"

# What ends a line somewhere (`str.splitlines`), so that no line of a grid can hold it.
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_TEXT = re.compile(r'("(?:[^"\\]|\\.)*")', re.DOTALL)


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A table's lines as a sheet has them, the header first. `numbers`: the sheet's row of each line;
    `columns`: the sheet's column of each column of the table. `exported` is the digest of the grid
    that the workbook was made from, where it says so."""

    table: WrittenTable
    path: str
    sheet: str
    lines: tuple[Cells, ...]
    numbers: tuple[int, ...]
    columns: tuple[int, ...]
    exported: str | None

    def on_sheet(self, problem: Problem, grid: Grid) -> Problem:
        """The problem at the cell of the sheet that it is about, where it is about one; `grid` is the
        table's as it stands in the file with these lines."""
        at = problem.place
        for number, line in zip(self.numbers, (grid.header, *grid.rows), strict=True):
            if at.path != line.place.path or at.line != line.place.line:
                continue
            cells = (*line.inputs, *line.outputs)
            left = [each for each in cells if each.place.column <= at.column]
            column = self.columns[max(len(left), 1) - 1]
            return replace(problem, place=cell_place(self.path, self.sheet, number, column))
        return problem


def read_table(
    sheets: Sequence[Sheet], path: str, tables: Sequence[WrittenTable], problems: list[Problem]
) -> TableSheet | None:
    """The one table in a workbook, which is one of `tables`; `None` with the problems otherwise."""
    found = [sheet for sheet in sheets if sheet.text(ID_ROW, 1) == TABLE]
    if len(found) != 1:
        if not found:
            what = f"no sheet holds a table: none has `{TABLE}` in cell A1"
            helps = "begin with a sheet that govern rules table export wrote"
        else:
            what = f"{len(found)} sheets hold a table: {', '.join(each.name for each in found)}"
            helps = "keep one of them"
        problems.append(Problem("E341", what, CellPlace(path, 1, 1), helps))
        return None
    reader = _Reader(found[0], path, problems)
    table = reader.table(tables)
    if table is None:
        return None
    reader.unchanged(TITLE, TITLE_ROW, table)
    reader.unchanged(HIT, HIT_ROW, table)
    columns = reader.columns(table)
    if columns is None:
        return None
    numbers, rows = reader.rows(table, columns)
    if problems:
        return None
    lines = (table.lines[0], *rows)
    return TableSheet(
        table, path, found[0].name, lines, (HEAD_ROW, *numbers), columns, _exported(sheets)
    )


def _exported(sheets: Sequence[Sheet]) -> str | None:
    about = next((sheet for sheet in sheets if sheet.name == ABOUT), None)
    if about is None:
        return None
    labelled = [row for row in range(1, about.rows + 1) if about.text(row, 1) == ROWS_LABEL]
    return about.text(labelled[0], 2) if labelled else None


@dataclass(slots=True)
class _Reader:
    sheet: Sheet
    path: str
    problems: list[Problem]

    def add(self, code: str, what: str, at: tuple[int, int], help_: str | None) -> None:
        place = cell_place(self.path, self.sheet.name, *at)
        self.problems.append(Problem(code, what, place, help_))

    def table(self, tables: Sequence[WrittenTable]) -> WrittenTable | None:
        table_id = self._line((ID_ROW, 2))
        found = next((table for table in tables if table.id == table_id), None)
        if found is None and not self.problems:
            known = [table.id for table in tables]
            helps = did_you_mean(table_id, known) or f"there are: {', '.join(known) or 'none'}"
            what = f"the rules have no table '{table_id}'"
            self.add("E342", what, (ID_ROW, 2), helps)
        return found

    def unchanged(self, key: str, row: int, table: WrittenTable) -> None:
        there, here = table.said(key) or "", " ".join(self._line((row, 2)).split())
        if there != here:
            what = f"the {key} here is '{here}', and '{there}' in the file {table.path}"
            self.add("E345", what, (row, 2), f"only rows are taken; change the {key} in the file")

    def columns(self, table: WrittenTable) -> tuple[int, ...] | None:
        """The sheet's column of each column of the table."""
        inputs, outputs = table.lines[0]
        wanted = [*((INPUT, text) for text in inputs), *((OUTPUT, text) for text in outputs)]
        found: dict[tuple[str, str], int] = {}
        before = len(self.problems)
        for column in range(1, self.sheet.columns + 1):
            filled = [
                row
                for row in range(KIND_ROW, self.sheet.rows + 1)
                if (row, column) in self.sheet.cells
            ]
            if not filled:
                continue
            at = (HEAD_ROW, column)
            kind, head = self._line((KIND_ROW, column)), self._line(at)
            if not head and filled[0] > HEAD_ROW:
                what = "this stands beside the table, in a column without a header"
                self.add("E343", what, (filled[0], column), "move notes to another sheet")
            elif kind not in {INPUT, OUTPUT}:
                what = f"'{kind}' is no kind of column"
                self.add("E343", what, (KIND_ROW, column), f"{INPUT} or {OUTPUT}")
            elif (kind, head) in found:
                self.add("E343", f"there are two columns `{head}`", at, "delete one of them")
            elif (kind, head) not in wanted:
                known = [text for each, text in wanted if each == kind]
                what = f"the table has no {kind} `{head}`"
                helps = did_you_mean(head, known) or f"it has: {', '.join(known)}"
                self.add("E343", what, at, f"{helps}; columns change in the file {table.path}")
            else:
                found[kind, head] = column
        for kind, head in wanted:
            if (kind, head) not in found:
                what = f"the {kind} `{head}` is missing"
                helps = f"put the column back; columns change in the file {table.path}"
                self.add("E343", what, (HEAD_ROW, 1), helps)
        if len(self.problems) == before:
            return tuple(found[each] for each in wanted)
        for (row, column), content in self.sheet.cells.items():
            if row >= FIRST_ROW and isinstance(content, Unreadable):
                self._line((row, column))
        return None

    def rows(self, table: WrittenTable, columns: tuple[int, ...]) -> tuple[list[int], list[Cells]]:
        """The rows that are not empty, with their numbers in the sheet."""
        split = len(table.lines[0][0])
        known = {text for line in table.lines for side in line for text in side}
        numbers: list[int] = []
        found: list[Cells] = []
        for row in range(FIRST_ROW, self.sheet.rows + 1):
            if not any((row, column) in self.sheet.cells for column in columns):
                continue
            cells = [self._cell((row, column), known) for column in columns]
            numbers.append(row)
            found.append(
                (tuple(each or ANY for each in cells[:split]), tuple(cells[split:])),
            )
            for column, text in zip(columns[split:], cells[split:], strict=True):
                if not text and not isinstance(self.sheet.cells.get((row, column)), Unreadable):
                    what = "an output is empty"
                    self.add("E344", what, (row, column), f"write {NULL} for no value")
        if not found:
            self.add("E344", "the table has no row", (FIRST_ROW, 1), "keep at least one row")
        return numbers, found

    def _cell(self, at: tuple[int, int], known: set[str]) -> str:
        text = self._line(at)
        if text not in known and not stands_alone(text):
            what = f"`{text}` is no cell: a text in it does not end, or a | stands outside of one"
            self.add("E344", what, at, 'close the text with "; write other values with ,')
        return text

    def _line(self, at: tuple[int, int]) -> str:
        """What stands in a cell, as it is written in a rule file; empty where that is nothing."""
        found = self.sheet.cells.get(at)
        if isinstance(found, Unreadable):
            self.add("E344", found.what, at, found.help)
            return ""
        text = "" if found is None else _written(found)
        one = _one_line(text)
        if one is None:
            what = "the line ends behind a // comment, and the cell goes on"
            self.add("E344", what, at, "write the comment last, or as /* … */")
        return one or ""


def _written(content: Content) -> str:
    match content:
        case bool():
            return "true" if content else "false"
        case str():
            return content.strip()
        case Percent(value=value):
            return f"{plain(value.scaleb(2))}%"
        case Decimal():
            return plain(content)
        case date():
            return f'@"{content.isoformat()}"'
        case Unreadable():
            return ""


def _one_line(text: str) -> str | None:
    """The text of a cell without its line breaks; `None` where one of them ends a comment."""
    if _BREAK.search(text) is None:
        return text
    parts = _TEXT.split(text)
    for number, part in enumerate(parts):
        if number % 2:
            parts[number] = _BREAK.sub(lambda found: _escaped(found[0]), part)
        elif re.search(rf"//[^\n]*?(?:{_BREAK.pattern})", part):
            return None
        else:
            parts[number] = _BREAK.sub(" ", part)
    return "".join(parts)


def _escaped(line_break: str) -> str:
    return "\\n" if line_break in {"\n", "\r", "\r\n"} else f"\\u{ord(line_break):04x}"
