"""The tokens of a condition, taken one after another."""

from collections.abc import Generator
from contextlib import contextmanager

from govern.language import tree
from govern.language.errors import LanguageError
from govern.language.origin import Origin
from govern.language.tokens import KEYWORDS, Token, fail

DEEPEST = 50
"""Levels of brackets and of operators within operators that a condition may have."""

COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))


class Cursor:
    """Stands before the token `ahead`; `depth` counts the open brackets and bodies."""

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
        elif token.text == "=" and self.position == 0:
            help_ = "a condition begins without `=`"
        elif token.text == "=" and before.text in COMPARISONS:
            help_ = f"write `{before.text}=` without a space"
        message = f"expected {expected}, found {token}"
        return fail(self.origin, "E201", message, token.span, help_)

    @contextmanager
    def inside(self) -> Generator[None]:
        """One level further inside. Raises `LanguageError` where that is too deep."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise too_deep(self.origin, self.ahead.span)
        yield
        self.depth -= 1


def too_deep(origin: Origin, span: tree.Span) -> LanguageError:
    return fail(
        origin,
        "E207",
        f"more than {DEEPEST} levels within each other",
        span,
        "split it into several rules or criteria",
    )
