"""What becomes of a KPI: its value at completion, and what is left of its promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from govern.adjustments.standing import Benefit, Standing, Work
from govern.domain import measures
from govern.domain.measures import CONTEXT


@dataclass(frozen=True, slots=True)
class Effect:
    """`value` is what the KPI comes to with the alternative, unknown for the reason `why`; without it
    that is the forecast. `left` is what is left of what was promised, unknown for the reason
    `left_why`. Where the promise itself is made anew (`rebased`) the value is held against that."""

    benefit: Benefit
    value: Decimal | None
    why: str | None = None
    left: Decimal | None = None
    left_why: str | None = None
    rebased: bool = False
    follows: tuple[str, ...] = ()
    """The KPIs that it is made up of and that change, where the map does not reach it itself."""

    @property
    def without(self) -> Decimal | None:
        return self.benefit.forecast.value

    @property
    def change(self) -> Decimal | None:
        """By how much the KPI ends up better; negative where it ends up worse."""
        return self.benefit.better_by(self.without, self.value)

    @property
    def is_changed(self) -> bool:
        return (self.value, self.left) != (self.without, self.benefit.forecast.promised)

    @property
    def attainment(self) -> Decimal | None:
        promised = self.left if self.rebased else self.benefit.forecast.promised
        history = self.benefit.history
        return measures.attainment(history.direction, history.baseline, promised, self.value)


def unchanged(benefit: Benefit) -> Effect:
    found = benefit.forecast
    left_why = None if found.promised is not None else "nothing was promised"
    return Effect(benefit, found.value, found.why, found.promised, left_why)


def becomes(benefit: Benefit, value: Decimal) -> Effect:
    return replace(unchanged(benefit), value=value, why=None)


def unknown(benefit: Benefit, why: str) -> Effect:
    return replace(unchanged(benefit), value=None, why=benefit.forecast.why or why)


def scaled(standing: Standing, works: Sequence[Work], factor: Decimal) -> list[Effect]:
    """Every KPI where so much (`factor`) of what the deliverables bring is added: -1 takes it all away.

    A deliverable brings its share of what is `shared_out`: F + factor · Σ share · shared out. Of the
    promise its share of the whole way from the baseline is taken away; nothing is added to it. A KPI that
    none of them reaches stays as it is, but for one that is made up of others that change.
    """
    found = {
        each.id: _scaled(standing, each, works, factor)
        if _reaching(standing, each, works)
        else unchanged(each)
        for each in standing.benefits
    }
    return list(derived(found).values())


def shared_out(benefit: Benefit) -> Decimal | None:
    """What deliverables still change, by their shares: what the KPI gains from its baseline to completion,
    and of a sum no more of it than is still to come, as what was reported stays whatever is done. Below
    0 where lower figures are better."""
    if benefit.forecast.value is None or benefit.begins_at is None:
        return None
    gain = CONTEXT.subtract(benefit.forecast.value, benefit.begins_at)
    if benefit.to_come is None or abs(gain) <= benefit.to_come:
        return gain
    return benefit.to_come.copy_sign(gain)


def _reaching(standing: Standing, benefit: Benefit, works: Sequence[Work]) -> list[Work]:
    """Those that bring something of it. A share of nothing at all is nothing."""
    return [each for each in works if standing.brings(each.id).get(benefit.id, Decimal(0)) != 0]


def _scaled(standing: Standing, benefit: Benefit, works: Sequence[Work], factor: Decimal) -> Effect:
    reaching = _reaching(standing, benefit, works)
    begins = benefit.begins_at
    found = benefit.forecast
    share = Decimal(0)
    not_agreed: list[str] = []
    for each in reaching:
        brought = standing.brings(each.id)[benefit.id]
        if brought is None:
            not_agreed.append(each.id)
        else:
            share = CONTEXT.add(share, brought)
    why = None
    if not_agreed:
        why = f"what {_and(not_agreed)} {_brings(not_agreed)} to it is not agreed"
    elif begins is None:
        why = "it has no baseline to count gains from"
    elif benefit.sign is None:
        why = "nobody has said in which direction it is good"
    if why is not None or begins is None:
        without = unchanged(benefit)
        left = (None, without.left_why or why) if factor < 0 else (without.left, without.left_why)
        return Effect(benefit, None, found.why or why, *left)

    def more(value: Decimal, brought: Decimal) -> Decimal:
        return CONTEXT.add(value, CONTEXT.multiply(factor, brought))

    effect = unchanged(benefit)
    if found.promised is not None and factor < 0:
        way = CONTEXT.subtract(found.promised, begins)
        effect = replace(effect, left=more(found.promised, CONTEXT.multiply(share, way)))
    gain = shared_out(benefit)
    if found.value is None or gain is None:
        return effect
    if _is_loss(benefit, found.value, begins):
        return replace(
            effect,
            value=None,
            why="it is forecast to be worse than its baseline, and the map shares out gains, not losses",
        )
    if benefit.measured.cumulative:
        share = min(share, Decimal(1))
    return replace(effect, value=more(found.value, CONTEXT.multiply(share, gain)))


def _is_loss(benefit: Benefit, value: Decimal, begins: Decimal) -> bool:
    """A disbenefit is meant to grow: what the map shares out is the drawback."""
    return value < begins if benefit.grows else value > begins


def derived(effects: Mapping[str, Effect]) -> dict[str, Effect]:
    """The same, with what follows for KPIs that are not reached themselves but made up of others: one
    that others are part of changes by as much as those, a composite in a way that is not known."""
    found = dict(effects)
    settled: set[str] = set()
    for kpi in found:
        _settle(found, kpi, settled)
    return found


def _settle(found: dict[str, Effect], kpi: str, settled: set[str]) -> None:
    if kpi in settled:
        return
    settled.add(kpi)
    benefit = found[kpi].benefit
    parts = [each for each in found if found[each].benefit.part_of == kpi]
    made_of = [*parts, *(each for each in benefit.inputs if each in found)]
    for each in made_of:
        _settle(found, each, settled)
    if found[kpi].is_changed:
        return
    changed = [each for each in made_of if found[each].is_changed]
    if not changed:
        return
    if set(changed) <= set(parts) and all(_alike(benefit, found[x].benefit) for x in changed):
        found[kpi] = _with_parts(found[kpi], [found[each] for each in changed])
    else:
        verb = "changes" if len(changed) == 1 else "change"
        why = f"it is made up of {_and(changed)}, which {verb}"
        found[kpi] = replace(unknown(benefit, why), left=None, left_why=why, follows=tuple(changed))


def _with_parts(whole: Effect, parts: Sequence[Effect]) -> Effect:
    names = _and([each.benefit.id for each in parts])

    def moved(
        first: Decimal | None, pairs: list[tuple[Decimal | None, Decimal | None]]
    ) -> Decimal | None:
        for before, after in pairs:
            if first is None or before is None or after is None:
                return None
            first = CONTEXT.add(first, CONTEXT.subtract(after, before))
        return first

    value = moved(whole.without, [(each.without, each.value) for each in parts])
    if value is not None:
        value = _keeping(whole, value)
    left = moved(whole.left, [(each.benefit.forecast.promised, each.left) for each in parts])
    why = f"{names} is part of it, of which it is not known what becomes"
    return replace(
        whole,
        value=value,
        why=None if value is not None else whole.why or why,
        left=left,
        left_why=None if left is not None else whole.left_why or why,
        follows=tuple(each.benefit.id for each in parts),
    )


def _keeping(whole: Effect, value: Decimal) -> Decimal:
    """Parts may be reported later than their whole: a sum keeps what was reported of it."""
    benefit, without = whole.benefit, whole.without
    if without is None or not benefit.measured.cumulative or not benefit.grows:
        return value
    return max(value, min(benefit.reported, without))


def _alike(whole: Benefit, part: Benefit) -> bool:
    """Whether figures of both can be added."""
    one, other = whole.measured, part.measured
    return (whole.unit, whole.currency, one.scale, one.cadence, one.cumulative, whole.sign) == (
        *(part.unit, part.currency, other.scale, other.cadence, other.cumulative, part.sign),
    )


def _brings(names: Sequence[str]) -> str:
    return "brings" if len(names) == 1 else "bring"


def _and(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
