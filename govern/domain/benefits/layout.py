"""Where the things of a map stand: layers from left to right, in each an order with few crossings.

The steps are those of K. Sugiyama, S. Tagawa and M. Toda (Methods for visual understanding of
hierarchical system structures, IEEE Transactions on Systems, Man, and Cybernetics 11, 1981): layers, bends
where a link passes a layer, orders by barycentre, then places.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from govern.domain.benefits.circles import components
from govern.domain.benefits.map import BenefitsMap, Key, Kind, Link

SWEEPS = 12
PASSES = 30

Bend: TypeAlias = tuple[Link, int]
"""Where a link passes a layer without standing in it."""

Slot: TypeAlias = "Key | Bend"


@dataclass(frozen=True, slots=True)
class Layers:
    """`slots` per layer from left to right, each from top to bottom. `of` is the layer of each thing.
    `ways` has for each link the slots that it touches; a link within one layer (`within`) has none."""

    slots: tuple[tuple[Slot, ...], ...]
    of: Mapping[Key, int]
    ways: Mapping[Link, tuple[Slot, ...]]
    within: tuple[Link, ...]

    def crossings(self) -> int:
        return _crossings([list(each) for each in self.slots], _steps(self.ways))


def layered(drawn: BenefitsMap) -> Layers:
    """Deliverables left, then outcomes (one layer per outcome in a row), KPIs, objectives.

    Layers that hold nothing are left out; links of a circle of outcomes stay within one layer.
    """
    of = _layers(drawn)
    count = max(of.values(), default=-1) + 1
    slots: list[list[Slot]] = [[] for _ in range(count)]
    for node in drawn.nodes:
        slots[of[node.key]].append(node.key)
    ways: dict[Link, tuple[Slot, ...]] = {}
    within: list[Link] = []
    for link in drawn.links:
        first, last = of[link.source], of[link.target]
        if first >= last:
            within.append(link)
            continue
        bends: list[Bend] = [(link, layer) for layer in range(first + 1, last)]
        for bend in bends:
            slots[bend[1]].append(bend)
        ways[link] = (link.source, *bends, link.target)
    return Layers(tuple(map(tuple, _ordered(slots, ways))), of, ways, tuple(within))


def _layers(drawn: BenefitsMap) -> dict[Key, int]:
    depth = _depths(drawn)
    column = {
        node.key: (list(Kind).index(node.key.kind), depth.get(node.key, 0)) for node in drawn.nodes
    }
    used = {each: number for number, each in enumerate(sorted(set(column.values())))}
    return {key: used[each] for key, each in column.items()}


def _depths(drawn: BenefitsMap) -> dict[Key, int]:
    """How many outcomes come before an outcome, on the longest way; the same for all of a circle."""
    ahead = {
        node.key: [
            link.target for link in drawn.leaving[node.key] if link.target.kind is Kind.OUTCOME
        ]
        for node in drawn.of(Kind.OUTCOME)
    }
    depth = dict.fromkeys(ahead, 0)
    for group in reversed(components(ahead)):
        most = max(depth[each] for each in group)
        for each in group:
            depth[each] = most
        for each in group:
            for after in ahead[each]:
                if after not in group:
                    depth[after] = max(depth[after], most + 1)
    return depth


@dataclass(slots=True)
class _Neighbours:
    before: dict[Slot, list[Slot]] = field(default_factory=dict["Slot", "list[Slot]"])
    after: dict[Slot, list[Slot]] = field(default_factory=dict["Slot", "list[Slot]"])


def _steps(ways: Mapping[Link, tuple[Slot, ...]]) -> _Neighbours:
    found = _Neighbours()
    for way in ways.values():
        for one, other in pairwise(way):
            found.after.setdefault(one, []).append(other)
            found.before.setdefault(other, []).append(one)
    return found


def _ordered(slots: list[list[Slot]], ways: Mapping[Link, tuple[Slot, ...]]) -> list[list[Slot]]:
    """The orders with the fewest crossings that were met while sweeping to and fro."""
    near = _steps(ways)
    best, fewest = [list(each) for each in slots], _crossings(slots, near)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        right = sweep % 2 == 0
        numbers = range(1, len(slots)) if right else range(len(slots) - 2, -1, -1)
        for number in numbers:
            fixed = slots[number - 1 if right else number + 1]
            place = {slot: at for at, slot in enumerate(fixed)}
            slots[number] = _by_barycentre(
                slots[number], near.before if right else near.after, place
            )
        crossings = _crossings(slots, near)
        if crossings < fewest:
            best, fewest = [list(each) for each in slots], crossings
    return best


def _by_barycentre(
    layer: list[Slot], near: Mapping[Slot, list[Slot]], place: Mapping[Slot, int]
) -> list[Slot]:
    def wanted(at: int, slot: Slot) -> float:
        others = near.get(slot)
        return sum(place[each] for each in others) / len(others) if others else float(at)

    keyed = [(wanted(at, slot), at, slot) for at, slot in enumerate(layer)]
    return [slot for _, _, slot in sorted(keyed, key=lambda each: each[:2])]


def _crossings(slots: Sequence[Sequence[Slot]], near: _Neighbours) -> int:
    return sum(_between(one, other, near) for one, other in pairwise(slots))


def _between(one: Sequence[Slot], other: Sequence[Slot], near: _Neighbours) -> int:
    """How many pairs of steps cross: the inversions among their ends, in the order of their starts."""
    place = {slot: at for at, slot in enumerate(other)}
    seen: list[int] = []
    found = 0
    for slot in one:
        ends = sorted(place[each] for each in near.after.get(slot, ()))
        for end in ends:
            found += len(seen) - bisect_left(seen, end + 1)
        for end in ends:
            insort(seen, end)
    return found


def placed(layers: Layers, heights: Mapping[Slot, float], gap: float) -> dict[Slot, float]:
    """The middle of each slot, from the top down. Slots of a layer keep their order and a `gap`; beyond
    that each is drawn to the middle of what it is linked to."""
    near = _steps(layers.ways)
    middle: dict[Slot, float] = {}
    for layer in layers.slots:
        _stack(layer, [0.0] * len(layer), heights, gap, middle)
    for turn in range(PASSES):
        order = layers.slots if turn % 2 == 0 else layers.slots[::-1]
        for layer in order:
            wanted = [_wanted(slot, near, middle) for slot in layer]
            _stack(layer, wanted, heights, gap, middle)
    top = min((middle[each] - heights[each] / 2 for each in middle), default=0.0)
    return {slot: at - top for slot, at in middle.items()}


def _wanted(slot: Slot, near: _Neighbours, middle: Mapping[Slot, float]) -> float:
    others = [*near.before.get(slot, ()), *near.after.get(slot, ())]
    return sum(middle[each] for each in others) / len(others) if others else middle[slot]


def _stack(
    layer: Sequence[Slot],
    wanted: Iterable[float],
    heights: Mapping[Slot, float],
    gap: float,
    middle: dict[Slot, float],
) -> None:
    """As near to where each wants to be, in the sum of squares, as order and gaps allow: slots that would
    overlap become a block, and the block stands where its members want it on average (the pool-adjacent-
    violators way of isotonic regression)."""
    offset = 0.0
    offsets: list[float] = []
    blocks: list[tuple[float, int]] = []
    for number, (slot, want) in enumerate(zip(layer, wanted, strict=True)):
        if number:
            offset += (heights[layer[number - 1]] + heights[slot]) / 2 + gap
        offsets.append(offset)
        at, size = want - offset, 1
        while blocks and blocks[-1][0] > at:
            before, count = blocks.pop()
            at, size = (before * count + at * size) / (count + size), count + size
        blocks.append((at, size))
    number = 0
    for at, size in blocks:
        for _ in range(size):
            middle[layer[number]] = at + offsets[number]
            number += 1
