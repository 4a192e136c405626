"""What is wrong with a file, where, and what would be right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from govern.documents.source import Place, Source


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is stable and documented in `docs/errors.md`; `help` says what would be right."""

    code: str
    message: str
    place: Place
    help: str | None = None
    level: Level = Level.ERROR


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A help line that names the closest known word, or `None` where nothing is close."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else None


def render(problem: Problem, sources: Mapping[str, Source]) -> str:
    """The problem as a person reads it: place, message, the line with a marker under it, help."""
    place = problem.place
    lines = [f"{place}: {problem.level}[{problem.code}]: {problem.message}"]
    source = sources.get(place.path)
    if source is not None and (text := source.line(place.line)):
        number = str(place.line)
        marker = " " * (place.column - 1) + "^" * max(
            1, min(place.length, len(text) - place.column + 1)
        )
        lines += [f"   {number} | {text}", f"   {' ' * len(number)} | {marker}"]
    if problem.help:
        lines.append(f"   {' ' * len(str(place.line))} = help: {problem.help}")
    return "\n".join(lines)
