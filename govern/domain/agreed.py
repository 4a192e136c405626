"""What is agreed of a KPI (its promise and its trajectory), and how one agreement differs from another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from govern.domain.kpi import Direction
from govern.domain.measures import (
    CONTEXT,
    LEVELS,
    LOWER_IS_BETTER,
    attainment,
    progress,
    variance,
)
from govern.domain.period import Cadence, ends_between, last_completed
from govern.domain.plain import plain

DECIMALS = frozenset(
    {"baseline", "target", "scale", "attribution", "tolerance", "tolerance_red", "weight"}
)
DATES = frozenset({"baseline_on", "target_on"})
"""Fields of a KPI that are no text, by their type; the others are texts, truth values or maps."""

MEASURED_BY = ("unit", "currency", "scale", "cumulative")
"""What must be the same for figures of two agreements to be held against one another."""

Actuals = Mapping[date, Decimal | None]
"""Period end → what was reported; `None` where it was reported that there is no figure."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One KPI in a plan: its fields by name, typed as in the KPI itself, and period end → planned."""

    kpi: str
    fields: Mapping[str, Any]
    planned: Mapping[date, Decimal]

    @property
    def name(self) -> str:
        return self.fields.get("name") or self.kpi

    @property
    def direction(self) -> Direction | None:
        said = self.fields.get("direction")
        return None if said is None else Direction(said)

    @property
    def cadence(self) -> Cadence:
        return Cadence(self.fields.get("cadence") or Cadence.MONTHLY)

    @property
    def promised(self) -> Decimal | None:
        """The value promised, from baseline to target, positive where it is good; in the KPI's unit.

        Unknown without a direction, a baseline or a target, and for a level that is to be held.
        """
        direction = self.direction
        baseline, target = self.fields.get("baseline"), self.fields.get("target")
        if direction is None or direction in LEVELS or baseline is None or target is None:
            return None
        return _gained(direction, baseline, target)

    @property
    def planned_in_all(self) -> Decimal | None:
        """What is planned in the end: the sum of a cumulative KPI, else the last period's value."""
        if not self.planned:
            return None
        if self.fields.get("cumulative"):
            return _sum(self.planned.values())
        return self.planned[max(self.planned)]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure on both sides, and by how much the second is better (positive) or worse; unknown where
    one of them is."""

    first: Decimal | None
    second: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One KPI in two plans; a side that does not have the KPI is `None`.

    `fields` has name → both values, `planned` period → both values, each only where they differ.
    `comparable` says whether both are measured alike (`MEASURED_BY`); where they are not, the changes
    of the figures are unknown.
    """

    kpi: str
    name: str
    first: Agreed | None
    second: Agreed | None
    fields: Mapping[str, tuple[Any, Any]]
    planned: Mapping[date, tuple[Decimal | None, Decimal | None]]
    promised: Change
    planned_in_all: Change
    comparable: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Results to date held against one plan. A figure that cannot be told is `None`."""

    planned: Decimal | None
    attainment: Decimal | None
    progress: Decimal | None
    variance: Decimal | None


def told(agreed: Agreed) -> dict[str, Any]:
    """As plain data: what a kept baseline and an event say of the KPI."""
    return {
        "kpi": agreed.kpi,
        **plain(dict(sorted(agreed.fields.items()))),
        "planned": {day.isoformat(): plain(agreed.planned[day]) for day in sorted(agreed.planned)},
    }


def read(data: Mapping[str, Any]) -> Agreed:
    """The inverse of `told`."""
    fields = {name: value for name, value in data.items() if name not in ("kpi", "planned")}
    return Agreed(
        data["kpi"],
        typed(fields),
        {date.fromisoformat(day): Decimal(value) for day, value in data["planned"].items()},
    )


def typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a KPI, from plain data to the types that the KPI has."""
    return {name: _typed(name, value) for name, value in fields.items()}


