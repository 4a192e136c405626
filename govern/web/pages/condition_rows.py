"""The conditions of a conditional go in a form: rows of what, by whom, by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from marshmallow import ValidationError

from govern.web.schemas.gates import MOST_CONDITIONS, NewCondition

PARTS = ("text", "owner", "due")


@dataclass(frozen=True, slots=True)
class Rows:
    """`count` rows are shown; `given` are those that hold anything, `numbers` says in which row each
    stands; `errors` have the names of fields."""

    count: int
    given: list[dict[str, str]]
    numbers: list[int]
    errors: dict[str, list[str]]

    def field_of(self, path: str) -> str:
        """The field for a path of the API: `conditions.0.due` is `condition-2-due` where the first one
        that was filled in is in the third row. Another path is itself."""
        head, _, rest = path.partition(".")
        at, _, part = rest.partition(".")
        if head != "conditions" or not at.isdecimal() or int(at) >= len(self.numbers):
            return path
        return name_of(self.numbers[int(at)], part or "text")


def name_of(row: int, part: str) -> str:
    return f"condition-{row}-{part}"


def labels(count: int) -> dict[str, str]:
    """What the fields of so many rows are called where they are spoken of."""
    return {
        name_of(row, part): f"Condition {row + 1}, {called}"
        for row in range(count)
        for part, called in zip(PARTS, ("what is owed", "by whom", "due on"), strict=True)
    }


def read_rows(form: Mapping[str, str], *, one_more: bool) -> Rows:
    """What was filled in; a row that is empty says nothing. At least one row is shown."""
    asked = form.get("rows", "1")
    count = int(asked) if asked.isdecimal() and len(asked) < 4 else 1
    count = min(max(count, 1) + (1 if one_more else 0), MOST_CONDITIONS)
    given: list[dict[str, str]] = []
    numbers: list[int] = []
    errors: dict[str, list[str]] = {}
    for row in range(count):
        filled = {
            part: value for part in PARTS if (value := form.get(name_of(row, part), "").strip())
        }
        if not filled:
            continue
        given.append(filled)
        numbers.append(row)
        for part, told in _wrong(filled).items():
            errors[name_of(row, part)] = told
    return Rows(count, given, numbers, errors)


def _wrong(filled: dict[str, str]) -> dict[str, list[str]]:
    reader: Any = NewCondition()
    try:
        reader.load(filled)
    except ValidationError as wrong:
        told = cast("Any", wrong).normalized_messages()
        found: dict[str, list[str]] = dict(told)
        return found
    return {}
