"""readings.csv: row by row into planned values and readings. Long files are expected here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from govern.domain.kpi import Kpi
from govern.domain.period import Cadence, is_period_end, period_end
from govern.domain.reading import PlannedValue, Reading
from govern.intake.cells import Cells
from govern.intake.dates import parse_date, parse_day_of
from govern.intake.log import Log
from govern.intake.numbers import Percent, parse_number, percent_of
from govern.intake.problem import CellProblem
from govern.intake.register import Register
from govern.intake.rows import Known, KpiRow, ReadingRow
from govern.intake.table import Table
from govern.intake.texts import MISSING_WORDS, trimmed

T = TypeVar("T")

_REMEMBERED = 200_000


class _Remembered(dict[str, T | None]):
    """Cell text → value, parsed once. What must be noted or refused is not kept: it raises."""

    def __init__(self, parse: Callable[[str], T], blank: bool = True) -> None:
        super().__init__()
        self._parse = parse
        if blank:
            self[""] = None

    def __missing__(self, cell: str) -> T | None:
        text = trimmed(cell)
        if text in self:
            return self[text]
        if text.casefold() in MISSING_WORDS:
            raise CellProblem("is taken as missing", "")
        if len(self) > _REMEMBERED:
            blank = "" in self
            self.clear()
            if blank:
                self[""] = None
        value = self[cell] = self._parse(text)
        return value


@dataclass(slots=True)
class _Series:
    """What is needed to read one KPI's rows, and which of its periods have been read."""

    kpi_id: str
    cadence: Cadence
    percent: Percent
    ends: Mapping[str, date | None]
    numbers: Mapping[str, Decimal | None]
    rows: dict[date, ReadingRow] = field(default_factory=dict[date, ReadingRow])
    refused: dict[date, int] = field(default_factory=dict[date, int])


class ReadingReader:
    """Reads one file. `refused` and `repeated` count rows; `rows` are in the order of the file."""

    def __init__(self, log: Log, kpis: Register[KpiRow], known: Known) -> None:
        self._log = log
        self._kpis = kpis
        self._known = known
        self._series: dict[str, _Series] = {}
        self._by_cell: dict[str, _Series] = {}
        self._ends = {c: _Remembered(_end_parser(c), blank=False) for c in Cadence}
        self._numbers = {p: _Remembered(_number_parser(p)) for p in Percent}
        self._days = _Remembered(parse_day_of)
        self.refused = 0
        self.repeated = 0

    def rows(self) -> tuple[ReadingRow, ...]:
        found = [row for series in self._series.values() for row in series.rows.values()]
        found.sort(key=lambda row: row.line)
        return tuple(found)

    def close(self) -> None:
        """Takes nothing of the file: it is refused as a whole."""
        self._series.clear()

    def read(self, table: Table) -> None:
        position = table.header.positions
        at_kpi, at_end = position["kpi_id"], position["period_end"]
        at_planned, at_actual = position.get("planned"), position.get("actual")
        at_reported = position.get("reported_at")
        by_cell, days = self._by_cell, self._days
        for line, row in table.rows():
            series = by_cell.get(row[at_kpi])
            if series is None:
                self._slowly(table, line, row)
                continue
            try:
                end = series.ends[row[at_end]]
                numbers = series.numbers
                planned = None if at_planned is None else numbers[row[at_planned]]
                actual = None if at_actual is None else numbers[row[at_actual]]
                reported = None if at_reported is None else days[row[at_reported]]
            except CellProblem:
                self._slowly(table, line, row)
                continue
            if end is None:
                self._slowly(table, line, row)
            else:
                self._take(series, line, end, (planned, actual, reported))

    def _take(
        self,
        series: _Series,
        line: int,
        end: date,
        figures: tuple[Decimal | None, Decimal | None, date | None],
    ) -> None:
        planned, actual, reported = figures
        kpi_id = series.kpi_id
        row = ReadingRow(
            line,
            None if actual is None and reported is None else Reading(kpi_id, end, actual, reported),
            None if planned is None else PlannedValue(kpi_id, end, planned),
        )
        if end in series.rows or end in series.refused:
            self._again(series, end, row)
        else:
            series.rows[end] = row

    def _again(self, series: _Series, end: date, row: ReadingRow) -> None:
        before = series.rows.get(end)
        if before is None:
            self._conflict(series, end, row.line, series.refused[end])
        elif (before.reading, before.planned) == (row.reading, row.planned):
            self.repeated += 1
            self._log.note(
                ReadingRow.file, row.line, None, "an exact repeat of a row above is taken once"
            )
        else:
            del series.rows[end]
            series.refused[end] = before.line
            self._conflict(series, end, before.line, row.line)
            self._conflict(series, end, row.line, before.line)

    def _conflict(self, series: _Series, end: date, line: int, other: int) -> None:
        self.refused += 1
        self._log.refuse(
            ReadingRow.file,
            line,
            "period_end",
            end.isoformat(),
            problem=f"of KPI {series.kpi_id} is also on line {other}, with other content",
            right="keep the row that is right",
        )

    def _slowly(self, table: Table, line: int, row: list[str]) -> None:
        """The way for a KPI's first row and for rows with something to note or refuse."""
        cells = Cells(self._log, ReadingRow.file, table.header, line, row)
        series = self._series_of(cells)
        cadence = series.cadence if series else None
        percent = series.percent if series else Percent.POINTS
        end = cells.needed("period_end", _end_parser(cadence) if cadence else parse_date)
        planned = cells.number("planned", percent)
        actual = cells.number("actual", percent)
        reported = cells.day_of("reported_at")
        if series and end and not cells.refused:
            self._by_cell[row[table.header.positions["kpi_id"]]] = series
            self._take(series, line, end, (planned, actual, reported))
            return
        self.refused += 1
        if series and end:
            series.refused.setdefault(end, line)
            before = series.rows.pop(end, None)
            if before is not None:
                self._conflict(series, end, before.line, line)

    def _series_of(self, cells: Cells) -> _Series | None:
        key = cells.identifier("kpi_id")
        if key is None:
            return None
        if key in self._series:
            return self._series[key]
        kpi = self._kpi(key)
        if kpi is None:
            if self._kpis.whole:
                cells.refuse("kpi_id", *self._kpis.why_not(key, self._known.kpis))
            return None
        percent = percent_of(kpi.unit)
        series = _Series(key, kpi.cadence, percent, self._ends[kpi.cadence], self._numbers[percent])
        self._series[key] = series
        return series

    def _kpi(self, key: str) -> Kpi | None:
        row = self._kpis.get(key)
        if row is not None:
            return row.kpi
        return None if self._kpis.has_refused(key) else self._known.kpis.get(key)


def _end_parser(cadence: Cadence) -> Callable[[str], date]:
    def parse(text: str) -> date:
        day = parse_date(text)
        if not is_period_end(cadence, day):
            raise CellProblem(
                f"is not the last day of a {cadence} period",
                f"the period it lies in ends on {period_end(cadence, day)}",
            )
        return day

    return parse


def _number_parser(percent: Percent) -> Callable[[str], Decimal]:
    return lambda text: parse_number(text, percent)
