"""Which stretch of a YAML scalar's value stands where in the file.

YAML 1.2 §6.5 (line folding), §7.3 (flow scalars), §8.1 (block scalars).
"""

from govern.documents.events import Event, Mark
from govern.documents.node import Run
from govern.documents.source import Place

_ESCAPES = {"x": 4, "u": 6, "U": 10}


def runs_of(event: Event, lines: list[str], place: Place) -> tuple[Run, ...]:
    """The runs of a scalar's text, at least one. `lines` is the text that was parsed."""
    text, style, start, end = event.text, event.style, event.start, event.end
    one_line = start.line == end.line
    if style == "" and one_line:
        return (Run(0, place.line, place.column, len(text)),)
    if style in {"'", '"'} and one_line and len(text) == end.column - start.column - 2:
        return (Run(0, place.line, place.column + 1, len(text)),)
    found = (
        _quoted(text, style, lines, start, end)
        if style in {"'", '"'}
        else _by_line(text, style, lines, start, end)
    )
    return tuple(found) or (Run(0, place.line, place.column, 0),)


def _by_line(text: str, style: str, lines: list[str], start: Mark, end: Mark) -> list[Run]:
    """Plain and block scalars keep each line's characters: look for them one line after another."""
    block = style in {"|", ">"}
    runs: list[Run] = []
    offset = 0
    indent: int | None = None
    first = start.line + 1 if block else start.line
    for number in range(first, min(end.line + 1, len(lines))):
        line = lines[number]
        if number == end.line and not block:
            line = line[: end.column]
        column = start.column if number == start.line else 0
        if block:
            if not line.strip():
                continue
            if indent is None:
                # With an explicit indentation indicator the first line may keep spaces of its own.
                own = len(line) - len(line.lstrip(" "))
                indent = own - (len(text.lstrip("\n")) - len(text.lstrip("\n").lstrip(" ")))
            column, piece = indent, line[indent:]
        else:
            piece = line[column:]
            column += len(piece) - len(piece.lstrip())
            piece = piece.strip()
        at = text.find(piece, offset) if piece else -1
        if at < 0:
            continue
        runs.append(Run(at, number + 1, column + 1, len(piece)))
        offset = at + len(piece)
    return runs


def _quoted(text: str, style: str, lines: list[str], start: Mark, end: Mark) -> list[Run]:
    """Walks over quotes, escapes and folded line ends; a new run starts behind each of them."""
    runs: list[Run] = []
    offset = 0
    line, column = start.line, start.column + 1
    opened = True
    while offset < len(text) and (line, column) < (end.line, end.column):
        rest = lines[line][column:]
        if not rest.strip() and line < end.line:
            breaks = 1
            line += 1
            while line < end.line and not lines[line].strip():
                breaks += 1
                line += 1
            column = len(lines[line]) - len(lines[line].lstrip())
            offset += max(1, breaks - 1)
            opened = True
            continue
        width = 1
        if style == "'" and rest.startswith("''"):
            width = 2
        elif style == '"' and rest.startswith("\\"):
            if rest.strip() == "\\":
                line += 1
                column = len(lines[line]) - len(lines[line].lstrip())
                opened = True
                continue
            width = _ESCAPES.get(rest[1:2], 2)
        if opened:
            runs.append(Run(offset, line + 1, column + 1, 1))
        else:
            last = runs[-1]
            runs[-1] = Run(last.offset, last.line, last.column, last.length + 1)
        opened = width > 1
        offset += 1
        column += width
    return runs
