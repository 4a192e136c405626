"""The roll-up: what KPIs are worth together, each counted once, and what is not known of it.

Money is added per currency, and amounts of one period apart from amounts of all periods. Everything
else is a mean and a median of attainments, by weight. What is unknown is no part of a sum: it is named
beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from govern.domain.measures import CONTEXT, ratio
from govern.domain.worth import Per, Worth

MEASURES = ("promised", "planned", "realised", "forecast")


@dataclass(frozen=True, slots=True)
class Span:
    """A forecast's value and its 80 % interval; `low` is the lower number."""

    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI of a roll-up. `currency` is that of its sums, `None` where it is none of money; `spans`
    has the forecast's interval. `attainment` and `at_completion` are shares."""

    kpi: str
    currency: str | None
    per: Per
    weight: Decimal
    cashable: bool | None
    part_of: str | None
    inputs: tuple[str, ...]
    attribution: Decimal | None
    worth: Mapping[str, Worth]
    attainment: Worth
    at_completion: Worth
    span: Span | None = None
    attainment_span: Span | None = None

    @property
    def of_money(self) -> bool:
        return self.currency is not None


def counted_in(lines: Iterable[Line]) -> dict[str, tuple[str, ...]]:
    """The KPIs that are not counted → those that they are counted in.

    - One that is part of another in the roll-up is counted in it: in the nearest that is counted, up
      the whole way. A part in money is not counted in one that is not of money.
    - A composite is counted in its inputs, of which each is counted somewhere: where one is in the
      roll-up, and is no part of the composite. A composite of money only where that one is of money,
      or made of some.
    """
    by_id = {line.kpi: line for line in lines}
    found: dict[str, tuple[str, ...]] = {}
    for kpi in by_id:
        own = frozenset({kpi})
        wholes = [each for each in _wholes(by_id, kpi) if _stands(by_id, each, own)]
        if wholes:
            found[kpi] = (wholes[0],)
        elif doubled := _doubled(by_id, kpi):
            found[kpi] = doubled
    return found


def _stands(by_id: Mapping[str, Line], kpi: str, below: frozenset[str] = frozenset()) -> bool:
    """Whether a KPI is counted as itself; `below` are those that are asked on behalf of."""
    return not _doubled(by_id, kpi) and not any(
        _stands(by_id, whole, below | {kpi}) for whole in _wholes(by_id, kpi) if whole not in below
    )


def _wholes(by_id: Mapping[str, Line], kpi: str) -> list[str]:
    """What a KPI is part of, the nearest first, as far as it is in the roll-up and takes it in."""
    found: list[str] = []
    seen = {kpi}
    above = by_id[kpi].part_of
    while above is not None and above in by_id and above not in seen:
        seen.add(above)
        if by_id[above].of_money or not by_id[kpi].of_money:
            found.append(above)
        above = by_id[above].part_of
    return found


def _doubled(by_id: Mapping[str, Line], kpi: str) -> tuple[str, ...]:
    """The inputs of a composite that are counted without it."""
    line = by_id[kpi]
    return tuple(
        each
        for each in line.inputs
        if each in by_id
        and each != kpi
        and kpi not in _wholes(by_id, each)
        and (not line.of_money or _made_of_money(by_id, each, frozenset({kpi})))
    )


def _made_of_money(by_id: Mapping[str, Line], kpi: str, above: frozenset[str]) -> bool:
    line = by_id[kpi]
    return line.of_money or any(
        _made_of_money(by_id, each, above | {kpi})
        for each in line.inputs
        if each in by_id and each not in above | {kpi}
    )


def overclaimed(lines: Iterable[Line]) -> dict[str, Decimal]:
    """KPIs whose parts claim more than all of it → the sum of what they claim."""
    claimed: dict[str, Decimal] = {}
    for line in lines:
        if line.part_of is not None and line.attribution is not None:
            before = claimed.get(line.part_of, Decimal(0))
            claimed[line.part_of] = CONTEXT.add(before, line.attribution)
    return {kpi: share for kpi, share in sorted(claimed.items()) if share > 1}


