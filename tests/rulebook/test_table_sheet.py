"""A table's rows from a sheet: what Excel's values become, and what is told at which cell."""

from datetime import date
from decimal import Decimal

import pytest

from govern.documents.problem import Problem
from govern.documents.sheet import Content, Percent, Sheet, Unreadable
from govern.rulebook.table_place import WrittenTable, written_tables
from govern.rulebook.table_sheet import TableSheet, read_table
from tests.rulebook.rule_files import HEAD

FILE = (
    HEAD
    + """\
tables:
  - id: kpi-rag
    title: How a KPI
      stands
    hit: first
    rows: |
      | attainment | trend(3)  || rag     | note   |
      | null       | -         || "grey"  | "a\\nb" |
      | < 80%      | "falling" || "red"   | null   |
"""
)
GRID: list[list[Content | None]] = [
    ["table", "kpi-rag"],
    ["title", "How a KPI stands"],
    ["hit", "first"],
    ["input", "input", "output", "output"],
    ["number", "text", "text", "text"],
    ["attainment", "trend(3)", "rag", "note"],
    ["null", "-", '"grey"', '"a\\nb"'],
    ["< 80%", '"falling"', '"red"', "null"],
]


def tables() -> list[WrittenTable]:
    return written_tables({"a.yaml": FILE})


def sheet(grid: list[list[Content | None]], name: str = "kpi-rag") -> Sheet:
    cells = {
        (row, column): content
        for row, line in enumerate(grid, start=1)
        for column, content in enumerate(line, start=1)
        if content is not None
    }
    return Sheet(name, cells)


def edited(**cells: Content | None) -> list[list[Content | None]]:
    """`GRID` with other contents: `C7="…"`."""
    found = [[*line, *[None] * (6 - len(line))] for line in GRID]
    for name, content in cells.items():
        row = int(name[1:]) - 1
        found += [[None] * 6 for _ in range(row + 1 - len(found))]
        found[row]["ABCDEF".index(name[0])] = content
    return found


def read(*sheets: Sheet) -> tuple[TableSheet | None, list[Problem]]:
    problems: list[Problem] = []
    return read_table(sheets, "rag.xlsx", tables(), problems), problems


def cell(name: str, content: Content | None) -> str:
    """What becomes of a cell in a row."""
    found, problems = read(sheet(edited(**{name: content})))
    assert found is not None, problems
    inputs, outputs = found.lines[int(name[1:]) - 6]
    return (*inputs, *outputs)["ABCD".index(name[0])]


def told(grid: list[list[Content | None]]) -> list[tuple[str, str, str, str]]:
    """Code, place, message and help of every problem."""
    found, problems = read(sheet(grid))
    assert found is None
    return [(each.code, str(each.place), each.message, each.help or "") for each in problems]


def test_an_unchanged_sheet_has_the_lines_of_the_file() -> None:
    found, problems = read(sheet(GRID))
    assert found is not None
    assert (found.lines, problems) == (tables()[0].lines, [])


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("  >= 90% ", ">= 90%"),
        ('"falling",\n"flat"', '"falling", "flat"'),
        ('"two\nlines"', '"two\\nlines"'),
        ('"two\r\nlines"', '"two\\nlines"'),
        ('"a\u2028b"', '"a\\u2028b"'),
        ("3 /* one\ntwo */", "3 /* one two */"),
        ("3 // why", "3 // why"),
        ('"a | b"', '"a | b"'),
        (Decimal("0.85"), "0.85"),
        (Decimal("-5"), "-5"),
        (Decimal("1E+3"), "1000"),
        (Percent(Decimal("0.85")), "85%"),
        (Percent(Decimal("0.075")), "7.5%"),
        (True, "true"),
        (False, "false"),
        (date(2026, 3, 31), '@"2026-03-31"'),
        ("007", "007"),
        ("=3", "=3"),
        ("-", "-"),
        (None, "-"),
        (" ", "-"),
    ],
)
def test_what_a_cell_becomes(content: Content | None, text: str) -> None:
    assert cell("A8", content) == text


def test_rows_come_go_and_change_places() -> None:
    found, _ = read(sheet([*GRID[:6], GRID[7], [None], ["-", "-", '"x"', "null"], GRID[6]]))
    assert found is not None
    header, grey, red = tables()[0].lines
    assert found.lines == (header, red, (("-", "-"), ('"x"', "null")), grey)
    assert found.numbers == (6, 7, 9, 10)


