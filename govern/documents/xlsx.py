"""Excel workbooks (XLSX, ECMA-376), read and written. The only module that knows openpyxl.

Every cell is written as text in a column of text: `= 3` is no formula, `80%` no number, `-5` no sum,
and what an author types into such a column stays as it is typed.
"""

import re
import warnings
from collections.abc import Sequence
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from govern.documents.sheet import LONGEST_CELL, Content, Page, Percent, Sheet, Unreadable, letters
from govern.documents.xlsx_guard import UnreadableWorkbook, guard

_TEXT: Final = "@"
_NARROWEST, _WIDEST = 12, 60
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
# What a number format says literally: "…", \c, and the room or the filling that _c and *c make.
_LITERAL = re.compile(r'"[^"]*"|[\\_*].')


def write_workbook(pages: Sequence[Page], title: str, description: str) -> bytes:
    """The workbook's file. Raises `UnreadableWorkbook` for one that could not be read again."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    book.properties.creator = "govern"
    book.properties.title = title
    book.properties.description = description
    for page in pages:
        _write(book.create_sheet(page.name), page)
    stream = BytesIO()
    book.save(stream)
    guard(stream.getvalue())
    return stream.getvalue()


def _write(sheet: Worksheet, page: Page) -> None:
    top = page.labels + page.heads
    width = max(len(row) for row in page.rows)
    shade = PatternFill("solid", fgColor="E7E6E6")
    for number, row in enumerate(page.rows, start=1):
        for column, text in enumerate(row, start=1):
            if not text:
                continue
            cell = sheet.cell(number, column)
            _put(cell, text)
            if number > page.labels:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number <= top:
                cell.font = Font(bold=True)
            if page.labels < number <= top:
                cell.fill = shade
    for column in range(1, width + 1):
        below = [row[column - 1] for row in page.rows[page.labels :] if len(row) >= column]
        longest = max((len(line) for text in below for line in text.split("\n")), default=0)
        dimension = sheet.column_dimensions[letters(column)]
        dimension.width = max(_NARROWEST, min(longest + 3, _WIDEST))
        dimension.number_format = _TEXT
    if top:
        sheet.freeze_panes = f"A{top + 1}"


def _put(cell: Any, text: str) -> None:
    if len(text) > LONGEST_CELL:
        helps = f"a cell of Excel holds {LONGEST_CELL}"
        raise UnreadableWorkbook(f"`{text[:20]}…` has {len(text)} characters", helps)
    # Excel reads `_x0041_` as the character of that number (ECMA-376 part 1, 22.9.2.19).
    cell.value = _ESCAPE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))
    # Last, as openpyxl takes a text that begins with `=` for a formula.
    cell.data_type = "s"
    cell.number_format = _TEXT


def read_workbook(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of a workbook with all that stands in them, hidden rows and sheets too.

    Raises `UnreadableWorkbook`.
    """
    try:
        guard(content)
        with warnings.catch_warnings():
            # Of what openpyxl cannot keep, such as pictures: nothing is written back.
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(content), keep_links=False)
        return tuple(_sheet(sheet) for sheet in book.worksheets)
    except UnreadableWorkbook:
        raise
    except BadZipFile as error:
        what = "this is no Excel workbook, or it is damaged"
        raise UnreadableWorkbook(what, "open it in Excel and save it as .xlsx") from error
    except Exception as error:
        # A damaged part comes out as whatever went wrong first where openpyxl read it.
        what = f"the workbook is damaged ({type(error).__name__}: {error})"
        raise UnreadableWorkbook(what, "open it in Excel and save it anew") from error


def _sheet(sheet: Worksheet) -> Sheet:
    cells: dict[tuple[int, int], Content] = {}
    for number, row in enumerate(sheet.iter_rows(min_row=1, min_col=1), start=1):
        for column, cell in enumerate(row, start=1):
            content = _content(cell) if isinstance(cell, Cell) else None
            if content is not None:
                cells[number, column] = content
    for merged in sheet.merged_cells.ranges:
        what = f"the cells {merged.coord} are merged"
        unread = Unreadable(what, "unmerge them, and fill each cell")
        cells[merged.min_row, merged.min_col] = unread
    return Sheet(sheet.title, cells)


def _content(cell: Cell) -> Content | None:
    if cell.data_type == "f":
        helps = "replace it by its value: copy the cell, Paste Special, Values"
        return Unreadable("a formula stands here", helps)
    if cell.data_type == "e":
        return Unreadable(f"the error {cell.value} stands here", "write a value")
    found: Content | None = None
    match cell.value:
        case None | "":
            pass
        case bool() as value:
            found = value
        case str() as value:
            found = _ESCAPED.sub("_", value)
        case int() | float() as value:
            found = _number(value, cell.number_format)
        case datetime() as value if value.time() != time_of_day():
            found = Unreadable(f"{value} is a date with a time", "write the day alone")
        case datetime() as value:
            found = value.date()
        case date() as value:
            found = value
        case value:
            helps = "write a number, a date or a text"
            found = Unreadable(f"{value} is a time, not a value", helps)
    return found


def _number(value: float, number_format: str) -> Content:
    try:
        # Excel keeps and shows 15 digits; what a binary number has beyond them nobody typed.
        number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    except ValueError:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return Unreadable(f"{value} is no number that a rule can take", "write a smaller number")
    return Percent(number) if "%" in _LITERAL.sub("", number_format) else number
