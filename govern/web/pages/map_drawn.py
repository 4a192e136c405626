"""The drawing of a benefits map as a part of a page: no style of its own, colours that a theme can change."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from govern.domain.record import Record

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_PAPER = re.compile(r'(<rect width="\d+" height="\d+" )fill="#fff"')
_COLOUR = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b")

_PROPERTIES: Mapping[str, str] = {
    "#e8f0fa": "--map-deliverable",
    "#3d5a80": "--map-deliverable-ink",
    "#eaf5ec": "--map-outcome",
    "#3b6e48": "--map-outcome-ink",
    "#fdf3df": "--map-kpi",
    "#8a6116": "--map-kpi-ink",
    "#f1eaf7": "--map-objective",
    "#64468b": "--map-objective-ink",
    "#b3261e": "--map-wrong",
    "#70757a": "--chart-soft",
    "#fff": "--chart-paper",
}


def inline(drawn: str) -> Markup:
    """What `services.benefits_map.draw_svg` gives, to stand in a page: texts in it are escaped already."""
    bare = _PAPER.sub(r'\1fill="none"', _STYLE.sub("", drawn))
    parts = re.split(r"(<[^>]*>)", bare)
    themed = [_COLOUR.sub(_themed, each) if each.startswith("<") else each for each in parts]
    return Markup("".join(themed))  # noqa: S704 - ours, with every text escaped


def _themed(found: re.Match[str]) -> str:
    name = _PROPERTIES.get(found[0])
    return found[0] if name is None else f"var({name}, {found[0]})"


def tree(found: Record) -> list[Record]:
    """The map as a nested list: each thing that nothing leads to, with what it leads to (`leads`: the
    `share` and the `node`). A thing that was told before is not followed again."""
    nodes = {(each["kind"], each["id"]): each for each in found["nodes"]}
    leaving: dict[tuple[str, str], list[Record]] = {}
    entered: set[tuple[str, str]] = set()
    for link in found["links"]:
        leaving.setdefault(_key(link["source"]), []).append(link)
        entered.add(_key(link["target"]))
    told: set[tuple[str, str]] = set()

    def branch(key: tuple[str, str], share: Any) -> Record:
        again = key in told
        told.add(key)
        return {
            "node": nodes[key],
            "share": share,
            "again": again and bool(leaving.get(key)),
            "leads": []
            if again
            else [
                branch(_key(each["target"]), each["share"])
                for each in leaving.get(key, [])
                if _key(each["target"]) in nodes
            ],
        }

    roots = [branch(key, None) for key in nodes if key not in entered]
    # A circle has no beginning: it is told from its first thing.
    return [*roots, *(branch(key, None) for key in nodes if key not in told)]


def serves(found: Record) -> dict[str, list[str]]:
    """Deliverable id → the KPIs that it brings about, by any way."""
    brought: dict[str, list[str]] = {}
    for each in found["contributions"]:
        brought.setdefault(each["deliverable"], []).append(each["kpi"])
    return brought


def serving_nothing(problems: Iterable[Record]) -> Sequence[Record]:
    return [each for each in problems if each["code"] == "deliverable-serves-nothing"]


def _key(end: Record) -> tuple[str, str]:
    return end["kind"], end["id"]
