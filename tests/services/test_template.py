"""The workbook for what is due: what it asks, what may be written in it, and how it comes back."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from govern.domain.refusal import NotFound
from govern.services import kpis, readings
from govern.services.asking import template
from govern.services.people import OPERATOR
from govern.services.reading_files import take_file
from govern.services.state_audit import audit_state
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project, report
from tests.services.test_gates import to_stage

HEADINGS = [
    "KPI id",
    "Project",
    "KPI",
    "Unit",
    "Period ends",
    "Due",
    "Planned",
    "Last figure",
    "Last period",
    "Actual",
    "Reported on",
    "Confidence",
    "Note",
    "Reason",
]
OPEN = HEADINGS[9:]


@pytest.fixture
def due(house: House) -> House:
    """A project that reports: of its first KPI, of which ten months are over, two have a figure."""
    add_project(house)
    report(house, "P1-K1", {"2026-01-31": 90, "2026-02-28": 190})
    to_stage(house, "P1", "monitoring")
    return house


def _made(house: House, **options: Any) -> Any:
    content, rows = template(house.runtime, OPERATOR, now=NOW, **options)
    book = load_workbook(BytesIO(content))
    assert book["Readings"].max_row == rows + 1
    return book


def _saved(book: Any) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _taken(house: House, book: Any, **options: Any) -> Any:
    return take_file(
        house.runtime, house.dan, filename="due.xlsx", content=_saved(book), now=NOW, **options
    )


def _cell(book: Any, heading: str, row: int) -> Any:
    return book["Readings"].cell(row, HEADINGS.index(heading) + 1)


def test_it_asks_for_what_is_due_with_what_helps_to_answer(due: House) -> None:
    sheet = _made(due)["Readings"]
    rows = list(sheet.iter_rows(values_only=True))
    assert list(rows[0]) == HEADINGS
    assert [row[4].date().isoformat() for row in rows[1:]] == [
        f"2026-{month}"
        for month in ("03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31")
    ]
    first = dict(zip(HEADINGS, rows[1], strict=True))
    assert first["KPI id"] == "P1-K1"
    assert (first["Project"], first["KPI"], first["Unit"]) == ("Project P1", "Revenue", "EUR")
    assert (first["Planned"], first["Last figure"]) == (300, 190)
    assert first["Last period"].date() == date(2026, 2, 28)
    assert all(first[name] is None for name in OPEN)


def test_only_what_is_asked_can_be_written_and_excel_says_what(due: House) -> None:
    book = _made(due)
    sheet = book["Readings"]
    assert sheet.protection.sheet
    unlocked = {
        cell.column_letter
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert unlocked == {chr(ord("A") + HEADINGS.index(name)) for name in OPEN}
    assert _cell(book, "Actual", 1).protection.locked is not False
    assert sheet.column_dimensions["A"].hidden
    rules = {str(each.sqref): each for each in sheet.data_validations.dataValidation}
    assert {name: each.type for name, each in rules.items()} == {
        "J2:J9": "decimal",
        "K2:K9": "date",
        "L2:L9": "list",
        "M2:M9": None,
        "N2:N9": None,
    }
    assert rules["L2:L9"].formula1 == '"high,medium,low"'
    assert all(each.prompt for each in rules.values())
    assert book["govern"].sheet_state == "veryHidden"
    assert "Zero is a figure" in " ".join(
        str(row[0]) for row in book["How to fill in"].iter_rows(values_only=True)
    )


def test_filled_in_it_comes_back_as_readings(due: House) -> None:
    book = _made(due)
    _cell(book, "Actual", 2).value = 285.5
    _cell(book, "Confidence", 2).value = "low"
    _cell(book, "Note", 2).value = "Before the audit.\nTwo lines."
    _cell(book, "Reported on", 2).value = date(2026, 4, 7)
    _cell(book, "Actual", 4).value = 0
    told = _taken(due, book)
    assert told.questions == ()
    assert (told.written, told.counts["new"], told.counts["refused"]) == (True, 2, 0)
    found = readings.list_readings(due.runtime, OPERATOR, "P1-K1", PageRequest()).items
    march = next(each for each in found if each["period"] == date(2026, 3, 31))
    assert march["actual"] == Decimal("285.5")
    assert (march["confidence"], march["reported_on"]) == ("low", date(2026, 4, 7))
    assert march["note"].startswith("Before the audit.")
    assert march["origin"] == "due.xlsx:Readings!J2"
    assert {each["period"].month: each["actual"] for each in found}[5] == 0
    # What was left empty is due still, and is asked for again.
    again = _made(due)["Readings"]
    assert [row[4].month for row in again.iter_rows(2, values_only=True)] == [4, 6, 7, 8, 9, 10]
    assert audit_state(due.runtime, OPERATOR).differences == ()


def test_what_cannot_be_taken_is_named_by_its_cell_and_nothing_goes_in(due: House) -> None:
    book = _made(due)
    _cell(book, "Actual", 2).value = 285
    _cell(book, "Actual", 3).value = "soon"
    told = _taken(due, book)
    assert not told.written
    [refused] = [each for each in told.cells if each.became == "refused"]
    assert refused.place == "due.xlsx:Readings!J3"
    assert _taken(due, book, keep_good=True).counts["new"] == 1


def test_a_figure_that_came_meanwhile_is_corrected_only_with_a_reason(due: House) -> None:
    book = _made(due)
    report(due, "P1-K1", {"2026-03-31": 280})
    _cell(book, "Actual", 2).value = 285
    assert _taken(due, book).counts["refused"] == 1
    _cell(book, "Reason", 2).value = "The ledger was closed later."
    assert _taken(due, book).counts["corrected"] == 1


def test_percentages_are_written_as_they_are_counted(house: House) -> None:
    add_project(house)
    kpis.change_kpi(house.runtime, house.pia, "P1-K1", {"unit": "%"}, version=None, now=NOW)
    report(house, "P1-K1", {"2026-09-30": 82})
    to_stage(house, "P1", "monitoring")
    book = _made(house)
    last = book["Readings"].max_row
    assert _cell(book, "Period ends", last).value.month == 10
    _cell(book, "Actual", last).value = 0.8
    assert _taken(house, book).questions, "so far from the figure before it is asked about"
    assert _taken(house, book, accept=(f"J{last}",)).counts["new"] == 1
    found = readings.list_readings(house.runtime, OPERATOR, "P1-K1", PageRequest()).items
    assert found[-1]["actual"] == Decimal("0.8")


def test_it_is_narrowed_to_a_project_an_owner_and_a_day(due: House) -> None:
    assert template(due.runtime, OPERATOR, owner="Somebody", now=NOW)[1] == 0
    assert template(due.runtime, OPERATOR, owner="Olga", project="P1", now=NOW)[1] == 8
    later = NOW.date() + timedelta(days=10)
    assert template(due.runtime, OPERATOR, by=later, now=NOW)[1] == 9
    with pytest.raises(NotFound):
        template(due.runtime, OPERATOR, project="P9", now=NOW)


def test_a_workbook_of_another_kind_is_read_as_any_file(due: House, tmp_path: Path) -> None:
    book = _made(due)
    del book["govern"]
    told = _taken(due, book, dry_run=True)
    assert told.questions or told.problems
