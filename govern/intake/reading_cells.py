"""The cells of readings.csv: parsers for one, and what reads a whole column of them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import polars as pl

from govern.documents.links import wrong_with
from govern.domain.period import Cadence, is_period_end, period_end
from govern.domain.plain import plain_decimal
from govern.domain.reading import Confidence
from govern.intake.dates import parse_date
from govern.intake.guard import unguard
from govern.intake.numbers import Percent, parse_number
from govern.intake.problem import CellProblem
from govern.intake.texts import (
    MISSING_WORDS,
    NAME_LENGTH,
    TEXT_LENGTH,
    parse_choice,
    parse_lines,
    parse_text,
    trimmed,
)

T = TypeVar("T")

UNKNOWN = "unknown"
"""In `actual`: it was reported that there is no figure."""

MOST_VERSIONS = 999

_PLAIN = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?$"
"""A figure that is what it looks like, and within what is taken."""


class Remembered(dict[str, T | None]):
    """Cell text → value, parsed once. What must be noted or refused is not kept: it raises.

    At most `most` are kept at a time, so that a long file does not fill memory.
    """

    def __init__(
        self, parse: Callable[[str], T], *, blank: bool = True, most: int = 200_000
    ) -> None:
        super().__init__()
        self._parse = parse
        self._blank = blank
        self._most = most

    def __missing__(self, cell: str) -> T | None:
        text = trimmed(cell)
        if not text and self._blank:
            return None
        if text in self:
            return self[text]
        if text.casefold() in MISSING_WORDS:
            raise CellProblem("is taken as missing", "")
        if len(self) >= self._most:
            self.clear()
        value = self[cell] = self._parse(text)
        return value


def through(cells: pl.Series, read: Mapping[str, Any], kind: Any) -> tuple[pl.Series, pl.Series]:
    """The values of cells, each text read once; and where one has to go the slow way."""
    texts: list[str] = []
    values: list[Any] = []
    bad: list[str] = []
    for cell in cells.unique():
        try:
            value = read[cell]
        except CellProblem:
            bad.append(cell)
            continue
        if value is not None:
            texts.append(cell)
            values.append(value)
    wrong = cells.is_in(pl.Series(bad, dtype=pl.String).implode())
    if not texts:
        return nothing(kind, len(cells)), wrong
    old = pl.Series(texts, dtype=pl.String)
    return cells.replace_strict(old, pl.Series(values, dtype=kind), default=None), wrong


def nothing(kind: Any, rows: int) -> pl.Series:
    """A column in which nothing is said."""
    return pl.Series([None], dtype=kind).new_from_index(0, rows)


def figures(
    cells: pl.Series, percent: pl.Series, read: Mapping[Percent, Mapping[str, Decimal | None]]
) -> tuple[pl.Series, pl.Series]:
    """Figures as text in plain notation, null where the cell is blank; and where one has to go the slow
    way. `percent` names how a percent sign reads in each row."""
    good = cells.str.contains(_PLAIN)
    bare = cells.str.strip_chars_end("0").str.strip_chars_end(".")
    plain = pl.select(
        pl.when(cells.str.contains(".", literal=True)).then(bare).otherwise(cells)
    ).to_series()
    plain = plain.replace("-0", "0")
    values = pl.select(pl.when(good).then(plain)).to_series()
    wrong = ~good & (cells != "")
    for name in percent.filter(wrong).drop_nulls().unique():
        mine = wrong & (percent == name).fill_null(False)
        texts = _Written(read[Percent[name]])
        found, bad = through(cells.filter(mine), texts, pl.String)
        values = values.scatter(mine.arg_true(), found)
        wrong = wrong.scatter(mine.arg_true(), bad)
    return values, wrong


class _Written(dict[str, str | None]):
    def __init__(self, read: Mapping[str, Decimal | None]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> str | None:
        value = self._read[cell]
        return None if value is None else plain_decimal(value)


def end_parser(cadence: Cadence) -> Callable[[str], date]:
    def parse(text: str) -> date:
        day = parse_date(text)
        if not is_period_end(cadence, day):
            raise CellProblem(
                f"is not the last day of a {cadence} period",
                f"the period it lies in ends on {period_end(cadence, day)}",
            )
        return day

    return parse


def number_parser(percent: Percent) -> Callable[[str], Decimal]:
    return lambda text: parse_number(text, percent)


def parse_confidence(text: str) -> str:
    return parse_choice(text, Confidence)


def parse_note(text: str) -> str:
    return parse_lines(unguard(text), TEXT_LENGTH)


def parse_origin(text: str) -> str:
    return parse_text(unguard(text), NAME_LENGTH)


def parse_link(text: str) -> str:
    """A web address. Raises CellProblem."""
    if wrong_with(text):
        raise CellProblem(
            "is no web address", "write one with https:// or http://, a host, no password"
        )
    return text


def parse_version(text: str) -> int:
    """1, 2, … Raises CellProblem."""
    digits = text.isascii() and text.isdigit() and len(text) <= 4
    if not (digits and 0 < int(text) <= MOST_VERSIONS):
        raise CellProblem("is no version", f"write a whole number from 1 to {MOST_VERSIONS}")
    return int(text)
