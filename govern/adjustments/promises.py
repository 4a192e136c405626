"""Nothing, another promise, better knowledge: rebaseline, remeasure, deep dive."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from govern.adjustments.alternative import Alternative, Ask, NotPossible
from govern.adjustments.choosing import concerned, not_dropped
from govern.adjustments.effect import Effect, unchanged
from govern.adjustments.replanning import along_forecast, plan_change
from govern.adjustments.standing import Benefit, Standing
from govern.domain.plain import plain_decimal
from govern.domain.worth import judged_periods

MOST_TOLD = 12
"""Periods without a figure that are named of one KPI."""


def nothing(standing: Standing, ask: Ask) -> Alternative:
    """Everything goes on as it is forecast."""
    return Alternative(
        ask, "Do nothing", _unchanged(standing), assumes=("Everything goes on as it is forecast.",)
    )


def rebaseline(standing: Standing, ask: Ask) -> Alternative:
    """The promise becomes what is forecast; the difference is given up."""
    those = [each for each in standing.benefits if each.id == ask.kpi] or [
        each for each in standing.benefits if not each.is_complete
    ]
    those = [each for each in those if each.forecast.value is not None]
    if not those:
        raise NotPossible("nothing is forecast that could become the promise")
    effects = {each.id: unchanged(each) for each in standing.benefits}
    changes: list[Mapping[str, Any]] = []
    proposes: list[str] = []
    for each in those:
        value = each.forecast.value
        assert value is not None  # noqa: S101 - the others were left out
        effects[each.id] = _promised_anew(each, value)
        was = each.forecast.promised
        if each.history.target != value:
            changes.append({"kind": "kpi", "kpi": each.id, "fields": {"target": value}})
        planned = {
            day: planned
            for day, planned in along_forecast(each).items()
            if each.measured.planned.get(day) != planned
        }
        if planned:
            changes.append(plan_change(each.id, planned))
        instead = "" if was is None else f" instead of {plain_decimal(was)}"
        proposes.append(f"Promise {plain_decimal(value)} of {each.id} {each.name}{instead}.")
    return Alternative(
        ask,
        f"Promise what is forecast: {', '.join(each.id for each in those)}",
        tuple(effects.values()),
        proposes=tuple(proposes),
        changes=tuple(changes),
        assumes=("The figures go on as forecast; only what they are held against changes.",),
    )


def _promised_anew(benefit: Benefit, value: Decimal) -> Effect:
    return replace(unchanged(benefit), left=value, left_why=None, rebased=True)


def remeasure(standing: Standing, ask: Ask) -> Alternative:
    """The figures are put right; the value is what it is."""
    proposes: list[str] = []
    for each in _about(standing, ask):
        missing = [
            day
            for day in judged_periods(each.measured, standing.today)
            if day not in each.measured.actual
        ]
        if missing:
            days = ", ".join(day.isoformat() for day in missing[:MOST_TOLD])
            more = f" and {len(missing) - MOST_TOLD} more" if len(missing) > MOST_TOLD else ""
            proposes.append(f"Report {each.id} {each.name} for {days}{more}.")
        if each.begins_at is None:
            proposes.append(f"Say what {each.id} {each.name} was at before: it has no baseline.")
        if each.forecast.promised is None:
            proposes.append(f"Say what {each.id} {each.name} is to come to: it has no target.")
    named_here = [each for each in standing.benefits if each.id == ask.kpi]
    proposes = proposes or [
        f"Measure {each.id} {each.name} again, and validate what was reported."
        for each in named_here or standing.benefits
    ]
    return _known_better(standing, ask, "Measure again", proposes)


def deep_dive(standing: Standing, ask: Ask) -> Alternative:
    """Somebody finds out what is behind it; the value is what it is."""
    proposes: list[str] = []
    for each in _about(standing, ask):
        found = each.forecast
        if found.value is None:
            proposes.append(f"{each.id} {each.name}: nothing is forecast, {found.why}.")
        elif found.promised is not None:
            proposes.append(
                f"{each.id} {each.name}: why it comes to {plain_decimal(found.value)} where "
                f"{plain_decimal(found.promised)} was promised."
            )
        late = [
            work
            for work in standing.open_works
            if each.id in standing.brings(work.id) and work.due and work.due < standing.today
        ]
        proposes += [
            f"{work.id} {work.name}, which serves {each.id}: why it is late." for work in late
        ]
    return _known_better(standing, ask, "Look deeper", proposes or ["Find out what is behind it."])


def _about(standing: Standing, ask: Ask) -> list[Benefit]:
    return [each for each in standing.benefits if ask.kpi in (None, each.id)]


def _known_better(standing: Standing, ask: Ask, title: str, proposes: list[str]) -> Alternative:
    works, left_out = concerned(standing, ask, not_dropped)
    return Alternative(
        ask,
        title,
        _unchanged(standing),
        works=works,
        left_out=left_out,
        proposes=tuple(proposes),
        assumes=("Knowing better changes no value by itself.",),
    )


def _unchanged(standing: Standing) -> tuple[Effect, ...]:
    return tuple(unchanged(each) for each in standing.benefits)
