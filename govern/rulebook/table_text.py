"""The grid of a decision table, as it is written in a rule file: lines of cells between `|`.

    | attainment | trend(3)  || rag   |
    | >= 90%     | -         || "green" |

Left of `||` stand inputs, right of it outputs; the first line is the header. A `|` inside a text in
double quotes is part of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from govern.documents.node import Scalar
from govern.documents.problem import Problem
from govern.documents.source import Place

_PIECE = re.compile(r'"(?:[^"\\\n]|\\.)*"|\|\|?|[^"|]+|"')


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` begins at `offset` in the text of `grid`. A cell is the origin of its expression."""

    text: str
    grid: Scalar
    offset: int

    def at(self, offset: int, length: int = 1) -> Place:
        return self.grid.at(self.offset + offset, length)

    @property
    def place(self) -> Place:
        return self.at(0, max(1, len(self.text)))


@dataclass(frozen=True, slots=True)
class Line:
    inputs: tuple[Cell, ...]
    outputs: tuple[Cell, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Grid:
    """Every line has as many inputs and outputs as the header."""

    header: Line
    rows: tuple[Line, ...]


def read_grid(scalar: Scalar, problems: list[Problem]) -> Grid | None:
    """The grid in the text of a block; `None` with the problems where it is none."""
    if scalar.style != "|":
        _problem(problems, "the rows of a table are a block of text", scalar.place, "rows: |")
        return None
    before = len(problems)
    lines = [found for found in _lines(scalar, problems) if found is not None]
    if len(problems) > before:
        return None
    if len(lines) < 2:
        what = "a table has a header and at least one row"
        _problem(problems, what, scalar.place, '| attainment || rag |, then | < 80% || "red" |')
        return None
    header, *rows = lines
    for row in rows:
        for kind, cells, heads in (
            ("input", row.inputs, header.inputs),
            ("output", row.outputs, header.outputs),
        ):
            if len(cells) != len(heads):
                what = f"this row has {len(cells)} {kind}{'s' if len(cells) != 1 else ''}"
                place = cells[-1].place if cells else row.place
                _problem(problems, f"{what}, and the header {len(heads)}", place)
    return Grid(header, tuple(rows)) if len(problems) == before else None


def stands_alone(text: str) -> bool:
    """Whether a cell with this text stays one cell between its `|`."""
    return all(piece[0] not in {"|", "||", '"'} for piece in _PIECE.finditer(text))


def _lines(scalar: Scalar, problems: list[Problem]) -> Iterator[Line | None]:
    offset = 0
    for text in scalar.text.split("\n"):
        if text.strip():
            yield _line(text, offset, scalar, problems)
        offset += len(text) + 1


def _line(text: str, offset: int, scalar: Scalar, problems: list[Problem]) -> Line | None:
    start = len(text) - len(text.lstrip())
    whole = scalar.at(offset + start, len(text.strip()))
    sides: list[list[Cell]] = [[]]
    cell_from: int | None = None
    for piece in _PIECE.finditer(text):
        if piece[0] not in {"|", "||"}:
            if cell_from is None and piece[0].strip():
                _problem(problems, "a line of a table begins with |", whole, "| … || … |")
                return None
            continue
        if cell_from is not None:
            sides[-1].append(_cell(text, cell_from, piece.start(), offset, scalar))
        if piece[0] == "||":
            sides.append([])
        cell_from = piece.end()
    if cell_from is None or text[cell_from:].strip():
        _problem(problems, "a line of a table ends with |", whole, "| … || … |")
        return None
    if len(sides) != 2 or not sides[0] or not sides[1]:
        what = "a line of a table has inputs and outputs with one || between them"
        _problem(problems, what, whole, 'an empty cell is written -, as in | - || "red" |')
        return None
    return Line(tuple(sides[0]), tuple(sides[1]), whole)


def _cell(text: str, start: int, end: int, offset: int, scalar: Scalar) -> Cell:
    raw = text[start:end]
    lead = len(raw) - len(raw.lstrip()) if raw.strip() else min(1, len(raw))
    return Cell(raw.strip(), scalar, offset + start + lead)


def _problem(problems: list[Problem], what: str, place: Place, help_: str | None = None) -> None:
    problems.append(Problem("E320", what, place, help_))
