"""The list of projects: every project that one may see, narrowed and in any order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request

from govern.domain.record import Record
from govern.services.project_list import project_list
from govern.web.pages.page import Pages
from govern.web.pages.paged import paged
from govern.web.pages.render import render
from govern.web.pages.table import Column, Kind, Table
from govern.web.site import actor, now, runtime

pages = Pages("projects")

NOT_RATED = "not_rated"
RAGS = ("red", "amber", "grey", "green", NOT_RATED)


@pages.page("/projects")
def project_list_page() -> Any:
    everything = project_list(runtime(), actor(), now=now())
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    found = [each for each in everything if _matches(each, asked)]
    shown, part = paged(_table(found), request.args)
    return render(
        "projects.html",
        title="Projects",
        projects=shown,
        part_of=part,
        asked=asked,
        narrowed=any(asked.values()),
        total=len(everything),
        choices={
            "portfolio": _choices(each["portfolio"] for each in everything),
            "stage": _choices(each["stage"] for each in everything),
            "rag": [each for each in RAGS if any(_rag(row) == each for row in everything)],
            "manager": _choices(name for each in everything for name in each["managers"]),
        },
    )


def _rag(row: Record) -> str:
    return row["rag"] or NOT_RATED


def _choices(values: Any) -> list[str]:
    return sorted({*values})


def _has_words(row: Record, wanted: str) -> bool:
    text = f"{row['id']} {row['name']} {row['department'] or ''}".casefold()
    return all(word in text for word in wanted.casefold().split())


def _same(name: str) -> Callable[[Record, str], bool]:
    return lambda row, wanted: row[name] == wanted


def _is_rated(row: Record, wanted: str) -> bool:
    return _rag(row) == wanted


def _is_led_by(row: Record, wanted: str) -> bool:
    return wanted in row["managers"]


FILTERS: Mapping[str, Callable[[Record, str], bool]] = {
    "text": _has_words,
    "portfolio": _same("portfolio"),
    "stage": _same("stage"),
    "rag": _is_rated,
    "manager": _is_led_by,
}
"""What narrows the list, by its field."""


def _matches(row: Record, asked: Mapping[str, str]) -> bool:
    return all(FILTERS[name](row, wanted) for name, wanted in asked.items() if wanted)


def _table(found: Sequence[Record]) -> Table:
    rows = [
        {
            **each,
            "to": f"/projects/{each['id']}",
            "managers": ", ".join(each["managers"]) or None,
            "gate_to": each["submission"] and f"/gates/{each['submission']}",
            "open_to": each["open"] and f"/projects/{each['id']}/recommendations",
        }
        for each in found
    ]
    return Table(
        "projects",
        "Projects",
        (
            Column("id", "Project", link="to"),
            Column("name", "Name", link="to"),
            Column("rag", "RAG", Kind.RAG, missing="not rated"),
            Column("stage", "Stage", Kind.WORDS),
            Column("gate", "Waits at gate", link="gate_to", missing="none"),
            Column("decide_by", "Decide by", Kind.DAY, missing="no day"),
            Column("open", "Open recommendations", Kind.NUMBER, link="open_to"),
            Column("managers", "Manager", missing="nobody"),
            Column("portfolio", "Portfolio"),
            Column("end", "Ends", Kind.DAY),
        ),
        rows,
        none="No project matches.",
    )
