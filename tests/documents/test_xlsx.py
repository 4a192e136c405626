"""Workbooks: what is written is read again, by others too; what Excel types; what is refused."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from govern.documents.sheet import Page, Percent, Sheet, Unreadable, cell_place, letters
from govern.documents.xlsx import read_workbook, write_workbook
from govern.documents.xlsx_guard import OLE, UnreadableWorkbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
AWKWARD = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "-", "'", "'quoted", "007", "1e5", "90%", "2026-03-31"),
    *("TRUE", "#REF!", "_x0041_", "_x005F_x0041_", "a\nb", "ÄÖ→漢字😀", '"text"', "x" * 32_767),
]
texts = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="￾￿")),
)


def page(*rows: tuple[str, ...]) -> Page:
    return Page("sheet", rows)


def read(book: Workbook) -> Sheet:
    stream = BytesIO()
    book.save(stream)
    return read_workbook(stream.getvalue())[0]


def written(*rows: tuple[str, ...]) -> bytes:
    return write_workbook([page(*rows)], "title", "description")


def repacked(content: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The same package with other parts."""
    stream = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more.items():
            new.writestr(name, part)
    return stream.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableWorkbook) as caught:
        read_workbook(content)
    assert caught.value.help
    return caught.value.what


@given(st.lists(st.lists(texts, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3))
def test_every_text_comes_back_as_it_was(rows: list[tuple[str, ...]]) -> None:
    (found,) = read_workbook(written(*rows))
    assert found.cells == {
        (row, column): text
        for row, line in enumerate(rows, start=1)
        for column, text in enumerate(line, start=1)
        if text
    }


def test_the_file_itself_has_texts_and_no_formula() -> None:
    """Read by the standard library alone, from what ECMA-376 says of the parts."""
    content = written(tuple(AWKWARD))
    with zipfile.ZipFile(BytesIO(content)) as package:
        sheet = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - ours
        styles = ElementTree.fromstring(package.read("xl/styles.xml"))  # noqa: S314 - ours
    assert sheet.find(f".//{MAIN}f") is None
    cells = sheet.findall(f".//{MAIN}c")
    assert {cell.get("t") for cell in cells} == {"inlineStr"}
    told = [cell.findtext(f"{MAIN}is/{MAIN}t") or "" for cell in cells]
    # ECMA-376 part 1, 22.9.2.19: _xHHHH_ is the character of that number.
    read_by_excel = [
        re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text) for text in told
    ]
    assert read_by_excel == AWKWARD
    formats = styles.findall(f"{MAIN}cellXfs/{MAIN}xf")
    used = {formats[int(cell.get("s", "0"))].get("numFmtId") for cell in cells}
    columns = sheet.findall(f"{MAIN}cols/{MAIN}col")
    used |= {formats[int(column.get("style", "0"))].get("numFmtId") for column in columns}
    assert used == {"49"}  # 18.8.30: 49 is @, text


def test_a_page_is_laid_out_for_people() -> None:
    rows = (("table", "a"), ("in", "out"), ("head", "x" * 100), ("1", "2"))
    content = write_workbook([Page("a", rows, labels=1, heads=2)], "a", "b")
    sheet: Any = load_workbook(BytesIO(content))["a"]
    assert sheet.freeze_panes == "A4"
    assert [sheet.column_dimensions[each].width for each in "AB"] == [12, 60]
    assert sheet["B3"].alignment.wrap_text
    assert not sheet["B1"].alignment.wrap_text
    assert [sheet[f"A{row}"].font.bold for row in range(1, 5)] == [True, True, True, False]


def test_what_could_not_be_read_again_is_not_written() -> None:
    with pytest.raises(UnreadableWorkbook, match="32768 characters"):
        written(("x" * 32_768,))
    with pytest.raises(UnreadableWorkbook, match="A10001 is far"):
        written(*[("x",)] * 10_001)


@pytest.mark.parametrize(
    ("value", "number_format", "found"),
    [
        (0.9, "General", Decimal("0.9")),
        (0.9, "0%", Percent(Decimal("0.9"))),
        (0.075, "0.0%", Percent(Decimal("0.075"))),
        (90, '0"%"', Decimal(90)),
        (90, r"0\%", Decimal(90)),
        (0.1 + 0.2, "General", Decimal("0.3")),
        (-5, "General", Decimal(-5)),
        (1234567.5, "#,##0", Decimal("1234567.5")),
        (5, "[$€-407] 0", Decimal(5)),
        (True, "General", True),
        (False, "General", False),
        (date(2026, 3, 31), "yyyy-mm-dd", date(2026, 3, 31)),
        (datetime(2026, 3, 31), "dd.mm.yyyy", date(2026, 3, 31)),  # noqa: DTZ001 - Excel has no zones
    ],
)
def test_what_excel_types_is_read_as_what_it_is(value: Any, number_format: str, found: Any) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet["B2"] = value
    sheet["B2"].number_format = number_format
    cells = read(book).cells
    assert cells == {(2, 2): found}
    assert type(cells[2, 2]) is type(found)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("=1+1", "a formula"),
        (ArrayFormula("A1:A1", "=1+1"), "a formula"),
        ("#REF!", "the error #REF!"),
        ("#DIV/0!", "the error #DIV/0!"),
        (datetime(2026, 3, 31, 12), "a date with a time"),  # noqa: DTZ001 - Excel has no zones
        (time(12), "is a time"),
        (1e300, "no number that a rule can take"),
    ],
)
def test_what_is_no_value_is_told_as_such(value: Any, what: str) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet["A1"] = value
    found = read(book).cells[1, 1]
    assert isinstance(found, Unreadable)
    assert what in found.what
    assert found.help


