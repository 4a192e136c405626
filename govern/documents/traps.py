"""Where YAML reads something else than the author of a condition or a message meant.

Each trap has the same cure, quotes around the value. A file is mended line by line in a working
copy, so that one trap does not hide the problems behind it.
"""

import re
from dataclasses import dataclass

_LINE = re.compile(
    r"^(?P<lead>\s*(?:- +)*(?:[A-Za-z_][\w.-]*: +)?)(?P<value>\S.*?)(?P<comment>\s+#.*)?\s*$"
)
_RANGE = re.compile(r"^[\[(][^\[\]{}\"']*\.\.[^\[\]{}\"']*[)\]\[]$")
_INSIDE = re.compile(r"^[>|@`%][^,\[\]{}]*(?=[,\]}])")
_CLOSED = re.compile(r"""^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')$""")


@dataclass(frozen=True, slots=True)
class Trap:
    """The value at `column` (from 0) of a line, and why YAML does not read it as text."""

    column: int
    value: str
    why: str


def quoted(text: str) -> str:
    """The text in the quotes that need the fewest changes in it."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def find(line: str) -> Trap | None:
    """The trap in a line that YAML could not read, or `None`. `line` has no line break."""
    match = _LINE.match(line)
    if match is None or not match["lead"].strip():
        return None
    value = match["value"]
    why = _why(value)
    return Trap(match.start("value"), value, why) if why else None


def find_inside(line: str, column: int) -> Trap | None:
    """The trap inside `{…}` or `[…]` at the column (from 0) where YAML could not go on."""
    match = _INSIDE.match(line[column:])
    if match is None or not line[:column].rstrip().endswith((":", ",", "[", "{")):
        return None
    value = match[0].rstrip()
    return Trap(column, value, f"YAML does not allow '{value[0]}' at the start of a value")


def is_range(line: str) -> bool:
    """Whether the line's value is a range, `[80%..90%)`: to YAML a list that never ends."""
    match = _LINE.match(line)
    return bool(match and match["lead"].strip() and _RANGE.match(match["value"]))


def mend(line: str, trap: Trap) -> str:
    return line[: trap.column] + quoted(trap.value) + line[trap.column + len(trap.value) :]


def _why(value: str) -> str | None:  # noqa: PLR0911 - one line a trap
    first = value[0]
    if _RANGE.match(value):
        return f"YAML reads '{first}' as the start of a list, so a range must be quoted"
    if first in ">|":
        return f"YAML reads '{first}' at the start of a value as a block of text"
    if first in "@`%":
        return f"YAML does not allow '{first}' at the start of a value"
    if value.startswith("- "):
        return "YAML reads '- ' at the start of a value as an item of a list"
    if first in "\"'" and not _CLOSED.match(value):
        return f"YAML ends the value at the closing {first}, and the text goes on behind it"
    if first in "[{" and ("]" if first == "[" else "}") in value[:-1]:
        kind = "list" if first == "[" else "mapping"
        return f"YAML reads '{first}' at the start of a value as a {kind}"
    if first not in "\"'[{" and ": " in value + " ":
        return "YAML reads a colon followed by a space as a key"
    return None
