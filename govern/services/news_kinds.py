"""Which kinds of events there are to be told of, and who wants which."""

from collections.abc import Mapping, Sequence
from typing import Any

from govern.store.projection.handlers import HANDLERS, STATELESS

KINDS = frozenset(HANDLERS) | STATELESS
"""All of them: each has a schema in the folder `schemas/events`."""

MOST_PATTERNS = 50


def wrong_patterns(given: Sequence[str]) -> dict[str, list[str]]:
    """What is wrong with a choice of kinds, each of it under its place; nothing where nothing is."""
    if len(given) > MOST_PATTERNS:
        return {"kinds": [f"at most {MOST_PATTERNS}"]}
    return {
        f"kinds.{index}": ["a kind of event, such as gate.decided, or gate.* for all of gates"]
        for index, each in enumerate(given)
        if not any(matches(each, kind) for kind in KINDS)
    }


def matches(pattern: str, kind: str) -> bool:
    """`gate.decided` is itself, `gate.*` each kind that begins with `gate.`."""
    return kind.startswith(pattern[:-1]) if pattern.endswith(".*") else pattern == kind


def wants(webhook: Mapping[str, Any], kind: str, project: str, portfolio: str | None) -> bool:
    """Whether a webhook was added for such an event. Those of the service are of no project."""
    if webhook["kinds"] and not any(matches(each, kind) for each in webhook["kinds"]):
        return False
    if webhook["project"] is not None:
        return webhook["project"] == project
    return webhook["portfolio"] is None or webhook["portfolio"] == portfolio
