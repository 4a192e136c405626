"""What a forecast is made from: what was reported of one KPI, what was planned, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from govern.domain.kpi import Direction
from govern.domain.period import Cadence


class CompletesBy(StrEnum):
    """Where the day of completion was taken from, the first that is known."""

    TARGET = "target_on"
    PROJECT = "project_end"
    PLAN = "last_planned_period"


@dataclass(frozen=True, slots=True)
class History:
    """One KPI as known on a day. Values are in the KPI's unit, each by the last day of its period.

    - `actual`: the figures reported, in order of period; a period without one is left out.
    - `planned`: the trajectory in force, in order of period, also of periods to come.
    - `cumulative`: values are increments, and what counts is their sum from the first period on.
    - `completes_on`: the last day of the period of completion; `None` where nobody has said.
    """

    cadence: Cadence
    actual: tuple[tuple[date, Decimal], ...]
    planned: tuple[tuple[date, Decimal], ...]
    direction: Direction | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    cumulative: bool = False
    completes_on: date | None = None
    completes_by: CompletesBy | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The same as numbers: `known` (index → value), `plan` likewise, by periods counted from the first
    with a value of either kind; `zero` is the value that the plan's shape is scaled from."""

    known: Mapping[int, float]
    plan: Mapping[int, float]
    zero: float
    cumulative: bool

    @property
    def indexes(self) -> tuple[int, ...]:
        return tuple(sorted(self.known))

    def until(self, last: int) -> "Series":
        """What was known when the period `last` was the last reported one. The plan is known ahead."""
        earlier = {index: value for index, value in self.known.items() if index <= last}
        return Series(earlier, self.plan, self.zero, self.cumulative)
