"""What a checker knows while it walks a tree: rows, parameters, and the problems found so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from govern.documents.problem import Level, Problem
from govern.language import tree
from govern.language.meaning import Constant as Fixed
from govern.language.meaning import Meaning, Members, parts
from govern.language.origin import Origin
from govern.language.table import Table
from govern.language.types import BOOLEAN, NUMBER, Constant, Type, type_of
from govern.language.write import write

LARGEST = 50_000
"""Steps that a condition may take on one row, a value that is compared twice counted twice. No
condition without such values within values has as many."""
DEEPEST_LISTS = 3
"""Lists within each other: with n rows in each there are n·n·n to judge."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that names are read on.

    `implicit`: its fields are readable by their bare names. `variable` stands for `value`, or for
    the row itself where that is `None`. `linked`: it was reached over a link with a contribution.
    `prefix` is what its fields are listed under in `Checked.names_read`.
    """

    scope: str
    implicit: bool
    variable: str | None = None
    value: Meaning | None = None
    linked: bool = False
    prefix: str = ""


@dataclass(slots=True)
class Context:
    """One check. `meaning_of` resolves a node; `None` means that its problem has been told."""

    origin: Origin
    params: Mapping[str, Constant]
    resolve: Callable[["Context", tree.Node], Meaning | None]
    rows: list[Row]
    problems: list[Problem] = field(default_factory=list[Problem])
    read: dict[str, None] = field(default_factory=dict[str, None])
    guarded: list[str] = field(default_factory=list[str])
    tables: Mapping[str, Table] = field(default_factory=dict[str, Table])
    measured: dict[int, tuple[Meaning, int, int]] = field(
        default_factory=dict[int, tuple[Meaning, int, int]]
    )

    def meaning_of(self, node: tree.Node) -> Meaning | None:
        found = self.resolve(self, node)
        if found is None:
            return None
        steps, lists = self._size(found)
        if steps <= LARGEST and lists <= DEEPEST_LISTS:
            return found
        message = f"`{write(node)[:40]}…` takes more than {LARGEST} steps"
        help_ = "`between` and `in` ask for their value once a test: nest them less deeply"
        if lists > DEEPEST_LISTS:
            message = f"more than {DEEPEST_LISTS} lists within each other"
            help_ = "the rows of each are gone through for every row of the one around it"
        self.problem("E207", message, node, help_)
        return None

    def _size(self, meaning: Meaning) -> tuple[int, int]:
        """How many values are found for the meaning's own, and how many lists stand within each
        other. Parts that are shared are measured once, which keeps this linear."""
        if id(meaning) not in self.measured:
            inner = [self._size(part) for part in parts(meaning)]
            steps = 1 + sum(count for count, _ in inner)
            lists = max((depth for _, depth in inner), default=0)
            lists += isinstance(meaning, Members)
            self.measured[id(meaning)] = (meaning, steps, lists)
        return self.measured[id(meaning)][1:]

    def problem(
        self,
        code: str,
        message: str,
        at: tree.Node | tree.Span,
        help: str | None = None,  # noqa: A002
        level: Level = Level.ERROR,
    ) -> None:
        start, end = at.span if isinstance(at, tree.Node) else at
        place = self.origin.at(start, max(1, end - start))
        self.problems.append(Problem(code, message, place, help, level))

    def typed(self, node: tree.Node, kind: Type, what: str) -> Meaning | None:
        """The node's meaning if it has the type; `what` names it in the message."""
        found = self.meaning_of(node)
        if found is None or found.type == kind:
            return found
        if found.type.kind == "null":
            self.problem("E220", f"{what} cannot be null", node)
            return None
        help_ = None
        if kind == BOOLEAN:
            help_ = "compare it with something, as in attainment < 80%"
        elif kind == NUMBER and isinstance(node, tree.Text):
            help_ = "write numbers without quotes"
        message = f"{what} must be {kind}, but `{write(node)}` is {found.type}"
        self.problem("E213", message, node, help_)
        return None

    def count(self, node: tree.Node, what: str, low: int, high: int) -> int | None:
        """The node as a constant whole number from `low` to `high`."""
        found = self.typed(node, NUMBER, what)
        if found is None:
            return None
        if isinstance(found, Fixed) and isinstance(found.value, Decimal):
            number = found.value
            if number == number.to_integral_value() and low <= number <= high:
                return int(number)
        message = f"{what} must be a constant whole number from {low} to {high}"
        self.problem("E214", message, node)
        return None


def bound(value: Constant, source: tree.Node) -> Fixed:
    """A parameter's value as a meaning; numbers keep 15 significant digits."""
    return Fixed(type_of(value), source, _settled(value))


def _settled(value: Constant) -> Constant:
    if isinstance(value, Decimal):
        return Decimal(f"{value:.14e}")
    return tuple(_settled(item) for item in value) if isinstance(value, tuple) else value
