"""One CSV file as rows of cells: encoding, separators, header and row lengths."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from govern.intake.columns import Layout
from govern.intake.log import FileRefused, Log
from govern.intake.problem import did_you_mean
from govern.intake.texts import trimmed

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Header:
    """Where each known column stands, counting from 0, and how many cells a row has."""

    positions: dict[str, int]
    width: int


class Table:
    """A file's rows after its header, read as they are asked for. Close it, or use it in `with`.

    Raises FileRefused, from the constructor and while reading, for what makes a file unreadable as
    rows. Rows with too many or too few cells are refused into the log; blank rows are left out.
    """

    def __init__(self, path: Path, layout: Layout, log: Log) -> None:
        self.layout = layout
        self.log = log
        self.read = 0
        self.ragged = 0
        self._path = path
        if not path.is_file():
            raise FileRefused(0, "is not a file", "make it a CSV file")
        try:
            self._file: TextIO = path.open(encoding="utf-8-sig", newline="")
        except OSError as error:
            raise FileRefused(
                0, f"cannot be opened: {error.strerror}", "make it a file that may be read"
            ) from None
        try:
            self._reader = csv.reader(self._file, strict=True)
            self._line = 0
            self.header = self._read_header()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The line on which each row begins, and its cells as they stand in the file."""
        width, line = self.header.width, self._line
        try:
            for cells in self._reader:
                line, start = self._reader.line_num, line + 1
                if not (cells and cells[0].strip()) and not any(map(trimmed, cells)):
                    continue
                self.read += 1
                if len(cells) == width:
                    yield start, cells
                else:
                    self._refuse_ragged(start, cells)
        except (csv.Error, UnicodeDecodeError, OSError) as error:
            raise self._unreadable(error, line + 1) from None

    def batches(self, size: int) -> Iterator[tuple[list[int], list[list[str]]]]:
        """The same, so many rows at a time: their lines, and their cells."""
        rows = self.rows()
        while batch := list(islice(rows, size)):
            yield [line for line, _ in batch], [cells for _, cells in batch]

    def _refuse_ragged(self, line: int, cells: list[str]) -> None:
        self.ragged += 1
        self.log.refuse(
            self.layout.file,
            line,
            None,
            ",".join(cells),
            problem=f"has {len(cells)} cells where the header has {self.header.width}",
            right="give each column one cell, and put a text that holds a comma in double quotes",
        )

    def _read_header(self) -> Header:
        expected = f"begin with a line that names the columns: {','.join(self.layout.names)}"
        try:
            cells = next((row for row in self._reader if any(map(trimmed, row))), list[str]())
        except (csv.Error, UnicodeDecodeError, OSError) as error:
            raise self._unreadable(error, self._line + 1) from None
        if not cells:
            raise FileRefused(0, "is empty", expected)
        self._line = line = self._reader.line_num
        names = [trimmed(cell).casefold() for cell in cells]
        if any("\0" in name for name in names):
            raise FileRefused(line, "holds NUL bytes", "save it as CSV in UTF-8")
        self._refuse_other_separators(line, cells)
        positions = {name: index for index, name in enumerate(names) if name in self.layout.names}
        self._refuse_missing(line, names)
        for name in dict.fromkeys(names):
            if names.count(name) > 1 and name in positions:
                raise FileRefused(
                    line, f"names the column '{name}' more than once", "keep one of them"
                )
        self._note_ignored(line, names, positions)
        return Header(positions, len(cells))

    def _refuse_other_separators(self, line: int, cells: list[str]) -> None:
        if len(cells) > 1:
            return
        for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if mark in cells[0]:
                raise FileRefused(
                    line,
                    f"separates its cells by {word}",
                    "separate them by commas, and write figures with a decimal point",
                    cells[0],
                )

    def _refuse_missing(self, line: int, names: list[str]) -> None:
        unknown = [name for name in names if name and name not in self.layout.names]
        missing = [name for name in self.layout.required if name not in names]
        one_of = self.layout.one_of
        if missing:
            close = [(name, did_you_mean(name, unknown)) for name in missing]
            renames = [f"rename {hint[13:-1]} to '{name}'" for name, hint in close if hint]
            listed = ", ".join(f"'{name}'" for name in missing)
            raise FileRefused(
                line,
                f"has no column {listed}",
                "; ".join(renames) or f"the columns are: {','.join(self.layout.names)}",
                ",".join(names),
            )
        if one_of and not any(name in names for name in one_of):
            raise FileRefused(
                line,
                f"has neither of the columns {' and '.join(one_of)}",
                f"the columns are: {','.join(self.layout.names)}",
                ",".join(names),
            )

    def _note_ignored(self, line: int, names: list[str], positions: dict[str, int]) -> None:
        free = [name for name in self.layout.names if name not in positions]
        for name in dict.fromkeys(names):
            if name and name not in positions:
                hint = did_you_mean(name, free)
                text = "is not read" + (f"; {hint}" if hint else "")
                self.log.note(self.layout.file, line, name, text)

    def _unreadable(self, error: Exception, line: int) -> FileRefused:
        if isinstance(error, UnicodeDecodeError):
            return _where_not_utf8(self._path)
        if isinstance(error, OSError):
            return FileRefused(0, f"cannot be read: {error.strerror}", "make it a readable file")
        message = str(error)
        if "field limit" in message:
            return FileRefused(
                line,
                "begins a row with a cell of more than 131,072 characters",
                "close its double quote if it has one, or shorten it",
            )
        if "unexpected end" in message:
            return FileRefused(
                line,
                "begins a row with a double quote that is never closed",
                'close the quote; write a double quote inside a text twice: ""',
            )
        if "new-line" in message:
            return FileRefused(line, "has a stray line end", "end every line with \\n or \\r\\n")
        return FileRefused(
            line,
            "has text after a closing double quote",
            'put the whole cell in double quotes, and write one inside it twice: ""',
        )


def _where_not_utf8(path: Path) -> FileRefused:
    """Finds the first byte that is not UTF-8, and names the encoding it may be."""
    right = "save it as CSV in UTF-8"
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if number == 1 and raw.startswith(_UTF16_MARKS):
                return FileRefused(0, "is in UTF-16", right)
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError as error:
                byte = raw[error.start]
                old = raw[error.start : error.start + 1].decode("cp1252", errors="replace")
                guess = f", which is '{old}' in Windows-1252" if old.isprintable() else ""
                return FileRefused(
                    number, f"is not UTF-8: byte {error.start + 1} is 0x{byte:02X}{guess}", right
                )
    return FileRefused(0, "is not UTF-8", right)
