"""The workbook to fill in for what is due: its columns, and the mapping by which it comes back."""

from collections.abc import Sequence
from typing import Final

from govern.documents.form import Form, FormCell, FormColumn, Takes
from govern.documents.xlsx import marker_of
from govern.domain.reading import Confidence
from govern.domain.record import Record
from govern.intake.source import FileSource, TableKeys
from govern.intake.source_format import Percent

MARKER: Final = "govern/template/v1"
SHEET: Final = "Readings"

_COLUMNS: Final = (
    FormColumn("KPI id", 18, hidden=True),
    FormColumn("Project", 28),
    FormColumn("KPI", 40),
    FormColumn("Unit", 10),
    FormColumn("Period ends", 12, Takes.DAY),
    FormColumn("Due", 12, Takes.DAY),
    FormColumn("Planned", 14, Takes.NUMBER),
    FormColumn("Last figure", 14, Takes.NUMBER),
    FormColumn("Last period", 12, Takes.DAY),
    FormColumn(
        "Actual",
        14,
        Takes.NUMBER,
        open=True,
        says="A number in the unit of the row. Leave the cell empty where there is no figure yet.",
    ),
    FormColumn(
        "Reported on", 12, Takes.DAY, open=True, says="A day, such as 2026-03-31, or empty."
    ),
    FormColumn(
        "Confidence",
        12,
        Takes.WORD,
        open=True,
        words=tuple(Confidence),
        says=f"{', '.join(Confidence)}, or empty: how sure the figure is.",
    ),
    FormColumn("Note", 40, open=True, says="What a reader of the figure should know."),
    FormColumn(
        "Reason",
        40,
        open=True,
        says="Why it is another figure than before, where one was reported meanwhile.",
    ),
)

_HELP: Final = (
    "How to fill in the sheet 'Readings'",
    "Each row asks for one figure: of one KPI, for the period that ends on the day it names.",
    "Write the figure into 'Actual', in the unit of the row. A percentage of 80 % is 80.",
    "Where there is no figure yet, leave the cell empty: the row is left out, and stays due. Zero is a "
    "figure; write it only where it was zero.",
    "The other coloured columns are yours as well. All else is locked, so that the file finds its way back.",
    "'Planned' and 'Last figure' are there to compare with, and are not read.",
    "Save the file as it is and send it back, or bring it in: govern readings import FILE.xlsx",
)

SOURCE: Final = FileSource(
    id="template",
    title="The workbook that govern makes of what is due",
    table=TableKeys(sheet=SHEET, header_row=1, layout="long"),
    columns={
        "kpi": "KPI id",
        "period": "Period ends",
        "actual": "Actual",
        "reported_on": "Reported on",
        "confidence": "Confidence",
        "note": "Note",
        "reason": "Reason",
    },
    percent=Percent.POINTS,
)


def form_of(rows: Sequence[Record]) -> Form:
    """The form that asks for these figures. Each row has `kpi`, `project_name`, `name`, `unit`, `period`,
    `due`, `planned`, `last` and `last_period`."""
    return Form(SHEET, _COLUMNS, [*map(_row, rows)], "How to fill in", _HELP, MARKER)


def mapping_of(content: bytes) -> FileSource | None:
    """How a file is read that is such a workbook, filled in; `None` for any other."""
    return SOURCE if marker_of(content) == MARKER else None


def _row(row: Record) -> tuple[FormCell, ...]:
    given = (
        row["kpi"],
        row["project_name"],
        row["name"],
        row["unit"],
        row["period"],
        row["due"],
        row["planned"],
        row["last"],
        row["last_period"],
    )
    return (*given, None, None, None, None, None)
