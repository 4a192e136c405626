"""Words, names and ids in cells."""

import re
import unicodedata
from collections.abc import Iterable

from govern.intake.problem import CellProblem, did_you_mean

ID_LENGTH, NAME_LENGTH, TEXT_LENGTH, TAG_LENGTH = 100, 300, 2000, 60

MISSING_WORDS = frozenset({".", "-", "–", "—", "n/a", "n.a.", "null"})
"""Taken as missing, and noted. Compared without regard to case."""

_EDGES = "".join(map(chr, (*range(0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029,
                           0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF)))  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_NOT_IN_ID = re.compile(r"[/\\;]|[^\S ]| {2}")


def trimmed(cell: str) -> str:
    """Without blanks at the ends, non-breaking and zero-width ones included."""
    return cell.strip(_EDGES)


def parse_text(text: str, longest: int) -> str:
    """One line of text. Raises CellProblem."""
    control = _CONTROL.search(text)
    if control:
        if control[0] in "\r\n":
            raise CellProblem("holds a line break", "write it on one line")
        name = unicodedata.name(control[0], f"U+{ord(control[0]):04X}")
        raise CellProblem(f"holds an invisible character ({name})", "remove that character")
    if len(text) > longest:
        raise CellProblem(
            f"is {len(text)} characters long", f"shorten it to {longest} characters or fewer"
        )
    return text


_CONTROL_BUT_BREAKS = re.compile(
    _CONTROL.pattern.replace(r"\x00-\x1f", r"\x00-\x08\x0b\x0c\x0e-\x1f")
)
_BREAKS = str.maketrans("\t\n\r", "   ")


def parse_lines(text: str, longest: int) -> str:
    """Text that may go over several lines, as it stands. Raises CellProblem."""
    control = _CONTROL_BUT_BREAKS.search(text)
    if control:
        name = unicodedata.name(control[0], f"U+{ord(control[0]):04X}")
        raise CellProblem(f"holds an invisible character ({name})", "remove that character")
    parse_text(text.translate(_BREAKS), longest)
    return text


def parse_id(text: str) -> str:
    """An id that can stand in an address and in the `serves` column. Raises CellProblem."""
    parse_text(text, ID_LENGTH)
    if _NOT_IN_ID.search(text) or text in (".", ".."):
        raise CellProblem(
            "cannot be an id",
            "use an id without /, \\, ; and without blanks other than single ones",
        )
    if text.startswith("@"):
        raise CellProblem("cannot be an id", "use an id that does not begin with @")
    return text


def parse_choice(text: str, choices: Iterable[str]) -> str:
    """One of the words, in any case. Raises CellProblem."""
    known = tuple(choices)
    word = text.casefold()
    if word in known:
        return word
    listed = ", ".join(known[:-1]) + f" or {known[-1]}"
    meant = did_you_mean(text, known)
    raise CellProblem("is not one of the words known here", f"{meant} Write {listed}" if meant
                      else f"write {listed}")  # fmt: skip


_CURRENCY = re.compile(r"[A-Z]{3}")


def parse_currency(text: str) -> str:
    """A currency's three letters (ISO 4217), in any case. Raises CellProblem."""
    code = text.upper()
    if not _CURRENCY.fullmatch(code):
        raise CellProblem("is no currency", "write its three letters, as EUR")
    return code


_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def parse_flag(text: str) -> bool:
    """Yes or no. Raises CellProblem."""
    flag = _FLAGS.get(text.casefold())
    if flag is None:
        raise CellProblem("is neither yes nor no", "write yes or no")
    return flag
