"""A CSV file as cells: its encoding and separator are what the mapping says, or found and stated."""

import codecs
import csv
import io
import re
from collections import Counter

from govern.documents.grid import GridCell, GridSheet
from govern.documents.sheet import letters
from govern.intake.foreign.outcome import Choice, Found, Question
from govern.intake.source import TableKeys
from govern.intake.source_format import SEPARATORS
from govern.intake.texts import trimmed

LARGEST = 8 * 2**20
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 100_000, 500, 2_000_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SAMPLE = 200
_NAMES = {sign: name for name, sign in SEPARATORS.items()}


def read_csv(content: bytes, keys: TableKeys, found: Found) -> GridSheet | None:
    """The cells, or `None` where the file cannot be read: then a problem or a question says why."""
    if len(content) > LARGEST:
        found.refuse_file(
            f"has {len(content) // 2**20} MB or more",
            f"send it in parts of at most {LARGEST // 2**20} MB",
        )
        return None
    text = _decoded(content, keys.encoding, found)
    if text is None:
        return None
    if "\0" in text:
        found.refuse_file("is neither text nor a workbook", "send it as CSV or as .xlsx")
        return None
    if not text.strip():
        found.refuse_file("is empty", "send a file with a table in it")
        return None
    said = _SEP_LINE.match(text)
    if said:
        found.state(f"the first line says that cells are separated by {_spoken(said[1])}")
        # Not counted: a spreadsheet that obeys the line does not show it.
        text = text[said.end() :]
    separator = SEPARATORS[keys.separator] if keys.separator else said[1] if said else None
    if separator is None:
        separator = _separator(text, found)
    if separator is None:
        return None
    return _cells(text, separator, found)


def _decoded(content: bytes, encoding: str | None, found: Found) -> str | None:
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            if encoding not in (None, name):
                found.refuse_file(
                    f"begins with the mark of {name}, and the mapping says {encoding}",
                    f"write `encoding: {name}` in the mapping",
                )
                return None
            return _decode(content, codec, name, found)
    if encoding is not None:
        codec = "utf-16-le" if encoding == "utf-16" else encoding
        return _decode(content, codec, encoding, found)
    return _guessed(content, found)


def _guessed(content: bytes, found: Found) -> str | None:
    """The text in the encoding that its bytes show; asked where they may be in several."""
    if content[:_SAMPLE].count(0) > len(content[:_SAMPLE]) // 4:
        codec = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            return "\0"
        found.table["encoding"] = "utf-16"
        found.state("the encoding is utf-16, by its zero bytes")
        return text
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(content, error, found)
    if not text.isascii():
        found.table["encoding"] = "utf-8"
        found.state("the encoding is utf-8: every byte of the file fits it")
    return text


def _decode(content: bytes, codec: str, name: str, found: Found) -> str | None:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found.refuse_file(
            f"is not {name}: line {line} has a byte 0x{content[error.start]:02X} that it has not",
            "correct `encoding` in the mapping, or save the file anew",
        )
        return None
    found.table["encoding"] = name
    found.state(f"the encoding is {name}")
    return text.removeprefix("\ufeff")


def _not_utf8(content: bytes, error: UnicodeDecodeError, found: Found) -> str | None:
    line = content.count(b"\n", 0, error.start) + 1
    start = content.rfind(b"\n", 0, error.start) + 1
    end = content.find(b"\n", error.start)
    try:
        sample = content[start : end if end >= 0 else len(content)].decode("cp1252")
        content.decode("cp1252")
    except UnicodeDecodeError:
        found.refuse_file(
            f"is neither UTF-8 nor Windows-1252: line {line}",
            "save it as CSV in UTF-8, or as a workbook",
        )
        return None
    found.ask(
        Question(
            "file",
            f"The file is not UTF-8. Line {line} would read '{trimmed(sample)[:60]}': is it so?",
            (Choice("encoding: cp1252", "yes: Windows-1252, as older Windows programs write"),),
        )
    )
    return content.decode("cp1252")


def _spoken(sign: str) -> str:
    return _NAMES.get(sign, sign) if sign == "\t" else f"'{sign}'"


def _separator(text: str, found: Found) -> str | None:
    """The sign by which most lines have the same number of cells; asked where several do."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE])
    widths: dict[str, tuple[int, int]] = {}
    for sign in SEPARATORS.values():
        rows = [row for row in _rows(sample, sign) if any(map(trimmed, row))]
        counted = Counter(len(row) for row in rows if len(row) > 1)
        if counted:
            width, times = max(counted.items(), key=lambda each: (each[1], each[0]))
            if times * 2 >= len(rows) or times >= 3:
                widths[sign] = (width, times)
    if not widths:
        # One column: nothing is separated, and any sign will do.
        return ","
    full = max(times for _, times in widths.values())
    sure = [sign for sign, (_, times) in widths.items() if times == full]
    if len(sure) == 1:
        found.state(f"cells are separated by {_spoken(sure[0])}")
        found.table["separator"] = _NAMES[sure[0]]
        return sure[0]
    choices = tuple(
        Choice(f'separator: "{_NAMES[sign]}"', f"{widths[sign][0]} columns") for sign in sure
    )
    found.ask(Question("file", "What separates the cells of a row?", choices))
    return None


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []


def _cells(text: str, separator: str, found: Found) -> GridSheet | None:
    cells: dict[tuple[int, int], GridCell] = {}
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            if number > MOST_ROWS or len(row) > MOST_COLUMNS:
                found.refuse_file(
                    f"reaches to {letters(len(row))}{number}",
                    f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns are read",
                )
                return None
            for column, cell in enumerate(row, start=1):
                raw = trimmed(cell)
                if raw:
                    cells[number, column] = GridCell(raw, raw)
    except csv.Error as error:
        found.refuse_file(_csv_problem(str(error)), *_csv_right(str(error)), f"row {number + 1}")
        return None
    return GridSheet(None, cells)


def _csv_problem(message: str) -> str:
    if "unexpected end" in message:
        return "begins a row with a double quote that is never closed"
    if "field limit" in message:
        return "begins a row with a cell of more than 131,072 characters"
    if "expected after" in message:
        return "has text after a closing double quote"
    return "has a stray line end or a character that no text has"


def _csv_right(message: str) -> tuple[str]:
    if "expected after" in message or "unexpected end" in message:
        return ('put the whole cell in double quotes, and write one inside it twice: ""',)
    return (
        ("shorten the cell, or close its double quote",)
        if "limit" in message
        else ("end every line with \\n or \\r\\n",)
    )
