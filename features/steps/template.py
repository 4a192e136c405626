"""The workbook for what is due: got, filled in, and sent back."""

from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from pytest_bdd import given, parsers, then, when

from features.house import House, rows
from govern.services.asking import template
from govern.services.reading_files import take_file

SHOWN = {"KPI": "KPI", "period": "Period ends", "planned": "Planned", "last figure": "Last figure"}
FILLED = {"figure": "Actual", "confidence": "Confidence", "note": "Note"}


@given(parsers.re(r"(?P<name>\w+) gets the workbook for (?P<project>\w+)"))
@when(parsers.re(r"(?P<name>\w+) gets the workbook for (?P<project>\w+)"))
def _(house: House, name: str, project: str) -> None:
    content, _ = template(house.runtime, house.actor(name), project=project, now=house.now)
    house.noted["workbook"] = load_workbook(BytesIO(content))


def _sheet(house: House) -> tuple[Any, dict[str, int]]:
    sheet = house.noted["workbook"]["Readings"]
    return sheet, {cell.value: cell.column for cell in sheet[1]}


@then("it asks for")
def _(house: House, datatable: list[list[str]]) -> None:
    sheet, column = _sheet(house)
    asked = [
        {name: _text(row[column[heading] - 1]) for name, heading in SHOWN.items()}
        for row in sheet.iter_rows(2, values_only=True)
    ]
    assert asked == rows(datatable)


def _text(value: Any) -> str:
    return value.date().isoformat() if hasattr(value, "date") else str(value)


@when(parsers.re(r"(?P<name>\w+) sends it back with"))
def _(house: House, name: str, datatable: list[list[str]]) -> None:
    sheet, column = _sheet(house)
    row_of = {
        _text(sheet.cell(row, column["Period ends"]).value): row
        for row in range(2, sheet.max_row + 1)
    }
    for said in rows(datatable):
        for field, heading in FILLED.items():
            if said[field]:
                cell = sheet.cell(row_of[said["period"]], column[heading])
                cell.value = _typed(said[field]) if field == "figure" else said[field]
    stream = BytesIO()
    house.noted["workbook"].save(stream)
    house.noted["file"] = take_file(
        house.runtime,
        house.actor(name),
        filename="due.xlsx",
        content=stream.getvalue(),
        now=house.now,
    )


def _typed(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


@then("it is taken")
def _(house: House) -> None:
    assert house.noted["file"].written, house.noted["file"]


@then(parsers.re(r"the cell (?P<cell>\S+) is refused, and nothing is taken"))
def _(house: House, cell: str) -> None:
    told = house.noted["file"]
    assert not told.written
    assert [each.place for each in told.cells if each.became == "refused"] == [f"due.xlsx:{cell}"]