@dataclass(frozen=True, slots=True)
class Sum:
    """`value` is that of the `known` KPIs, `None` where there is none; `not_known` names the others."""

    value: Decimal | None
    known: int
    not_known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """An 80 % interval of a sum of forecasts, once as if their errors had nothing to do with each other
    and once as if all were wrong in the same way. What is so lies between."""

    independent: tuple[Decimal, Decimal]
    together: tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Money:
    """Sums of one currency and of one kind of amount; `cashable` the part of them that is cashable.
    `attainment` is realised / planned of the `compared` KPIs of which both are known."""

    currency: str
    per: Per
    sums: Mapping[str, Sum]
    cashable: Mapping[str, Sum]
    bounds: Bounds | None
    attainment: Decimal | None
    compared: int


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of attainments by weight, of the `known` KPIs; `not_known` names the others. `median` is
    that by weight, which one KPI of which next to nothing was promised does not sweep away."""

    value: Decimal | None
    median: Decimal | None
    known: int
    not_known: tuple[str, ...]
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """What some KPIs come to: `money`, and the means of those that are none of money."""

    counted: int
    not_counted: int
    money: tuple[Money, ...]
    attainment: Mean
    at_completion: Mean


def totals(lines: Sequence[Line], left_out: Mapping[str, tuple[str, ...]]) -> Totals:
    """The sums of some of the lines of a roll-up. Their order does not matter."""
    counted = sorted(
        (line for line in lines if line.kpi not in left_out), key=lambda line: line.kpi
    )
    of_money = [line for line in counted if line.of_money]
    rest = [line for line in counted if not line.of_money]
    keys = sorted(
        {(line.currency or "", line.per) for line in of_money},
        key=lambda key: (key[0], list(Per).index(key[1])),
    )
    return Totals(
        len(counted),
        len(lines) - len(counted),
        tuple(
            _money(
                [line for line in of_money if (line.currency, line.per) == key],
                key[0],
                key[1],
            )
            for key in keys
        ),
        _mean(rest, {line.kpi: line.attainment for line in rest}),
        _mean(rest, {line.kpi: line.at_completion for line in rest}, spans=True),
    )


def _money(lines: Sequence[Line], currency: str, per: Per) -> Money:
    both = [
        line
        for line in lines
        if line.worth["planned"].value is not None and line.worth["realised"].value is not None
    ]
    planned, realised = (_sum(both, name).value for name in ("planned", "realised"))
    attained = None
    if planned is not None and realised is not None and planned > 0:
        attained = ratio(realised, planned)
    spans = [line.span for line in lines if line.span is not None]
    return Money(
        currency,
        per,
        {name: _sum(lines, name) for name in MEASURES},
        {name: _sum([line for line in lines if line.cashable], name) for name in MEASURES},
        interval(spans, [Decimal(1)] * len(spans), Decimal(1)),
        attained,
        len(both),
    )


def _sum(lines: Sequence[Line], name: str) -> Sum:
    known = [value for line in lines if (value := line.worth[name].value) is not None]
    unknown = tuple(line.kpi for line in lines if line.worth[name].value is None)
    return Sum(added(known) if known else None, len(known), unknown)


def _mean(lines: Sequence[Line], worth: Mapping[str, Worth], *, spans: bool = False) -> Mean:
    known = [line for line in lines if worth[line.kpi].value is not None]
    unknown = tuple(line.kpi for line in lines if worth[line.kpi].value is None)
    weight = added([line.weight for line in known])
    parts = [
        CONTEXT.multiply(line.weight, value)
        for line in known
        if (value := worth[line.kpi].value) is not None
    ]
    value = ratio(added(parts), weight)
    found = [line for line in known if line.attainment_span is not None] if spans else []
    bounds = None
    if found and len(found) == len(known) and value is not None:
        held = [line.attainment_span for line in found if line.attainment_span is not None]
        bounds = interval(held, [line.weight for line in found], weight)
    shares = [
        (share, line.weight) for line in known if (share := worth[line.kpi].value) is not None
    ]
    return Mean(value, _median(shares), len(known), unknown, bounds)


def _median(shares: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """The share up to which half of the weight lies; the middle to the next one where just half does."""
    weighing = sorted((share, weight) for share, weight in shares if weight > 0)
    half = CONTEXT.divide(added(weight for _, weight in weighing), Decimal(2))
    reached = Decimal(0)
    for at, (share, weight) in enumerate(weighing):
        reached = CONTEXT.add(reached, weight)
        if reached == half:
            return ratio(CONTEXT.add(share, weighing[at + 1][0]), Decimal(2))
        if reached > half:
            return share
    return None


def interval(spans: Sequence[Span], weights: Sequence[Decimal], whole: Decimal) -> Bounds | None:
    """That of a mean by weight, or of a sum where each weight and the whole is 1. Independent errors add
    by their squares, errors that go together as they are."""
    if not spans:
        return None
    middle = Decimal(0)
    below: list[Decimal] = []
    above: list[Decimal] = []
    for span, weight in zip(spans, weights, strict=True):
        middle = CONTEXT.add(middle, CONTEXT.multiply(weight, span.value))
        below.append(CONTEXT.multiply(weight, CONTEXT.subtract(span.value, span.low)))
        above.append(CONTEXT.multiply(weight, CONTEXT.subtract(span.high, span.value)))

    def around(under: Decimal, over: Decimal) -> tuple[Decimal, Decimal]:
        ends = (CONTEXT.subtract(middle, under), CONTEXT.add(middle, over))
        return (CONTEXT.divide(ends[0], whole), CONTEXT.divide(ends[1], whole))

    return Bounds(around(_rooted(below), _rooted(above)), around(added(below), added(above)))


def _rooted(values: Sequence[Decimal]) -> Decimal:
    return CONTEXT.sqrt(added([CONTEXT.multiply(value, value) for value in values]))


def added(values: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = CONTEXT.add(total, value)
    return total
