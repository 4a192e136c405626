"""What becomes of each cell of a file, what was found out about it, and what is asked."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from govern.intake.log import shown


class Became(StrEnum):
    """`asked`: nothing goes in before a question is answered. `repeated`: the very same figure stands
    elsewhere in the file and is taken there."""

    TAKEN = "taken"
    MISSING = "missing"
    SKIPPED = "skipped"
    REPEATED = "repeated"
    REFUSED = "refused"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class CellOutcome:
    """`place` is `file.xlsx:Sheet1!C14`. `how` says how the cell was read, or why it is not taken;
    `right` what would be right. `status` is what it does to what is stored: new, corrected or
    unchanged. `said` holds the other fields of a reading: reported_on, note, confidence, …"""

    place: str
    raw: str
    became: Became
    how: str
    kpi: str | None = None
    period: date | None = None
    figure: str | None = None
    value: Decimal | None = None
    right: str | None = None
    status: str | None = None
    said: dict[str, Any] = field(default_factory=dict[str, Any])

    def refused(self, problem: str, right: str) -> "CellOutcome":
        return replace(self, became=Became.REFUSED, how=problem, right=right, status=None)

    def __str__(self) -> str:
        stands = f" '{shown(self.raw)}'" if self.raw else ""
        right = f"; {self.right}" if self.right else ""
        return f"{self.place}:{stands} {self.how}{right}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the mapping that answers a question, and what it means."""

    line: str
    means: str


@dataclass(frozen=True, slots=True)
class Question:
    """`section` is the key of the mapping below which the chosen line goes; empty: at the top."""

    section: str
    text: str
    choices: tuple[Choice, ...]
    places: tuple[str, ...] = ()
    cells: int = 0

    def __str__(self) -> str:
        seen = ", ".join(self.places)
        more = self.cells - len(self.places)
        where = f" ({seen}{f' and {more} more' if more > 0 else ''})" if seen else ""
        return f"{self.text}{where}"


class Asked(Exception):  # noqa: N818 - the answer to a cell that may mean several things
    """A cell cannot be read before these are answered."""

    def __init__(self, *questions: Question) -> None:
        super().__init__("; ".join(each.text for each in questions))
        self.questions = questions


_PLACES = 3


class Found:
    """What is gathered while a file is read: statements, questions, and one outcome for each cell."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stated: list[str] = []
        self.problems: list[CellOutcome] = []
        self.cells: list[CellOutcome] = []
        self.table: dict[str, str] = {}
        """What was found of the keys below `file` of a mapping."""
        self._questions: dict[tuple[str, str], Question] = {}

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(self._questions.values())

    def state(self, text: str) -> None:
        if text not in self.stated:
            self.stated.append(text)

    def ask(self, question: Question, place: str | None = None) -> None:
        """The same question is asked once, with the places of the first few cells."""
        key = (question.section, question.text)
        before = self._questions.get(key, question)
        places = before.places
        if place is not None and place not in places and len(places) < _PLACES:
            places = (*places, place)
        cells = before.cells + (place is not None)
        choices = tuple(dict.fromkeys((*before.choices, *question.choices)))
        self._questions[key] = replace(before, places=places, cells=cells, choices=choices)

    def refuse_file(self, problem: str, right: str, place: str = "", raw: str = "") -> None:
        """What is wrong with the file, or with a place of it that no figure stands in."""
        named = f"{self.file}:{place}" if place else self.file
        self.problems.append(CellOutcome(named, raw, Became.REFUSED, problem, right=right))
