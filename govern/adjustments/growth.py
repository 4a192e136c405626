"""More, or what was planned after all: expand, drive adoption, mitigate."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from govern.adjustments.alternative import Alternative, Ask, Budget, NotPossible
from govern.adjustments.choosing import concerned, done, named, not_dropped
from govern.adjustments.cuts import SHARES, told
from govern.adjustments.effect import Effect, becomes, derived, scaled, unchanged, unknown
from govern.adjustments.standing import Benefit, Standing, Work
from govern.adjustments.times import of_cost
from govern.domain.measures import CONTEXT
from govern.domain.period import ends_between, next_end

A_TENTH = Decimal("0.1")


def expand(standing: Standing, ask: Ask) -> Alternative:
    """More of what works: so much more of what deliverables bring, for so much more of their cost."""
    by = A_TENTH if ask.by is None else ask.by
    works, left_out = named(standing, ask, not_dropped, done)
    budget = _more_cost(works, by)
    changes: list[Mapping[str, Any]] = [
        {"kind": "deliverable", "deliverable": each.id, "fields": {"cost": _more(each.cost, by)}}
        for each in works
        if each.is_open and each.cost
    ]
    if standing.budget is not None and budget.change:
        whole = CONTEXT.add(standing.budget, budget.change)
        changes.append({"kind": "project", "fields": {"budget": whole}})
    percent = f"{_plain(by * 100)} %"
    return Alternative(
        ask,
        f"Expand {', '.join(each.id for each in works)} by {percent}",
        tuple(scaled(standing, works, by)),
        budget,
        works,
        left_out,
        proposes=tuple(f"Expand {told(each)} by {percent}." for each in works),
        changes=tuple(changes),
        assumes=(SHARES, f"{percent} more of a deliverable brings and costs {percent} more."),
    )


def drive_adoption(standing: Standing, ask: Ask) -> Alternative:
    """The scope stays: what was planned is reached from now on."""
    behind = _those(standing, ask, lambda each: not each.measured.disbenefit, "fall short of")
    return _back_to_plan(
        standing,
        ask,
        behind,
        f"Drive adoption: {_named(behind)} back to plan",
        [
            f"Win those over who do not use what serves {each.id} {each.name} yet."
            for each in behind
        ],
    )


def mitigate(standing: Standing, ask: Ask) -> Alternative:
    """A drawback back to what was accepted of it."""
    beyond = _those(standing, ask, lambda each: each.measured.disbenefit, "go beyond")
    return _back_to_plan(
        standing,
        ask,
        beyond,
        f"Mitigate: {_named(beyond)} back to plan",
        [f"Bring {each.id} {each.name} back to what was planned of it." for each in beyond],
    )


def _those(
    standing: Standing, ask: Ask, fits: Callable[[Benefit], bool], word: str
) -> list[Benefit]:
    """The KPI that was named, or those of a kind that are forecast to miss what is planned."""
    if ask.kpi is not None and ask.kpi in standing.benefit:
        return [standing.benefit[ask.kpi]]
    found = [
        each
        for each in standing.benefits
        if fits(each)
        and (gain := each.better_by(each.forecast.value, _as_planned(each)[0])) is not None
        and gain > 0
    ]
    if not found:
        raise NotPossible(f"no KPI is forecast to {word} what is planned: name one")
    return found


def _back_to_plan(
    standing: Standing, ask: Ask, those: list[Benefit], title: str, proposes: list[str]
) -> Alternative:
    effects = {each.id: unchanged(each) for each in standing.benefits}
    for each in those:
        effects[each.id] = _reached(each)
    works, left_out = concerned(standing, ask, not_dropped)
    return Alternative(
        ask,
        title,
        tuple(derived(effects).values()),
        of_cost(ask.cost),
        works,
        left_out,
        proposes=tuple(proposes),
        assumes=(
            "It works at once and wholly: what was planned is reached from now on, and what was missed "
            "until now stays missed.",
            "The plan stays as it is.",
        ),
    )


def _reached(benefit: Benefit) -> Effect:
    if benefit.is_complete:
        return unchanged(benefit)
    value, why = _as_planned(benefit)
    return unknown(benefit, why or "") if value is None else becomes(benefit, value)


def _as_planned(benefit: Benefit) -> tuple[Decimal | None, str | None]:
    """What is planned for completion; of a cumulative KPI what was reported, and what is planned for the
    periods after the last figure."""
    completes = benefit.history.completes_on
    planned = benefit.measured.planned
    if completes is None:
        return None, "nobody has said until when"
    if not benefit.measured.cumulative:
        value = planned.get(completes, benefit.forecast.promised)
        return (
            value,
            None if value is not None else f"nothing is planned for {completes.isoformat()}",
        )
    cadence = benefit.measured.cadence
    last = benefit.forecast.last_figure
    begun = min([*planned, *benefit.measured.actual], default=completes)
    first = begun if last is None else next_end(cadence, last)
    if last is not None:
        gaps = [d for d in ends_between(cadence, begun, last) if d not in benefit.measured.actual]
        if gaps and gaps[0] <= completes:
            return None, f"no figure for {gaps[0].isoformat()}"
    total = benefit.reported
    for day in ends_between(cadence, first, completes):
        if day not in planned:
            return None, f"nothing is planned for {day.isoformat()}"
        total = CONTEXT.add(total, planned[day])
    return total, None


def _more_cost(works: Sequence[Work], by: Decimal) -> Budget:
    missing = [each.id for each in works if each.cost is None]
    if missing:
        why = f"nobody has said what {', '.join(missing)} costs"
        return Budget(None, Decimal(0), Decimal(0), why=why)
    total = Decimal(0)
    for each in works:
        total = CONTEXT.add(total, CONTEXT.multiply(each.cost or Decimal(0), by))
    return Budget(total, Decimal(0), Decimal(0))


def _more(cost: Decimal | None, by: Decimal) -> Decimal:
    return CONTEXT.multiply(cost or Decimal(0), CONTEXT.add(Decimal(1), by))


def _named(those: Sequence[Benefit]) -> str:
    return ", ".join(each.id for each in those)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
