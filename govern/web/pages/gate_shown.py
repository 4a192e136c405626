"""How a gate is told on its page: what each answer leads to, what is still needed, what has changed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from govern.domain.criterion import Outcome
from govern.reports.charts.spark import sparkline
from govern.reports.shown import decimal, number, words

_WORST_FIRST = {
    Outcome.NOT_MET: 0,
    Outcome.UNKNOWN: 1,
    Outcome.WAIVED: 2,
    Outcome.MET: 3,
}
VALUES_SHOWN = 4
"""So many values stand beside a criterion; the others on demand."""


def spark(kpi: Mapping[str, Any]) -> Markup:
    """How a KPI went, drawn small; nothing where no figure of it is planned or reported."""
    if not kpi["points"]:
        return Markup("")
    return sparkline(kpi["name"], kpi["points"], kpi["unit"] or "")


def answers(found: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each answer with its name and what it leads to, as the gate page `found` has it."""
    project, gate = found["project"], found["gate"]
    to = {each["decision"]: each["to"] for each in found["submission"]["leads_to"]}
    name = project["id"]
    stays = gate["to"] == gate["from"]
    enters = (
        f"{name} stays in {words(gate['to'])}" if stays else f"{name} enters {words(gate['to'])}"
    )
    frozen = " The plan is frozen as the baseline." if gate["freezes"] else ""
    back = words(to.get("recycle", gate["from"]))
    return [
        ("go", "Go", f"{enters}.{frozen}"),
        (
            "conditional_go",
            "Conditional go",
            f"{enters}, and owes what you name below.{frozen} If a condition is still open after its "
            "day, the go lapses and the project is put on hold.",
        ),
        (
            "recycle",
            "Recycle",
            f"{name} stays in {back}. What is missing is mended, and it is submitted again."
            if to.get("recycle", gate["from"]) == gate["from"]
            else f"{name} goes back to {back}, mends what is missing, and is submitted again.",
        ),
        (
            "hold",
            "Hold",
            f"{name} is put on hold. It resumes in {words(gate['from'])}, on the day or on the "
            "condition that you name below, or when somebody resumes it.",
        ),
        ("kill", "Kill", f"{name} is terminated. What was learned stays."),
        ("abstain", "Abstain", "You leave it to the others. It fills no seat and stops nothing."),
    ]


def needed_sentence(missing: Sequence[Mapping[str, Any]], may_vote: bool) -> str:
    """What is still needed for a go, and whether this person's vote would be the last."""
    votes = sum(each["votes"] for each in missing)
    if votes == 0:
        return "No vote is missing."
    listed = ", ".join(f"{each['votes']} × {words(each['role'])}" for each in missing)
    if may_vote and votes == 1:
        return "Your vote is the last one that is missing: with it the gate is decided."
    if may_vote:
        return f"A go needs {votes} more votes ({listed}); yours can be one of them."
    return f"A go needs {votes} more {'vote' if votes == 1 else 'votes'}: {listed}."


def ordered(results: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Must-meet before should-meet, and in each what is not met first."""
    return sorted(
        results,
        key=lambda each: (each["kind"] != "must", _WORST_FIRST[Outcome(each["outcome"])]),
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """A value that a criterion saw: `label` for people, `name` as the condition has it, `text` None
    where it is unknown."""

    label: str
    name: str
    text: str | None


def values_of(result: Mapping[str, Any]) -> list[Seen]:
    """What a criterion saw: first what is not known, then figures, then what is only true or false."""
    pairs = sorted(
        result["values"].items(),
        key=lambda pair: (pair[1] != "unknown", pair[1] in _TRUTHS),
    )
    return [Seen(label_of(name), name, _text(value)) for name, value in pairs]


def label_of(name: str) -> str:
    """`LE-001-K1: k.staleness_days` is `LE-001-K1 staleness days`."""
    whose, separator, read = name.partition(": ")
    if separator and "." in read and " " not in read:
        return f"{whose} {words(read.partition('.')[2])}"
    counted = _COUNT.fullmatch(name)
    if counted:
        return f"number of {_LISTS.get(counted[1], words(counted[1]))}"
    quantified = _QUANTIFIED.match(name)
    if quantified:
        return f"true of {'every one' if quantified[1] == 'every' else 'at least one'} of the " + (
            _LISTS.get(quantified[2], words(quantified[2]))
        )
    return words(name)


def _text(value: str) -> str | None:
    if value == "unknown":
        return None
    return _TRUTHS.get(value) or (number(value) if decimal(value) is not None else value)


_TRUTHS = {"true": "yes", "false": "no"}
_LISTS = {"kpis": "KPIs"}
_COUNT = re.compile(r"count\((\w+)\)")
_QUANTIFIED = re.compile(r"(every|some) \w+ in (\w+) satisfies ")


def changed_since(submission: Mapping[str, Any], told: Sequence[str], votes_seen: int) -> list[str]:
    """What is not as somebody saw it who wanted to vote: `told` by the refusal, and the votes since."""
    cast = [
        f"{each['person']} has voted {words(each['decision'])}"
        + (f" for {each['for_person']}" if each["for_person"] else "")
        + "."
        for each in submission["votes"][votes_seen:]
    ]
    return [*told, *cast] or ["The submission was judged again, or evidence or a score was added."]
