"""readings.csv into planned values and readings: many rows at a time, as columns.

Cells that are plainly good are read as whole columns. A row with any other cell goes the slow way, cell
by cell, which knows what to note and how to refuse. Memory holds one batch of rows, and of every row
what tells it from others: its KPI, period and version, its line and a hash of what it says.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from govern.domain.kpi import Kpi
from govern.domain.period import Cadence
from govern.domain.plain import plain_decimal
from govern.domain.reading import Confidence
from govern.intake.batches import ROWS, Batches
from govern.intake.cells import Cells
from govern.intake.dates import parse_date, parse_day_of
from govern.intake.log import Log
from govern.intake.numbers import Percent, percent_of
from govern.intake.reading_cells import (
    UNKNOWN,
    Remembered,
    end_parser,
    figures,
    nothing,
    number_parser,
    parse_confidence,
    parse_link,
    parse_note,
    parse_origin,
    parse_version,
    through,
)
from govern.intake.reading_frame import SAID, SCHEMA, ReadingRows
from govern.intake.reading_repeats import Repeats
from govern.intake.register import Register
from govern.intake.rows import Known, KpiRow, ReadingRow
from govern.intake.table import Table
from govern.intake.texts import MISSING_WORDS, trimmed

_FEW = 1_000
"""Texts that are remembered, of those that seldom stand twice."""


class ReadingReader:
    """Reads one file. `refused` and `repeated` count rows; `rows` are in the order of the file."""

    def __init__(self, log: Log, kpis: Register[KpiRow], known: Known) -> None:
        self._log = log
        self._kpis = kpis
        self._known = known
        self._ids: list[str] = []
        self._cadences: list[Cadence] = []
        self._percents: list[Percent] = []
        self._numbers: dict[str, int] = {}
        self._by_cell: dict[str, int] = {}
        self._ends = {c: Remembered(end_parser(c), blank=False) for c in Cadence}
        self._figures = {p: Remembered(number_parser(p)) for p in Percent}
        self._through: dict[str, Mapping[str, Any]] = {
            "reported_on": Remembered(parse_day_of),
            "confidence": Remembered(parse_confidence),
            "version": Remembered(parse_version),
            "note": Remembered(parse_note, most=_FEW),
            "link": Remembered(parse_link, most=_FEW),
            "reason": Remembered(parse_note, most=_FEW),
            "origin": Remembered(parse_origin, most=_FEW),
        }
        self._repeats = Repeats(log)
        self._batches = Batches()
        self._bad = 0
        self.rows = ReadingRows()

    @property
    def refused(self) -> int:
        return self._bad + self._repeats.refused

    @property
    def repeated(self) -> int:
        return self._repeats.repeated

    def close(self) -> None:
        """Takes nothing of the file: it is refused as a whole."""
        self._batches.clear()
        self.rows = ReadingRows()

    def read(self, table: Table) -> None:
        for lines, rows in table.batches(ROWS):
            self._read(table, lines, rows)
        dropped = self._repeats.settle(self._ids)
        self.rows = ReadingRows(self._batches, dropped)
        self._log.in_order(ReadingRow.file)

    def _read(self, table: Table, lines: list[int], rows: list[list[str]]) -> None:
        position = table.header.positions
        columns = list(zip(*rows, strict=True))
        cells = {
            "reported_on" if name == "reported_at" else name: pl.Series(
                columns[at], dtype=pl.String
            )
            for name, at in position.items()
        }
        frame, slow = self._as_columns(lines, cells)
        if slow.any():
            mended = [
                row
                for at in map(int, slow.arg_true())
                if (row := self._slowly(table, lines[at], rows[at])) is not None
            ]
            frame = pl.concat(
                [frame.filter(~slow), pl.DataFrame(mended, schema=SCHEMA, orient="row")]
            ).sort("line")
        self._note_lost(frame)
        frame = frame.with_columns(
            pl.when("reports").then(name).alias(name) for name in ("reported_on", *SAID)
        )
        self._repeats.take(frame)
        self._batches.add(frame)

    def _as_columns(
        self, lines: list[int], cells: dict[str, pl.Series]
    ) -> tuple[pl.DataFrame, pl.Series]:
        """The rows, and which of them have to go the slow way; what stands in those is of no use."""
        number = self._numbers_of(cells["kpi_id"])
        cadence, percent = self._reads(number)
        period = self._periods(cells["period_end"], cadence)
        slow = number.is_null() | period.is_null()
        values: dict[str, pl.Series] = {}
        for name in ("planned", "actual"):
            if name in cells:
                values[name], bad = figures(cells[name], percent, self._figures)
                slow |= bad
        for name, read in self._through.items():
            if name in cells:
                values[name], bad = through(cells[name], read, SCHEMA[name])
                slow |= bad
        values["version"] = values.get("version", nothing(pl.UInt16, len(lines))).fill_null(0)
        values |= {
            "line": pl.Series(lines, dtype=pl.UInt32),
            "number": number,
            "kpi": pl.Series(self._ids, dtype=pl.String).gather(number),
            "period": period,
        }
        values["unknown"] = pl.repeat(False, len(lines), eager=True)
        for name, kind in SCHEMA.items():
            values.setdefault(name, nothing(kind, len(lines)))
        values["reports"] = values["actual"].is_not_null() | values["reported_on"].is_not_null()
        return pl.DataFrame({name: values[name] for name in SCHEMA}), slow

    def _numbers_of(self, cells: pl.Series) -> pl.Series:
        """The number of each row's KPI; null where the cell needs a closer look."""
        unique = cells.unique().to_list()
        for cell in unique:
            if cell not in self._by_cell and (number := self._quietly(cell)) is not None:
                self._by_cell[cell] = number
        found = {cell: self._by_cell[cell] for cell in unique if cell in self._by_cell}
        return cells.replace_strict(found, default=None, return_dtype=pl.UInt32)

    def _quietly(self, cell: str) -> int | None:
        key = trimmed(cell)
        if not key or key.startswith("'") or key.casefold() in MISSING_WORDS:
            return None
        return self._number(key)

    def _number(self, key: str) -> int | None:
        """The number of a KPI whose rows can be taken."""
        number = self._numbers.get(key)
        if number is None and (kpi := self._kpi(key)) is not None:
            number = self._numbers[key] = len(self._ids)
            self._ids.append(key)
            self._cadences.append(kpi.cadence)
            self._percents.append(percent_of(kpi.unit))
        return number

    def _kpi(self, key: str) -> Kpi | None:
        row = self._kpis.get(key)
        if row is not None:
            return row.kpi
        return None if self._kpis.has_refused(key) else self._known.kpis.get(key)

    def _reads(self, number: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Cadence of each row's KPI, and how a percent sign reads there, by their names."""
        cadences = pl.Series([each.value for each in self._cadences], dtype=pl.String)
        percents = pl.Series([each.name for each in self._percents], dtype=pl.String)
        return cadences.gather(number), percents.gather(number)

    def _periods(self, cells: pl.Series, cadence: pl.Series) -> pl.Series:
        period = nothing(pl.Date, len(cells))
        for name in cadence.drop_nulls().unique():
            mine = (cadence == name).fill_null(False)
            found, _ = through(cells.filter(mine), self._ends[Cadence(name)], pl.Date)
            period = period.scatter(mine.arg_true(), found)
        return period

    def _note_lost(self, frame: pl.DataFrame) -> None:
        lost = frame.filter(~pl.col("reports") & pl.any_horizontal(pl.col(*SAID).is_not_null()))
        if lost.height:
            text = "what is said of a figure is not taken where the row reports none"
            self._log.note(ReadingRow.file, lost["line"][0], None, text, lost.height)

    def _slowly(self, table: Table, line: int, row: list[str]) -> tuple[Any, ...] | None:
        """The way for rows with something to note or refuse: the row in the order of `SCHEMA`."""
        cells = Cells(self._log, ReadingRow.file, table.header, line, row)
        number = self._number_of(cells)
        cadence = None if number is None else self._cadences[number]
        percent = Percent.POINTS if number is None else self._percents[number]
        end = cells.needed("period_end", end_parser(cadence) if cadence else parse_date)
        planned = cells.number("planned", percent)
        silent = cells.raw("actual").casefold() == UNKNOWN
        actual = None if silent else cells.number("actual", percent)
        reported = cells.day_of("reported_at")
        said = (
            cells.lines("note"),
            cells.choice("confidence", Confidence),
            cells.read("link", parse_link, bare=True),
            cells.lines("reason"),
            cells.text("origin"),
        )
        version = cells.read("version", parse_version) or 0
        if number is not None and end and not cells.refused:
            return (
                line,
                number,
                self._ids[number],
                end,
                *map(_text, (planned, actual)),
                reported,
                *said,
                version,
                silent or actual is not None or reported is not None,
                silent,
            )
        self._bad += 1
        if number is not None and end:
            self._repeats.take_refused(line, number, end, version)
        return None

    def _number_of(self, cells: Cells) -> int | None:
        key = cells.identifier("kpi_id")
        if key is None:
            return None
        number = self._number(key)
        if number is None and self._kpis.whole:
            cells.refuse("kpi_id", *self._kpis.why_not(key, self._known.kpis))
        return number


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else plain_decimal(figure)
