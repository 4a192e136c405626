"""Reading the conditions of one file: all problems in one list, and which parameters were used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from govern.documents.node import Scalar
from govern.documents.problem import Level, Problem
from govern.documents.source import Place
from govern.language.check import Checked, check
from govern.language.errors import LanguageError
from govern.language.origin import Origin
from govern.language.parse import parse
from govern.language.scopes import Scope
from govern.language.tree import Name, Node, children
from govern.language.types import Constant, Type


@dataclass(slots=True)
class Reader:
    """`params` are the file's; `names` collects every name that stands in an expression."""

    params: Mapping[str, Constant]
    problems: list[Problem] = field(default_factory=list[Problem])
    names: set[str] = field(default_factory=set[str])

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
            parsed = parse(text, origin)
            self.names.update(_names(parsed.tree))
            checked = check(parsed, scope, self.params, expect)
        except LanguageError as error:
            self.problems.extend(error.problems)
            return None
        self.problems.extend(checked.problems)
        return checked


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    for child in children(node):
        yield from _names(child)
