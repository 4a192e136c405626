"""What is held against the other figures: repeated cells, figures far from the others, what is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import log10
from typing import Any

from govern.domain.plain import plain_decimal
from govern.intake.foreign.known import KnownKpi, KnownReading
from govern.intake.foreign.outcome import Became, CellOutcome, Choice, Question
from govern.intake.foreign.written import quoted

_FACTORS = (100, 1000, 1_000_000)
_NEAR = 5
_ABOUT = 0.3
"""Within a factor of two: log10(2) = 0.30."""


def far_from(outcome: CellOutcome, kpi: KnownKpi, median: Decimal | None) -> tuple[int, str] | None:
    """The factor of about 100, 1000 or a million that the figure is off by, and from what.

    It is held against the plan of its period, the last reading before it, and the middle of the
    file's own figures; one that is near any of them is not off."""
    value, period = outcome.value, outcome.period
    if not value or period is None:
        return None
    near: list[tuple[Decimal, str]] = []
    planned = kpi.planned.get(period)
    if planned and outcome.figure == "actual":
        near.append((planned, f"the plan of {period}, {plain_decimal(planned)}"))
    before = _before(outcome, kpi, period)
    if before is not None:
        near.append(before)
    if median and not near:
        near.append((median, f"the file's other figures, about {plain_decimal(median)}"))
    ratios = [(abs(value / each), text) for each, text in near if each]
    if any(Decimal(1) / _NEAR <= ratio <= _NEAR for ratio, _ in ratios):
        return None
    for ratio, text in ratios:
        size = abs(log10(ratio)) if ratio else 0.0
        for factor in _FACTORS:
            if abs(size - log10(factor)) <= _ABOUT:
                return factor, text
    return None


def _before(outcome: CellOutcome, kpi: KnownKpi, period: date) -> tuple[Decimal, str] | None:
    if outcome.figure == "planned":
        series: Mapping[date, Decimal | None] = kpi.planned
        what = "planned"
    else:
        series = {day: each.actual for day, each in kpi.readings.items()}
        what = "reported"
    earlier = [day for day, value in series.items() if day < period and value]
    if not earlier:
        return None
    day = max(earlier)
    value = series[day] or Decimal(0)
    return value, f"what was {what} for {day}, {plain_decimal(value)}"


def off_by(outcome: CellOutcome, factor: int, text: str, cell: str) -> Question:
    value = plain_decimal(outcome.value or Decimal(0))
    return Question(
        "accept",
        f"{value} for {outcome.kpi} is off by a factor of about {factor:,} from {text}. Is it right?",
        (
            Choice(
                f"- {quoted(cell)}", "yes; else correct it, or `scale` or `percent` of its label"
            ),
        ),
    )


def once(outcomes: Iterable[CellOutcome]) -> list[CellOutcome]:
    """Figures that stand twice: the same one is taken once, different ones are refused both."""
    cells = list(outcomes)
    by_key: dict[tuple[str | None, date | None, str | None], list[int]] = {}
    for index, each in enumerate(cells):
        if each.became is Became.TAKEN:
            by_key.setdefault((each.kpi, each.period, each.figure), []).append(index)
    for indexes in by_key.values():
        if len(indexes) < 2:
            continue
        values = {cells[index].value for index in indexes}
        said = {tuple(sorted(cells[index].said.items())) for index in indexes}
        first = cells[indexes[0]]
        if len(values) == 1 and len(said) == 1:
            for index in indexes[1:]:
                how = f"repeats {first.place}, and is taken once"
                cells[index] = replace(cells[index], became=Became.REPEATED, how=how)
            continue
        for index in indexes:
            other = cells[indexes[1] if index == indexes[0] else indexes[0]]
            what = "another figure" if len(values) > 1 else "another note, day or reason"
            cells[index] = cells[index].refused(
                f"is {each_of(first)}, which stands in {other.place} with {what}: '{other.raw}'",
                "keep one of the two",
            )
    return cells


def each_of(outcome: CellOutcome) -> str:
    return f"{outcome.figure} of {outcome.kpi} for {outcome.period}"


def against_stored(
    outcome: CellOutcome, kpi: KnownKpi, today: date, reason: str | None
) -> CellOutcome:
    """The outcome with its status, or refused."""
    period = outcome.period
    if period is None:
        return outcome
    if outcome.figure == "planned":
        before = kpi.planned.get(period)
        if before == outcome.value:
            return replace(outcome, status="unchanged")
        if kpi.frozen:
            return outcome.refused(
                f"changes the plan of {kpi.id}, which was agreed at a gate",
                "ask for a scope change",
            )
        return replace(outcome, status="new" if before is None else "corrected")
    if period > today:
        return outcome.refused(
            f"is the actual of {period}, which ends after today, {today}",
            "give it when the period is over; until then it is planned",
        )
    return _reading(outcome, kpi.readings.get(period), reason)


def _reading(outcome: CellOutcome, before: KnownReading | None, reason: str | None) -> CellOutcome:
    said = dict(outcome.said)
    why = said.pop("reason", None) or reason
    if before is None:
        return replace(outcome, status="new", said=said)
    if before.actual == outcome.value:
        # What the file says nothing of stays as it is.
        stored: dict[str, Any] = {
            name: getattr(before, name) for name in ("reported_on", "note", "confidence", "link")
        }
        merged = {name: value for name, value in stored.items() if value is not None} | said
        same = all(merged.get(name) == value for name, value in stored.items())
        if same:
            return replace(outcome, status="unchanged", said=merged)
        said = merged
    if why is None and before.actual is not None:
        return outcome.refused(
            f"corrects {each_of(outcome)}, where {plain_decimal(before.actual)} is stored, and says no"
            " reason",
            "say why: --reason, or a column `reason`",
        )
    return replace(outcome, status="corrected", said={**said, "reason": why})
