"""What operators join: constants, names, calls, lists, brackets and what stands behind them."""

import re
from abc import ABC, abstractmethod
from datetime import date
from decimal import Decimal
from typing import Literal, cast

from govern.language import tree
from govern.language.cursor import Cursor
from govern.language.tokens import fail
from govern.language.tree import Node

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)


class Operands(Cursor, ABC):
    """Reads one operand after another."""

    @abstractmethod
    def expression(self) -> Node:
        """A whole expression inside brackets or behind a word."""

    def operand(self) -> Node:
        if self.at("-"):
            start = self.take().span[0]
            with self.inside():
                operand = self.operand()
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
            return self.text()
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

    def text(self) -> Node:
        token = self.take()
        try:
            return tree.Text(unescaped(token.text[1:-1]), span=token.span)
        except UnicodeError:
            raise fail(
                self.origin,
                "E203",
                "half of a surrogate pair is no character",
                token.span,
                'write the character itself, or both halves: "\\ud83d\\ude00"',
            ) from None

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

    def items_from(self, first: Node, start: int) -> Node:
        found = [first]
        while self.at(","):
            self.take()
            found.append(self.expression())
        self.expect("]", " to close the list")
        return tree.Items(tuple(found), span=(start, self.end()))


def unescaped(written: str) -> str:
    r"""A text's value: `\"`, `\\`, `\n`, `\t`, `\r` and `\u00e4` as in FEEL.

    Two escaped halves of a surrogate pair are one character. Raises `UnicodeError` for one alone.
    """
    value = _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _ESCAPES.get(m[2], m[2]), written)
    return value.encode("utf-16", "surrogatepass").decode("utf-16")
