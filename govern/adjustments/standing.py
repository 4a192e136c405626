"""A project as it stands: benefits with their forecasts, deliverables and what each brings, budget."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from govern.domain.kpi import Direction
from govern.domain.measures import CONTEXT, LOWER_IS_BETTER, rounded
from govern.domain.period import period_number
from govern.domain.project import DeliverableState
from govern.domain.worth import Exchange, Measured
from govern.forecasting.forecast import Forecast
from govern.forecasting.history import History


@dataclass(frozen=True)
class Benefit:
    """A KPI. `exchange` leads into `currency`, which is `None` where its figures are no money. `inputs`
    are the KPIs that a composite is computed from."""

    id: str
    name: str
    unit: str | None
    currency: str | None
    measured: Measured
    history: History
    forecast: Forecast
    exchange: Exchange
    target_on: date | None = None
    part_of: str | None = None
    inputs: tuple[str, ...] = ()

    @property
    def begins_at(self) -> Decimal | None:
        """What gains are counted from; a cumulative KPI without a baseline counts from nothing, and so
        does a disbenefit, whose figures are the size of the drawback."""
        if self.measured.baseline is not None:
            return self.measured.baseline
        return Decimal(0) if self.measured.cumulative or self.measured.disbenefit else None

    @property
    def sign(self) -> int | None:
        """1 where a higher figure is better, -1 where it is worse; `None` where nobody has said."""
        if self.measured.disbenefit:
            return -1
        direction: Direction | None = self.measured.direction
        if direction is None:
            return None
        return -1 if direction in LOWER_IS_BETTER else 1

    @property
    def grows(self) -> bool:
        """Whether its figures are larger the more is brought: where more is better, and of a drawback."""
        return self.measured.disbenefit or self.sign == 1

    @property
    def is_complete(self) -> bool:
        """Whether what it came to at completion was reported."""
        return self.forecast.ahead == 0

    @cached_property
    def reported(self) -> Decimal:
        """The sum of the figures up to completion."""
        until = self.history.completes_on
        total = Decimal(0)
        for day, value in self.history.actual:
            if until is None or day <= until:
                total = CONTEXT.add(total, value)
        return total

    @cached_property
    def to_come(self) -> Decimal | None:
        """What a sum still gains after what was reported, never less than nothing; `None` where it is no
        sum, or unknown.

        Where figures grow that is the forecast less what was reported. A sum that is to be low gains by
        what does not come: what the baseline, laid evenly over all periods, has for those that are not
        reported yet, less what is forecast for them.
        """
        begins, value = self.begins_at, self.forecast.value
        if not self.measured.cumulative or begins is None or value is None or self.sign is None:
            return None
        ahead = CONTEXT.subtract(value, self.reported)
        if not self.grows:
            ahead = CONTEXT.subtract(self._not_reported(begins), ahead)
        return max(ahead, Decimal(0))

    def _not_reported(self, whole: Decimal) -> Decimal:
        """The part of `whole` that is for periods without a figure, up to completion."""
        history, found = self.history, self.forecast
        completes = history.completes_on
        days = [day for day, _ in (*history.actual, *history.planned)]
        if completes is None or found.ahead is None or not days:
            return whole
        first, last = (period_number(history.cadence, day) for day in (min(days), completes))
        missing = found.ahead + len(found.estimated)
        part = CONTEXT.divide(CONTEXT.multiply(whole, Decimal(missing)), Decimal(last - first + 1))
        return rounded(part)

    def better_by(self, first: Decimal | None, second: Decimal | None) -> Decimal | None:
        """By how much the second is better than the first; negative where it is worse."""
        if first is None or second is None or self.sign is None:
            return None
        return CONTEXT.multiply(Decimal(self.sign), CONTEXT.subtract(second, first))


@dataclass(frozen=True, slots=True)
class Work:
    """A deliverable."""

    id: str
    name: str
    state: DeliverableState
    due: date | None = None
    cost: Decimal | None = None

    @property
    def is_open(self) -> bool:
        return self.state in (DeliverableState.PLANNED, DeliverableState.IN_PROGRESS)

    @property
    def is_begun(self) -> bool:
        return self.state is not DeliverableState.PLANNED


@dataclass(frozen=True)
class Standing:
    """`shares` is deliverable → KPI → the share of the KPI that it brings, through outcomes and directly
    together; `None` where one of the links is agreed and its share is not."""

    project: str
    today: date
    start: date | None
    end: date | None
    budget: Decimal | None
    spent: Decimal | None
    benefits: tuple[Benefit, ...]
    works: tuple[Work, ...]
    shares: Mapping[str, Mapping[str, Decimal | None]]

    @cached_property
    def by_id(self) -> Mapping[str, Work]:
        return {each.id: each for each in self.works}

    @cached_property
    def benefit(self) -> Mapping[str, Benefit]:
        return {each.id: each for each in self.benefits}

    @property
    def open_works(self) -> tuple[Work, ...]:
        return tuple(each for each in self.works if each.is_open)

    def brings(self, work: str) -> Mapping[str, Decimal | None]:
        return self.shares.get(work, {})
