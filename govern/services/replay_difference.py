"""What an event says against what its facts and rules give now: every place where the two part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from govern.domain.personal import ERASED

_KEYS = ("id", "person", "criterion", "name")
"""What an element of a list is known by, the first of these that it has."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`at` is where, such as `results[budget-set].outcome`; `None` is nothing there. `erased`: one of
    the two is a text that was erased, or out of which a name was taken."""

    at: str
    recorded: Any
    recomputed: Any

    @property
    def erased(self) -> bool:
        return any(
            isinstance(each, str) and ERASED in each for each in (self.recorded, self.recomputed)
        )


def differences(recorded: Any, recomputed: Any, at: str = "") -> Iterator[Difference]:
    """In the order of what was recorded. Nothing and null are the same."""
    was, now = recorded, recomputed
    if isinstance(was, dict) and isinstance(now, dict):
        yield from _of_fields(cast("dict[str, Any]", was), cast("dict[str, Any]", now), at)
    elif isinstance(was, list) and isinstance(now, list):
        yield from _of_elements(cast("list[Any]", was), cast("list[Any]", now), at)
    elif recorded != recomputed or isinstance(recorded, bool) != isinstance(recomputed, bool):
        yield Difference(at, recorded, recomputed)


def _of_fields(was: dict[str, Any], now: dict[str, Any], at: str) -> Iterator[Difference]:
    for name in dict.fromkeys((*was, *now)):
        yield from differences(was.get(name), now.get(name), f"{at}.{name}" if at else name)


def _of_elements(was: list[Any], now: list[Any], at: str) -> Iterator[Difference]:
    before, after = _by_key(was), _by_key(now)
    for key in dict.fromkeys((*before, *after)):
        yield from differences(before.get(key), after.get(key), f"{at}[{key}]")


def _by_key(elements: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, each in enumerate(elements):
        name = _name(each)
        found[name if name is not None and name not in found else str(number)] = each
    return found


def _name(element: Any) -> str | None:
    if not isinstance(element, Mapping):
        return None
    fields = cast("Mapping[str, Any]", element)
    if "rule" in fields:
        return "/".join(filter(None, (fields["rule"], fields.get("kpi"))))
    return next((str(fields[key]) for key in _KEYS if fields.get(key) is not None), None)
