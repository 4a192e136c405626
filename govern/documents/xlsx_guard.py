"""Whether an XLSX file may be opened: its size unpacked, its XML, how far its cells reach.

A file of a few kilobytes can unfold into gigabytes, by its compression, by entities, or by a cell
range over the whole sheet. Office Open XML allows no DTD (ECMA-376 part 2, 6.2.5).
"""

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZipFile

from govern.documents.sheet import MOST_COLUMNS, MOST_ROWS, letters

LARGEST: Final = 4 * 2**20
LARGEST_UNPACKED: Final = 16 * 2**20
MOST_PARTS: Final = 500
MOST_ELEMENTS: Final = 500_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be. Rows and columns are how far its cells may reach."""

    largest: int = LARGEST
    unpacked: int = LARGEST_UNPACKED
    parts: int = MOST_PARTS
    elements: int = MOST_ELEMENTS
    rows: int = MOST_ROWS
    columns: int = MOST_COLUMNS


OF_TABLES: Final = Limits()
"""Workbooks that hold a decision table."""
OF_FIGURES: Final = Limits(
    largest=8 * 2**20, unpacked=64 * 2**20, elements=1_500_000, rows=100_000, columns=500
)
"""Workbooks that hold figures: what takes a minute and half a gigabyte to open."""

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How compound files begin: workbooks of Excel 97, and those that a password encrypts."""

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)")
_PLACED = frozenset({"c", "mergeCell", "hyperlink", "f"})


class UnreadableWorkbook(Exception):  # noqa: N818 - what is wrong with a file, not with the program
    """`what` is wrong with the whole file, `help` would be right."""

    def __init__(self, what: str, help: str) -> None:  # noqa: A002
        super().__init__(what)
        self.what = what
        self.help = help


def guard(content: bytes, limits: Limits = OF_TABLES) -> None:
    """Raises `UnreadableWorkbook` for what is no XLSX file, or one that is too large to open."""
    if content.startswith(OLE):
        what = "this is a workbook of Excel 97, or one that a password protects"
        raise UnreadableWorkbook(what, "save it as an Excel workbook (.xlsx) without a password")
    if not content.startswith(b"PK"):
        raise UnreadableWorkbook("this is no Excel workbook", "save it as .xlsx")
    if len(content) > limits.largest:
        raise _too_large(f"the file has {len(content) // 2**20} MB or more")
    with ZipFile(BytesIO(content)) as package:
        parts = package.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > limits.parts:
            raise _too_large(f"the file has {len(parts)} parts")
        if unpacked > limits.unpacked:
            raise _too_large(f"the file unpacks to {unpacked // 2**20} MB or more")
        scan = _Scan(limits)
        for part in parts:
            # Never more than `file_size` bytes, whatever the part unpacks to.
            with package.open(part) as stream:
                scan.read(part.filename, stream.read())


def _too_large(what: str) -> UnreadableWorkbook:
    return UnreadableWorkbook(what, "keep only the sheet of the table")


@dataclass(slots=True)
class _Scan:
    limits: Limits
    elements: int = field(default=0)

    def read(self, name: str, content: bytes) -> None:
        parser = ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._element
        try:
            parser.Parse(content, True)
        except ExpatError as error:
            if name.endswith((".xml", ".rels")):
                what = f"the file is damaged: {name} is no XML"
                raise UnreadableWorkbook(what, "open it in Excel and save it anew") from error

    def _doctype(self, *_: Any) -> None:
        what = "the file has a document type definition, as no Excel workbook has"
        raise UnreadableWorkbook(what, "open it in Excel and save it anew")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self._count(1)
        if name.rpartition(":")[2] not in _PLACED:
            return
        for key in ("r", "ref"):
            corners = [
                (int(row), _number(column))
                for column, row in _REFERENCE.findall(attributes.get(key, ""))
            ]
            for row, column in corners:
                if row > self.limits.rows or column > self.limits.columns:
                    what = f"the cell {letters(column)}{row} is far from the others"
                    helps = f"at most {self.limits.rows} rows and {self.limits.columns} columns are read"
                    raise UnreadableWorkbook(what, helps)
            if len(corners) > 1:
                (top, left), (bottom, right) = corners[0], corners[-1]
                self._count(abs(bottom - top + 1) * abs(right - left + 1))

    def _count(self, number: int) -> None:
        self.elements += number
        if self.elements > self.limits.elements:
            most = self.limits.elements
            raise _too_large(f"the file has more than {most} cells and settings")


def _number(column: str) -> int:
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
