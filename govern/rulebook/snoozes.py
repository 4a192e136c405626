"""Snooze files, `govern/snoozes/v1`: findings that somebody has looked at and lets be until a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from govern.documents.problem import Level, Problem, did_you_mean
from govern.documents.shape import Day, Field, Fields, Identifier, ListOf, Record, Text, Word
from govern.documents.source import Place

VERSION: Final = "govern/snoozes/v1"

SCHEMA: Final[Field[str]] = Field("schema", Word((VERSION,)), True, VERSION)
PROJECT: Final[Field[str]] = Field("project", Text(), True, "the project's id")
RULE: Final[Field[str]] = Field("rule", Identifier(), doc="one rule; all of them if not said")
KPI: Final[Field[str]] = Field("kpi", Text(), doc="the id of one KPI; all of them if not said")
FROM: Final[Field[date]] = Field("from", Day(), doc="its first day")
UNTIL: Final[Field[date]] = Field("until", Day(), True, "its last day")
BY: Final[Field[str]] = Field("by", Text(), True, "who answers for it")
BECAUSE: Final[Field[str]] = Field("because", Text(), True, "why nothing has to be done till then")
SNOOZE: Final = Record("a snooze", (PROJECT, RULE, KPI, FROM, UNTIL, BY, BECAUSE))
SNOOZES: Final[Field[tuple[Fields, ...]]] = Field("snoozes", ListOf(SNOOZE), True, "a list")
FILE: Final = Record("a snooze file", (SCHEMA, SNOOZES))


@dataclass(frozen=True, slots=True)
class Snooze:
    """`rule` and `kpi` are `None` for all of the project's; both days belong to it."""

    project: str
    rule: str | None
    kpi: str | None
    first: date | None
    until: date
    by: str
    because: str
    place: Place

    def covers(self, rule: str, project: str, kpi: str | None, on: date) -> bool:
        return (
            self.project == project
            and self.rule in (None, rule)
            and self.kpi in (None, kpi)
            and (self.first is None or self.first <= on)
            and on <= self.until
        )


def build_snoozes(file: Fields, problems: list[Problem]) -> list[Snooze]:
    """The snoozes of a file that have no problem of their own."""
    found: list[Snooze] = []
    for fields in file.get(SNOOZES) or ():
        first, until = fields.get(FROM), fields.get(UNTIL)
        if first is not None and until is not None and until < first:
            what = f"it ends on {until.isoformat()}, before it begins on {first.isoformat()}"
            problems.append(Problem("E337", what, fields.place(UNTIL), "until is its last day"))
        elif fields.complete:
            found.append(
                Snooze(
                    fields[PROJECT],
                    fields.get(RULE),
                    fields.get(KPI),
                    first,
                    fields[UNTIL],
                    fields[BY],
                    fields[BECAUSE],
                    fields.place(RULE),
                )
            )
    return found


def unknown_rules(snoozes: Iterable[Snooze], rules: Iterable[str]) -> list[Problem]:
    """A snooze that names no rule of the rulebook silences nothing."""
    known = set(rules)
    return [
        Problem(
            "E336",
            f"there is no rule '{each.rule}' to snooze",
            each.place,
            did_you_mean(each.rule, known),
        )
        for each in snoozes
        if each.rule is not None and each.rule not in known
    ]


def expired(snoozes: Iterable[Snooze], today: date) -> list[Problem]:
    """A warning for each snooze that is over."""
    return [
        Problem(
            "E338",
            f"the snooze of project '{each.project}' ended on {each.until.isoformat()}",
            each.place,
            "delete it, or give it a later day and a reason that still holds",
            Level.WARNING,
        )
        for each in snoozes
        if each.until < today
    ]
