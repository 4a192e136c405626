"""A file of exchange rates: one row per pair of currencies and day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from govern.intake.cells import Cells
from govern.intake.columns import RATES
from govern.intake.dates import parse_date
from govern.intake.log import FileRefused, Log
from govern.intake.numbers import parse_number
from govern.intake.rows import Note, Refused
from govern.intake.table import Table
from govern.intake.texts import parse_currency


@dataclass(frozen=True, slots=True)
class RateRow:
    """One rate, and the line that it stands on."""

    line: int
    currency: str
    to_currency: str
    rate_on: date
    rate: Decimal
    origin: str


@dataclass(frozen=True, slots=True)
class RateRows:
    rows: tuple[RateRow, ...]
    refusals: tuple[Refused, ...]
    notes: tuple[Note, ...]


def read_rates(path: Path) -> RateRows:
    """Every row that can be taken, and what cannot, by line and cell. Never raises for what it holds."""
    log = Log()
    rows: list[RateRow] = []
    try:
        with Table(path, RATES, log) as table:
            for line, texts in table.rows():
                cells = Cells(log, path.name, table.header, line, texts)
                row = _row(cells, path.name)
                if row is not None:
                    rows.append(row)
    except FileRefused as refused:
        log.refuse(
            path.name,
            refused.line,
            None,
            refused.value,
            problem=refused.problem,
            right=refused.right,
        )
    return RateRows(tuple(rows), tuple(log.refusals), log.notes)


def _row(cells: Cells, file: str) -> RateRow | None:
    currency = cells.needed("currency", parse_currency)
    other = cells.needed("to_currency", parse_currency)
    day = cells.needed("rate_on", parse_date)
    rate = cells.needed("rate", parse_number)
    origin = cells.text("origin")
    if cells.refused or currency is None or other is None or day is None or rate is None:
        return None
    return RateRow(cells.line, currency, other, day, rate, origin or f"{file}:{cells.line}")
