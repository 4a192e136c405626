"""The format of a file as data, and the reading of nodes by it.

A format is built from shapes. The keys of a record are `Field`s, typed by what they hold:

    ID = Field("id", Identifier(), required=True, doc="Names the rule in findings.")
    FOR = Field("for", Duration("period"), doc="How many periods in a row.")
    RULE = Record("rule", (ID, FOR))

    problems: list[Problem] = []        # read: govern.documents.read
    rule = read(node, RULE, problems)   # Fields | None (None: not a mapping at all)
    rule[ID]                            # str; KeyError where it is missing or wrong
    rule.get(FOR)                       # int | None
    rule.place(ID)                      # Place of the value (of the record where it is not there)
    rule.complete                       # every required key is there and every value is right

`read` reports every problem it finds: unknown keys with a suggestion, missing keys, wrong kinds,
words, numbers. It goes on behind each: a record with one bad key is still there, incomplete.
A key whose value is `~` counts as not given, unless its shape takes `~` (`Constant`, `Maybe`).

The shapes are frozen data: a JSON Schema can be derived from them (`govern.documents.read` holds
the only code that reads nodes by them).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from govern.documents.node import Mapping, Scalar
from govern.documents.source import Place

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound=StrEnum)


class Shape(Generic[T_co]):
    """What a value looks like; `T_co` is what reading it gives."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Text(Shape[str]):
    """Any text that is not empty."""


@dataclass(frozen=True, slots=True)
class Identifier(Shape[str]):
    """Small letters, digits, `-` and `_`, beginning with a letter: `revenue-behind-plan`."""


@dataclass(frozen=True, slots=True)
class Word(Shape[str]):
    """One of a few words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice(Shape[E], Generic[E]):
    """One of the words of an enumeration; reading gives its member."""

    of: type[E]


@dataclass(frozen=True, slots=True)
class Number(Shape[Decimal]):
    """A number, `0.8` or `80%` (which is 0.8), within the inclusive bounds."""

    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Whole(Shape[int]):
    """A whole number, at least `least`."""

    least: int = 0


@dataclass(frozen=True, slots=True)
class Flag(Shape[bool]):
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class Day(Shape[date]):
    """A date, `2026-03-31`."""


@dataclass(frozen=True, slots=True)
class Duration(Shape[int]):
    """A number of `unit`s, `2 periods` or `10 working days`; reading gives the number."""

    unit: str


@dataclass(frozen=True, slots=True)
class Condition(Shape[Scalar]):
    """A text in the condition language. Reading gives the scalar, whose `at` maps offsets."""


@dataclass(frozen=True, slots=True)
class Template(Shape[Scalar]):
    """A message with `{placeholders}`. Reading gives the scalar, whose `at` maps offsets."""


Plain = Decimal | str | bool | date | None


@dataclass(frozen=True, slots=True)
class Constant(Shape["Value"]):
    """A number (`0.8`, `80%`), a date, `true`, `false`, `~`, or else a text."""


@dataclass(frozen=True, slots=True)
class Value:
    """A constant; wrapped, so that `~` differs from a key that is not there."""

    value: Plain


@dataclass(frozen=True, slots=True)
class Maybe(Shape[T | None], Generic[T]):
    """A scalar's shape, or `~` for "known to be missing"; then the key counts as given."""

    shape: Shape[T]


@dataclass(frozen=True, slots=True)
class ListOf(Shape[tuple[T, ...]], Generic[T]):
    """A list. Items that cannot be read at all are left out of what reading gives."""

    item: Shape[T]
    least: int = 0


@dataclass(frozen=True, slots=True)
class MapOf(Shape[dict[str, T]], Generic[T]):
    """Keys that the author chooses (identifiers), all with values of one shape."""

    value: Shape[T]


@dataclass(frozen=True, slots=True)
class OneOf(Shape[T], Generic[T]):
    """Shapes that differ in the kind of node: one for text, one for lists, one for records.

    Its type comes from where it is used: `ROLES: Field[str | tuple[str, ...]] = Field("roles",
    OneOf((Text(), ListOf(Text()))))`.
    """

    shapes: tuple[Shape[Any], ...]


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A key of a record. `doc` says in one line what it is for."""

    key: str
    shape: Shape[T]
    required: bool = False
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Record(Shape["Fields"]):
    """Fixed keys. `name` is what messages call it: "unknown key 'x' in a rule"."""

    name: str
    fields: tuple[Field[Any], ...]


@dataclass(frozen=True, slots=True)
class Variants(Shape["Fields"]):
    """A record whose key `key` says which record it is: word → record, `default` without the key.

    Every record has the key itself, as a field with these words.
    """

    key: str
    default: str
    records: tuple[tuple[str, Record], ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """A record as it was read: the keys whose values are right, and where everything stands."""

    node: Mapping
    values: dict[str, Any]
    complete: bool

    def __getitem__(self, field: Field[T]) -> T:
        return self.values[field.key]

    def __contains__(self, field: Field[Any]) -> bool:
        return field.key in self.values

    def get(self, field: Field[T]) -> T | None:
        return self.values.get(field.key)

    def place(self, field: Field[Any]) -> Place:
        """Where the key's value stands; the record's own place where the key is not there."""
        value = self.node.get(field.key)
        return value.place if value is not None else self.node.place

    def key_place(self, field: Field[Any]) -> Place:
        """Where the key itself stands; the record's own place where it is not there."""
        entry = self.node.entry(field.key)
        return entry.key_place if entry is not None else self.node.place
