"""Maps to try: written by hand as text, or drawn at random."""

from decimal import Decimal

from hypothesis import strategies as st

from govern.domain.benefits.map import BenefitsMap, Key, Kind, Link, Node, benefits_map

KINDS = {"D": Kind.DELIVERABLE, "O": Kind.OUTCOME, "K": Kind.KPI, "S": Kind.OBJECTIVE}


def key(name: str) -> Key:
    """`D1` is a deliverable, `O1` an outcome, `K1` a KPI, `S1` an objective."""
    return Key(KINDS[name[0]], name)


def node(name: str, **told: object) -> Node:
    project = None if name[0] == "S" else "P"
    return Node(key(name), f"Name of {name}", project, **told)  # type: ignore[arg-type]


def drawn(links: str, *nodes: Node) -> BenefitsMap:
    """A map from `D1>K1:40 D2>K1`: per cent, or no share. Nodes that are given replace plain ones."""
    found: list[Link] = []
    names: set[str] = set()
    for each in links.split():
        ends, _, share = each.partition(":")
        source, target = ends.split(">")
        names |= {source, target}
        found.append(Link(key(source), key(target), Decimal(share) / 100 if share else None))
    given = {each.key: each for each in nodes}
    made = [given.pop(key(name), None) or node(name) for name in sorted(names)]
    return benefits_map([*made, *given.values()], found)


SHARES = st.none() | st.decimals(0, 1, places=2, allow_nan=False)


@st.composite
def maps(draw: st.DrawFn, *, circles: bool = False) -> BenefitsMap:
    """Any map: all nodes there could be, any links; among outcomes only onward, unless `circles`."""
    made = [f"D{n}" for n in range(draw(st.integers(0, 3)))]
    brought = [f"O{n}" for n in range(draw(st.integers(0, 4)))]
    kpis = [f"K{n}" for n in range(draw(st.integers(0, 3)))]
    objectives = [f"S{n}" for n in range(draw(st.integers(0, 2)))]
    possible = [
        *((one, other) for one in made for other in (*brought, *kpis)),
        *((one, other) for one in brought for other in kpis),
        *((one, other) for one in brought for other in brought if circles or one < other),
        *((one, other) for one in kpis for other in objectives),
    ]
    chosen = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    links = [Link(key(one), key(other), draw(SHARES)) for one, other in chosen]
    weights = st.decimals(0, 9, places=1, allow_nan=False)
    nodes = [
        *(node(name, dropped=draw(st.booleans())) for name in made),
        *(node(name) for name in brought),
        *(node(name, weight=draw(weights), disbenefit=draw(st.booleans())) for name in kpis),
        *(node(name) for name in objectives),
    ]
    return benefits_map(nodes, links)
