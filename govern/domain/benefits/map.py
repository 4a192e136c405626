"""The map itself: things in four columns, and the links between them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """A kind of thing, in the order of the map's columns."""

    DELIVERABLE = "deliverable"
    OUTCOME = "outcome"
    KPI = "kpi"
    OBJECTIVE = "objective"

    @property
    def word(self) -> str:
        return "KPI" if self is Kind.KPI else self.value


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a thing is known by: an outcome and a KPI may have the same id."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.word} {self.id}"


@dataclass(frozen=True, slots=True)
class Node:
    """A thing of the map. `project` is `None` for an objective, which is the installation's.

    `dropped` is a deliverable that nobody will make: it brings nothing. Of a KPI: its `weight` in the
    project, whether it is a `disbenefit`, the KPI it is `part_of`, and the KPIs that it is computed
    from (`inputs`).
    """

    key: Key
    name: str
    project: str | None = None
    owner: str | None = None
    dropped: bool = False
    weight: Decimal = Decimal(1)
    disbenefit: bool = False
    part_of: str | None = None
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """`share` is from 0 to 1, `None` where it is not agreed: of the target that the source brings, and
    from a KPI to an objective of the KPI that counts towards it."""

    source: Key
    target: Key
    share: Decimal | None = None


@dataclass(frozen=True)
class BenefitsMap:
    """Nodes and links, in order. Each link joins two of the nodes."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    @cached_property
    def by_key(self) -> Mapping[Key, Node]:
        return {node.key: node for node in self.nodes}

    @cached_property
    def leaving(self) -> Mapping[Key, tuple[Link, ...]]:
        """Every node → the links that start there."""
        return self._sorted_by(self.links, "source")

    @cached_property
    def entering(self) -> Mapping[Key, tuple[Link, ...]]:
        """Every node → the links that end there."""
        return self._sorted_by(self.links, "target")

    def of(self, kind: Kind) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.key.kind is kind)

    def _sorted_by(self, links: Iterable[Link], end: str) -> Mapping[Key, tuple[Link, ...]]:
        found: defaultdict[Key, list[Link]] = defaultdict(list)
        for link in links:
            found[getattr(link, end)].append(link)
        return {node.key: tuple(found[node.key]) for node in self.nodes}


def benefits_map(nodes: Iterable[Node], links: Iterable[Link]) -> BenefitsMap:
    """A map in the order of its columns and ids; links to what is not on it are left out."""
    order = {kind: number for number, kind in enumerate(Kind)}
    ordered = sorted(nodes, key=lambda node: (order[node.key.kind], node.key.id))
    known = {node.key for node in ordered}
    kept = [link for link in links if link.source in known and link.target in known]
    kept.sort(
        key=lambda link: (
            *(order[link.source.kind], link.source.id),
            *(order[link.target.kind], link.target.id),
        )
    )
    return BenefitsMap(tuple(ordered), tuple(kept))


def percent(share: Decimal | None) -> str:
    """A share as people read it: 12.5 %, and `?` where it is not known."""
    if share is None:
        return "?"
    number = round(share * 100, 2)
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"
