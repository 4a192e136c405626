"""A checked condition: names resolved, parameters bound, sugar taken away.

Both readings, columns and explain, work on this. Rows are counted outwards: `up` 0 is the row that
is judged or, inside a list's filter or body, the list's element; `up` 1 is the row around it. Two
equal meanings have equal values on the same rows, so that they are computed once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal, TypeVar, cast

from govern.language import tree
from govern.language.types import Type

Value = Decimal | str | bool | date | tuple["Value", ...] | None
"""`None` is unknown."""


M = TypeVar("M", bound="_Hashed")


class _Hashed:
    """With a place for the hash, which is no field: another process hashes text otherwise."""

    __slots__ = ("hashed",)

    hashed: int


def hashed_once(kind: type[M]) -> type[M]:
    """The same class; but trees, which never change, are not hashed down to their leaves each time."""
    whole = kind.__hash__

    def once(self: M) -> int:
        try:
            return self.hashed
        except AttributeError:
            found = whole(self)
            object.__setattr__(self, "hashed", found)
            return found

    kind.__hash__ = once
    return kind


@hashed_once
@dataclass(frozen=True, slots=True)
class Meaning(_Hashed):
    """`source` is what it was written as."""

    type: Type
    source: tree.Node = field(compare=False, repr=False)


@hashed_once
@dataclass(frozen=True, slots=True)
class Constant(Meaning):
    value: Value


@hashed_once
@dataclass(frozen=True, slots=True)
class Read(Meaning):
    """The cell `column` of the row `up`."""

    column: str
    up: int


@hashed_once
@dataclass(frozen=True, slots=True)
class Contribution(Meaning):
    """What the link to the element `up` carries."""

    up: int


@hashed_once
@dataclass(frozen=True, slots=True)
class Record(Meaning):
    """The row `up` itself; only its fields can be read."""

    up: int


@hashed_once
@dataclass(frozen=True, slots=True)
class Members(Meaning):
    """Rows of `scope` that belong to the row `up`.

    `keep` (only true keeps) and `value` are read on the element, with the outer rows one `up` more.
    """

    membership: str
    scope: str
    up: int
    keep: Meaning | None = None
    value: Meaning | None = None


@hashed_once
@dataclass(frozen=True, slots=True)
class Aggregate(Meaning):
    function: str
    members: Members


@hashed_once
@dataclass(frozen=True, slots=True)
class Fold(Meaning):
    """The same functions over values that are written one by one."""

    function: str
    items: tuple[Meaning, ...]


@hashed_once
@dataclass(frozen=True, slots=True)
class Length(Meaning):
    """How many elements a list in a cell has."""

    of: Meaning


@hashed_once
@dataclass(frozen=True, slots=True)
class Contains(Meaning):
    """Whether the list in a cell has the value."""

    value: Meaning
    of: Meaning


@hashed_once
@dataclass(frozen=True, slots=True)
class OneOf(Meaning):
    value: Meaning
    constants: tuple[Value, ...]


@hashed_once
@dataclass(frozen=True, slots=True)
class Logic(Meaning):
    operator: Literal["and", "or"]
    operands: tuple[Meaning, ...]


@hashed_once
@dataclass(frozen=True, slots=True)
class Not(Meaning):
    operand: Meaning


@hashed_once
@dataclass(frozen=True, slots=True)
class IsNull(Meaning):
    operand: Meaning
    negated: bool


@hashed_once
@dataclass(frozen=True, slots=True)
class Compare(Meaning):
    operator: tree.Operator
    left: Meaning
    right: Meaning


@hashed_once
@dataclass(frozen=True, slots=True)
class Arithmetic(Meaning):
    operator: Literal["+", "-", "*", "/"]
    left: Meaning
    right: Meaning


@hashed_once
@dataclass(frozen=True, slots=True)
class Days(Meaning):
    """Days from `since` to `until`."""

    until: Meaning
    since: Meaning


@hashed_once
@dataclass(frozen=True, slots=True)
class Moved(Meaning):
    """The date `days` later; parts of a day do not count."""

    day: Meaning
    days: Meaning
    back: bool


@hashed_once
@dataclass(frozen=True, slots=True)
class Calendar(Meaning):
    """A function of one or two dates, or of a date and a number."""

    function: str
    operands: tuple[Meaning, ...]


@hashed_once
@dataclass(frozen=True, slots=True)
class Minus(Meaning):
    operand: Meaning


@hashed_once
@dataclass(frozen=True, slots=True)
class Choose(Meaning):
    condition: Meaning
    then: Meaning
    otherwise: Meaning


@hashed_once
@dataclass(frozen=True, slots=True)
class Pick(Meaning):
    """The value that stands beside the first true operand; unknown where none is true.

    Each operand belongs to one of `groups`. Where operands of two groups are true they contradict
    each other, and the value is unknown.
    """

    operands: tuple[Meaning, ...]
    values: tuple[Value, ...]
    groups: tuple[int, ...]


@hashed_once
@dataclass(frozen=True, slots=True)
class Collect(Meaning):
    """The values that stand beside all true operands, in their order, without missing ones."""

    operands: tuple[Meaning, ...]
    values: tuple[Value, ...]


@hashed_once
@dataclass(frozen=True, slots=True)
class Outputs(Meaning):
    """A table's outputs, of which one is to be named; never evaluated itself."""

    table: str
    names: tuple[str, ...]
    operands: tuple[Meaning, ...]


