"""A KPI (benefit measure): what a project promised to change, by how much, and who answers for it."""

from dataclasses import dataclass, field
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


class ToleranceIn(StrEnum):
    """What a tolerance is a number of: a share of the planned value, or the KPI's own unit."""

    SHARE = "share"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One benefit measure. `None` means that nobody has said; it is never replaced by a guess.

    - `currency` (ISO 4217) where its figures are money, and `scale` how many of the unit one of its
      figures stands for (1000000 where they are in millions).
    - `tolerance` is by how much the actual may miss the plan before it is amber, `tolerance_red`
      before it is red: a share of the planned value (0.1 = 10 %), or with `tolerance_in` a number of
      the unit.
    - `reporting_lag_days` is how long after a period's end its reading is due; `calendar` names the
      working days by which that day is moved.
    - `attribution` is the share of the change that the project may claim (1 = all of it), and
      `cashable` whether the benefit can be taken out of a budget.
    - `department` is responsible for the figures, which come from `source`.
    - `formula`, in the condition language, makes a composite KPI of others: `inputs` has the id of
      the KPI that each of its names stands for.
    - `part_of` is the id of the KPI in whose figures these are counted already.
    - `template` is the id of the catalogue's template that it was made from.
    - `supports` maps the id of a strategic objective to the share of the KPI that counts towards it,
      `None` where that is not agreed.
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
    description: str | None = None
    currency: str | None = None
    scale: Decimal = Decimal(1)
    baseline_source: str | None = None
    tolerance_red: Decimal | None = None
    tolerance_in: ToleranceIn = ToleranceIn.SHARE
    department: str | None = None
    calculation: str | None = None
    cashable: bool | None = None
    attribution: Decimal | None = None
    template: str | None = None
    formula: str | None = None
    inputs: dict[str, str] = field(default_factory=dict[str, str])
    part_of: str | None = None
    calendar: str | None = None
    supports: dict[str, Decimal | None] = field(default_factory=dict[str, Decimal | None])
