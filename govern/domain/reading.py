"""What was planned and what was reported for one KPI and one period."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """One reported actual. A correction is a new reading with a later `recorded_at`.

    `actual` is `None` where the report came without a figure: that is a statement, not a zero.
    """

    kpi_id: str
    period: date
    actual: Decimal | None
    reported_on: date | None = None
    recorded_at: datetime | None = None
    recorded_by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedValue:
    """One point of a trajectory: the value planned for the period that ends on `period`."""

    kpi_id: str
    period: date
    planned: Decimal
