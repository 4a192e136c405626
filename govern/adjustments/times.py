"""Later or earlier: rephase, accelerate."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from govern.adjustments.alternative import (
    AS_IT_IS,
    Alternative,
    Ask,
    Budget,
    LeftOut,
    Moved,
    NotPossible,
    Of,
)
from govern.adjustments.choosing import late, named
from govern.adjustments.cuts import told
from govern.adjustments.effect import Effect, becomes, derived, unchanged, unknown
from govern.adjustments.replanning import plan_change, shifted
from govern.adjustments.shifting import end_after, later, whole_periods
from govern.adjustments.standing import Benefit, Standing, Work
from govern.domain.measures import CONTEXT
from govern.domain.period import Cadence, last_completed, period_end, period_number
from govern.forecasting.forecast import Forecast, forecast

FARTHEST = 24
"""Periods within which it is looked for the one by which a promise is kept."""

A_QUARTER: Mapping[Cadence, int] = {
    Cadence.WEEKLY: 13,
    Cadence.MONTHLY: 3,
    Cadence.QUARTERLY: 1,
    Cadence.HALF_YEARLY: 1,
    Cadence.YEARLY: 1,
}
"""A quarter in periods of a cadence, one at least."""

NO_COST = "nobody has said what that costs"


def rephase(standing: Standing, ask: Ask) -> Alternative:
    """The same scope later: ends, due dates and what is planned and not yet judged move by whole periods."""
    lead = standing.benefit.get(ask.kpi or "")
    cadence = lead.measured.cadence if lead else Cadence.MONTHLY
    if standing.end is None and not any(map(_may_move, standing.benefits)):
        raise NotPossible("neither the project nor a KPI has an end that could be moved")
    periods, why = (ask.periods, None) if ask.periods else _enough(lead, cadence)
    effects: list[Effect] = []
    dates: list[Moved] = []
    changes: list[Mapping[str, Any]] = []
    if standing.end is not None:
        end = later(standing.end, cadence, periods)
        dates.append(Moved(Of.PROJECT, standing.project, "end", standing.end, end))
        changes.append({"kind": "project", "fields": {"end": end}})
    for work in standing.open_works:
        if work.due is not None:
            due = later(work.due, cadence, periods)
            dates.append(Moved(Of.DELIVERABLE, work.id, "due", work.due, due))
            changes.append({"kind": "deliverable", "deliverable": work.id, "fields": {"due": due}})
    for each in standing.benefits:
        count = _count(each, cadence, periods)
        effects.append(_later(each, count) if count else unchanged(each))
        own = each.measured.cadence
        if count and each.target_on is not None:
            day = later(each.target_on, own, count)
            dates.append(Moved(Of.KPI, each.id, "target_on", each.target_on, day))
            changes.append({"kind": "kpi", "kpi": each.id, "fields": {"target_on": day}})
        if count and (planned := shifted(each, standing.today, count)):
            changes.append(plan_change(each.id, planned))
    by = _spoken(periods, cadence)
    return Alternative(
        ask,
        f"Rephase by {by}",
        tuple(effects),
        AS_IT_IS,
        tuple(each for each in standing.open_works if each.due is not None),
        dates=tuple(dates),
        proposes=(
            f"Move the end, the due dates of what is open and what is planned and not judged by {by}.",
        ),
        changes=tuple(changes),
        assumes=(
            *([why] if why else []),
            "The scope stays, and figures go on as forecast up to the later end.",
            "The budget stays: what running longer costs is not known.",
        ),
    )


def _may_move(benefit: Benefit) -> bool:
    return benefit.history.completes_on is not None and not benefit.is_complete


def _count(benefit: Benefit, cadence: Cadence, periods: int) -> int:
    """By how many whole periods of its own a KPI's completion moves."""
    day = benefit.history.completes_on
    if day is None or not _may_move(benefit):
        return 0
    return max(whole_periods(benefit.measured.cadence, day, later(day, cadence, periods)), 0)


def _later(benefit: Benefit, count: int) -> Effect:
    found = _moved(benefit, count)
    if found.value is None:
        return unknown(benefit, found.why or "it cannot be forecast so far ahead")
    return becomes(benefit, found.value)


def _moved(benefit: Benefit, count: int) -> Forecast:
    """The forecast for a completion so many periods later."""
    history = benefit.history
    day = history.completes_on
    assert day is not None  # noqa: S101 - only a completion that is known moves
    return forecast(replace(history, completes_on=end_after(history.cadence, day, count)))


