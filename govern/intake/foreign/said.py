"""What a row says of its reading beside the figure: when it was reported, how sure it is, why."""

from collections.abc import Mapping
from typing import Any

from govern.domain.reading import Confidence
from govern.intake.foreign.days import read_day
from govern.intake.foreign.place import At
from govern.intake.problem import CellProblem
from govern.intake.source import DateKeys
from govern.intake.texts import MISSING_WORDS, TEXT_LENGTH, parse_choice

_LINKS = ("https://", "http://")
LONGEST_LINK = 2000


class SaidBadly(Exception):  # noqa: N818 - an answer to a row
    """One of the cells beside a figure cannot be taken."""

    def __init__(self, at: At, name: str, problem: CellProblem) -> None:
        super().__init__(problem.problem)
        self.at = at
        self.problem = f"is `{name}` of a figure and {problem.problem}"
        self.right = problem.right


def read_said(said: Mapping[str, At], keys: DateKeys) -> dict[str, Any]:
    """The fields that are filled. Raises SaidBadly, Asked."""
    found: dict[str, Any] = {}
    for name, at in said.items():
        if at.text.casefold() in MISSING_WORDS:
            continue
        try:
            found[name] = _field(name, at, keys)
        except CellProblem as problem:
            raise SaidBadly(at, name, problem) from None
    return found


def _field(name: str, at: At, keys: DateKeys) -> Any:
    text = at.text
    if name == "reported_on":
        value = at.cell.value
        day = read_day(text, keys) if isinstance(value, str) else value
        if day is None or not hasattr(day, "isoformat"):
            raise CellProblem("is not a day", "write it as 2026-10-31")
        return day
    if name == "confidence":
        return parse_choice(text, tuple(map(str, Confidence)))
    if name == "link":
        if not text.startswith(_LINKS) or len(text) > LONGEST_LINK or " " in text:
            raise CellProblem("is not a link", "write an address that begins with https://")
        return text
    if len(text) > TEXT_LENGTH:
        raise CellProblem(
            f"is {len(text)} characters long", f"shorten it to {TEXT_LENGTH} characters or fewer"
        )
    if any(char not in "\n\t" and not char.isprintable() for char in text.replace("\r", "")):
        raise CellProblem("holds an invisible character", "write it without")
    return text.replace("\r", "")
