"""What is agreed of a deliverable and of a project: fields as plain data, and how two agreements differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Terms = Mapping[str, Any]
"""Field → its value as plain data: text, a truth value, or a map of links."""


@dataclass(frozen=True, slots=True)
class Differing:
    """A field on both sides, `None` where it has no value there."""

    field: str
    first: Any
    second: Any


def differing(first: Terms | None, second: Terms | None) -> tuple[Differing, ...]:
    """The fields that differ, in order of their names; a side that is not there has no values."""
    before, after = first or {}, second or {}
    return tuple(
        Differing(name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def by_the_same(first: Terms, second: Terms) -> Terms:
    """The second one by the fields that the first has: it may have been written when fewer were kept."""
    return {name: second.get(name) for name in first}