def test_columns_may_stand_in_another_order_and_with_room_between() -> None:
    moved = [[*line, *[None] * (4 - len(line))] for line in GRID]
    moved = [*GRID[:3], *[[line[3], None, line[1], line[0], line[2]] for line in moved[3:]]]
    found, problems = read(sheet(moved))
    assert found is not None, problems
    assert found.lines == tables()[0].lines
    assert found.columns == (4, 3, 5, 1)


def test_other_sheets_are_not_looked_at() -> None:
    about = Sheet(
        "About this table", {(1, 1): "about", (8, 1): "rows as exported", (8, 2): "sha256:1"}
    )
    found, _ = read(sheet([["my notes"]], "notes"), about, sheet(GRID, "renamed"))
    assert found is not None
    assert (found.sheet, found.exported) == ("renamed", "sha256:1")


@pytest.mark.parametrize(
    ("code", "cells", "place", "what", "right"),
    [
        (
            "E344",
            {"B7": Unreadable("a formula stands here", "a value")},
            "B7",
            "a formula",
            "a value",
        ),
        ("E344", {"C7": None}, "C7", "an output is empty", "null"),
        ("E344", {"C7": " "}, "C7", "an output is empty", "null"),
        ("E344", {"A7": "< 80% | > 90%"}, "A7", "a | stands outside", ","),
        ("E344", {"A7": '"falling'}, "A7", "a text in it does not end", '"'),
        ("E344", {"A7": "3, // why\n4"}, "A7", "a // comment", "/* … */"),
        ("E343", {"E9": "a note"}, "E9", "beside the table", "another sheet"),
        ("E343", {"A6": "attainmnt"}, "A6", "no input `attainmnt`", "did you mean 'attainment'?"),
        (
            "E343",
            {"E4": "input", "E6": "budget"},
            "E6",
            "no input `budget`",
            "attainment, trend(3)",
        ),
        ("E343", {"E4": "output", "E6": "rag"}, "E6", "two columns `rag`", "delete one"),
        ("E343", {"B4": "inputs"}, "B4", "'inputs' is no kind of column", "input or output"),
        (
            "E343",
            {"B4": None, "B5": None, "B6": None, "B7": None, "B8": None},
            "A6",
            "`trend(3)` is missing",
            "back",
        ),
        ("E345", {"B2": "Another"}, "B2", "the title here is 'Another'", "only rows are taken"),
        (
            "E345",
            {"B3": "any"},
            "B3",
            "the hit here is 'any', and 'first' in the file",
            "in the file",
        ),
        ("E342", {"B1": "kpi-rig"}, "B1", "no table 'kpi-rig'", "did you mean 'kpi-rag'?"),
        ("E342", {"B1": Decimal(5)}, "B1", "no table '5'", "there are: kpi-rag"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(
    code: str, cells: dict[str, Content | None], place: str, what: str, right: str
) -> None:
    found = told(edited(**cells))
    assert any(
        (each, at) == (code, f"rag.xlsx: 'kpi-rag'!{place}") and what in message and right in helps
        for each, at, message, helps in found
    ), found


def test_everything_is_told_at_once() -> None:
    bad = Unreadable("a formula stands here", "a value")
    found = told(edited(A7=bad, B8=bad, C7=None, D8='"'))
    assert [place.partition("!")[2] for _, place, _, _ in found] == ["A7", "C7", "B8", "D8"]
    found = told(edited(A7=bad, E8="note", B3="any"))
    assert [place.partition("!")[2] for _, place, _, _ in found] == ["B3", "E8", "A7"]


def test_a_table_without_rows_is_told() -> None:
    ((code, place, what, _),) = told(GRID[:6])
    assert (code, place, what) == ("E344", "rag.xlsx: 'kpi-rag'!A7", "the table has no row")


def test_a_workbook_holds_one_table() -> None:
    _, problems = read(sheet([["my notes"]]))
    assert [(each.code, str(each.place)) for each in problems] == [("E341", "rag.xlsx")]
    _, problems = read(sheet(GRID, "one"), sheet(GRID, "two"))
    assert "one, two" in problems[0].message
    _, problems = read()
    assert problems[0].code == "E341"
