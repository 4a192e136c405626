"""Every valid condition of this checkout, and what becomes of one when it is damaged."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random

from govern.documents.node import Mapping, Node, Scalar
from govern.documents.source import Source
from govern.documents.yaml import load
from govern.language.errors import LanguageError
from govern.language.origin import within
from govern.language.scopes import SCOPES
from govern.language.tokens import LONGEST, tokens
from tests.language.portfolio import checked

ROOT = Path(__file__).parents[2]
ODD = [
    *("\0", "\ud800", "\udfff", "\U0010ffff", "\u202e", "\u00a0", "\u2028", "\ufeff", "e\u0301"),
    *("٣", "²", "½", "Ⅷ", "ﬁ", "ß", "İ", "𝟙", "\r", "\n", "\t", "\x0b", "\x1c", "\x85"),
    *('"', "'", "“", "\\", '@"', "//", "/*", "*/", "..", "%", "&&", "==", "<>", "!", "#", "\\u12"),
]
WORDS = re.split(
    " ",
    "if then else some every in satisfies and or between true false null not ( ) [ ] .. , < <= = "
    '!= > >= + - * / % . 5 0 80% 1e9 "x" @"2026-02-29" @"2026-03-31" item history kpis '
    "deliverables tags trend previous streak average volatility forecast count sum median min max "
    "any all abs round year add_months working_days attainment actual category period target act",
)
DEEP = ("(", "[", "-", "not(", "if ", "a[", "a.", "a in (", "[[", "some x in kpis satisfies ", "1-")


@cache
def valid_conditions() -> tuple[str, ...]:
    """All conditions in rules, workflows, documents and tests that can be checked in some scope."""
    found = {text for text in _candidates() if len(text) < 400 and _is_valid(text)}
    return tuple(sorted(found))


def _is_valid(text: str) -> bool:
    for scope in SCOPES.values():
        try:
            checked(text, scope)
        except LanguageError:
            continue
        return True
    return False


def _candidates() -> Iterator[str]:
    for path in (*ROOT.glob("rules/**/*.yaml"), *ROOT.glob("workflows/*.yaml")):
        root = load(Source(path.name, path.read_text())).root
        yield from _scalars(root) if root is not None else ()
    for path in ROOT.glob("docs/**/*.md"):
        text = path.read_text()
        yield from re.findall(r"`([^`\n]+)`", text)
        yield from re.findall(r"```condition \w+\n(.*?)\n```", text, re.DOTALL)
    for path in ROOT.glob("tests/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _scalars(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Mapping):
        for entry in node.entries:
            yield from _scalars(entry.value)
    else:
        for item in node.items:
            yield from _scalars(item)


def mutant(seed: int, number: int) -> str:
    """The damaged condition of this number: the same on every run, and each on its own."""
    pick = Random(seed * 2**40 + number)  # noqa: S311
    text = pick.choice(valid_conditions())
    for _ in range(pick.choice((1, 1, 1, 2, 2, 3, 5, 10))):
        text = pick.choice(_MUTATIONS)(text, pick)
    return text


def _deleted(text: str, pick: Random) -> str:
    start = pick.randint(0, len(text))
    return text[:start] + text[start + pick.randint(1, 4) :]


def _doubled(text: str, pick: Random) -> str:
    start = pick.randint(0, len(text))
    end = start + pick.randint(1, 30)
    return text[:end] + text[start:end] * pick.randint(1, 3) + text[end:]


def _inserted(text: str, pick: Random) -> str:
    at = pick.randint(0, len(text))
    return text[:at] + pick.choice(ODD) + text[at:]


def _any_character(text: str, pick: Random) -> str:
    at = pick.randint(0, len(text))
    return text[:at] + chr(pick.choice((pick.randrange(128), pick.randrange(0x110000)))) + text[at:]


def _spliced(text: str, pick: Random) -> str:
    other = pick.choice(valid_conditions())
    return text[: pick.randint(0, len(text))] + other[pick.randint(0, len(other)) :]


def _joined(text: str, pick: Random) -> str:
    operator = pick.choice(("and", "or", "+", "-", "*", "/", "<", "=", "in", "between 1 and", ","))
    return f"{text} {operator} {pick.choice(valid_conditions())}"


def _wrapped(text: str, pick: Random) -> str:
    form = pick.choice(
        ("({})", "not({})", "[{}]", "-{}", "streak({})", "previous({}, 1)", "count(kpis[{}])",
         "if {} then 1 else 2", "some k in kpis satisfies {}", "average({}, 3)", "{} = null",
         "({}) in [1..5]", "abs({})", "history[{}]", "every d in deliverables[{}] satisfies true")
    )  # fmt: skip
    return form.replace("{}", text)


def _words(change: Callable[[list[str], Random], None]) -> Callable[[str, Random], str]:
    def changed(text: str, pick: Random) -> str:
        words = _split(text)
        if words:
            change(words, pick)
        return " ".join(words)

    return changed


def _split(text: str) -> list[str]:
    try:
        return [token.text for token in tokens(text, within("", text))]
    except LanguageError:
        return text.split(" ")


def _swap(words: list[str], pick: Random) -> None:
    one, other = pick.randrange(len(words)), pick.randrange(len(words))
    words[one], words[other] = words[other], words[one]


def _drop(words: list[str], pick: Random) -> None:
    del words[pick.randrange(len(words))]


def _repeat(words: list[str], pick: Random) -> None:
    at = pick.randrange(len(words))
    words.insert(at, words[at])


def _replace(words: list[str], pick: Random) -> None:
    words[pick.randrange(len(words))] = pick.choice(WORDS)


def _insert(words: list[str], pick: Random) -> None:
    words.insert(pick.randint(0, len(words)), pick.choice(WORDS))


def _exchange(words: list[str], pick: Random) -> None:
    """A word of another condition in the place of one of this: most often still a condition."""
    other = _split(pick.choice(valid_conditions()))
    words[pick.randrange(len(words))] = pick.choice(other)


def _number(words: list[str], pick: Random) -> None:
    digits = "".join(pick.choices("0123456789", k=pick.choice((1, 3, 14, 15, 16, 40, 300))))
    words[pick.randrange(len(words))] = pick.choice(("", "0.", ".")) + digits


def _long(text: str, pick: Random) -> str:
    """One time in a hundred something as long as is possible, or longer."""
    if pick.randrange(100):
        return text
    size = pick.choice((100, 1000, LONGEST - len(text), LONGEST + 1))
    at = pick.randint(0, len(text))
    middle = pick.choice(('"' + "x" * size + '"', "x" * size, " " * size, "9" * size))
    piece = pick.choice((*DEEP, *DEEP, pick.choice(WORDS) + " "))
    return text[:at] + pick.choice((middle, (piece * size)[:size])) + text[at:]


def _deep(text: str, pick: Random) -> str:
    piece = pick.choice(DEEP)
    depth = pick.choice((2, 10, 48, 49, 50, 51, 52, 60))
    closing = ")" if piece.endswith("(") else "]" if piece.endswith("[") else ""
    return piece * depth + text + closing * depth


_MUTATIONS: Sequence[Callable[[str, Random], str]] = (
    *map(_words, (_swap, _drop, _repeat, _replace, _insert, _exchange, _exchange, _number)),
    *(_deleted, _doubled, _inserted, _any_character, _spliced, _joined, _wrapped, _long, _deep),
)
