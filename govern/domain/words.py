"""Words of a text as they are searched: without case and accents, the same on every database.

A letter that is not of the Latin alphabet stands for itself as `x`, its number and `z`, so that no
database has to know what a letter is.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST = 80
"""Letters of a word that are looked at."""

AROUND = 60
"""Letters of an excerpt before the first word that was found; it has as many again, and more, after it."""

_WORD = re.compile(r"[^\W_]+")
_PLAIN = re.compile(r"[0-9a-z]")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text, and where the words that were looked for stand in it: (start, length)."""

    text: str
    marks: tuple[tuple[int, int], ...]


def words(text: str) -> list[str]:
    """In their order, each as often as it stands there."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    return ["".join(map(_letter, each[:LONGEST]))[:LONGEST] for each in _WORD.findall(plain)]


def all_words(texts: Iterable[str]) -> str:
    """The different words of several texts, in order, with a blank between."""
    return " ".join(sorted({word for text in texts for word in words(text)}))


def found(text: str, wanted: Sequence[str]) -> int:
    """How many of the beginnings of words that are looked for stand in a text."""
    there = words(text)
    return sum(any(each.startswith(start) for each in there) for start in wanted)


def excerpt(text: str, wanted: Sequence[str], longest: int = 240) -> Excerpt:
    """The part of a text around the first of the words, on one line."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    marks = [
        (match.start(), match.end() - match.start())
        for match in _WORD.finditer(line)
        if any(each.startswith(start) for each in words(match.group()) for start in wanted)
    ]
    first = marks[0][0] if marks else 0
    begins = max(0, min(first - AROUND, len(line) - longest))
    if begins:
        # From the beginning of a word.
        begins = line.rfind(" ", 0, begins + 1) + 1
    ends = begins + longest
    return Excerpt(
        line[begins:ends],
        tuple((start - begins, length) for start, length in marks if start + length <= ends),
    )


def _letter(letter: str) -> str:
    return letter if _PLAIN.fullmatch(letter) else f"x{ord(letter):x}z"
