"""What waits for somebody as one list, most urgent first. Pure: it picks from what `waiting` found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from govern.services.waiting import RAISE


@dataclass(frozen=True, slots=True)
class Item:
    """`asked` says what is asked of the person; `by` is the day by which, where there is one."""

    kind: str
    title: str
    asked: str
    path: str
    project: str
    project_name: str | None
    by: date | None
    overdue: bool
    note: str | None = None
    mark: str | None = None
    """A decision that is advised, or a colour."""


def listed(found: Mapping[str, Any], today: date) -> list[Item]:
    """Overdue first, then by the day; what has no day stands last, gates before the rest."""
    items = [
        *(_gate(each) for each in found["gates"]),
        *(_scope_change(each) for each in found["scope_changes"]),
        *(_score(each) for each in found["scores"]),
        *(_condition(each, today) for each in found["conditions"]),
        *(_recommendation(each) for each in found["recommendations"]),
        *(_to_do(each, today) for each in found["to_do"]),
        *(_review(each) for each in found.get("reviews", ())),
    ]
    order = list(dict.fromkeys(each.kind for each in items))
    return sorted(items, key=lambda each: (each.by or date.max, order.index(each.kind)))


def counted(items: Sequence[Item]) -> Iterator[tuple[str, int]]:
    """Kind → how many."""
    for kind in dict.fromkeys(each.kind for each in items):
        yield kind, sum(each.kind == kind for each in items)


def _gate(found: Mapping[str, Any]) -> Item:
    again = f", {_nth(found['iteration'])} time" if found["iteration"] > 1 else ""
    return Item(
        kind="gate",
        title=f"{found['title']}: {found['project_name']}",
        asked=f"Decide the gate as {_either(found['as'])}{again}.",
        path=f"/gates/{found['submission']}",
        project=found["project"],
        project_name=found["project_name"],
        by=found["decide_by"],
        overdue=found["overdue"],
        mark=found["advice"],
    )


def _scope_change(found: Mapping[str, Any]) -> Item:
    whose = f" for {found['for']}" if found["for"] else ""
    return Item(
        kind="scope change",
        title=found["title"],
        asked=f"Decide it{whose} as {_either(found['as'])}.",
        path=f"/projects/{found['project']}/scope-changes/{found['scope_change']}",
        project=found["project"],
        project_name=found["project_name"],
        by=None,
        overdue=False,
    )


def _score(found: Mapping[str, Any]) -> Item:
    return Item(
        kind="score",
        title=f"{found['criterion_title']}: {found['project_name']}",
        asked=f"Score it from 0 to 10 as {_either(found['as'])}, for the gate '{found['title']}'.",
        path=f"/gates/{found['submission']}/scores?criterion={found['criterion']}",
        project=found["project"],
        project_name=found["project_name"],
        by=found["decide_by"],
        overdue=found["overdue"],
    )


def _condition(found: Mapping[str, Any], today: date) -> Item:
    return Item(
        kind="condition",
        title=found["text"],
        asked="You owe it after a conditional go. Show that it is done.",
        path=f"/conditions/{found['id']}",
        project=found["project"],
        project_name=None,
        by=found["due"],
        overdue=found["due"] < today,
    )


def _recommendation(found: Mapping[str, Any]) -> Item:
    return Item(
        kind="recommendation",
        title=found["message"],
        asked=f"Accept, reject or defer: {_words(found['action'])}.",
        path=f"/recommendations/{found['id']}",
        project=found["project"],
        project_name=None,
        by=found["decide_by"],
        overdue=found["overdue"],
        note=f"Snoozed until {found['snoozed']['until'].isoformat()}."
        if found["snoozed"]
        else None,
        mark=found["severity"],
    )


def _to_do(found: Mapping[str, Any], today: date) -> Item:
    asked = (
        "It is accepted. Raise the scope change that carries it out."
        if found["what"] == RAISE
        else "It is accepted. Say when it is done."
    )
    return Item(
        kind="to do",
        title=found["message"],
        asked=asked,
        path=f"/recommendations/{found['id']}",
        project=found["project"],
        project_name=None,
        by=found["decide_by"],
        overdue=found["decide_by"] is not None and found["decide_by"] < today,
        mark=found["severity"],
    )


def _review(found: Mapping[str, Any]) -> Item:
    return Item(
        kind="review",
        title=f"Review of {found['project_name']}",
        asked="Read what came of the project, and sign the review off.",
        path=f"/reviews/{found['review']}",
        project=found["project"],
        project_name=found["project_name"],
        by=found["due_on"],
        overdue=found["overdue"],
    )


def _either(roles: Sequence[str]) -> str:
    return " or ".join(map(_words, roles))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number not in (11, 12, 13) else 0, "th")
    return f"{number}{ending}"
