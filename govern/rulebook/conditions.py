"""Reading the conditions of one file: all problems in one list, and which parameters were used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from govern.documents.node import Scalar
from govern.documents.problem import Level, Problem
from govern.documents.source import Place
from govern.domain.calendar import MONDAY_TO_FRIDAY, Calendar
from govern.language.check import Checked, check
from govern.language.errors import LanguageError
from govern.language.origin import Origin
from govern.language.parse import parse
from govern.language.scopes import Scope
from govern.language.table import Table
from govern.language.tree import Expression, Member, Name, Node, children
from govern.language.types import Constant, Type


@dataclass(slots=True)
class Reader:
    """`params` and `calendar` are those that hold for the file; `names` collects every name that
    stands in an expression.

    `tables` are the rulebook's decision tables by name. What reads one of the `broken` ones, which
    have problems of their own, is left unchecked without a problem.
    """

    params: Mapping[str, Constant]
    problems: list[Problem] = field(default_factory=list[Problem])
    names: set[str] = field(default_factory=set[str])
    tables: Mapping[str, Table] = field(default_factory=dict[str, Table])
    broken: frozenset[str] = frozenset()
    calendar: Calendar = MONDAY_TO_FRIDAY

    def add(
        self,
        code: str,
        message: str,
        place: Place,
        help_: str | None = None,
        level: Level = Level.ERROR,
    ) -> None:
        self.problems.append(Problem(code, message, place, help_, level))

    def condition(self, scalar: Scalar | None, scope: Scope, expect: Type) -> Checked | None:
        """The checked condition; `None` where there is none, or one with problems."""
        return self.expression(scalar.text, scalar, scope, expect) if scalar else None

    def expression(
        self, text: str, origin: Origin, scope: Scope, expect: Type | None
    ) -> Checked | None:
        try:
            return self.checked(parse(text, origin), scope, expect)
        except LanguageError as error:
            self.problems.extend(error.problems)
            return None

    def checked(self, parsed: Expression, scope: Scope, expect: Type | None) -> Checked | None:
        """The parsed expression, checked; `None` with its problems added to the list."""
        found = set(names_in(parsed.tree))
        self.names |= found
        if found & self.broken:
            return None
        try:
            checked = check(parsed, scope, self.params, expect, self.tables)
        except LanguageError as error:
            self.problems.extend(error.problems)
            return None
        self.problems.extend(checked.problems)
        return checked


def names_in(node: Node) -> Iterator[str]:
    """The names and fields that an expression reads."""
    if isinstance(node, Name | Member):
        yield node.name
    for child in children(node):
        yield from names_in(child)
