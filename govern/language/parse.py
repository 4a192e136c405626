"""A condition's text → its frozen tree, by precedence climbing."""

import re
from datetime import date
from decimal import Decimal
from typing import Literal, cast

from govern.language import tree
from govern.language.errors import LanguageError
from govern.language.origin import Origin
from govern.language.tokens import KEYWORDS, Token, fail, tokens
from govern.language.tree import Expression, Node

DEEPEST = 50
"""Levels of brackets and of operators within operators that a condition may have."""

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
_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)


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


class _Reader:
    """Reads one token after another; `depth` counts the open brackets and bodies."""

    def __init__(self, found: list[Token], origin: Origin) -> None:
        self.tokens = found
        self.origin = origin
        self.position = 0
        self.depth = 0

    @property
    def ahead(self) -> Token:
        return self.tokens[self.position]

    @property
    def done(self) -> bool:
        return self.ahead.kind == "end"

    def take(self) -> Token:
        token = self.ahead
        self.position += 1
        return token

    def at(self, *texts: str) -> bool:
        return self.ahead.kind in {"symbol", "keyword"} and self.ahead.text in texts

    def expect(self, text: str, why: str = "") -> Token:
        if not self.at(text):
            raise self.unexpected(f"`{text}`{why}")
        return self.take()

    def end(self) -> int:
        return self.tokens[self.position - 1].span[1]

    def unexpected(self, expected: str) -> LanguageError:
        token = self.ahead
        before = self.tokens[self.position - 1] if self.position else token
        help_: str | None = None
        for word in (token, before):
            if word.kind == "name" and word.text.lower() in KEYWORDS | {"not"}:
                help_ = f"write `{word.text.lower()}` in small letters"
                if word.text == "not":
                    help_ = "`not` takes brackets: not(…)"
        if token.text == "%":
            help_ = "`%` stands behind a number, as in 80%"
        elif token.text == "," and before.kind == "number":
            help_ = "numbers are written without separators, 1000 or 1000.5"
        elif token.text == "=" and before.text in _COMPARISONS:
            help_ = f"write `{before.text}=` without a space"
        message = f"expected {expected}, found {token}"
        return fail(self.origin, "E201", message, token.span, help_)

    def expression(self) -> Node:
        return self.nested(_OR)

    def nested(self, floor: int) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _too_deep(self.origin, self.ahead.span)
        found = self.operators(self.operand(), floor)
        self.depth -= 1
        return found

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
        if self.at(*_COMPARISONS, "between", "in"):
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
        if self.at(*_COMPARISONS):
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

    def items_from(self, first: Node, start: int) -> Node:
        found = [first]
        while self.at(","):
            self.take()
            found.append(self.expression())
        self.expect("]", " to close the list")
        return tree.Items(tuple(found), span=(start, self.end()))

    def operand(self) -> Node:
        if self.at("-"):
            start = self.take().span[0]
            self.depth += 1
            if self.depth > DEEPEST:
                raise _too_deep(self.origin, self.ahead.span)
            operand = self.operand()
            self.depth -= 1
            return tree.Minus(operand, span=(start, operand.span[1]))
        return self.postfix(self.primary())

    def postfix(self, base: Node) -> Node:
        while True:
            if self.at("."):
                self.take()
                if self.ahead.kind != "name":
                    raise self.unexpected("a name behind `.`")
                base = tree.Member(base, self.take().text, span=(base.span[0], self.end()))
            elif self.at("["):
                self.take()
                condition = self.expression()
                self.expect("]", " to close the filter")
                base = tree.Filter(base, condition, span=(base.span[0], self.end()))
            else:
                return base

    def primary(self) -> Node:  # noqa: PLR0911 - one return a form
        token = self.ahead
        if token.kind == "number":
            return self.number()
        if token.kind == "text":
            self.take()
            return tree.Text(unescaped(token.text[1:-1]), span=token.span)
        if token.kind == "date":
            return self.day()
        if token.kind == "name":
            return self.name()
        if self.at("true", "false"):
            return tree.Truth(self.take().text == "true", span=token.span)
        if self.at("null"):
            self.take()
            return tree.Null(span=token.span)
        if self.at("if"):
            return self.choice()
        if self.at("some", "every"):
            return self.quantified()
        if self.at("("):
            self.take()
            found = self.expression()
            self.expect(")")
            return found
        if self.at("["):
            self.take()
            if self.at("]"):
                self.take()
                return tree.Items((), span=(token.span[0], self.end()))
            return self.items_from(self.expression(), token.span[0])
        raise self.unexpected("a value")

    def number(self) -> Node:
        token = self.take()
        percent = self.at("%")
        if percent:
            self.take()
        return tree.Number(Decimal(token.text), percent, span=(token.span[0], self.end()))

    def day(self) -> Node:
        token = self.take()
        written = token.text[2:-1]
        try:
            if len(written) != len("2026-03-31"):
                raise ValueError
            return tree.Day(date.fromisoformat(written), span=token.span)
        except ValueError:
            raise fail(
                self.origin,
                "E204",
                f"`{written}` is not a date that exists",
                token.span,
                'dates are written year-month-day: @"2026-03-31"',
            ) from None

    def name(self) -> Node:
        token = self.take()
        if not self.at("("):
            return tree.Name(token.text, span=token.span)
        self.take()
        arguments: list[Node] = []
        if not self.at(")"):
            arguments.append(self.expression())
            while self.at(","):
                self.take()
                arguments.append(self.expression())
        self.expect(")", f" to close `{token.text}(`")
        return tree.Call(token.text, tuple(arguments), span=(token.span[0], self.end()))

    def choice(self) -> Node:
        start = self.expect("if").span[0]
        condition = self.expression()
        self.expect("then", " and what holds if the condition is true")
        then = self.expression()
        self.expect("else", " and what holds otherwise")
        otherwise = self.expression()
        return tree.If(condition, then, otherwise, span=(start, self.end()))

    def quantified(self) -> Node:
        token = self.take()
        if self.ahead.kind != "name":
            raise self.unexpected(f"a name for the element, as in `{token.text} k in kpis`")
        variable = self.take().text
        self.expect("in", " and a list")
        collection = self.postfix(self.primary())
        self.expect("satisfies", " and a condition")
        condition = self.expression()
        quantifier = cast(Literal["some", "every"], token.text)
        span = (token.span[0], self.end())
        return tree.Quantified(quantifier, variable, collection, condition, span=span)


def unescaped(written: str) -> str:
    r"""A text's value: `\"`, `\\`, `\n`, `\t`, `\r` and `\u00e4` as in FEEL."""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _ESCAPES.get(m[2], m[2]), written)


def _check_depth(node: Node, origin: Origin) -> None:
    level = [node]
    for _ in range(2 * DEEPEST):
        level = [child for parent in level for child in tree.children(parent)]
        if not level:
            return
    raise _too_deep(origin, level[0].span)


def _too_deep(origin: Origin, span: tree.Span) -> LanguageError:
    return fail(
        origin,
        "E207",
        f"more than {DEEPEST} levels within each other",
        span,
        "split it into several rules or criteria",
    )
