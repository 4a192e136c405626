"""What alternatives are worth: gained and lost in money, each KPI counted once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from govern.adjustments.alternative import Alternative
from govern.adjustments.effect import Effect
from govern.adjustments.standing import Benefit, Standing
from govern.domain import worth
from govern.domain.measures import CONTEXT, ratio
from govern.domain.rollup import Line, counted_in
from govern.domain.worth import Per, Worth, per


@dataclass(frozen=True, slots=True)
class Valued:
    """An effect in money: `promised` and what is `left` of it, what the KPI comes to `without` and
    `with_` the alternative. All `None` where it is no money."""

    effect: Effect
    without: Worth | None
    with_: Worth | None
    promised: Worth | None
    left: Worth | None


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts of one currency and kind, of the KPIs of which they are known; `not_known` names the others.
    `kept` is what is left of the forecast. Lost and gained are what KPIs lose and gain, each added up.
    `None` where none of them is known."""

    currency: str
    per: Per
    without: Decimal | None
    kept: Decimal | None
    lost: Decimal | None
    gained: Decimal | None
    promised_lost: Decimal | None
    promised_gained: Decimal | None
    not_known: tuple[str, ...]
    promised_not_known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToGo:
    """The benefit that is still to come, whoever brings it, and what is still to be spent for it; where a
    number is unknown `why` says why."""

    currency: str | None
    benefit: Decimal | None
    cost: Decimal | None
    ratio: Decimal | None
    why: str | None


def valued(effect: Effect, at: date) -> Valued:
    benefit, measured = effect.benefit, effect.benefit.measured
    if benefit.currency is None:
        return Valued(effect, None, None, None, None)

    def expected(value: Decimal | None, why: str | None) -> Worth:
        if value is None:
            return worth.unknown(why or "it is not known what it comes to")
        return worth.expected(measured, value, at, benefit.exchange)

    def promised(value: Decimal | None, why: str | None) -> Worth:
        if value is None:
            return worth.unknown(why or "nothing was promised")
        return worth.promised(replace(measured, target=value), at, benefit.exchange)

    return Valued(
        effect,
        expected(effect.without, benefit.forecast.why),
        expected(effect.value, effect.why),
        promised(benefit.forecast.promised, None),
        promised(effect.left, effect.left_why),
    )


def not_counted(effects: Sequence[Effect]) -> dict[str, tuple[str, ...]]:
    """The KPIs whose change is counted in others → those others.

    As in the roll-up; but where it is not known what becomes of a whole, its parts are counted instead.
    """
    by_id = {each.benefit.id: each for each in effects}
    parts_of = {
        each.benefit.id: each.follows
        for each in effects
        if each.follows and each.value is None and not each.benefit.inputs
    }
    lines = [
        _line(each, None if each.benefit.part_of in parts_of else each.benefit.part_of)
        for each in effects
        if each.benefit.id not in parts_of
    ]
    found = {kpi: others for kpi, others in counted_in(lines).items() if kpi in by_id}
    return found | parts_of


def _line(effect: Effect, part_of: str | None) -> Line:
    benefit, nobody = effect.benefit, worth.unknown("it is not asked")
    return Line(
        kpi=benefit.id,
        currency=benefit.currency,
        per=per(benefit.measured),
        weight=Decimal(1),
        cashable=None,
        part_of=part_of,
        inputs=benefit.inputs,
        attribution=benefit.measured.attribution,
        worth={},
        attainment=nobody,
        at_completion=nobody,
    )


def sums(found: Sequence[Valued], left_out: Mapping[str, tuple[str, ...]]) -> list[Sum]:
    """One per currency and kind of amount, in their order."""
    of_money = [
        each
        for each in found
        if each.effect.benefit.currency is not None and each.effect.benefit.id not in left_out
    ]
    keys = {
        (each.effect.benefit.currency or "", per(each.effect.benefit.measured)) for each in of_money
    }
    return [
        _sum(
            [
                each
                for each in of_money
                if (each.effect.benefit.currency, per(each.effect.benefit.measured)) == key
            ],
            *key,
        )
        for key in sorted(keys, key=lambda key: (key[0], list(Per).index(key[1])))
    ]