def test_merged_cells_are_told_though_they_look_like_one_text() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet["B2"], sheet["C2"] = "a", "b"
    sheet.merge_cells("B2:C3")
    assert read(book).cells == {
        (2, 2): Unreadable("the cells B2:C3 are merged", "unmerge them, and fill each cell")
    }


def test_hidden_rows_and_a_protected_sheet_are_read() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet["A1"], sheet["A2"] = "a", "b"
    sheet.row_dimensions[2].hidden = True
    sheet.protection.sheet = True
    sheet.protection.set_password("secret")
    assert read(book).cells == {(1, 1): "a", (2, 1): "b"}


def test_texts_are_read_as_excel_itself_writes_them() -> None:
    """Excel keeps texts in a table of their own, in runs where a part is bold."""
    shared = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<si><t>_x005F_x0041_</t></si>"
        b'<si><r><t xml:space="preserve">bold </t></r><r><t>and not</t></r></si>'
        b"<si><t>=1+1</t></si></sst>"
    )
    kind = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
        b'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    )

    def change(name: str, part: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            cells = b"".join(b'<c r="%c1" t="s"><v>%d</v></c>' % (65 + n, n) for n in range(3))
            return re.sub(rb"<row.*</row>", b'<row r="1">' + cells + b"</row>", part)
        if name == "[Content_Types].xml":
            return part.replace(b"</Types>", kind + b"</Types>")
        return part

    parts = {"xl/sharedStrings.xml": shared}
    (found,) = read_workbook(repacked(written(("a",)), change, **parts))
    assert found.cells == {(1, 1): "_x0041_", (1, 2): "bold and not", (1, 3): "=1+1"}


def test_what_is_no_workbook_is_refused() -> None:
    assert "no Excel workbook" in refusal(b"")
    assert "no Excel workbook" in refusal(b"table;kpi-rag\n")
    assert "password" in refusal(OLE + b"\0" * 512)
    assert "damaged" in refusal(b"PK\x03\x04" + b"\0" * 100)
    assert "damaged" in refusal(written(("a",))[:-50])
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("readme.txt", "hello")
    assert "damaged" in refusal(stream.getvalue())


def test_a_file_that_unfolds_is_refused() -> None:
    content = written(("a",))
    assert "unpacks to 20 MB" in refusal(
        repacked(content, lambda _, part: part, bomb=b" " * 20 * 2**20)
    )
    assert "5 MB" in refusal(content + b"\0" * 5 * 2**20)
    many = {f"part{number}": b"" for number in range(501)}
    assert "parts" in refusal(repacked(content, lambda _, part: part, **many))
    rows = b"<row>" + b"<c/>" * 500_001 + b"</row>"
    assert "500000 cells" in refusal(repacked(content, in_sheet(rb"<sheetData>", rows)))


def in_sheet(mark: bytes, put: bytes) -> Callable[[str, bytes], bytes]:
    """Puts something behind a mark in the first sheet."""

    def change(name: str, part: bytes) -> bytes:
        return part.replace(mark, mark + put, 1) if name.endswith("sheet1.xml") else part

    return change


def test_entities_are_refused() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'

    def change(name: str, part: bytes) -> bytes:
        return laughs + part if name.endswith("sheet1.xml") else part

    assert "document type definition" in refusal(repacked(written(("a",)), change))


@pytest.mark.parametrize(
    "put",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1"><c r="B1"><f t="array" ref="A1:XFD1048576">1</f></c></row>',
    ],
)
def test_cells_far_away_are_refused(put: bytes) -> None:
    assert "far from the others" in refusal(
        repacked(written(("a",)), in_sheet(b"<sheetData>", put))
    )


@pytest.mark.parametrize(
    ("ref", "times", "what"),
    [("A1:XFD1048576", 1, "far from the others"), ("A1:CV1000", 6, "more than 500000 cells")],
)
def test_merging_a_whole_sheet_is_refused(ref: str, times: int, what: str) -> None:
    merged = f'<mergeCell ref="{ref}"/>' * times
    put = f"<mergeCells>{merged}</mergeCells>".encode()
    content = repacked(written(("a",)), in_sheet(b"</sheetData>", put))
    assert what in refusal(content)


def test_a_number_that_is_none_is_refused() -> None:
    def cell(value: bytes) -> bytes:
        put = b'<row r="2"><c r="A2"><v>' + value + b"</v></c></row>"
        return repacked(written(("a",)), in_sheet(b"</row>", put))

    assert "damaged" in refusal(cell(b"NaN"))
    assert "damaged" in refusal(cell(b"one"))
    (found,) = read_workbook(cell(b"1e999"))
    assert isinstance(found.cells[2, 1], Unreadable)


def test_a_broken_part_is_refused() -> None:
    content = repacked(written(("a",)), in_sheet(b"<sheetData>", b"<row>"))
    assert "sheet1.xml is no XML" in refusal(content)


def test_cells_are_named_as_excel_names_them() -> None:
    named = {1: "A", 26: "Z", 27: "AA", 52: "AZ", 53: "BA", 702: "ZZ", 703: "AAA"}
    assert {number: letters(number) for number in named} == named
    assert str(cell_place("a.xlsx", "Sheet1", 7, 3)) == "a.xlsx: Sheet1!C7"
    assert str(cell_place("a.xlsx", "kpi-rag", 7, 3)) == "a.xlsx: 'kpi-rag'!C7"
    assert str(cell_place("a.xlsx", "Ana's", 7, 3)) == "a.xlsx: 'Ana''s'!C7"
