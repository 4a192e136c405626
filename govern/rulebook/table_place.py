"""Where the grid of a decision table stands in its file, and the file with other rows in its place.

A grid holds no comments of YAML: what stands in a cell, also behind `//`, is the cell's. Everything
outside the grid stays byte for byte, and so does each line of it whose cells stay.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import StringIO

from govern.documents import yaml
from govern.documents.node import Mapping as MappingNode
from govern.documents.node import Node, Scalar
from govern.documents.node import Sequence as SequenceNode
from govern.documents.problem import Problem
from govern.documents.source import Place, Source
from govern.rulebook.table_text import Grid, Line, read_grid

Cells = tuple[tuple[str, ...], tuple[str, ...]]
"""The inputs and the outputs of a line."""

_CONTROL = re.compile(r"[\x00-\x1f]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table as it stands in the file `path`: its keys, and its grid where that can be read."""

    id: str
    path: str
    node: MappingNode
    grid: Grid

    @property
    def lines(self) -> tuple[Cells, ...]:
        """The cells of the header and of each row."""
        return tuple(cells_of(line) for line in (self.grid.header, *self.grid.rows))

    @property
    def text(self) -> str:
        """The grid as it is written."""
        return self.grid.header.inputs[0].grid.text

    def said(self, key: str) -> str | None:
        """What the table says under a key, on one line and as far as XML can hold it; `None` where
        it says nothing."""
        found = self.node.get(key)
        if not isinstance(found, Scalar):
            return None
        return _CONTROL.sub("\ufffd", " ".join(found.text.split()))

    def place(self, key: str) -> Place:
        found = self.node.get(key)
        return found.place if found is not None else self.node.place


def cells_of(line: Line) -> Cells:
    return tuple(cell.text for cell in line.inputs), tuple(cell.text for cell in line.outputs)


def written_tables(texts: Mapping[str, str]) -> list[WrittenTable]:
    """The tables whose grids can be read, in the order of paths and of each file."""
    return [table for path, text in sorted(texts.items()) for table in _tables(path, text)]


def _tables(path: str, text: str) -> list[WrittenTable]:
    if "tables" not in text:
        return []
    root = yaml.load(Source(path, text)).root
    listed = root.get("tables") if isinstance(root, MappingNode) else None
    found = (
        [_table(path, each) for each in listed.items] if isinstance(listed, SequenceNode) else []
    )
    return [table for table in found if table is not None]


def _table(path: str, node: Node) -> WrittenTable | None:
    if not isinstance(node, MappingNode):
        return None
    table_id, rows = node.get("id"), node.get("rows")
    if not isinstance(table_id, Scalar) or not isinstance(rows, Scalar):
        return None
    problems: list[Problem] = []
    grid = read_grid(rows, problems)
    return WrittenTable(table_id.text, path, node, grid) if grid is not None else None


def as_read(text: str) -> str:
    """The text of a file as `read_yaml_files` gives it: without a mark at its beginning, lines
    ended by `\\n`."""
    return StringIO(text.removeprefix("\ufeff"), newline=None).read()


def aligned(lines: Sequence[Cells]) -> list[str]:
    """The lines of a grid with their columns below each other."""
    flat = [[*inputs, *outputs] for inputs, outputs in lines]
    widths = [max(map(len, column)) for column in zip(*flat, strict=True)]
    split = len(lines[0][0])
    padded = [[cell.ljust(size) for cell, size in zip(row, widths, strict=True)] for row in flat]
    return [_line(row[:split], row[split:]) for row in padded]


def _line(inputs: Sequence[str], outputs: Sequence[str]) -> str:
    return f"| {' | '.join(inputs)} || {' | '.join(outputs)} |"


def rewritten(text: str, table: WrittenTable, lines: tuple[Cells, ...]) -> str | None:
    """The file's text with these lines as the table's grid; `None` where that cannot be done safely.

    `text` is the whole file, with its line ends. A grid whose columns stand below each other stays
    so; in another one, kept rows keep their layout. Empty lines stay above the row they stood above.
    """
    if lines == table.lines:
        return text
    numbers = [line.place.line for line in (table.grid.header, *table.grid.rows)]
    every = _LINE.findall(text)
    first, last = numbers[0] - 1, numbers[-1]
    old = every[first:last]
    there = [line.strip() for line in old if line.strip()]
    if there != [line.strip() for line in table.text.split("\n") if line.strip()]:
        return None
    body = _body(old, table, lines)
    found = "".join([*every[:first], *body, *every[last:]])
    again = [each for each in written_tables({table.path: as_read(found)}) if each.id == table.id]
    return found if len(again) == 1 and again[0].lines == lines else None


def _body(old: list[str], table: WrittenTable, lines: tuple[Cells, ...]) -> list[str]:
    indent = old[0][: len(old[0]) - len(old[0].lstrip())]
    ending = old[0][len(old[0].rstrip("\r\n")) :]
    stood: list[str] = []
    above: list[list[str]] = [[]]
    for line in old:
        if line.strip():
            stood.append(line.rstrip("\r\n"))
            above.append([])
        else:
            above[-1].append(line)
    if stood == [indent + line for line in aligned(table.lines)]:
        new = [indent + line for line in aligned(lines)]
    else:
        kept = dict(zip(table.lines, stood, strict=True))
        new = [kept.get(cells, indent + _line(*cells)) for cells in lines]
    spaces = _stay(table.lines, lines, above)
    body = [piece for gap, line in zip(spaces, new, strict=True) for piece in (*gap, line + ending)]
    body[-1] = body[-1].removesuffix(ending) + old[-1][len(old[-1].rstrip("\r\n")) :]
    return body


def _stay(
    before: tuple[Cells, ...], after: tuple[Cells, ...], above: list[list[str]]
) -> list[list[str]]:
    """For each line the empty lines above it: those of the line that it is, or that it replaces."""
    found: list[list[str]] = [[] for _ in after]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, stop, to, end in matcher.get_opcodes():
        if kind in {"equal", "replace"}:
            for old, new in zip(range(start, stop), range(to, end), strict=False):
                found[new] = above[old]
    return found
