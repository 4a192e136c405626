"""The frozen syntax tree of a condition, as written: nothing is resolved or folded here.

Two trees are equal when they say the same; where they stand in the text does not count.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal, cast

from govern.language.origin import Origin

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Span = tuple[int, int]
"""Offsets of the first character and behind the last one."""

_NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """`value` as written: `80%` is 80 with `percent`."""

    value: Decimal
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class Day(Node):
    value: date


@dataclass(frozen=True, slots=True)
class Truth(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Null(Node):
    pass


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Member(Node):
    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Items(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Minus(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    operator: Literal["+", "-", "*", "/"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    operator: Operator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Range(Node):
    """`[low..high]`; a round bracket leaves that end out. Stands only behind `in`."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`< 5` behind `in`: the value on the left of `in` is compared."""

    operator: Operator
    operand: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`tests` holds `Range`, `Unary` or any other node, which is compared or searched."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`operands` are two or more; `a and b and c` is one node."""

    operator: Literal["and", "or"]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    quantifier: Literal["some", "every"]
    variable: str
    collection: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed condition: its tree, the text it was read from, and where that stands."""

    tree: Node
    text: str = field(compare=False)
    origin: Origin = field(compare=False, repr=False)


def children(node: Node) -> Iterator[Node]:
    """The node's direct parts, in the order of the text."""
    for name in _part_names(node.__class__):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from cast(tuple[Node, ...], value)


@cache
def _part_names(kind: type[Node]) -> tuple[str, ...]:
    """The fields that may hold parts."""
    return tuple(each.name for each in fields(kind) if each.name != "span")
