"""What has changed between two judgements of a submission that a voter would want to know."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from govern.language.check import Checked
from govern.process.definition import Gate

Results = Sequence[Mapping[str, Any]]
Brought = Sequence[Mapping[str, Any]]

_PASSING_TIME = re.compile(r"\b(as_of|days_in_stage|staleness_days|overdue_days|due_in|period)\b")
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


def changed_facts(
    gate: Gate, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[str, ...]:
    """A sentence per fact that a criterion of the gate reads and that is another now, though every
    criterion comes out as before: a target that was raised is a target all the same.

    `before` and `after` are facts as they are kept (`govern.observation.facts`).
    """
    read = {
        name
        for criterion in gate.criteria
        if isinstance(criterion.condition, Checked)
        for name in criterion.condition.names_read
    }
    told = list(_fields("The project", before["project"], after["project"], read))
    for collection, (noun, words) in _COLLECTIONS.items():
        fields = {name.rpartition(".")[2] for name in read if f"{collection}." in name}
        earlier = {each[noun]: each for each in before[collection]}
        for each in after[collection]:
            was = earlier.get(each[noun])
            if was is not None and fields:
                told += _fields(f"{words} {each[noun]}", was, each, fields)
    return tuple(told)


_COLLECTIONS = {"kpis": ("kpi", "KPI"), "deliverables": ("deliverable", "Deliverable")}
"""The lists of facts whose elements people define: where an element's id stands, what it is called."""


def _fields(
    what: str, before: Mapping[str, Any], after: Mapping[str, Any], fields: Iterable[str]
) -> list[str]:
    return [
        f"{what}: {name} was {_value(before[name])} and is now {_value(after[name])}."
        for name in sorted(fields)
        if name in before and name in after and before[name] != after[name]
    ]


def _value(value: Any) -> str:
    return "nothing" if value is None else str(value)


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