@hashed_once
@dataclass(frozen=True, slots=True)
class Apply(Meaning):
    """A function of values of the same row: abs, round."""

    function: str
    operand: Meaning
    places: int = 0


@hashed_once
@dataclass(frozen=True, slots=True)
class History(Meaning):
    """A function of the row `up` and those before it. Its argument reads that row as `up` 0.

    The functions named `history …` are aggregates over all those rows for which `keep` is true.
    """

    function: str
    up: int
    count: int = 0
    argument: Meaning | None = None
    keep: Meaning | None = None


def parts(meaning: Meaning) -> Iterator[Meaning]:
    """The direct parts, also those that are read on other rows."""
    for name in _part_names(meaning.__class__):
        value = getattr(meaning, name)
        if isinstance(value, Meaning):
            yield value
        elif name in {"items", "operands"}:
            yield from value


@cache
def _part_names(kind: type[Meaning]) -> tuple[str, ...]:
    """The fields that may hold parts."""
    return tuple(each.name for each in fields(kind) if each.name not in {"type", "source"})


def reads_a_row(meaning: Meaning) -> bool:
    """Whether it depends on any row at all: `rows_read` is not empty."""
    if isinstance(meaning, Read | Record | Contribution | History | Members):
        return True
    return any(reads_a_row(part) for part in parts(meaning))


def rows_read(meaning: Meaning) -> frozenset[int]:
    """The `up` of every row that the meaning depends on."""
    match meaning:
        case Read(up=up) | Record(up=up) | Contribution(up=up) | History(up=up):
            return frozenset((up,))
        case Members(up=up, keep=keep, value=value):
            inner = [rows_read(part) for part in (keep, value) if part is not None]
            return frozenset((up,)).union(*({r - 1 for r in rows if r} for rows in inner))
        case _:
            return frozenset[int]().union(*(rows_read(part) for part in parts(meaning)))


def reads_link(meaning: Meaning) -> bool:
    """Whether it depends on the link to its own element (and so not on the element's row alone)."""
    return _reads_link(meaning, 0)


def _reads_link(meaning: Meaning, up: int) -> bool:
    match meaning:
        case Contribution(up=at):
            return at == up
        case History():
            return False
        case Members(keep=keep, value=value):
            return any(_reads_link(part, up + 1) for part in (keep, value) if part is not None)
        case _:
            return any(_reads_link(part, up) for part in parts(meaning))


def is_own(meaning: Meaning) -> bool:
    """Whether the value depends on nothing but the row `up` 0."""
    return rows_read(meaning) <= {0} and not reads_link(meaning)


def raised(meaning: Meaning, by: int, floor: int = 0) -> Meaning:
    """The same meaning seen from `by` lists further inside."""
    if not by:
        return meaning
    changed: dict[str, object] = {}
    inner = floor + 1 if isinstance(meaning, Members) else floor
    for part in fields(meaning):
        value = getattr(meaning, part.name)
        if part.name == "up" and value >= floor:
            changed["up"] = value + by
        elif isinstance(value, Meaning) and not isinstance(meaning, History):
            changed[part.name] = raised(value, by, inner)
        elif part.name in {"items", "operands"}:
            changed[part.name] = tuple(raised(item, by, floor) for item in _tuple(value))
    return replace(meaning, **changed)


def _tuple(value: object) -> tuple[Meaning, ...]:
    return cast(tuple[Meaning, ...], value)
