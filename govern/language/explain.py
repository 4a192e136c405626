"""The plain reading: one row, in Decimal, with the value of every part, for "why"."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import singledispatch
from math import isfinite

import polars as pl

from govern.language import date_values, history_values, row_values, tree
from govern.language.check import Checked
from govern.language.frames import Frames, frame_of
from govern.language.meaning import (
    Aggregate,
    Apply,
    Arithmetic,
    Calendar,
    Choose,
    Collect,
    Compare,
    Constant,
    Contains,
    Contribution,
    Days,
    Fold,
    History,
    IsNull,
    Length,
    Logic,
    Meaning,
    Members,
    Minus,
    Moved,
    Not,
    OneOf,
    Pick,
    Read,
    Value,
    parts,
)
from govern.language.running_columns import PREFIX
from govern.language.scopes import SCOPES
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


def explain(checked: Checked, observations: Frames, row: int) -> Explanation:
    """The condition at one row of its scope's frame."""
    place = _Place(observations, checked.scope.name, row)
    return _explanation(checked.meaning, place)


def constant(meaning: Meaning, frames: Frames) -> Value:
    """The value of a meaning that reads no row."""
    return _value(meaning, _Place(frames, "", 0))


def select(checked: Checked, observations: Frames, row: int) -> tuple[int, ...]:
    """The rows that a condition which gives a list of rows selects, in their scope's frame."""
    if not isinstance(checked.meaning, Members):
        raise TypeError(f"{checked.type} is not a list of rows: {checked.expression.text}")
    place = _Place(observations, checked.scope.name, row)
    return tuple(element.row for element in _elements(checked.meaning, place))


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


@dataclass(frozen=True, slots=True)
class _Place:
    """A row of a scope's frame; `outer` is the row around a list's element, `link` its weight."""

    frames: Frames
    scope: str
    row: int
    outer: "_Place | None" = None
    link: float | None = None
    known: dict[tuple[int, int], Value] = field(default_factory=dict[tuple[int, int], Value])
    """What history functions have asked of earlier rows, by meaning and row: nested ones ask again
    and again."""

    def at(self, up: int) -> "_Place":
        return self if up == 0 or self.outer is None else self.outer.at(up - 1)

    @property
    def frame(self) -> pl.DataFrame:
        return frame_of(self.frames, SCOPES[self.scope].frame)

    def cell(self, column: str) -> Value:
        return _plain_value(self.frame.get_column(column)[self.row])

    def periods(self) -> int:
        """How many periods the row's history has, itself included."""
        first = self.frame.get_column("is_first")
        row = self.row
        while row > 0 and not first[row]:
            row -= 1
        return self.row - row + 1

    def before(self, back: int) -> "_Place":
        return _Place(self.frames, self.scope, self.row - back, known=self.known)


def _plain_value(cell: object) -> Value:
    if isinstance(cell, bool | str | date) or cell is None:
        return cell
    if isinstance(cell, float):
        return Decimal(repr(cell)) if isfinite(cell) else None
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, pl.Series):
        return tuple(_plain_value(item) for item in cell)
    raise TypeError(type(cell).__name__)


def _elements(members: Members, place: _Place) -> Iterator[_Place]:
    """The rows of a list, those that its filter keeps."""
    parent = place.at(members.up)
    links = _links(frame_of(place.frames, members.membership), parent.row)
    weights = links["contribution"] if "contribution" in links.columns else None
    for index, row in enumerate(links["row"]):
        link = None if weights is None else weights[index]
        element = _Place(place.frames, members.scope, row, place, link)
        if members.keep is None or _value(members.keep, element) is True:
            yield element


def _links(links: pl.DataFrame, parent: int) -> pl.DataFrame:
    """The links of one parent, by which they are sorted."""
    parents = links.get_column("parent")
    start = parents.search_sorted(parent, side="left")
    return links.slice(start, parents.search_sorted(parent, side="right") - start)


def _explanation(meaning: Meaning, place: _Place) -> Explanation:
    leaf = isinstance(meaning.source, tree.Name | tree.Member | tree.Call | tree.Quantified)
    children: tuple[Explanation, ...] = ()
    if isinstance(meaning, Aggregate):
        leaf = True
        children = tuple(
            _element(meaning, element) for element in _elements(meaning.members, place)
        )
    elif not isinstance(meaning, History):
        known = (part for part in parts(meaning) if not _is_literal(part))
        children = tuple(_explanation(part, place) for part in known)
        leaf = leaf and not isinstance(meaning, Not)
    return Explanation(write(meaning.source), _value(meaning, place), leaf, children)


def _is_literal(meaning: Meaning) -> bool:
    return isinstance(meaning, Constant) and not isinstance(meaning.source, tree.Name)


def _element(aggregate: Aggregate, element: _Place) -> Explanation:
    identifier = shown(element.cell(_IDS[element.scope]))
    value = aggregate.members.value
    if value is None:
        return Explanation(identifier, True, False, ())
    return Explanation(identifier, _value(value, element), False, (_explanation(value, element),))


_IDS = {
    "kpi": "kpi",
    "project": "project",
    "deliverable": "deliverable",
    "condition": "condition",
    "recommendation": "recommendation",
}


@singledispatch
def _value(meaning: Meaning, place: _Place) -> Value:
    raise TypeError(type(meaning).__name__)


@_value.register
def _(meaning: Constant, place: _Place) -> Value:
    return meaning.value


