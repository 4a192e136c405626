"""The rows of a table as figures, each with its label, its period and what else is said of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from govern.intake.foreign.headings import plain_word
from govern.intake.foreign.outcome import Found
from govern.intake.foreign.place import At, View
from govern.intake.foreign.table import PeriodColumn, Table
from govern.intake.source import FileSource

SAID = ("reported_on", "note", "confidence", "link", "reason")


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure, or the blank cell where it would be. `period` is what stands for it, at `period_at`.

    `word` says in the row whether it is planned or actual; `figure` is what its column says. `stray`
    is a cell of the row that stands behind the last heading, as where a figure was cut in two."""

    row: int
    column: int
    cell: At | None
    label: At | None
    period: str | date | None
    period_at: At | None
    figure: str | None
    word: At | None
    unit: str | None
    stray: At | None
    said: Mapping[str, At] = field(default_factory=dict[str, At])


def entries(view: View, table: Table, source: FileSource, found: Found) -> Iterator[Entry]:
    """Every figure of the table, row by row; rows without any are told and left out."""
    columns = table.columns
    figures = tuple(table.periods) or tuple(
        columns[name] for name in ("actual", "planned") if name in columns
    )
    above: At | None = None
    for row in view.numbers:
        if row < table.first:
            continue
        label = view.spread(row, columns["kpi"]) if "kpi" in columns else None
        if label is None and source.table.fill_down:
            label = above
        above = label or above
        if _is_heading(view, table, row):
            found.state(f"row {row} repeats the headings and is left out")
            continue
        if all(view.spread(row, column) is None for column in figures):
            text = " ".join(at.text for at in view.row(row))[:60]
            found.state(f"row {row} has no figures and is left out: '{text}'")
            continue
        word = view.spread(row, columns["measure"]) if "measure" in columns else None
        unit = view.spread(row, columns["unit"]) if "unit" in columns else None
        said = {
            name: at
            for name in SAID
            if name in columns and (at := view.spread(row, columns[name])) is not None
        }
        common = (label, word, None if unit is None else unit.text, _stray(view, table, row), said)
        yield from _of_row(view, table, row, common)


_Common = tuple[At | None, At | None, str | None, At | None, Mapping[str, At]]


def _stray(view: View, table: Table, row: int) -> At | None:
    last = max((*table.headings, *table.periods), default=0)
    behind = (at for at in view.row(row) if at.column > last)
    return next((at for at in behind if any(char.isdigit() for char in at.text)), None)


def _of_row(view: View, table: Table, row: int, common: _Common) -> Iterator[Entry]:
    label, word, unit, stray, said = common
    for column, head in table.periods.items():
        cell = view.at(row, column)
        yield Entry(
            row,
            column,
            cell,
            label,
            head.period,
            head.at,
            head.figure,
            word or head.unknown,
            unit,
            stray,
            said,
        )
    if table.periods:
        return
    period_at = view.spread(row, table.columns["period"])
    period: str | date | None = None
    if period_at is not None:
        value = period_at.cell.value
        period = value if isinstance(value, date) else period_at.text
    if "year" in table.columns and period_at is not None and not isinstance(period, date):
        year = view.spread(row, table.columns["year"])
        period = f"{period} {year.text}" if year is not None else period
        if period_at.text.isdigit() and year is not None:
            period = f"{year.text}-{period_at.text}"
    for name in ("actual", "planned"):
        column = table.columns.get(name)
        if column is None or (word is not None and name == "planned" and "actual" in table.columns):
            continue
        cell = view.at(row, column)
        figure = None if word is not None else name
        yield Entry(row, column, cell, label, period, period_at, figure, word, unit, stray, said)


def _is_heading(view: View, table: Table, row: int) -> bool:
    """Whether a row of the table says what the headings say, as it does on every printed page."""
    cells = [(at.column, at.text) for at in view.row(row)]
    same = sum(
        1
        for column, text in cells
        if plain_word(table.headings.get(column, "")) == plain_word(text)
        or _same_period(table.periods.get(column), text)
    )
    return len(cells) > 1 and same == len(cells)


def _same_period(head: PeriodColumn | None, text: str) -> bool:
    return head is not None and plain_word(head.at.text) == plain_word(text)