def _sum(found: Sequence[Valued], currency: str, kind: Per) -> Sum:
    forecast = _pairs(found, "without", "with_")
    promised = _pairs(found, "promised", "left")
    return Sum(
        currency,
        kind,
        _added([first for first, _ in forecast.values()]) if forecast else None,
        _added([second for _, second in forecast.values()]) if forecast else None,
        *_lost_and_gained(forecast),
        *_lost_and_gained(promised),
        tuple(x.effect.benefit.id for x in found if x.effect.benefit.id not in forecast),
        tuple(x.effect.benefit.id for x in found if x.effect.benefit.id not in promised),
    )


def _pairs(found: Sequence[Valued], first: str, second: str) -> dict[str, tuple[Decimal, Decimal]]:
    pairs: dict[str, tuple[Decimal, Decimal]] = {}
    for each in found:
        one: Worth | None = getattr(each, first)
        other: Worth | None = getattr(each, second)
        if one and other and one.value is not None and other.value is not None:
            pairs[each.effect.benefit.id] = (one.value, other.value)
    return pairs


def _lost_and_gained(
    pairs: Mapping[str, tuple[Decimal, Decimal]],
) -> tuple[Decimal | None, Decimal | None]:
    if not pairs:
        return None, None
    changes = [CONTEXT.subtract(second, first) for first, second in pairs.values()]
    lost = _added([-each for each in changes if each < 0])
    return lost, _added([each for each in changes if each > 0])


def to_go(
    standing: Standing, found: Sequence[Valued], left_out: Mapping[str, tuple[str, ...]]
) -> ToGo:
    """What is still to come of all KPIs in money that count their sum, against budget less spent. Nobody
    says what currency a budget is in: it is taken for that of the KPIs."""
    cost = None
    whys: list[str] = []
    if standing.budget is not None and standing.spent is not None:
        cost = max(CONTEXT.subtract(standing.budget, standing.spent), Decimal(0))
    else:
        whys.append("budget or spent is unknown")
    counted = [
        each
        for each in found
        if each.effect.benefit.currency is not None and each.effect.benefit.id not in left_out
    ]
    currencies = {each.effect.benefit.currency for each in counted}
    currency = currencies.pop() if len(currencies) == 1 else None
    benefit: Decimal | None = None
    if not counted:
        whys.append("no KPI is in money")
    elif currency is None:
        whys.append("the KPIs are in several currencies: ask for one")
    else:
        benefit, why = _still_to_come(standing, counted)
        whys += [why] if why else []
    share = ratio(benefit, cost) if benefit is not None and cost is not None else None
    if share is None and not whys:
        whys.append("nothing is left to be spent")
    return ToGo(currency, benefit, cost, share, "; ".join(whys) or None)


def _still_to_come(
    standing: Standing, counted: Sequence[Valued]
) -> tuple[Decimal | None, str | None]:
    total = Decimal(0)
    for each in counted:
        benefit = each.effect.benefit
        if not benefit.measured.cumulative:
            return None, f"{benefit.id} counts what is so at a time, not a sum"
        there, why = _without_what_is_to_come(benefit, standing.today)
        if there is None or each.without is None or each.without.value is None:
            return None, f"{benefit.id}: {why}"
        total = CONTEXT.add(total, CONTEXT.subtract(each.without.value, there))
    return total, None


def _without_what_is_to_come(benefit: Benefit, at: date) -> tuple[Decimal | None, str | None]:
    """What a sum is worth if none of what it is still to gain comes."""
    value, to_come = benefit.forecast.value, benefit.to_come
    if value is None:
        return None, benefit.forecast.why
    gone = (to_come or Decimal(0)).copy_sign(1 if benefit.grows else -1)
    found = worth.expected(benefit.measured, CONTEXT.subtract(value, gone), at, benefit.exchange)
    return found.value, found.why


def _added(values: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = CONTEXT.add(total, value)
    return total


def unknowns(alternative: Alternative) -> dict[str, str]:
    """KPI → why it is not known what becomes of it."""
    return {
        each.benefit.id: each.why or "nobody has said in which direction it is good"
        for each in alternative.effects
        if each.change is None
    }