def as_text(value: Any) -> str | None:
    """A field's value in words: a number in plain notation, a map as `name = id`."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        named = cast("Mapping[str, str | None]", value)
        return ", ".join(
            f"{name} = {'not agreed' if each is None else each}"
            for name, each in sorted(named.items())
        )
    return str(plain(value))


def difference(first: Agreed | None, second: Agreed | None) -> Difference:
    """One KPI in two plans, at least one of which has it."""
    some = second or first
    assert some is not None  # noqa: S101 - one of both is there
    before: Mapping[str, Any] = first.fields if first else {}
    after: Mapping[str, Any] = second.fields if second else {}
    fields = {
        name: (before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }
    was: Mapping[date, Decimal] = first.planned if first else {}
    becomes: Mapping[date, Decimal] = second.planned if second else {}
    planned = {
        day: (was.get(day), becomes.get(day))
        for day in sorted({*was, *becomes})
        if was.get(day) != becomes.get(day)
    }
    comparable = first is None or second is None or measured_alike(first, second)
    direction = some.direction if comparable else None
    return Difference(
        kpi=some.kpi,
        name=some.name,
        first=first,
        second=second,
        fields=fields,
        planned=planned,
        promised=_change(
            None if direction is None else Direction.INCREASE,
            first.promised if first else None,
            second.promised if second else None,
        ),
        planned_in_all=_change(
            direction,
            first.planned_in_all if first else None,
            second.planned_in_all if second else None,
        ),
        comparable=comparable,
    )


def measured_alike(first: Agreed, second: Agreed) -> bool:
    """Whether figures of both can be held against one another."""
    return all(first.fields.get(name) == second.fields.get(name) for name in MEASURED_BY)


def judged_period(cadence: Cadence, actuals: Actuals, today: date) -> date:
    """The last period that is reported, or else the last one that is over."""
    reported = [day for day, actual in actuals.items() if actual is not None and day <= today]
    return max(reported) if reported else last_completed(cadence, today)


def to_date(agreed: Agreed, values: Actuals, period: date, begin: date) -> Decimal | None:
    """What a KPI comes to by a period, as it counts: the sum from the period that ends on `begin` where
    it is cumulative, unknown where one of them has no value; else the period's own value."""
    if not agreed.fields.get("cumulative"):
        return values.get(period)
    found = [values.get(end) for end in ends_between(agreed.cadence, begin, period)]
    known = [value for value in found if value is not None]
    return _sum(known) if found and len(known) == len(found) else None


def standing(plan: Agreed, now: Agreed, actuals: Actuals, period: date, begin: date) -> Standing:
    """Results by a period against a plan, by the formulas of `govern.domain.measures`.

    `now` is the KPI as it is measured today, in whose unit the actuals are; against a plan that
    measures otherwise nothing but its own planned value is known.
    """
    planned = to_date(plan, plan.planned, period, begin)
    if not measured_alike(plan, now):
        return Standing(planned, None, None, None)
    actual = to_date(now, actuals, period, begin)
    baseline, target = plan.fields.get("baseline"), plan.fields.get("target")
    return Standing(
        planned,
        attainment(plan.direction, baseline, planned, actual),
        progress(plan.direction, baseline, target, actual),
        variance(plan.direction, planned, actual),
    )


def _change(direction: Direction | None, first: Decimal | None, second: Decimal | None) -> Change:
    if direction is None or first is None or second is None:
        return Change(first, second, None)
    return Change(first, second, _gained(direction, first, second))


def _gained(direction: Direction, before: Decimal, after: Decimal) -> Decimal:
    if direction in LOWER_IS_BETTER:
        return CONTEXT.subtract(before, after)
    return CONTEXT.subtract(after, before)


def _sum(values: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for each in values:
        total = CONTEXT.add(total, each)
    return total


def _typed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in DECIMALS:
        return Decimal(value)
    return date.fromisoformat(value) if name in DATES else value
