"""What a vote says: the answer, why, and what a conditional go leaves owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from govern.domain.decision import Answer
from govern.domain.record import Record
from govern.domain.refusal import ConditionsNeeded, InvalidInput, OverrideNeedsReason


@dataclass(frozen=True, slots=True)
class Ballot:
    """`owed` are the conditions of a conditional go: `text`, `owner`, `due`. `resume_on` and
    `resume_when` (a condition on the project) say when a hold ends."""

    answer: Answer
    reason: str
    override_reason: str | None = None
    owed: Sequence[dict[str, Any]] = ()
    resume_on: date | None = None
    resume_when: str | None = None

    def overrides(self, advice: str) -> bool:
        """Whether it goes against the machine's advice; who abstains does not."""
        return self.answer is not Answer.ABSTAIN and self.answer.value != advice

    def owed_plain(self) -> list[dict[str, str]]:
        return [
            {"text": each["text"], "owner": each["owner"], "due": each["due"].isoformat()}
            for each in self.owed
        ]


def check(ballot: Ballot, found: Record, today: date) -> None:
    """Raises OverrideNeedsReason, ConditionsNeeded, InvalidInput with the fields that are wrong."""
    answer = ballot.answer
    if ballot.overrides(found["advice"]) and not (ballot.override_reason or "").strip():
        raise OverrideNeedsReason(
            f"The advice is {found['advice']}: a {answer.value} against it needs an "
            "override_reason.",
            advice=found["advice"],
            because=found["advice_because"],
        )
    if answer is Answer.CONDITIONAL_GO and not ballot.owed:
        raise ConditionsNeeded("Name at least one condition: what, by whom, by when.")
    if answer is not Answer.CONDITIONAL_GO and ballot.owed:
        raise InvalidInput(
            "Conditions go with a conditional go.",
            errors={"conditions": [f"none with the decision {answer.value}"]},
        )
    late = {
        f"conditions.{index}.due": [f"today, {today.isoformat()}, or later"]
        for index, each in enumerate(ballot.owed)
        if each["due"] < today
    }
    if late:
        raise InvalidInput("A condition cannot be due in the past.", errors=late)
    _check_resuming(ballot, today)


def _check_resuming(ballot: Ballot, today: date) -> None:
    given = {
        name: value
        for name, value in (
            ("resume_on", ballot.resume_on),
            ("resume_when", ballot.resume_when),
        )
        if value is not None
    }
    if given and ballot.answer is not Answer.HOLD:
        raise InvalidInput(
            "Only a hold has a time or a condition to resume.",
            errors={name: [f"none with the decision {ballot.answer.value}"] for name in given},
        )
    if ballot.resume_on is not None and ballot.resume_on <= today:
        raise InvalidInput(
            "A hold cannot end before it has begun.",
            errors={"resume_on": [f"later than today, {today.isoformat()}"]},
        )
