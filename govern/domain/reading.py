"""What was planned and what was reported for one KPI and one period."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Confidence(StrEnum):
    """How sure whoever reports a figure is of it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Reading:
    """One reported actual. A correction is a new reading with a later `recorded_at`.

    `actual` is `None` where the report came without a figure: that is a statement, not a zero.
    `reason` says why it corrects the one before, `link` where the figure can be seen, and `origin`
    what it was taken from: a file and cell, or a source.
    """

    kpi_id: str
    period: date
    actual: Decimal | None
    reported_on: date | None = None
    recorded_at: datetime | None = None
    recorded_by: str | None = None
    note: str | None = None
    reason: str | None = None
    confidence: Confidence | None = None
    link: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedValue:
    """One point of a trajectory: the value planned for the period that ends on `period`."""

    kpi_id: str
    period: date
    planned: Decimal
