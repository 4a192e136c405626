"""A condition's text → its frozen tree, by precedence climbing."""

from typing import Literal, cast

from govern.language import tree
from govern.language.cursor import COMPARISONS, DEEPEST, too_deep
from govern.language.operands import Operands
from govern.language.origin import Origin
from govern.language.tokens import fail, tokens
from govern.language.tree import Expression, Node

_OR, _AND, _COMPARE, _ADD, _MULTIPLY = 1, 2, 3, 4, 5
_LEVELS = {
    "or": _OR,
    "and": _AND,
    "between": _COMPARE,
    "in": _COMPARE,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), _COMPARE),
    **dict.fromkeys("+-", _ADD),
    **dict.fromkeys("*/", _MULTIPLY),
}


def parse(text: str, origin: Origin) -> Expression:
    """The tree of the condition `text`, which stands at `origin` in its file.

    Raises `LanguageError` with the first thing that is not in the grammar. Takes time linear in
    the length of the text.
    """
    reader = _Reader(tokens(text, origin), origin)
    if reader.done:
        raise fail(origin, "E200", "the condition is empty", (0, 0))
    found = reader.expression()
    if not reader.done:
        raise reader.unexpected("an operator or the end")
    _check_depth(found, origin)
    return Expression(found, text, origin)


def parse_tests(text: str, origin: Origin) -> tuple[bool, tuple[Node, ...]]:
    """The tests in a cell of a decision table, as behind `in`: `>= 80%`, `"a", "b"`, `[1..2)`.

    The first part is true for `not(…)` around them. Raises `LanguageError` as `parse` does.
    """
    reader = _Reader(tokens(text, origin), origin)
    if reader.done:
        raise fail(origin, "E200", "the test is empty", (0, 0), "write - where any value will do")
    negated = reader.ahead.kind == "name" and reader.ahead.text == "not"
    if negated:
        reader.take()
        reader.expect("(", " behind `not`")
    found = [reader.test(_OR)]
    while reader.at(","):
        reader.take()
        found.append(reader.test(_OR))
    if negated:
        reader.expect(")", " to close `not(`")
    if not reader.done:
        raise reader.unexpected("`,` or the end of the cell")
    for node in found:
        _check_depth(node, origin)
    return negated, tuple(found)


class _Reader(Operands):
    """Reads operators, and the tests behind `in`."""

    def expression(self) -> Node:
        return self.nested(_OR)

    def nested(self, floor: int) -> Node:
        with self.inside():
            return self.operators(self.operand(), floor)

    def operators(self, left: Node, floor: int) -> Node:
        """`left` and the operators behind it that bind at least as close as `floor`."""
        while True:
            level = _LEVELS.get(self.ahead.text, 0) if self.at(*_LEVELS) else 0
            if not level or level < floor:
                return left
            operator = self.take().text
            if level == _COMPARE:
                left = self.comparison(left, operator)
            elif level in {_OR, _AND}:
                left = self.logic(left, operator, level)
            else:
                right = self.operators(self.operand(), level + 1)
                kind = cast(Literal["+", "-", "*", "/"], operator)
                left = tree.Arithmetic(kind, left, right, span=(left.span[0], right.span[1]))

    def logic(self, left: Node, operator: str, level: int) -> Node:
        operands = [left, self.operators(self.operand(), level + 1)]
        while self.at(operator):
            self.take()
            operands.append(self.operators(self.operand(), level + 1))
        kind = cast(Literal["and", "or"], operator)
        return tree.Logic(kind, tuple(operands), span=(left.span[0], self.end()))

    def comparison(self, left: Node, operator: str) -> Node:
        found: Node
        if operator == "between":
            low = self.operators(self.operand(), _ADD)
            self.expect("and", " and the upper end of `between`")
            high = self.operators(self.operand(), _ADD)
            found = tree.Between(left, low, high, span=(left.span[0], high.span[1]))
        elif operator == "in":
            found = tree.In(left, self.tests(), span=(left.span[0], self.end()))
        else:
            right = self.operators(self.operand(), _ADD)
            kind = cast(tree.Operator, operator)
            found = tree.Comparison(kind, left, right, span=(left.span[0], right.span[1]))
        if self.at(*COMPARISONS, "between", "in"):
            raise fail(
                self.origin,
                "E205",
                f"`{self.ahead.text}` cannot follow a comparison",
                self.ahead.span,
                "write `a < b and b < c`, or `b between a and c`",
            )
        return found

    def tests(self) -> tuple[Node, ...]:
        if not self.at("("):
            return (self.test(_ADD),)
        start = self.take().span[0]
        first = self.test(_OR)
        if self.at(".."):
            return (self.range_from(first, start, included=False),)
        found = [first]
        while self.at(","):
            self.take()
            found.append(self.test(_OR))
        self.expect(")", " to close the list of tests")
        if len(found) == 1 and not isinstance(first, tree.Range | tree.Unary):
            return (self.operators(self.postfix(first), _ADD),)
        return tuple(found)

    def test(self, floor: int) -> Node:
        start = self.ahead.span[0]
        if self.at(*COMPARISONS):
            operator = cast(tree.Operator, self.take().text)
            operand = self.operators(self.operand(), _ADD)
            return tree.Unary(operator, operand, span=(start, self.end()))
        if not self.at("[", "("):
            return self.nested(floor)
        square = self.take().text == "["
        if square and self.at("]"):
            self.take()
            found: Node = tree.Items((), span=(start, self.end()))
        else:
            first = self.expression()
            if self.at(".."):
                return self.range_from(first, start, included=square)
            found = self.items_from(first, start) if square else first
            if not square:
                self.expect(")")
        return self.operators(self.postfix(found), floor)

    def range_from(self, low: Node, start: int, *, included: bool) -> Node:
        if isinstance(low, tree.Range | tree.Unary):
            raise self.unexpected("`,` or `)`")
        self.expect("..")
        high = self.operators(self.operand(), _ADD)
        if not self.at("]", ")"):
            raise self.unexpected("`]` or `)` to close the range")
        closing = self.take().text == "]"
        return tree.Range(low, high, included, closing, span=(start, self.end()))


def _check_depth(node: Node, origin: Origin) -> None:
    level = [node]
    for _ in range(2 * DEEPEST):
        level = [child for parent in level for child in tree.children(parent)]
        if not level:
            return
    raise too_deep(origin, level[0].span)
