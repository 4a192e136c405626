"""A KPI (benefit measure): what a project promised to change, by how much, and who answers for it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from govern.domain.period import Cadence


class Direction(StrEnum):
    """Which way is good. `at_least` and `at_most` are levels to hold; `milestone` is reached or not."""

    INCREASE = "increase"
    DECREASE = "decrease"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MILESTONE = "milestone"


class Aggregation(StrEnum):
    """How readings of several periods combine into one."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One benefit measure. `None` means that nobody has said; it is never replaced by a guess.

    `tolerance` is the share of the planned value by which the actual may miss it (0.1 = 10 %).
    `reporting_lag_days` is how long after a period's end its reading is due.
    """

    id: str
    project_id: str
    name: str
    category: str | None = None
    unit: str | None = None
    direction: Direction | None = None
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    target_on: date | None = None
    tolerance: Decimal | None = None
    weight: Decimal = Decimal(1)
    cadence: Cadence = Cadence.MONTHLY
    owner: str | None = None
    source: str | None = None
    aggregation: Aggregation = Aggregation.LAST
    cumulative: bool = False
    disbenefit: bool = False
    reporting_lag_days: int = 0
