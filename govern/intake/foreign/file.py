"""A file and a mapping → what each of its cells becomes, and what is asked before the rest goes in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from govern.documents.grid import GridSheet
from govern.documents.xlsx import read_grids
from govern.documents.xlsx_guard import OLE, UnreadableWorkbook
from govern.domain.count import counted
from govern.intake.foreign.cells import CellReader
from govern.intake.foreign.checks import against_stored, once
from govern.intake.foreign.csv_file import read_csv
from govern.intake.foreign.entries import Entry, entries
from govern.intake.foreign.evidence import proven_numbers, proven_order
from govern.intake.foreign.far import ask_far
from govern.intake.foreign.known import KnownKpi
from govern.intake.foreign.outcome import Became, CellOutcome, Choice, Found, Question
from govern.intake.foreign.place import View
from govern.intake.foreign.table import Table, find_table
from govern.intake.foreign.values import Writing
from govern.intake.foreign.written import quoted
from govern.intake.source import DateKeys, FileSource


@dataclass(frozen=True, slots=True)
class FileReading:
    """`stated`: what was found out about the file and not asked. `problems`: what is wrong with it
    as a whole. `cells`: one outcome for each cell of a figure, in the order of the file.
    `proven`: the mapping with what the file proves of itself."""

    file: str
    sheet: str | None
    stated: tuple[str, ...]
    problems: tuple[CellOutcome, ...]
    questions: tuple[Question, ...]
    cells: tuple[CellOutcome, ...]
    proven: FileSource

    @property
    def kpis(self) -> frozenset[str]:
        """The KPIs that the file is about, as far as that is known."""
        return frozenset(each.kpi for each in self.cells if each.kpi is not None)


class ForeignFile:
    """A file on its way: read first for what it says, then held against what is stored."""

    def __init__(self, name: str, content: bytes, source: FileSource) -> None:
        self._found = Found(name)
        self._content = content
        self._source = self._proven = source
        self._sheet: GridSheet | None = None

    def read(self, kpis: Mapping[str, KnownKpi]) -> FileReading:
        """What its cells say. `kpis`, by id: those that it may be about; what is stored of them is not
        looked at. Never raises for what is in the file."""
        found, source = self._found, self._source
        sheet = self._sheet = _sheet(self._content, source, found)
        view = None if sheet is None else View(sheet)
        table = None if view is None else find_table(view, source, found)
        if view is None or table is None:
            return self._answer()
        rows = list(entries(view, table, source, found))
        if not rows:
            found.refuse_file("has no rows below its headings", "send a file with figures in it")
        writing, dates = _writing(view, rows, source, found)
        self._proven = _proven(source, writing, dates, table, found)
        reader = CellReader(view, table, writing, dates, kpis, found)
        reader.ask_scale()
        found.cells = once(reader.percentages([reader.outcome(each) for each in rows]))
        self._hold_back()
        return self._answer()

    def _hold_back(self) -> None:
        """While it is asked how the file itself is read, none of its cells is sure."""
        of_file = [each.text for each in self._found.questions if each.section == "file"]
        if of_file:
            self._found.cells = [
                replace(each, became=Became.ASKED, how=of_file[0], value=None)
                if each.became in (Became.TAKEN, Became.REPEATED)
                else each
                for each in self._found.cells
            ]

    def held_against(
        self, kpis: Mapping[str, KnownKpi], *, today: date, reason: str | None = None
    ) -> FileReading:
        """What its cells do to what is stored of these KPIs. `reason` says why figures are corrected
        whose row says nothing."""
        found = self._found
        judged = [
            against_stored(each, kpi, today, reason)
            if each.became is Became.TAKEN and (kpi := kpis.get(each.kpi or "")) is not None
            else each
            for each in found.cells
        ]
        found.cells = ask_far(judged, kpis, self._source, found)
        return self._answer()

    def _answer(self) -> FileReading:
        found = self._found
        return FileReading(
            found.file,
            None if self._sheet is None else self._sheet.name,
            tuple(found.stated),
            tuple(found.problems),
            found.questions,
            tuple(found.cells),
            self._proven,
        )


def read_file(
    name: str,
    content: bytes,
    source: FileSource,
    kpis: Mapping[str, KnownKpi],
    *,
    today: date,
    reason: str | None = None,
) -> FileReading:
    """Both at once, where all that is stored is at hand."""
    file = ForeignFile(name, content, source)
    file.read(kpis)
    return file.held_against(kpis, today=today, reason=reason)


def _sheet(content: bytes, source: FileSource, found: Found) -> GridSheet | None:
    if not content.startswith((b"PK\x03\x04", OLE)):
        if source.table.sheet is not None and found.file.lower().endswith((".xlsx", ".xlsm")):
            found.refuse_file("is no Excel workbook", "save it as .xlsx")
            return None
        return read_csv(content, source.table, found)
    try:
        sheets = read_grids(content)
    except UnreadableWorkbook as error:
        found.refuse_file(f"cannot be read: {error.what}", error.help)
        return None
    return _one_of(sheets, source, found)


def _one_of(sheets: tuple[GridSheet, ...], source: FileSource, found: Found) -> GridSheet | None:
    wanted = source.table.sheet
    if wanted is not None:
        named = [each for each in sheets if each.name == wanted]
        if not named:
            names = ", ".join(f"'{each.name}'" for each in sheets)
            found.refuse_file(f"has no sheet '{wanted}'", f"its sheets are: {names}")
            return None
        if named[0].hidden:
            found.state(f"the sheet '{wanted}' is hidden")
        return named[0]
    full = [each for each in sheets if each.cells and not each.hidden]
    hidden = [each for each in sheets if each.cells and each.hidden]
    if hidden:
        names = ", ".join(f"'{each.name}'" for each in hidden)
        found.state(
            f"{counted(len(hidden), 'hidden sheet is', 'hidden sheets are')} not read: {names}"
        )
    if not full:
        found.refuse_file("has no sheet with anything in it", "send a file with figures in it")
        return None
    if len(full) > 1:
        choices = tuple(
            Choice(f"sheet: {quoted(each.name or '')}", f"to {each.rows} rows") for each in full
        )
        found.ask(Question("file", "Which sheet has the figures?", choices))
        return None
    found.state(f"the figures are in the sheet '{full[0].name}'")
    found.table["sheet"] = full[0].name or ""
    return full[0]


def _writing(
    view: View, rows: list[Entry], source: FileSource, found: Found
) -> tuple[Writing, DateKeys]:
    """How figures and days are written: by the mapping, and by what the file proves."""
    plain = Writing(source, source.numbers)
    texts = [
        (view.name(each.row, each.column), each.cell.cell.value)
        for each in rows
        if each.cell is not None
        and isinstance(each.cell.cell.value, str)
        and not plain.missing(each.cell.cell)
    ]
    numbers, torn = proven_numbers(texts, source.numbers, found)
    days = [
        (view.name(at.row, at.column), text)
        for _, group in groupby(rows, key=lambda each: each.row)
        for each in group
        for at, text in (
            (each.period_at, each.period),
            *((at, at.cell.value) for name, at in each.said.items() if name == "reported_on"),
        )
        if at is not None and isinstance(text, str)
    ]
    return Writing(source, numbers, torn), proven_order(days, source.dates, found)


def _proven(
    source: FileSource, writing: Writing, dates: DateKeys, table: Table, found: Found
) -> FileSource:
    """What a mapping of the file would say that nobody has to be asked."""
    columns = dict(source.columns) or {
        name: table.headings[column] for name, column in table.columns.items()
    }
    layout = "wide" if table.wide else "long"
    keys: dict[str, Any] = {"layout": layout, **found.table}
    return replace(
        source,
        numbers=writing.numbers,
        dates=dates,
        columns=columns,
        table=replace(source.table, **keys),
    )
