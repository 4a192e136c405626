"""Gaps, overlaps and dead rows of a decision table, each with a value that shows it.

The values of an input fall into few classes that no cell of its column tells apart: the constants
that cells name, what lies between them, and a missing value. Every combination of classes is looked
at, those that match the same rows at once. What an input can have beside another one is not known,
so a combination may be one that never happens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from govern.documents.problem import Level
from govern.language.check import Checked
from govern.language.meaning import Meaning, Value
from govern.language.write import write
from govern.rulebook.conditions import Reader
from govern.rulebook.table import Hit
from govern.rulebook.table_classes import OpaqueError, examples, is_true
from govern.rulebook.table_text import Grid

MOST_STEPS: Final = 200_000
"""Combinations that are looked at before the check of a table gives up and says so."""
MOST_OVERLAPS: Final = 5
"""Pairs of rows that are reported for one table."""

Shown = tuple[str, ...]
"""One example an input, as text."""


@dataclass(frozen=True, slots=True)
class Checkable:
    """`cells` has a condition for each row and input, `None` where any value fits; `values` the
    outputs of each row; `order` the numbers of the rows, the one that counts first at the front."""

    inputs: tuple[Checked, ...]
    cells: tuple[tuple[Meaning | None, ...], ...]
    values: tuple[tuple[Value, ...], ...]
    grid: Grid
    hit: Hit
    order: tuple[int, ...]


class _OpaqueCellError(Exception):
    """A cell whose truth cannot be told from the input's value alone."""

    def __init__(self, row: int, column: int) -> None:
        super().__init__(row, column)
        self.row = row
        self.column = column


class _TooManyError(Exception):
    """More combinations than are looked at."""


def check_rows(table: Checkable, reader: Reader) -> None:
    """Adds a problem for each gap, overlap and row that can never match."""
    try:
        classes = [_classes(table, column) for column in range(len(table.inputs))]
    except _OpaqueCellError as error:
        cell = table.grid.rows[error.row].inputs[error.column]
        what = f"whether the rows leave gaps is not checked: `{cell.text}` is no constant"
        reader.add("E327", what, cell.place, "test against constants or params", Level.WARNING)
        return
    dead = _impossible(table, classes, reader)
    try:
        matched = _matched(classes, len(table.cells))
    except _TooManyError:
        what = "whether the rows leave gaps is not checked: there are too many combinations"
        helps = "split the table into two, one reading the other"
        reader.add("E327", what, table.grid.header.place, helps, Level.WARNING)
        return
    _report_gap(table, matched, reader)
    _report_overlaps(table, matched, reader)
    _report_never(table, matched, dead, reader)


def _classes(table: Checkable, column: int) -> dict[int, str]:
    """Rows that match as bits → an example of the values for which this column says so."""
    header = table.inputs[column].meaning
    cells = [row[column] for row in table.cells]
    found: dict[int, str] = {}
    for value, text in examples(header, [cell for cell in cells if cell is not None]):
        mask = 0
        for row, cell in enumerate(cells):
            try:
                fits = cell is None or is_true(cell, header, value)
            except OpaqueError:
                raise _OpaqueCellError(row, column) from None
            mask |= fits << row
        found.setdefault(mask, text)
    return found


def _matched(classes: Sequence[dict[int, str]], rows: int) -> dict[int, Shown]:
    """The sets of rows, as bits, that match together, each with an example of every input."""
    found: dict[int, Shown] = {(1 << rows) - 1: ()}
    steps = 0
    for column in classes:
        steps += len(found) * len(column)
        if steps > MOST_STEPS:
            raise _TooManyError
        further: dict[int, Shown] = {}
        for mask, shown in found.items():
            for other, text in column.items():
                further.setdefault(mask & other, (*shown, text))
        found = further
    return found


def _impossible(table: Checkable, classes: list[dict[int, str]], reader: Reader) -> set[int]:
    """The rows with a cell that no value fits."""
    dead: set[int] = set()
    for column, found in enumerate(classes):
        fits = 0
        for mask in found:
            fits |= mask
        for row, line in enumerate(table.grid.rows):
            if not fits >> row & 1:
                cell = line.inputs[column]
                head = write(table.inputs[column].tree)
                what = f"this row can never match: no {head} fits `{cell.text}`"
                reader.add("E326", what, cell.place, "leave the row out", Level.WARNING)
                dead.add(row)
    return dead


def _report_gap(table: Checkable, matched: dict[int, Shown], reader: Reader) -> None:
    if 0 in matched and table.hit is not Hit.COLLECT:
        what = f"no row matches {_said(table, matched[0])}"
        dashes = " | ".join("-" for _ in table.inputs)
        helps = f"add a row for it; what is left over takes a last row | {dashes} || … |"
        if table.hit is not Hit.FIRST:
            helps = "add a row for it"
        reader.add("E324", what, table.grid.header.place, helps, Level.WARNING)


def _report_overlaps(table: Checkable, matched: dict[int, Shown], reader: Reader) -> None:
    if table.hit not in {Hit.UNIQUE, Hit.ANY}:
        return
    told: set[tuple[int, int]] = set()
    for mask, shown in matched.items():
        for one, other in _pairs(mask, len(table.cells)):
            same = table.values[one] == table.values[other]
            if (one, other) in told or (table.hit is Hit.ANY and same):
                continue
            told.add((one, other))
            if len(told) > MOST_OVERLAPS:
                return
            line = table.grid.rows[one].place.line
            what = f"this row and the one in line {line} both match {_said(table, shown)}"
            helps = "narrow one of them, or let the upper one count with hit: first"
            reader.add("E325", what, table.grid.rows[other].place, helps)


def _report_never(
    table: Checkable, matched: dict[int, Shown], dead: set[int], reader: Reader
) -> None:
    chosen: set[int] = set()
    beside: dict[int, tuple[int, Shown]] = {}
    for mask, shown in matched.items():
        rows = [row for row in table.order if mask >> row & 1]
        if table.hit in {Hit.FIRST, Hit.PRIORITY}:
            for row in rows[1:]:
                beside.setdefault(row, (rows[0], shown))
            rows = rows[:1]
        chosen |= set(rows)
    for row in range(len(table.cells)):
        if row in chosen or row in dead or row not in beside:
            continue
        first, shown = beside[row]
        line = table.grid.rows[first].place.line
        what = (
            f"this row never counts: whatever fits it fits one that comes first, "
            f"such as the row in line {line} for {_said(table, shown)}"
        )
        helps = "move the row up, or leave it out" if table.hit is Hit.FIRST else "leave it out"
        reader.add("E326", what, table.grid.rows[row].place, helps, Level.WARNING)


def _pairs(mask: int, rows: int) -> Iterator[tuple[int, int]]:
    found = [row for row in range(rows) if mask >> row & 1]
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            yield one, other


def _said(table: Checkable, shown: Shown) -> str:
    """`attainment = 0.85 and trend(3) = null`"""
    return " and ".join(
        f"{write(checked.tree)} = {text}" for checked, text in zip(table.inputs, shown, strict=True)
    )