@_value.register
def _(meaning: Read, place: _Place) -> Value:
    return place.at(meaning.up).cell(meaning.column)


@_value.register
def _(meaning: Contribution, place: _Place) -> Value:
    return _plain_value(place.at(meaning.up).link)


@_value.register
def _(meaning: Members, place: _Place) -> Value:
    elements = _elements(meaning, place)
    if meaning.value is None:
        return tuple(element.cell(_IDS[element.scope]) for element in elements)
    return tuple(_value(meaning.value, element) for element in elements)


@_value.register
def _(meaning: Aggregate, place: _Place) -> Value:
    value = meaning.members.value
    elements = list(_elements(meaning.members, place))
    if value is None:
        return Decimal(len(elements))
    return row_values.aggregated(meaning.function, [_value(value, one) for one in elements])


@_value.register
def _(meaning: Fold, place: _Place) -> Value:
    return row_values.aggregated(meaning.function, [_value(item, place) for item in meaning.items])


@_value.register
def _(meaning: Length, place: _Place) -> Value:
    found = _value(meaning.of, place)
    return Decimal(len(found)) if isinstance(found, tuple) else None


@_value.register
def _(meaning: Contains, place: _Place) -> Value:
    value, within = _value(meaning.value, place), _value(meaning.of, place)
    return None if value is None or not isinstance(within, tuple) else value in within


@_value.register
def _(meaning: OneOf, place: _Place) -> Value:
    value = _value(meaning.value, place)
    return None if value is None else value in meaning.constants


@_value.register
def _(meaning: Logic, place: _Place) -> Value:
    join = row_values.both if meaning.operator == "and" else row_values.either
    return join([_value(operand, place) for operand in meaning.operands])


@_value.register
def _(meaning: Not, place: _Place) -> Value:
    held = _value(meaning.operand, place)
    return None if held is None else not held


@_value.register
def _(meaning: IsNull, place: _Place) -> Value:
    return (_value(meaning.operand, place) is None) != meaning.negated


@_value.register
def _(meaning: Compare, place: _Place) -> Value:
    left, right = _value(meaning.left, place), _value(meaning.right, place)
    return row_values.compared(meaning.operator, left, right)


@_value.register
def _(meaning: Arithmetic, place: _Place) -> Value:
    left, right = _value(meaning.left, place), _value(meaning.right, place)
    return row_values.computed(meaning.operator, left, right)


@_value.register
def _(meaning: Days, place: _Place) -> Value:
    return row_values.days(_value(meaning.until, place), _value(meaning.since, place))


@_value.register
def _(meaning: Moved, place: _Place) -> Value:
    day, by = _value(meaning.day, place), _value(meaning.days, place)
    return row_values.moved(day, by, back=meaning.back)


@_value.register
def _(meaning: Calendar, place: _Place) -> Value:
    operands = [_value(operand, place) for operand in meaning.operands]
    return date_values.computed(meaning.function, operands)


@_value.register
def _(meaning: Minus, place: _Place) -> Value:
    number = _value(meaning.operand, place)
    return -number if isinstance(number, Decimal) else None


@_value.register
def _(meaning: Choose, place: _Place) -> Value:
    branch = meaning.then if _value(meaning.condition, place) is True else meaning.otherwise
    return _value(branch, place)


@_value.register
def _(meaning: Pick, place: _Place) -> Value:
    tests = [_value(operand, place) for operand in meaning.operands]
    return row_values.picked(tests, meaning.values, meaning.groups)


@_value.register
def _(meaning: Collect, place: _Place) -> Value:
    tests = [_value(operand, place) for operand in meaning.operands]
    return row_values.collected(tests, meaning.values)


@_value.register
def _(meaning: Apply, place: _Place) -> Value:
    return row_values.applied(meaning.function, _value(meaning.operand, place), meaning.places)


@_value.register
def _(meaning: History, place: _Place) -> Value:
    return _looked_back(meaning, place.at(meaning.up))


def _looked_back(meaning: History, here: _Place) -> Value:  # noqa: PLR0911 - one a function
    periods, count = here.periods(), meaning.count
    actual, attainment = (_cells(here, name, periods) for name in ("actual", "attainment"))
    past = _asked(meaning.argument, here, periods)
    match meaning.function:
        case "trend":
            return history_values.trend(actual, here.cell("direction"), count)
        case "change":
            return history_values.change(actual, here.cell("direction"), count)
        case "previous":
            return past(count)
        case "streak":
            return history_values.streak(past, periods)
        case "average":
            return history_values.average(past, count)
        case "volatility":
            return history_values.volatility(past, count)
        case "forecast":
            return history_values.forecast(attainment, count)
        case function:
            kept = _asked(meaning.keep, here, periods)
            backs = [back for back in range(periods) if meaning.keep is None or kept(back) is True]
            return row_values.aggregated(function.removeprefix(PREFIX), [past(b) for b in backs])


def _cells(here: _Place, column: str, periods: int) -> history_values.Past:
    return lambda back: here.before(back).cell(column) if back < periods else None


def _asked(part: Meaning | None, here: _Place, periods: int) -> history_values.Past:
    """The part's value so many periods before `here`; each is found once."""

    def past(back: int) -> Value:
        if part is None or back >= periods:
            return None
        key = (id(part), here.row - back)
        if key not in here.known:
            here.known[key] = _value(part, here.before(back))
        return here.known[key]

    return past
