"""The hostile workbooks, made when they are read: a binary file says nothing to whoever reviews it."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

Rows = list[list[Any]]
HEAD = ["KPI", "Month", "Actual"]


def book_of(rows: Rows, title: str = "Figures") -> Workbook:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return book


def bytes_of(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _changed(content: bytes, change: Callable[[str, str], str]) -> bytes:
    """The package with the text of each part changed."""
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part).decode()
            new.writestr(part.filename, change(part.filename, text))
    return stream.getvalue()


def merged_titles() -> bytes:
    book = book_of(
        [
            ["Benefits of the web shop", None, None, None, None],
            [None, "Jan 2026", None, "Feb 2026", None],
            ["KPI", "Ist", "Plan", "Ist", "Plan"],
            ["Sales", 5, 6, 7, 8],
        ]
    )
    sheet: Any = book.active
    for span in ("A1:E1", "B2:C2", "D2:E2"):
        sheet.merge_cells(span)
    return bytes_of(book)


def merged_labels() -> bytes:
    book = book_of(
        [
            ["KPI", "Art", "2026-01", "2026-02"],
            ["Sales", "Ist", 5, 6],
            [None, "Plan", 7, 8],
        ]
    )
    sheet: Any = book.active
    sheet.merge_cells("A2:A3")
    return bytes_of(book)


def merged_figures() -> bytes:
    book = book_of([["KPI", "Art", "2026-01", "2026-02"], ["Sales", "Ist", 5, None]])
    sheet: Any = book.active
    sheet.merge_cells("C2:D2")
    return bytes_of(book)


def days_by_format() -> bytes:
    book = book_of([["KPI", "Art", date(2026, 1, 1), date(2026, 2, 1)], ["Sales", "Ist", 5, 6]])
    sheet: Any = book.active
    for cell in ("C1", "D1"):
        sheet[cell].number_format = "mmm-yy"
    return bytes_of(book)


def day_with_time() -> bytes:
    return bytes_of(
        book_of(
            [
                ["KPI", "Month", "Actual", "Reported on"],
                ["Sales", datetime(2026, 1, 31, 12, 30), 5, datetime(2026, 2, 3, 8, 15)],  # noqa: DTZ001
            ]
        )
    )


def percent_format() -> bytes:
    book = book_of([HEAD, ["Satisfaction", "2026-01", 0.8], ["Satisfaction", "2026-02", 0.825]])
    sheet: Any = book.active
    sheet["C2"].number_format = "0%"
    sheet["C3"].number_format = "0.0%"
    return bytes_of(book)


def percent_format_on_some() -> bytes:
    book = book_of([HEAD, ["Satisfaction", "2026-01", 0.8], ["Satisfaction", "2026-02", 0.825]])
    sheet: Any = book.active
    sheet["C2"].number_format = "0%"
    return bytes_of(book)


def currency_format() -> bytes:
    book = book_of([HEAD, ["Sales", "2026-01", 1234.5], ["Sales", "2026-02", 1300]])
    sheet: Any = book.active
    sheet["C2"].number_format = "#,##0.00 [$€-407]"
    sheet["C3"].number_format = '"USD" #,##0'
    return bytes_of(book)


def formulas_worked_out() -> bytes:
    content = bytes_of(book_of([HEAD, ["Sales", "2026-01", "=2*6"], ["Sales", "2026-02", "=1/0"]]))

    def change(name: str, text: str) -> str:
        if not name.endswith("sheet1.xml"):
            return text
        text = re.sub(r"<f>2\*6</f><v ?/?>(</v>)?", "<f>2*6</f><v>12</v>", text)
        return re.sub(
            r'<c r="C3"[^>]*><f>1/0</f><v ?/?>(</v>)?',
            '<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v>',
            text,
        )

    return _changed(content, change)


def formulas_not_worked_out() -> bytes:
    return bytes_of(book_of([HEAD, ["Sales", "2026-01", "=2*6"]]))


def error_cells() -> bytes:
    book = book_of([HEAD, ["Sales", "2026-01", "#REF!"], ["Sales", "2026-02", 5]])
    sheet: Any = book.active
    sheet["C2"].data_type = "e"
    return bytes_of(book)


def hidden_parts() -> bytes:
    book = book_of([HEAD, ["Sales", "2026-01", 5], ["Sales", "2026-02", 6]])
    sheet: Any = book.active
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    old = book.create_sheet("Old")
    old.append(["KPI", "Month", "Actual"])
    old.sheet_state = "hidden"
    return bytes_of(book)


def several_sheets() -> bytes:
    book = book_of([HEAD, ["Sales", "2026-01", 5]], "Sales EU")
    other = book.create_sheet("Sales US")
    other.append(HEAD)
    return bytes_of(book)


def other_sheet_named() -> bytes:
    return several_sheets()


def sheet_gone() -> bytes:
    return several_sheets()


def numbers_as_text() -> bytes:
    return bytes_of(book_of([HEAD, ["Sales", "2026-01", "1.234"], ["Sales", "2026-02", 80]]))


def other_kinds() -> bytes:
    return bytes_of(
        book_of(
            [
                HEAD,
                ["Sales", "2026-01", True],
                ["Sales", "2026-02", time(8, 30)],
                ["Sales", "2026-03", date(2026, 3, 1)],
                ["Sales", "2026-04", 5],
            ]
        )
    )


def binary_noise() -> bytes:
    return bytes_of(book_of([HEAD, ["Sales", "2026-01", 0.1 + 0.2], ["Sales", "2026-02", 1 / 3]]))


def serial_day() -> bytes:
    return bytes_of(book_of([HEAD, ["Sales", 46053, 5]]))


def old_workbook() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def cut_off() -> bytes:
    return bytes_of(book_of([HEAD, ["Sales", "2026-01", 5]]))[:-200]


def far_cell() -> bytes:
    book = book_of([HEAD, ["Sales", "2026-01", 5]])
    sheet: Any = book.active
    sheet["C1000000"] = 1
    return bytes_of(book)


def wide_reach() -> bytes:
    book = book_of([HEAD, ["Sales", "2026-01", 5]])
    sheet: Any = book.active
    sheet.cell(90_000, 400).value = 1
    return bytes_of(book)


def entities() -> bytes:
    content = bytes_of(book_of([HEAD, ["Sales", "2026-01", 5]]))
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    return _changed(
        content,
        lambda name, text: (
            text.replace("<worksheet", bomb + "<worksheet", 1)
            if name.endswith("sheet1.xml")
            else text
        ),
    )


def years_of_numbers() -> bytes:
    return bytes_of(book_of([["KPI", "Art", 2024, 2025], ["Footprint", "Ist", 5, 6]]))


def empty_workbook() -> bytes:
    return bytes_of(book_of([]))


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    f"{make.__name__}.xlsx": make
    for make in (
        merged_titles,
        merged_labels,
        merged_figures,
        days_by_format,
        day_with_time,
        percent_format,
        percent_format_on_some,
        currency_format,
        formulas_worked_out,
        formulas_not_worked_out,
        error_cells,
        hidden_parts,
        several_sheets,
        other_sheet_named,
        sheet_gone,
        numbers_as_text,
        other_kinds,
        binary_noise,
        serial_day,
        old_workbook,
        cut_off,
        far_cell,
        wide_reach,
        entities,
        years_of_numbers,
        empty_workbook,
    )
}
