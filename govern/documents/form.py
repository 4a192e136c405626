"""A workbook to fill in, as plain values: what is given, what is to be written, and what may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

FormCell = str | Decimal | date | None


class Takes(StrEnum):
    """What the cells of a column take."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class FormColumn:
    """`open`: its cells are for whoever fills it in; all others are locked. `words` are those that a
    column of words takes, `says` is shown beside a cell that is being filled in."""

    heading: str
    width: int
    takes: Takes = Takes.TEXT
    open: bool = False
    hidden: bool = False
    words: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet `name` with a row of headings, a sheet that says in words how to fill it in, and a
    hidden one with the `marker` by which the form is known when it comes back."""

    name: str
    columns: tuple[FormColumn, ...]
    rows: Sequence[tuple[FormCell, ...]]
    help_name: str
    help: tuple[str, ...]
    marker: str
