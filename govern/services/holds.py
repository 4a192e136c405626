"""How a hold ends by itself: on a day, or once a condition on the project is true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from govern.domain.decision import Decision
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.language.check import Checked
from govern.language.check import check as check_condition
from govern.language.errors import LanguageError
from govern.language.origin import within
from govern.language.parse import parse
from govern.language.scopes import PROJECT
from govern.language.types import BOOLEAN


@dataclass(frozen=True, slots=True)
class Until:
    """The day, the condition, either or both; whichever comes first."""

    on: date | None = None
    when: str | None = None


def check(when: str | None) -> None:
    """Raises InvalidInput for a text that is no condition on a project."""
    if when is not None:
        condition(when)


def check_until(until: Until, to_do: str, today: date) -> None:
    """Raises InvalidInput unless it goes with a hold and lies ahead."""
    given = {"resume_on": until.on, "resume_when": until.when}
    if to_do != Decision.HOLD.value and any(given.values()):
        raise InvalidInput(
            "Only a hold has a time or a condition to resume.",
            errors={name: [f"none with {to_do}"] for name, value in given.items() if value},
        )
    if until.on is not None and until.on <= today:
        raise InvalidInput(
            "A hold cannot end before it has begun.",
            errors={"resume_on": [f"later than today, {today.isoformat()}"]},
        )
    check(until.when)


def condition(when: str) -> Checked:
    """The condition that ends a hold, checked against a project. Raises InvalidInput."""
    try:
        return check_condition(parse(when, within("resume_when", when)), PROJECT, expect=BOOLEAN)
    except LanguageError as error:
        raise InvalidInput(
            "The condition to resume cannot be read.",
            errors={"resume_when": [problem.message for problem in error.problems]},
        ) from error


def until(votes: Sequence[Record]) -> Until:
    """When a hold ends that these votes decided: what the last vote for it says."""
    for each in reversed(votes):
        if each["decision"] == Decision.HOLD.value and (each["resume_on"] or each["resume_when"]):
            return Until(each["resume_on"], each["resume_when"])
    return Until()
