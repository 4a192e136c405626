"""Excel workbooks (XLSX, ECMA-376), read and written. The only module that knows openpyxl.

Every cell is written as text in a column of text: `= 3` is no formula, `80%` no number, `-5` no sum,
and what an author types into such a column stays as it is typed.
"""

import re
import warnings
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from govern.documents.form import Form, FormColumn, Takes
from govern.documents.grid import Broken, GridCell, GridSheet
from govern.documents.sheet import LONGEST_CELL, Content, Page, Percent, Sheet, Unreadable, letters
from govern.documents.xlsx_guard import OF_FIGURES, OF_TABLES, Limits, UnreadableWorkbook, guard
from govern.domain.plain import plain_decimal

_TEXT: Final = "@"
_NARROWEST, _WIDEST = 12, 60
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
# What a number format says literally: "…", \c, and the room or the filling that _c and *c make.
_LITERAL = re.compile(r'"[^"]*"|[\\_*].')


_MOST_CELLS: Final = 2_000_000
_BLANKS: Final = " \t\r\n\u00a0\u202f\u200b\ufeff"
_CURRENCY_CODE = re.compile(r"\[\$([^\]\-]+)")
_CURRENCY_WORD = re.compile(r'"\s*([€£$¥]|[A-Z]{3})\s*"')
_CURRENCY_SIGN = re.compile(r"([€£$¥])(?![^\[]*\])")


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
    with _opening(content, OF_TABLES):
        book = load_workbook(BytesIO(content), keep_links=False)
        return tuple(_sheet(sheet) for sheet in book.worksheets)


@contextmanager
def _opening(content: bytes, limits: Limits) -> Generator[None]:
    """Raises `UnreadableWorkbook` for whatever is wrong with the file."""
    try:
        guard(content, limits)
        with warnings.catch_warnings():
            # Of what openpyxl cannot keep, such as pictures: nothing is written back.
            warnings.simplefilter("ignore")
            yield
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


def read_grids(content: bytes) -> tuple[GridSheet, ...]:
    """The sheets of a workbook of figures. A formula is the value that the program which wrote the
    file worked out for it; one that nobody has worked out is broken.

    Raises `UnreadableWorkbook`.
    """
    with _opening(content, OF_FIGURES):
        values = load_workbook(BytesIO(content), keep_links=False, data_only=True)
        formulas = load_workbook(BytesIO(content), keep_links=False)
        return tuple(
            _grid(sheet, formulas.worksheets[index])
            for index, sheet in enumerate(values.worksheets)
        )


def _grid(sheet: Worksheet, formulas: Worksheet) -> GridSheet:
    if sheet.max_row * sheet.max_column > _MOST_CELLS:
        what = f"the sheet {sheet.title} reaches to {letters(sheet.max_column)}{sheet.max_row}"
        helps = "delete the empty rows and columns behind the table, and save it"
        raise UnreadableWorkbook(what, helps)
    cells: dict[tuple[int, int], GridCell] = {}
    rows = zip(sheet.iter_rows(), formulas.iter_rows(), strict=False)
    for row in rows:
        for cell, formula in zip(*row, strict=False):
            if isinstance(cell, Cell) and isinstance(formula, Cell):
                found = _grid_cell(cell, formula)
                if found is not None:
                    cells[cell.row, cell.column] = found
    return GridSheet(
        sheet.title,
        cells,
        tuple(
            (each.min_row, each.min_col, each.max_row, each.max_col)
            for each in sheet.merged_cells.ranges
        ),
        sheet.sheet_state != "visible",
        frozenset(row for row, each in sheet.row_dimensions.items() if each.hidden),
        frozenset(
            column
            for each in sheet.column_dimensions.values()
            if each.hidden
            for column in range(each.min or 0, (each.max or 0) + 1)
        ),
    )


def _grid_cell(cell: Cell, formula: Cell) -> GridCell | None:
    value: Any = cell.value
    found: GridCell | None = None
    if formula.data_type == "f" and value is None:
        broken = Broken(
            "holds a formula that nobody has worked out",
            "open the file in the program it comes from, save it, and send that",
        )
        found = GridCell(str(formula.value), broken)
    elif cell.data_type == "e":
        broken = Broken("is a spreadsheet's error, not a figure", "repair the formula, or clear it")
        found = GridCell(str(value), broken)
    elif isinstance(value, bool):
        found = GridCell("TRUE" if value else "FALSE", "TRUE" if value else "FALSE")
    elif isinstance(value, str):
        text = _ESCAPED.sub("_", value).strip(_BLANKS)
        found = GridCell(text, text) if text else None
    elif isinstance(value, int | float):
        found = _grid_number(value, cell.number_format)
    elif isinstance(value, datetime):
        whole = value.time() == time_of_day()
        raw = value.date().isoformat() if whole else value.isoformat(" ", "seconds")
        found = GridCell(raw, value.date())
    elif isinstance(value, date):
        found = GridCell(value.isoformat(), value)
    elif value is not None:
        broken = Broken("is a time of day, not a figure", "write a number")
        found = GridCell(str(value), broken)
    return found


