"""The plain reading: one row, in Decimal, with the value of every part, for "why"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from govern.language import tree
from govern.language.check import Checked
from govern.language.frames import Frames, PlainRows
from govern.language.meaning import (
    Aggregate,
    Constant,
    History,
    Meaning,
    Members,
    Not,
    Value,
    parts,
)
from govern.language.row_place import RowPlace
from govern.language.row_reading import elements, value_at
from govern.language.write import plain, write


@dataclass(frozen=True, slots=True)
class Explanation:
    """A part of a condition, as text, with its value (`None` is unknown) and its own parts.

    `is_leaf`: a name or a function of the language, as against an operator over others. The parts
    of an aggregate or quantifier are the list's elements, named by their ids.
    """

    text: str
    value: Value
    is_leaf: bool
    children: tuple["Explanation", ...]

    @property
    def shown(self) -> str:
        return shown(self.value)

    def leaves(self) -> dict[str, str]:
        """The names and function calls that the condition read, and what they were, as text."""
        if self.is_leaf:
            return {self.text: self.shown}
        found: dict[str, str] = {}
        for child in self.children:
            found |= child.leaves()
        return found


@dataclass(frozen=True, slots=True)
class Leaves:
    """The names and function calls that a condition reads, found once to be asked of many rows: they tell
    what `Explanation.leaves` of a row tells, without what the parts around them are."""

    scope: str
    meanings: Mapping[str, Meaning]

    @classmethod
    def of(cls, checked: Checked) -> "Leaves":
        return cls(checked.scope.name, dict(_leaves(checked.meaning)))

    def at(self, observations: Frames | PlainRows, row: int) -> dict[str, str]:
        place = RowPlace(observations, self.scope, row)
        return {text: shown(value_at(each, place)) for text, each in self.meanings.items()}


def explain(checked: Checked, observations: Frames | PlainRows, row: int) -> Explanation:
    """The condition at one row of its scope's frame."""
    place = RowPlace(observations, checked.scope.name, row)
    return _explanation(checked.meaning, place)


def value_of(checked: Checked, observations: Frames | PlainRows, row: int) -> Value:
    """What the condition is at one row of its scope's frame, and no more."""
    return value_at(checked.meaning, RowPlace(observations, checked.scope.name, row))


def constant(meaning: Meaning) -> Value:
    """The value of a meaning that reads no row."""
    return value_at(meaning, RowPlace(cast(Frames, None), "", 0))


def select(checked: Checked, observations: Frames | PlainRows, row: int) -> tuple[int, ...]:
    """The rows that a condition which gives a list of rows selects, in their scope's frame."""
    if not isinstance(checked.meaning, Members):
        raise TypeError(f"{checked.type} is not a list of rows: {checked.expression.text}")
    place = RowPlace(observations, checked.scope.name, row)
    return tuple(element.row for element in elements(checked.meaning, place))


def shown(value: Value) -> str:
    """A value as text: `unknown`, `0.8`, `2026-03-31`, `true`, or text as it is."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else ", ".join(shown(item) for item in value)


def _explanation(meaning: Meaning, place: RowPlace) -> Explanation:
    if isinstance(meaning, Aggregate):
        children = tuple(_element(meaning, element) for element in elements(meaning.members, place))
    else:
        children = tuple(_explanation(part, place) for part in _parts(meaning))
    value = value_at(meaning, place)
    return Explanation(write(meaning.source), value, _is_leaf(meaning), children)


def _leaves(meaning: Meaning) -> Iterator[tuple[str, Meaning]]:
    if _is_leaf(meaning):
        yield write(meaning.source), meaning
    else:
        for part in _parts(meaning):
            yield from _leaves(part)


def _parts(meaning: Meaning) -> Iterator[Meaning]:
    """Those that are explained on the same row."""
    if not isinstance(meaning, History):
        yield from (part for part in parts(meaning) if not _is_literal(part))


def _is_leaf(meaning: Meaning) -> bool:
    if isinstance(meaning, Aggregate):
        return True
    named = isinstance(meaning.source, tree.Name | tree.Member | tree.Call | tree.Quantified)
    return named and not isinstance(meaning, Not)


def _is_literal(meaning: Meaning) -> bool:
    return isinstance(meaning, Constant) and not isinstance(meaning.source, tree.Name)


def _element(aggregate: Aggregate, element: RowPlace) -> Explanation:
    identifier = shown(element.identifier)
    value = aggregate.members.value
    if value is None:
        return Explanation(identifier, True, False, ())
    return Explanation(identifier, value_at(value, element), False, (_explanation(value, element),))
