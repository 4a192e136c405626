"""When things of projects were changed last, and how often, as the ledger tells it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from govern.services.runtime import Runtime
from govern.store import events
from govern.store.projection import HANDLERS

SUBMISSION, RECOMMENDATION = "submission", "recommendation"
CONDITION, REVIEW = "condition", "review"

_NAMED_BY = {
    "gate": SUBMISSION,
    "recommendation": RECOMMENDATION,
    "condition": CONDITION,
    "review": REVIEW,
}
"""In which field the events of a family name what they changed."""

_KINDS = sorted(each for each in HANDLERS if each.partition(".")[0] in _NAMED_BY)
"""Of those the events that change a row: a reminder or a refused vote changes nothing."""

Thing = tuple[str, Any]
"""What it is, as events name it, and its number."""


@dataclass(frozen=True, slots=True)
class LastChange:
    """`times`: how often it was changed since it was made."""

    at: datetime
    times: int


def last_changes(runtime: Runtime, projects: Collection[str]) -> Mapping[Thing, LastChange]:
    """Of submissions, recommendations, conditions and reviews of some projects."""
    found: dict[Thing, LastChange] = {}
    with runtime.store.reading() as connection:
        for kind, at, data in events.of_kinds(connection, projects, _KINDS):
            what = _NAMED_BY[kind.partition(".")[0]]
            thing = (what, data.get(what))
            before = found.get(thing)
            found[thing] = LastChange(at, 0 if before is None else before.times + 1)
    return found
