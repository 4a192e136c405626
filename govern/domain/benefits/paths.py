"""What follows from the links: ways through the map, and how much a thing brings in the end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal

from govern.domain.benefits.circles import components
from govern.domain.benefits.map import BenefitsMap, Key, Kind, Link

DIGITS = Context(prec=34)
"""Shares are multiplied and added with 34 digits, as the condition language reckons."""

Brought = Mapping[str, Decimal | None]
"""KPI id → the share of it that something brings; `None` where a share on the way is not agreed."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way through the map: its links from a deliverable to a KPI or to where it ends, and the link
    from there to one objective, if there is one."""

    start: Key
    links: tuple[Link, ...]
    supports: Link | None = None

    @property
    def end(self) -> Key:
        return self.links[-1].target if self.links else self.start

    @property
    def outcomes(self) -> tuple[str, ...]:
        return tuple(link.target.id for link in self.links if link.target.kind is Kind.OUTCOME)

    @property
    def contribution(self) -> Decimal | None:
        """The product of the shares; `None` where one is not agreed or no KPI is reached."""
        return product(self.links) if self.links and self.end.kind is Kind.KPI else None


def product(links: tuple[Link, ...]) -> Decimal | None:
    found = Decimal(1)
    for link in links:
        if link.share is None:
            return None
        found = DIGITS.multiply(found, link.share)
    return found


def ways(drawn: BenefitsMap) -> Iterator[Way]:
    """Every way from every deliverable, and from what no deliverable leads to, one after the other.

    No way passes a thing twice. Their number can grow with the power of the outcomes in a row: take
    as many as are wanted.
    """
    for node in drawn.nodes:
        if node.key.kind is Kind.DELIVERABLE or (
            node.key.kind in (Kind.OUTCOME, Kind.KPI) and not drawn.entering[node.key]
        ):
            yield from _onward(drawn, node.key)


def _onward(drawn: BenefitsMap, start: Key) -> Iterator[Way]:
    way: list[Link] = []
    choices = [iter(_steps(drawn, start, {start}))]
    if not _steps(drawn, start, {start}):
        yield from _ends(drawn, Way(start, ()))
    while choices:
        link = next(choices[-1], None)
        if link is None:
            choices.pop()
            if way:
                way.pop()
            continue
        way.append(link)
        passed = {start, *(each.target for each in way)}
        steps = _steps(drawn, link.target, passed)
        if steps:
            choices.append(iter(steps))
        else:
            yield from _ends(drawn, Way(start, tuple(way)))
            way.pop()


def _steps(drawn: BenefitsMap, at: Key, passed: set[Key]) -> list[Link]:
    if at.kind is Kind.KPI:
        return []
    return [link for link in drawn.leaving[at] if link.target not in passed]


def _ends(drawn: BenefitsMap, way: Way) -> Iterator[Way]:
    supported = drawn.leaving[way.end] if way.end.kind is Kind.KPI else ()
    for link in supported:
        yield Way(way.start, way.links, link)
    if not supported:
        yield way


def contributions(drawn: BenefitsMap) -> dict[str, dict[str, Decimal | None]]:
    """Deliverable id → the KPIs that it reaches, each with the share of it that it brings: along a way
    the shares multiply, over all ways they add up.

    Unknown (`None`) where a share on one of the ways is not agreed, or a way passes a circle: then
    there is no end to it. Equal to the sum over `ways`, without walking each of them.
    """
    brought: dict[Key, dict[str, Decimal | None]] = {}
    ahead = {
        node.key: [link.target for link in drawn.leaving[node.key]]
        for node in drawn.nodes
        if node.key.kind in (Kind.DELIVERABLE, Kind.OUTCOME)
    }
    within = {
        key: [each for each in targets if each.kind is Kind.OUTCOME]
        for key, targets in ahead.items()
    }
    for group in components(within):
        first, *rest = group
        if rest or first in within[first]:
            reached = {
                kpi
                for key in group
                for link in drawn.leaving[key]
                for kpi in _behind(link, brought)
            }
            for key in group:
                brought[key] = dict.fromkeys(sorted(reached))
        else:
            brought[first] = _sum_of(drawn.leaving[first], brought)
    return {node.key.id: brought[node.key] for node in drawn.of(Kind.DELIVERABLE)}


def _behind(link: Link, brought: Mapping[Key, Brought]) -> set[str]:
    return {link.target.id} if link.target.kind is Kind.KPI else {*brought.get(link.target, ())}


def _sum_of(links: tuple[Link, ...], brought: Mapping[Key, Brought]) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {}
    for link in links:
        behind: Brought = (
            {link.target.id: Decimal(1)} if link.target.kind is Kind.KPI else brought[link.target]
        )
        for kpi, share in behind.items():
            here = (
                None if link.share is None or share is None else DIGITS.multiply(link.share, share)
            )
            before = found.get(kpi, Decimal(0))
            found[kpi] = None if here is None or before is None else DIGITS.add(before, here)
    return dict(sorted(found.items()))


def objective_shares(drawn: BenefitsMap) -> dict[str, dict[str, Decimal | None]]:
    """Project id → objective id → the share of the project's value that counts towards it.

    Value is weighed by the weights of the project's KPIs: the sum of weight × share over the KPIs that
    support the objective, divided by the sum of all weights. Disbenefits are left out. Unknown where
    one of those shares is not agreed, or the weights are all 0.
    """
    weights: dict[str, Decimal] = {}
    found: dict[str, dict[str, Decimal | None]] = {}
    for node in drawn.of(Kind.KPI):
        if node.project is None or node.disbenefit:
            continue
        weights[node.project] = DIGITS.add(weights.get(node.project, Decimal(0)), node.weight)
        shares = found.setdefault(node.project, {})
        for link in drawn.leaving[node.key]:
            before = shares.get(link.target.id, Decimal(0))
            shares[link.target.id] = (
                None
                if link.share is None or before is None
                else DIGITS.add(before, DIGITS.multiply(node.weight, link.share))
            )
    return {
        project: {
            objective: (
                None
                if counted is None or not weights[project]
                else DIGITS.divide(counted, weights[project])
            )
            for objective, counted in sorted(shares.items())
        }
        for project, shares in found.items()
    }
