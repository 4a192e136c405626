"""The page of an export that people read and print: HTML without a script, from plain values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, cast

from govern.domain.record import Record

_STYLE = """
body { font: 10.5pt/1.45 Georgia, serif; margin: 2rem auto; max-width: 60rem; color: #111; }
h1, h2, h3 { font-family: Helvetica, Arial, sans-serif; line-height: 1.2; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #bbb; }
td { overflow-wrap: anywhere; }
td.number { text-align: right; }
.met { color: #064; } .not_met { color: #a00; } .unknown, .waived { color: #850; }
.small { font-size: 85%; color: #444; }
@page { margin: 18mm; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; }
  thead { display: table-header-group; } h2 { break-after: avoid; } }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words. `data` has personal texts in words too."""

    project: str
    seq: int
    at: str
    actor: str
    name: str
    kind: str
    told: str
    data: dict[str, Any]
    leaf: str


def page(about: Record, events: Iterable[Told]) -> Iterator[str]:
    """The page in pieces. `about` is the manifest without its files."""
    title = _title(about["query"])
    yield (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{escape(title)}</h1>\n"
    )
    yield _summary(about)
    chain: str | None = None
    for event in events:
        if event.project != chain:
            if chain is not None:
                yield "</tbody></table>\n"
            chain = event.project
            name = "What concerns no single project" if chain == "@service" else f"Project {chain}"
            yield (
                f"<h2>{escape(name)}</h2>\n<table><thead><tr><th>No.</th><th>When (UTC)</th>"
                "<th>Who</th><th>What</th></tr></thead><tbody>\n"
            )
        yield _row(event)
    if chain is not None:
        yield "</tbody></table>\n"
    yield "</body></html>\n"


def _title(query: Record) -> str:
    match query["kind"]:
        case "project":
            return f"History of project {query['project']}"
        case "gate":
            return f"History of gate {query['gate']} of project {query['project']}"
        case _:
            return f"History from {query['from'] or 'the beginning'} to {query['to'] or 'the end'}"


def _summary(about: Record) -> str:
    log, generator = about["log"], about["generator"]
    rows = {
        "Made": f"{about['made_at']} by {generator['name']} {generator['version']}",
        "Log": f"{log['origin']}, {log['size']} events",
        "Root": log["root"],
        "Sealed": log["sealed_at"] or "unknown",
        "Events here": str(sum(each["events"] for each in about["chains"])),
    }
    cells = "".join(f"<tr><th>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in rows.items())
    return (
        f"<table>{cells}</table>\n"
        "<p>This page is for reading. What can be proven stands in events.jsonl and is verified with "
        "verify.py; see README.txt.</p>\n"
    )


def _row(event: Told) -> str:
    return (
        f'<tr><td class="number">{event.seq}</td><td>{escape(event.at)}</td>'
        f"<td>{escape(event.name or event.actor)}</td>"
        f"<td><strong>{escape(event.kind)}</strong>: {escape(event.told)}{_criteria(event.data)}"
        f'<div class="small">{escape(event.leaf)}</div></td></tr>\n'
    )


def _criteria(data: dict[str, Any]) -> str:
    """What a gate's criteria came to, where the event holds it."""
    results = data.get("results")
    items: list[str] = []
    for each in cast("list[Any]", results) if isinstance(results, list) else ():
        if isinstance(each, dict) and "outcome" in each:
            one = cast("dict[str, Any]", each)
            outcome = str(one["outcome"])
            title = str(one.get("title") or one.get("id") or "")
            items.append(
                f'<li><span class="{escape(outcome)}">{escape(outcome.replace("_", " "))}</span> '
                f"{escape(title)}</li>"
            )
    return f"<ul>{''.join(items)}</ul>" if items else ""