def _grid_number(value: float, number_format: str) -> GridCell:
    content = _number(value, number_format)
    if isinstance(content, Unreadable):
        return GridCell(str(value), Broken("is no figure that can be taken", content.help))
    if isinstance(content, Percent):
        return GridCell(f"{plain_decimal(content.value * 100)}%", content.value, percent=True)
    number = content if isinstance(content, Decimal) else Decimal(0)
    sign = _currency_in(number_format)
    raw = plain_decimal(number)
    return GridCell(f"{raw} {sign}" if sign else raw, number, currency=sign)


def _currency_in(number_format: str) -> str | None:
    """The currency that a number format shows: `[$€-407]`, `"EUR"` or a sign that stands bare."""
    shown = number_format.partition(";")[0]
    for pattern in (_CURRENCY_CODE, _CURRENCY_WORD, _CURRENCY_SIGN):
        match = pattern.search(shown)
        if match:
            return match[1]
    return None


_MARKED: Final = "govern"
"""The hidden sheet that says in its first cell which form a workbook is."""
_OF_EXCEL: Final = {Takes.NUMBER: "decimal", Takes.DAY: "date", Takes.WORD: "list"}
_FIRST_DAY, _LAST_DAY = date(1900, 3, 1), date(2199, 12, 31)
_MOST: Final = "1E+24"


def write_form(form: Form, title: str) -> bytes:
    """The workbook's file: locked but for what is to be filled in, with what may be written there.

    Raises `UnreadableWorkbook` for one that could not be read again.
    """
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    book.properties.creator = "govern"
    book.properties.title = title
    _write_form(book.create_sheet(form.name), form)
    helps = book.create_sheet(form.help_name)
    helps.column_dimensions["A"].width = 100
    for number, line in enumerate(form.help, start=1):
        cell = helps.cell(number, 1)
        _put(cell, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    helps.protection.sheet = True
    marked = book.create_sheet(_MARKED)
    _put(marked.cell(1, 1), form.marker)
    marked.sheet_state = "veryHidden"
    stream = BytesIO()
    book.save(stream)
    guard(stream.getvalue(), OF_FIGURES)
    return stream.getvalue()


def _write_form(sheet: Worksheet, form: Form) -> None:
    last = len(form.rows) + 1
    for column, each in enumerate(form.columns, start=1):
        dimension = sheet.column_dimensions[letters(column)]
        dimension.width, dimension.hidden = each.width, each.hidden
        head = sheet.cell(1, column)
        _put(head, each.heading)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="FFF2CC" if each.open else "E7E6E6")
        head.alignment = Alignment(wrap_text=True, vertical="top")
        if each.open and form.rows:
            _restrict(sheet, each, f"{letters(column)}2:{letters(column)}{last}")
        for number, row in enumerate(form.rows, start=2):
            cell: Any = sheet.cell(number, column)
            value = row[column - 1]
            if isinstance(value, str):
                _put(cell, value)
            elif value is not None:
                cell.value = value
            if each.takes is Takes.DAY:
                cell.number_format = "yyyy-mm-dd"
            cell.protection = Protection(locked=not each.open)
            cell.alignment = Alignment(wrap_text=each.takes is Takes.TEXT, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False


def _restrict(sheet: Worksheet, column: FormColumn, cells: str) -> None:
    """Excel takes nothing else in these cells, and says why."""
    kind: Any = _OF_EXCEL.get(column.takes)
    limits: dict[str, Any] = {}
    if column.takes is Takes.NUMBER:
        limits = {"operator": "between", "formula1": f"-{_MOST}", "formula2": _MOST}
    elif column.takes is Takes.DAY:
        days = (_FIRST_DAY, _LAST_DAY)
        first, last = (f"DATE({each.year},{each.month},{each.day})" for each in days)
        limits = {"operator": "between", "formula1": first, "formula2": last}
    elif column.takes is Takes.WORD:
        limits = {"formula1": f'"{",".join(column.words)}"'}
    rule: Any = DataValidation(
        type=kind,
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
        errorTitle=column.heading,
        error=column.says,
        promptTitle=column.heading,
        prompt=column.says,
        **limits,
    )
    rule.add(cells)
    sheet.add_data_validation(rule)


def marker_of(content: bytes) -> str | None:
    """Which form a workbook is; `None` for any other file, and for one that cannot be read."""
    if not content.startswith(b"PK"):
        return None
    try:
        with _opening(content, OF_FIGURES):
            book = load_workbook(BytesIO(content), keep_links=False)
            if _MARKED not in book.sheetnames:
                return None
            value = book[_MARKED].cell(1, 1).value
    except UnreadableWorkbook:
        return None
    return value if isinstance(value, str) else None
