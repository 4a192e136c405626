"""Messages with placeholders: `{project}: {kpi} at {attainment:percent} for {streak} periods`.

A placeholder is an expression of the condition language, read on the row that is judged, or
`streak`. After a colon stands how it is written: `percent`, `money`, `number`, `periods` or `date`.
Braces of the text itself are doubled: `{{`. A value that is missing is written `unknown`. Nothing
else is evaluated: no attributes and no calls of Python.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from govern.documents.node import Scalar
from govern.documents.problem import did_you_mean
from govern.documents.source import Place
from govern.language.check import Checked
from govern.language.explain import value_of
from govern.language.frames import Frames, PlainRows
from govern.language.meaning import Value
from govern.language.scopes import Scope
from govern.rulebook.conditions import Reader

UNKNOWN: Final = "unknown"
STREAK: Final = "streak"


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
"""Not from the calendar module, which follows the machine's locale."""


def _percent(value: Decimal) -> str:
    """One decimal place at most; two where one would round to a whole number that it is not."""
    hundred = value * 100
    rounded = hundred.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if rounded == rounded.to_integral_value() and rounded != hundred:
        rounded = hundred.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{_trimmed(rounded)}%"


def _money(value: Decimal) -> str:
    """Thousands with commas; two decimal places below 1,000 where they are not zero."""
    if abs(value) >= 1000:
        return f"{value.quantize(Decimal(1), ROUND_HALF_UP):,}"
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole = rounded == rounded.to_integral_value()
    return f"{rounded.to_integral_value():,}" if whole else f"{rounded:,}"


def _number(value: Decimal) -> str:
    """Thousands with commas, at most two decimal places."""
    return _trimmed(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _trimmed(value: Decimal) -> str:
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _periods(value: Decimal) -> str:
    return f"{_number(value)} period{'' if value == 1 else 's'}"


def _date(value: date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_NUMBERS: Final = {
    "percent": _percent,
    "money": _money,
    "number": _number,
    "periods": _periods,
}
FORMATS: Final[Mapping[str, str]] = {
    "percent": "number",
    "money": "number",
    "number": "number",
    "periods": "number",
    "date": "date",
}
"""Format → the kind of value it writes."""

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_FORMAT = re.compile(r":\s*([A-Za-z_]+)\s*$")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`checked` is `None` for `streak`."""

    checked: Checked | None
    format: str | None


@dataclass(frozen=True, slots=True)
class Template:
    text: str
    pieces: tuple[str | Placeholder, ...]

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Placeholder))


@dataclass(frozen=True, slots=True)
class _Inside:
    """Where a placeholder's expression stands in the file."""

    scalar: Scalar
    start: int

    def at(self, offset: int, length: int = 1) -> Place:
        return self.scalar.at(self.start + offset, length)


def read_template(
    scalar: Scalar, scope: Scope, reader: Reader, with_streak: bool = True
) -> Template:
    """The template of a text; every problem is added to the reader's."""
    pieces: list[str | Placeholder] = []
    end = 0
    for match in _PIECE.finditer(scalar.text):
        pieces.append(scalar.text[end : match.start()])
        end = match.end()
        if match[0] in {"{{", "}}"}:
            pieces.append(match[0][0])
        elif match[1] is None:
            place = scalar.at(match.start())
            what = f"a '{match[0]}' without its other half"
            reader.add("E306", what, place, f"write '{match[0] * 2}' for the sign itself")
        else:
            inside = _Inside(scalar, match.start() + 1)
            placeholder = _placeholder(match[1], inside, scope, reader, with_streak)
            if placeholder is not None:
                pieces.append(placeholder)
    pieces.append(scalar.text[end:])
    return Template(scalar.text, tuple(piece for piece in pieces if piece != ""))


def _placeholder(
    text: str, inside: _Inside, scope: Scope, reader: Reader, with_streak: bool
) -> Placeholder | None:
    found = _FORMAT.search(text)
    how = found[1] if found else None
    expression = text[: found.start()] if found else text
    place = inside.at(0, max(1, len(text)))
    if not expression.strip():
        reader.add("E306", "an empty placeholder", place, "such as {attainment}")
        return None
    if how is not None and how not in FORMATS:
        possible = did_you_mean(how, FORMATS) or f"possible: {', '.join(FORMATS)}"
        reader.add("E306", f"unknown format '{how}'", place, possible)
        return None
    if with_streak and expression.strip() == STREAK:
        return Placeholder(None, how)
    checked = reader.expression(expression, inside, scope, None)
    if checked is None:
        return None
    if how is not None and checked.type.kind != FORMATS[how]:
        what = f"'{how}' writes a {FORMATS[how]}, and this is {checked.type}"
        reader.add("E307", what, place, "leave the format out")
        return None
    return Placeholder(checked, how)


def render(template: Template, observations: Frames | PlainRows, row: int, streak: int = 0) -> str:
    """The template with the values of a row of its scope's frame."""
    return "".join(
        piece if isinstance(piece, str) else _shown(piece, observations, row, streak)
        for piece in template.pieces
    )


def _shown(piece: Placeholder, observations: Frames | PlainRows, row: int, streak: int) -> str:
    if piece.checked is None:
        return written(Decimal(streak), piece.format)
    return written(value_of(piece.checked, observations, row), piece.format)


def written(value: Value, how: str | None = None) -> str:
    """A value as people read it."""
    match value:
        case None:
            return UNKNOWN
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return _NUMBERS[how or "number"](value)
        case date():
            return _date(value)
        case str():
            return value
        case _:
            return ", ".join(written(each) for each in value)
