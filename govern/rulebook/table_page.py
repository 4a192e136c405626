"""A decision table as sheets that people edit: the table itself, and what to know about it.

The first rows of the table's sheet name it; then come `input` or `output` over each column, the type
of its values, its header, and the rows of the table. `govern.rulebook.table_sheet` reads it back.
"""

import hashlib
from typing import Final

from govern.documents.node import Mapping, Node, Scalar
from govern.documents.node import Sequence as SequenceNode
from govern.documents.sheet import LONGEST_CELL, Page
from govern.documents.source import Source
from govern.language.types import Type
from govern.language.write import quoted
from govern.rulebook.table import DecisionTable
from govern.rulebook.table_place import WrittenTable

TABLE, TITLE, HIT = "table", "title", "hit"
INPUT, OUTPUT = "input", "output"
ID_ROW, TITLE_ROW, HIT_ROW, KIND_ROW, TYPE_ROW, HEAD_ROW = range(1, 7)
FIRST_ROW: Final = HEAD_ROW + 1

ABOUT: Final = "About this table"
ROWS_LABEL: Final = "rows as exported"
_LONGEST_NAME: Final = 31


def grid_digest(table: WrittenTable) -> str:
    """`sha256:…` over the table's grid as it is written, UTF-8."""
    return "sha256:" + hashlib.sha256(table.text.encode()).hexdigest()


def pages(
    written: WrittenTable, table: DecisionTable, source: Source, rulebook: str, version: str
) -> tuple[Page, Page]:
    """The sheet of the table, and the one about it. `source` is the table's file, `rulebook` the
    digest of the rulebook, `version` govern's."""
    name = table.id[:_LONGEST_NAME]
    kinds = (INPUT,) * len(table.inputs) + (OUTPUT,) * len(table.results)
    types = [each.type for each in table.inputs]
    types += [each.type for each in table.results.values()]
    rows = (
        (TABLE, table.id),
        (TITLE, written.said(TITLE) or ""),
        (HIT, written.said(HIT) or ""),
        kinds,
        tuple(map(_kind, types)),
        *((*inputs, *outputs) for inputs, outputs in written.lines),
    )
    about = (
        ("about", table.id),
        ("title", written.said(TITLE) or ""),
        ("scope", str(table.scope)),
        ("hit", str(table.hit)),
        ("priority", _joined(written.node.get("priority"))),
        ("file", f"{source.path}:{table.place.line}"),
        ("rulebook", rulebook),
        (ROWS_LABEL, grid_digest(written)),
        ("govern", version),
        ("", ""),
        ("how to", f"Change, add, move and delete rows on the sheet {name}, from row {FIRST_ROW}."),
        ("", "- or an empty cell fits any value, null a missing one; a text stands in quotes."),
        ("", "Columns, title, hit and tests change in the file. Only the rows are read back:"),
        ("", f"govern rules table import {table.id}.xlsx"),
        ("", ""),
        *(("test", text) for text in _tests(written.node.get("tests"), source)),
    )
    return Page(name, rows, HIT_ROW, HEAD_ROW - HIT_ROW), Page(ABOUT, about)


def _kind(of: Type) -> str:
    found = of.of if of.kind == "list" and of.of is not None else of
    if found.choices:
        return ", ".join(map(quoted, found.choices))
    return str(found).removeprefix("a ")


def _joined(node: Node | None) -> str:
    items = node.items if isinstance(node, SequenceNode) else ()
    return ", ".join(each.text for each in items if isinstance(each, Scalar))


def _tests(node: Node | None, source: Source) -> list[str]:
    """Each test as it is written in the file, as far as a cell can hold it."""
    found: list[str] = []
    lines = source.text.splitlines()
    for item in node.items if isinstance(node, SequenceNode) else ():
        first = item.place.line
        text = [line.strip() for line in lines[first - 1 : _last_line(item)]]
        found.append("\n".join(text).removeprefix("- ")[:LONGEST_CELL])
    return found


def _last_line(node: Node) -> int:
    match node:
        case Mapping(entries=entries):
            below = [_last_line(entry.value) for entry in entries]
        case SequenceNode(items=items):
            below = [_last_line(each) for each in items]
        case Scalar(runs=runs):
            below = [run.line for run in runs]
    return max([node.place.line, *below])
