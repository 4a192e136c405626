"""The rows of readings.csv as columns, and as values one by one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from govern.domain.reading import Confidence, PlannedValue, Reading
from govern.intake.batches import Batches
from govern.intake.rows import ReadingRow

SAID = ("note", "confidence", "link", "reason", "origin")
"""What is said of a reading beside its figure and its day."""

SCHEMA: dict[str, Any] = {
    "line": pl.UInt32,
    "number": pl.UInt32,
    "kpi": pl.String,
    "period": pl.Date,
    "planned": pl.String,
    "actual": pl.String,
    "reported_on": pl.Date,
    **dict.fromkeys(SAID, pl.String),
    "version": pl.UInt16,
    "reports": pl.Boolean,
    "unknown": pl.Boolean,
}
"""`number` counts the KPIs of a file; figures are exact decimals as text in plain notation; `version`
is 0 where the row does not say; `reports` where it is a reading, be it one without a figure, and
`unknown` where it says that there is none."""


@dataclass(frozen=True, slots=True)
class ReadingRows:
    """The rows that can be taken, in the order of the file. `dropped` are lines that are not."""

    batches: Batches = field(default_factory=Batches)
    dropped: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.UInt32))

    def frames(self) -> Iterator[pl.DataFrame]:
        """Frames of `SCHEMA`, of which memory holds one at a time."""
        for frame in self.batches:
            if self.dropped.is_empty():
                yield frame
            else:
                yield frame.filter(~pl.col("line").is_in(self.dropped.implode()))

    def __len__(self) -> int:
        return self.batches.rows - len(self.dropped)

    def __iter__(self) -> Iterator[ReadingRow]:
        for frame in self.frames():
            yield from map(_row, frame.iter_rows(named=True))

    def reporting(self) -> set[str]:
        """The KPIs for which there is an actual."""
        found: set[str] = set()
        for frame in self.frames():
            found |= set(frame.filter(pl.col("actual").is_not_null())["kpi"].unique())
        return found


def _row(row: dict[str, Any]) -> ReadingRow:
    kpi, period, confidence = row["kpi"], row["period"], row["confidence"]
    reading = Reading(
        kpi,
        period,
        None if row["actual"] is None else Decimal(row["actual"]),
        row["reported_on"],
        **{name: row[name] for name in SAID if name != "confidence"},
        confidence=Confidence(confidence) if confidence else None,
    )
    planned = row["planned"]
    return ReadingRow(
        row["line"],
        reading if row["reports"] else None,
        None if planned is None else PlannedValue(kpi, period, Decimal(planned)),
        row["version"] or None,
    )
