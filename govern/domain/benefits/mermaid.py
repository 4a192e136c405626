"""The map as a Mermaid flowchart: https://mermaid.js.org/syntax/flowchart.html"""

import re
from collections.abc import Iterable

from govern.domain.benefits.checks import MapProblem
from govern.domain.benefits.columns import TITLES
from govern.domain.benefits.map import BenefitsMap, Kind, percent

_SHAPES = {
    Kind.DELIVERABLE: ('["', '"]'),
    Kind.OUTCOME: ('("', '")'),
    Kind.KPI: ('[["', '"]]'),
    Kind.OBJECTIVE: ('(["', '"])'),
}

_PLAIN = re.compile(r"[^\w ,.:()/%'-]")
_LIST = re.compile(r"^(\d+)([.)])(?=\s)|^([-+])(?=\s)")


def mermaid(drawn: BenefitsMap, problems: Iterable[MapProblem], title: str) -> str:
    """A flowchart from left to right: one box per thing, its share on each arrow (`?` where it is not
    agreed), things with a problem outlined."""
    names = {node.key: f"n{number}" for number, node in enumerate(drawn.nodes)}
    lines = ["flowchart LR", f"    accTitle: {_line(title)}"]
    for kind in Kind:
        nodes = drawn.of(kind)
        if not nodes:
            continue
        lines.append(f'    subgraph {kind.value}s ["{TITLES[kind]}"]')
        before, after = _SHAPES[kind]
        for node in nodes:
            text = f"{_text(node.key.id)}<br/>{_text(node.name)}"
            text += "<br/>(dropped)" if node.dropped else ""
            lines.append(f"        {names[node.key]}{before}{text}{after}")
        lines.append("    end")
    lines += [
        f'    {names[link.source]} -->|"{percent(link.share)}"| {names[link.target]}'
        for link in drawn.links
    ]
    wrong = sorted({each.place for each in problems} & names.keys(), key=lambda key: names[key])
    if wrong:
        lines.append("    classDef problem stroke:#b3261e,stroke-width:3px")
        lines.append(f"    class {','.join(names[key] for key in wrong)} problem")
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """Within a quoted label: what could end it, or begin something else, as an entity by number."""
    line = " ".join(text.split())
    listed = _LIST.match(line)
    if listed:
        at = listed.start(2) if listed.group(2) else listed.start(3)
        return f"{_entities(line[:at])}#{ord(line[at])};{_entities(line[at + 1 :])}"
    return _entities(line)


def _entities(text: str) -> str:
    return _PLAIN.sub(lambda found: f"#{ord(found.group())};", text)


def _line(text: str) -> str:
    return " ".join(re.sub(r"[;#\"<>{}&`]", " ", text).split())
