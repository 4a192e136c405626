"""The observation tables of one project as plain rows, which are quicker to look at than frames.

A frame is made for many projects: what it costs to put a question to one is the same for a row as for a
million. Of one project a few hundred rows are looked at, and lists of plain values answer in a fraction
of that. `observe` and `facts_of` are what tells what the answers are; tests hold the two equal.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from govern.observation.tables import SCHEMAS, ObservationTables

Row = Mapping[str, Any]
"""Column → value: text, Boolean, whole number, float, date, list of texts, or None."""

PlainTables = Mapping[str, Sequence[Row]]
"""The rows of each of `SCHEMAS`, with all of its columns; those of one project."""

_TOO_LARGE = 1e300


def plain_rows(tables: ObservationTables) -> dict[str, list[dict[str, Any]]]:
    return {name: getattr(tables, name).to_dicts() for name in SCHEMAS}


def finite(value: float | None) -> float | None:
    """A number, unless it is none or beyond ±10³⁰⁰ (see `numbers.finite`)."""
    return value if value is not None and abs(value) < _TOO_LARGE else None
