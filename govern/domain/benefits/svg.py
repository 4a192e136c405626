"""The map as an SVG 1.1 document: no script, nothing that is loaded from elsewhere."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from govern.domain.benefits.checks import Check, MapProblem
from govern.domain.benefits.columns import TITLES
from govern.domain.benefits.layout import Slot, layered, placed
from govern.domain.benefits.lettering import wrapped
from govern.domain.benefits.map import BenefitsMap, Key, Kind, Link, Node, percent

BOX, GULF, MARGIN = 210, 120, 24
HEAD = 66
TEXT, SMALL, LINE = 12.5, 10.5, 16
PORT = 17
MOST_LINES = 6
MOST_TOLD = 12

_FILL = {
    Kind.DELIVERABLE: ("#e8f0fa", "#3d5a80"),
    Kind.OUTCOME: ("#eaf5ec", "#3b6e48"),
    Kind.KPI: ("#fdf3df", "#8a6116"),
    Kind.OBJECTIVE: ("#f1eaf7", "#64468b"),
}
_RED = "#b3261e"

_STYLE = (
    "text{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;fill:#1b1b1f}"
    ".share{font-size:11px;paint-order:stroke;stroke:#fff;stroke-width:3px}"
    ".link{fill:none;stroke:#70757a;stroke-width:1.4}"
    f".wrong{{stroke:{_RED};stroke-width:2.6}}"
    ".dropped{stroke-dasharray:5 4}"
)

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(drawn: BenefitsMap, problems: Iterable[MapProblem], title: str) -> str:
    """Four columns from deliverables to objectives, the share on each link (`?` where it is not agreed),
    what is wrong outlined in red with an exclamation mark and told below."""
    return _Drawing(drawn, tuple(problems), title).text()


class _Drawing:
    def __init__(self, drawn: BenefitsMap, problems: Sequence[MapProblem], title: str) -> None:
        self._drawn = drawn
        self._problems = problems
        self._title = title
        self._layers = layered(drawn)
        self._lines = {node.key: _lines(node) for node in drawn.nodes}
        self._heights = self._all_heights()
        self._middle = placed(self._layers, self._heights, gap=16)
        self._ports = self._all_ports()

    def text(self) -> str:
        drawn = self._drawn
        layers = max(len(self._layers.slots), 1)
        width = 2 * MARGIN + layers * BOX + (layers - 1) * GULF
        width = max(width, 560)
        bottom = max(
            (self._middle[slot] + self._heights[slot] / 2 for slot in self._middle), default=LINE
        )
        below = self._below(HEAD + bottom + 30, width)
        height = HEAD + bottom + 30 + LINE * (len(below) + 1)
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" '
            f'width="{width}" height="{height:.0f}" role="img" '
            'aria-labelledby="govern-map-title govern-map-desc">',
            f'<title id="govern-map-title">{_xml(self._title)}</title>',
            f'<desc id="govern-map-desc">{_xml(_described(drawn, self._problems))}</desc>',
            f"<style>{_STYLE}</style>",
            '<defs><marker id="govern-map-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="10" '
            'markerHeight="10" markerUnits="userSpaceOnUse" orient="auto">'
            '<path d="M0 0L8 4L0 8z" fill="#70757a"/></marker></defs>',
            f'<rect width="{width}" height="{height:.0f}" fill="#fff"/>',
            f'<text x="{MARGIN}" y="26" font-size="16" font-weight="bold">{_xml(self._title)}</text>',
            *self._columns(),
            *(self._link(link) for link in drawn.links),
            *(self._box(node) for node in drawn.nodes),
            *(self._share(link) for link in drawn.links),
            *below,
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _all_heights(self) -> dict[Slot, float]:
        heights: dict[Slot, float] = {}
        for layer in self._layers.slots:
            for slot in layer:
                if isinstance(slot, Key):
                    ends = max(
                        len(self._drawn.leaving[slot]) + self._within(slot),
                        len(self._drawn.entering[slot]),
                    )
                    text = LINE * (len(self._lines[slot]) + 1) + 14
                    heights[slot] = max(text, ends * PORT + 8)
                else:
                    heights[slot] = 14
        return heights

    def _within(self, key: Key) -> int:
        """A link within a layer ends on the right side, too."""
        return sum(link.target == key for link in self._layers.within)

    def _left(self, layer: int) -> float:
        return MARGIN + layer * (BOX + GULF)

    def _at(self, slot: Slot) -> float:
        return HEAD + self._middle[slot]

    def _all_ports(self) -> dict[tuple[Link, str], float]:
        """Where each link leaves its source and enters its target: in the order of where it comes from
        or goes to, so that links of one thing do not cross."""
        ports: dict[tuple[Link, str], float] = {}
        ways = self._layers.ways
        for node in self._drawn.nodes:
            right: list[tuple[float, Link, str]] = []
            left: list[tuple[float, Link, str]] = []
            for link in self._drawn.leaving[node.key]:
                to = ways[link][1] if link in ways else link.target
                right.append((self._at(to), link, "out"))
            for link in self._drawn.entering[node.key]:
                if link in ways:
                    left.append((self._at(ways[link][-2]), link, "in"))
                else:
                    right.append((self._at(link.source), link, "in"))
            for side in (right, left):
                side.sort(key=lambda each: (each[0], str(each[1].source), str(each[1].target)))
                for number, (_, link, end) in enumerate(side):
                    ports[link, end] = self._at(node.key) + (number - (len(side) - 1) / 2) * PORT
        return ports

    def _columns(self) -> list[str]:
        spans: dict[Kind, list[int]] = {}
        for key, layer in self._layers.of.items():
            spans.setdefault(key.kind, []).append(layer)
        if not spans:
            return [f'<text x="{MARGIN}" y="{HEAD}">Nothing is on the map yet.</text>']
        found: list[str] = []
        for kind, layers in spans.items():
            left, right = self._left(min(layers)), self._left(max(layers)) + BOX
            colour = _FILL[kind][1]
            found.append(
                f'<text x="{left:g}" y="{HEAD - 18}" font-size="13" font-weight="bold" '
                f'style="fill:{colour}">{TITLES[kind]}</text>'
                f'<path d="M{left:g} {HEAD - 11}H{right:g}" stroke="{colour}"/>'
            )
        return found

    def _link(self, link: Link) -> str:
        out, end = self._ports[link, "out"], self._ports[link, "in"]
        start = self._left(self._layers.of[link.source]) + BOX
        if link not in self._layers.ways:
            bow = start + 64
            at = f"M{start:g} {out:.1f}C{bow:g} {out:.1f} {bow:g} {end:.1f} {start + 4:g} {end:.1f}"
        else:
            points = [(start, out)]
            for slot in self._layers.ways[link]:
                if not isinstance(slot, Key):
                    left, middle = self._left(slot[1]), self._at(slot)
                    points += [(left, middle), (left + BOX, middle)]
            points.append((self._left(self._layers.of[link.target]) - 3, end))
            at = f"M{start:g} {out:.1f}" + "".join(map(_bent, pairwise(points)))
        wrong = " wrong" if self._is_wrong(link) else ""
        told = _xml(f"{link.source} → {link.target}: {_said(link)}")
        return (
            f'<path class="link{wrong}" d="{at}" marker-end="url(#govern-map-arrow)">'
            f"<title>{told}</title></path>"
        )

    def _is_wrong(self, link: Link) -> bool:
        return any(
            each.check is Check.CIRCLE and {link.source, link.target} <= {each.place, *each.others}
            for each in self._problems
        )

    def _share(self, link: Link) -> str:
        out, end = self._ports[link, "out"], self._ports[link, "in"]
        start = self._left(self._layers.of[link.source]) + BOX
        if link not in self._layers.ways:
            place = f'x="{start + 52:g}" y="{(out + end) / 2:.1f}"'
        elif link.target.kind is Kind.OBJECTIVE:
            # It is a share of the KPI, and stands where that is.
            place = f'x="{start + 6:g}" y="{out - 3:.1f}"'
        else:
            left = self._left(self._layers.of[link.target])
            place = f'x="{left - 13:g}" y="{end - 3:.1f}" text-anchor="end"'
        return f'<text class="share" {place}>{percent(link.share)}</text>'

    def _box(self, node: Node) -> str:
        key = node.key
        fill, stroke = _FILL[key.kind]
        left, height = self._left(self._layers.of[key]), self._heights[key]
        top = self._at(key) - height / 2
        found = [each for each in self._problems if each.place == key]
        style = (" wrong" if found else "") + (" dropped" if node.dropped else "")
        told = [f"{key}: {node.name}", *(["dropped"] if node.dropped else [])]
        told += [f"Owner: {node.owner}"] if node.owner else []
        told += [f"! {each}" for each in found]
        lines = self._lines[key]
        first = self._at(key) - LINE * len(lines) / 2
        small = _xml(key.id) + (" (dropped)" if node.dropped else "")
        parts = [
            f"<g><title>{_xml('. '.join(told))}</title>",
            f'<rect class="box{style}" x="{left:g}" y="{top:.1f}" width="{BOX}" '
            f'height="{height:g}" rx="{14 if key.kind is Kind.OBJECTIVE else 4}" fill="{fill}" '
            f'stroke="{stroke}"/>',
            f'<text x="{left + 10:g}" y="{first + 4:.1f}" font-size="{SMALL}" '
            f'style="fill:{stroke}">{small}</text>',
        ]
        parts += [
            f'<text x="{left + 10:g}" y="{first + 4 + LINE * number:.1f}" '
            f'font-size="{TEXT}">{_xml(line)}</text>'
            for number, line in enumerate(lines, 1)
        ]
        if found:
            parts.append(
                f'<circle cx="{left + BOX - 2:g}" cy="{top + 2:.1f}" r="9" fill="{_RED}"/>'
                f'<text x="{left + BOX - 2:g}" y="{top + 6.5:.1f}" text-anchor="middle" '
                'font-size="13" font-weight="bold" style="fill:#fff">!</text>'
            )
        return "".join([*parts, "</g>"])

    def _below(self, top: float, width: float) -> list[str]:
        told: list[str] = []
        if any(link.share is None for link in self._drawn.links):
            told.append("?  the share is not agreed")
        told += [f"!  {each}" for each in self._problems[:MOST_TOLD]]
        if len(self._problems) > MOST_TOLD:
            told.append(f"!  and {len(self._problems) - MOST_TOLD} more")
        lines = [
            ("" if number == 0 else "    ") + line
            for each in told
            for number, line in enumerate(wrapped(each, 12, width - 2 * MARGIN - 20, MOST_LINES))
        ]
        return [
            f'<text x="{MARGIN}" y="{top + LINE * number:.1f}" font-size="12" '
            f'xml:space="preserve">{_xml(line)}</text>'
            for number, line in enumerate(lines)
        ]


def _bent(step: tuple[tuple[float, float], tuple[float, float]]) -> str:
    (x, y), (to_x, to_y) = step
    half = (x + to_x) / 2
    return f"C{half:g} {y:.1f} {half:g} {to_y:.1f} {to_x:g} {to_y:.1f}"


def _lines(node: Node) -> list[str]:
    return wrapped(node.name, TEXT, BOX - 20, MOST_LINES) or [""]


def _said(link: Link) -> str:
    return "share not agreed" if link.share is None else percent(link.share)


def _described(drawn: BenefitsMap, problems: Sequence[MapProblem]) -> str:
    """The map in sentences, for who does not see it."""
    counted = ", ".join(f"{TITLES[kind]}: {len(drawn.of(kind))}" for kind in Kind)
    names = {node.key: f"{node.key} ({node.name})" for node in drawn.nodes}
    links = [f"{names[link.source]} → {names[link.target]}: {_said(link)}." for link in drawn.links]
    return " ".join([f"{counted}.", *links, *(f"Problem: {each}." for each in problems)])


def _xml(text: str) -> str:
    """Escaped, and without what no XML document may hold."""
    return escape(_NOT_XML.sub("\ufffd", " ".join(text.split(" "))), {'"': "&quot;"})
