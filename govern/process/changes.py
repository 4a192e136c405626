"""What has changed between two judgements of a submission that a voter would want to know."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Results = Sequence[Mapping[str, Any]]
Brought = Sequence[Mapping[str, Any]]

_PASSING_TIME = re.compile(r"\b(as_of|days_in_stage|staleness_days|due_in|period)\b")
"""Values that each new day changes; they count once they change a criterion's outcome."""


def changes(
    before: Results, after: Results, brought_before: Brought, brought_after: Brought
) -> tuple[str, ...]:
    """A sentence per material change; none where a vote cast before still says what it said.

    `before` and `after` are results as a submission holds them, `brought_…` its evidence. Material
    is another outcome of a criterion, another value that it read, and other evidence.
    """
    earlier = {each["id"]: each for each in before}
    later = {each["id"]: each for each in after}
    told = [_of_evidence(brought_before, brought_after)]
    for name, now in later.items():
        was = earlier.get(name)
        if was is None:
            told.append([f"Criterion '{name}' is new: it is {_words(now['outcome'])}."])
        elif was["outcome"] != now["outcome"]:
            told.append(
                [
                    f"Criterion '{name}' was {_words(was['outcome'])} and is now "
                    f"{_words(now['outcome'])}."
                ]
            )
        else:
            told.append(_of_values(name, was["values"], now["values"]))
    told.append([f"Criterion '{name}' is gone." for name in earlier if name not in later])
    return tuple(sentence for each in told for sentence in each)


def _of_values(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    told: list[str] = []
    for each in dict.fromkeys((*before, *after)):
        was, now = before.get(each), after.get(each)
        if was == now or _PASSING_TIME.search(each):
            continue
        if was is None:
            told.append(f"Criterion '{name}' now turns on {each} = {now} too.")
        elif now is None:
            told.append(f"Criterion '{name}' turns no more on {each}, which was {was}.")
        else:
            told.append(f"Criterion '{name}' read {each} = {was} and now reads {now}.")
    return told


def _of_evidence(before: Brought, after: Brought) -> list[str]:
    was = {each["name"]: _where(each) for each in before}
    now = {each["name"]: _where(each) for each in after}
    return [
        *(f"Evidence '{name}' was added." for name in now if name not in was),
        *(f"Evidence '{name}' was taken out." for name in was if name not in now),
        *(
            f"Evidence '{name}' was replaced."
            for name in now
            if was.get(name, now[name]) != now[name]
        ),
    ]


def _where(brought: Mapping[str, Any]) -> tuple[Any, Any]:
    return brought.get("link"), brought.get("digest")


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")
