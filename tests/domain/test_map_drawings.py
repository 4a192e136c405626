"""The drawn map: what stands where, that it is XML and Mermaid whatever things are called."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.benefits.checks import problems_of
from govern.domain.benefits.layout import Layers, Slot, layered, placed
from govern.domain.benefits.map import BenefitsMap, Key, Kind, Node, benefits_map
from govern.domain.benefits.mermaid import mermaid
from govern.domain.benefits.svg import svg
from tests.domain.benefit_maps import drawn, key, maps

SVG = "{http://www.w3.org/2000/svg}"


@given(maps(circles=True))
def test_every_link_leads_to_the_right_and_touches_each_layer_on_its_way(
    found: BenefitsMap,
) -> None:
    layers = layered(found)
    for link, way in layers.ways.items():
        assert layers.of[link.source] < layers.of[link.target]
        assert len(way) == layers.of[link.target] - layers.of[link.source] + 1
    assert {*layers.ways, *layers.within} == {*found.links}
    # Only a circle stays within a layer, and a column never mixes kinds.
    assert all(link.target.kind is Kind.OUTCOME for link in layers.within)
    for slots in layers.slots:
        assert len({slot.kind for slot in slots if isinstance(slot, Key)}) == 1


@given(maps())
def test_without_a_circle_no_link_stays_within_a_layer(found: BenefitsMap) -> None:
    assert layered(found).within == ()


def crossings_one_by_one(layers: Layers) -> int:
    place = {slot: at for slots in layers.slots for at, slot in enumerate(slots)}
    steps: dict[int, list[tuple[int, int]]] = {}
    for way in layers.ways.values():
        for number, (one, other) in enumerate(pairwise(way), layers.of[way[0]]):  # type: ignore[index]
            steps.setdefault(number, []).append((place[one], place[other]))
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0
        for each in steps.values()
        for a, b in combinations(each, 2)
    )


@given(maps(circles=True))
def test_crossings_are_counted_as_they_are(found: BenefitsMap) -> None:
    layers = layered(found)
    assert layers.crossings() == crossings_one_by_one(layers)


def test_an_order_is_found_that_crosses_nothing_where_there_is_one() -> None:
    crossed = drawn("D1>K3 D2>K2 D3>K1 K1>S2 K2>S1 K3>S1")
    assert layered(crossed).crossings() == 0


@given(maps(circles=True), st.floats(1, 30), st.data())
def test_no_slot_overlaps_another_and_none_is_above_the_top(
    found: BenefitsMap, gap: float, data: st.DataObject
) -> None:
    layers = layered(found)
    heights: dict[Slot, float] = {
        slot: data.draw(st.floats(10, 90)) for slots in layers.slots for slot in slots
    }
    middle = placed(layers, heights, gap)
    for slots in layers.slots:
        assert all(middle[slot] - heights[slot] / 2 >= -1e-6 for slot in slots)
        for one, other in pairwise(slots):
            apart = middle[other] - middle[one]
            assert apart >= (heights[one] + heights[other]) / 2 + gap - 1e-6


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
"""Any text that can be stored, with control characters and all."""


@given(maps(circles=True), st.data())
def test_a_drawing_is_xml_with_every_name_and_share_whatever_things_are_called(
    found: BenefitsMap, data: st.DataObject
) -> None:
    named = benefits_map(
        [
            Node(each.key, data.draw(NAMES), each.project, data.draw(st.none() | NAMES))
            for each in found.nodes
        ],
        found.links,
    )
    text = svg(named, problems_of(named), data.draw(NAMES))
    root = ET.fromstring(text.encode())  # noqa: S314 - made here
    assert root.tag == f"{SVG}svg"
    assert root[0].tag == f"{SVG}title"
    assert root[1].tag == f"{SVG}desc"
    boxes = root.findall(f".//{SVG}rect[@rx]")
    assert len(boxes) == len(named.nodes)
    links = root.findall(f".//{SVG}path[@marker-end]")
    assert len(links) == len(named.links)
    assert len(root.findall(f".//{SVG}text[@class='share']")) == len(named.links)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for box in boxes:
        assert 0 <= float(box.attrib["x"]) <= width - float(box.attrib["width"])
        assert 0 <= float(box.attrib["y"]) <= height - float(box.attrib["height"])
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        *("svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "g", "circle"),
    }
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on")]
    assert "href" not in text.split("</desc>")[1].replace("&lt;", "<").split("<style>")[0]


def test_a_drawing_loads_nothing_and_runs_nothing_that_a_name_brings_along() -> None:
    bad = '</title><script>alert(1)</script><image href="http://evil.example/x"/>'
    text = svg(benefits_map([Node(key("D1"), bad, "P", bad)], []), [], bad)
    root = ET.fromstring(text)  # noqa: S314 - made here
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert not tags & {"script", "image", "a", "use", "foreignObject"}
    assert root[0].text == bad


def test_problems_are_marked_and_told_and_a_circle_is_red() -> None:
    found = drawn("D1>O1 O1>O2:50 O2>O1 O2>K1 K1>S1")
    text = svg(found, problems_of(found), "Map")
    root = ET.fromstring(text)  # noqa: S314 - made here
    assert len(root.findall(f".//{SVG}rect[@class='box wrong']")) == 1
    assert len(root.findall(f".//{SVG}path[@class='link wrong']")) == 2
    told = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
    assert "! outcome O1 leads back to itself: O1 → O2 → O1" in told.replace("!  ", "! ")
    assert "? the share is not agreed" in told.replace("?  ", "? ")
    [said] = root.findall(f"{SVG}desc")
    assert "outcome O1 (Name of O1) → outcome O2 (Name of O2): 50 %." in (said.text or "")


def test_an_empty_map_says_so() -> None:
    assert "Nothing is on the map yet." in svg(benefits_map([], []), [], "Map")


def test_long_names_are_wrapped_and_shortened() -> None:
    name = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikation " * 6
    text = svg(benefits_map([Node(key("D1"), name, "P")], []), [], "Map")
    root = ET.fromstring(text)  # noqa: S314 - made here
    lines = [each.text or "" for each in root.iter(f"{SVG}text") if each.get("font-size") == "12.5"]
    assert len(lines) == 6
    assert all(len(line) < 34 for line in lines)
    assert lines[-1].endswith("…")


TEXT = r'[^"\[\]{}<>|`&]*'
NODE = re.compile(rf'^ {{8}}n\d+(\["|\("|\[\["|\(\["){TEXT}(<br/>{TEXT})+("\]|"\)|"\]\]|"\]\))$')


@given(maps(circles=True), st.data())
def test_no_name_ends_a_mermaid_label_or_begins_something_else(
    found: BenefitsMap, data: st.DataObject
) -> None:
    named = benefits_map([Node(each.key, data.draw(NAMES)) for each in found.nodes], found.links)
    lines = mermaid(named, problems_of(named), data.draw(NAMES)).splitlines()
    assert lines[0] == "flowchart LR"
    boxes = [line for line in lines if line.startswith(" " * 8)]
    assert len(boxes) == len(named.nodes)
    assert all(NODE.match(line) for line in boxes)
    arrows = [line for line in lines if re.match(r'^    n\d+ -->\|"(\?|[0-9.]+ %)"\| n\d+$', line)]
    assert len(arrows) == len(named.links)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ('Say "yes"', "Say #34;yes#34;"),
        ("1. First", "1#46; First"),
        ("- none", "#45; none"),
        ("a < b & c", "a #60; b #38; c"),
        ("A  new\nline", "A new line"),
        ("`code`", "#96;code#96;"),
        ("Für Kunden: 5 %", "Für Kunden: 5 %"),
    ],
)
def test_a_mermaid_label_keeps_what_is_plain(name: str, label: str) -> None:
    assert f'n0["D1<br/>{label}"]' in mermaid(benefits_map([Node(key("D1"), name)], []), [], "T")
