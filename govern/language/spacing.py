"""A condition in the one way of spacing: brackets, line breaks and comments stay as they are."""

from govern.language.errors import LanguageError
from govern.language.origin import within
from govern.language.parse import parse
from govern.language.tokens import Token, tokens

_VALUES = ("true", "false", "null")


def respaced(text: str) -> str:
    """The text with one blank around operators and none inside brackets, line by line.

    A text that is no condition, or would become another one, is given back as it is.
    """
    origin = within("", text)
    try:
        found = tokens(text, origin)
        new = _joined(text, found)
        same = parse(new, within("", new)).tree == parse(text, origin).tree
    except LanguageError:
        return text
    return new if same else text


def _joined(text: str, found: list[Token]) -> str:
    written: list[str] = []
    at = 0
    before: Token | None = None
    sign = False
    for token in found:
        gap = text[at : token.span[0]]
        if "\n" in gap or gap.strip():
            written.append(_kept(gap))
        elif token.kind == "end":
            pass
        elif before is not None:
            written.append("" if sign or _tight(before, token) else " ")
        else:
            written.append(gap)
        sign = token.text == "-" and (before is None or _opens(before))
        written.append(token.text)
        before, at = token, token.span[1]
    return "".join(written)


def _kept(gap: str) -> str:
    """A line break or comment as it is, without blanks at the ends of lines."""
    *lines, last = gap.split("\n")
    return "\n".join([*(line.rstrip() for line in lines), last])


def _opens(token: Token) -> bool:
    """Whether a minus behind it is a sign."""
    if token.kind == "keyword":
        return token.text not in _VALUES
    return token.kind == "symbol" and token.text not in (")", "]", "%")


def _tight(before: Token, token: Token) -> bool:
    if before.text in ("(", "[", ".", "..") and before.kind == "symbol":
        return True
    if token.kind != "symbol":
        return False
    if token.text in (")", "]", ",", ".", "..", "%"):
        return True
    ends_a_value = before.kind == "name" or before.text in (")", "]")
    return (token.text == "(" and before.kind == "name") or (token.text == "[" and ends_a_value)