def _enough(lead: Benefit | None, cadence: Cadence) -> tuple[int, str | None]:
    """The fewest periods after which the KPI is forecast to keep its promise, or a quarter."""
    quarter = A_QUARTER[cadence]
    if lead is None:
        return quarter, "By how much was not said: a quarter."
    name = f"{lead.id} {lead.name}"
    if lead.is_complete:
        raise NotPossible(f"what {name} came to at completion was reported")
    if _misses(lead, lead.forecast.value) is None or not _may_move(lead):
        return quarter, f"Whether {name} keeps its promise later is not known: a quarter."
    if not _misses(lead, lead.forecast.value):
        raise NotPossible(f"{name} is forecast to keep its promise in time")
    path = {step.period: step.value for step in _moved(lead, FARTHEST).path}
    end = lead.history.completes_on
    assert end is not None  # noqa: S101 - as it may move
    for count in range(1, FARTHEST + 1):
        value = path.get(end_after(cadence, end, count))
        # The model may be another one for another distance: both have to say so.
        if _misses(lead, value) is False and _misses(lead, _moved(lead, count).value) is False:
            return count, f"After {_spoken(count, cadence)} {name} is forecast to keep its promise."
    most = _spoken(FARTHEST, cadence)
    return quarter, f"{name} is not forecast to keep its promise within {most} more: a quarter."


def _misses(benefit: Benefit, value: Decimal | None) -> bool | None:
    better = benefit.better_by(benefit.forecast.promised, value)
    return None if better is None else better < 0


def _spoken(count: int, cadence: Cadence) -> str:
    noun = {
        Cadence.WEEKLY: "week",
        Cadence.MONTHLY: "month",
        Cadence.QUARTERLY: "quarter",
        Cadence.HALF_YEARLY: "half-year",
        Cadence.YEARLY: "year",
    }[cadence]
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def accelerate(standing: Standing, ask: Ask) -> Alternative:
    """Open deliverables earlier: a cumulative KPI gains what they bring in the periods won."""
    to = ask.to or period_end(Cadence.MONTHLY, later(standing.today, Cadence.MONTHLY, 1))
    if to < standing.today:
        raise NotPossible(f"{to.isoformat()} is past")
    found, left_out = named(standing, ask, lambda each: each.is_open, late)
    works: list[Work] = []
    for each in found:
        expected = _expected(each, standing.today, ask)
        if expected is not None and expected <= to:
            left_out = (*left_out, LeftOut(each.id, f"it is expected by {to.isoformat()} already"))
        else:
            works.append(each)
    if not works:
        raise NotPossible(f"nothing that is open would be earlier by {to.isoformat()}")
    effects = {each.id: _earlier(standing, each, works, to, ask) for each in standing.benefits}
    moved = [each for each in works if each.due != to]
    return Alternative(
        ask,
        f"Bring {', '.join(each.id for each in works)} forward to {to.isoformat()}",
        tuple(derived(effects).values()),
        of_cost(ask.cost),
        tuple(works),
        left_out,
        tuple(Moved(Of.DELIVERABLE, each.id, "due", each.due, to) for each in moved),
        tuple(f"Finish {told(each)} by {to.isoformat()}." for each in works),
        tuple(
            {"kind": "deliverable", "deliverable": each.id, "fields": {"due": to}} for each in moved
        ),
        (
            "In each period won a deliverable brings its share of what the KPI is forecast to gain in a "
            "period, on the mean of those to come.",
            "A KPI that counts a level ends as it was forecast: it only gets there earlier.",
        ),
    )


def _expected(work: Work, today: date, ask: Ask) -> date | None:
    """When it comes without: as it is due, or, where that is past, when it was said to be expected."""
    if work.due is not None and work.due >= today:
        return work.due
    return ask.expected


def _earlier(standing: Standing, benefit: Benefit, works: list[Work], to: date, ask: Ask) -> Effect:
    found = benefit.forecast
    reaching = [w for w in works if standing.brings(w.id).get(benefit.id, Decimal(0)) != 0]
    if not reaching or not benefit.measured.cumulative or benefit.is_complete:
        return unchanged(benefit)
    completes = benefit.history.completes_on
    if found.value is None or found.ahead is None or completes is None:
        return unchanged(benefit)
    cadence = benefit.measured.cadence
    mean = CONTEXT.divide(
        CONTEXT.subtract(found.value, benefit.reported),
        Decimal(found.ahead + len(found.estimated)),
    )
    value = found.value
    for work in reaching:
        share = standing.brings(work.id)[benefit.id]
        expected = _expected(work, standing.today, ask)
        if share is None:
            return unknown(benefit, f"what {work.id} brings to it is not agreed")
        if expected is None:
            late_or_not = "late" if work.due else "without a due date"
            return unknown(
                benefit, f"{work.id} is {late_or_not}, and nobody has said when it is expected"
            )
        last = last_completed(cadence, min(expected, completes))
        won = max(period_number(cadence, last) - period_number(cadence, to), 0)
        value = CONTEXT.add(value, CONTEXT.multiply(CONTEXT.multiply(share, mean), Decimal(won)))
    return becomes(benefit, value)


def of_cost(cost: Decimal | None) -> Budget:
    if cost is None:
        return Budget(None, Decimal(0), Decimal(0), why=NO_COST)
    return Budget(cost, Decimal(0), Decimal(0))
