"""A rule's result as one sentence for somebody who has never seen the rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from govern.domain.finding import FindingState
from govern.language.explain import Explanation
from govern.rulebook.message import written
from govern.rulebook.rule import Rule

_LONGEST: Final = 40
"""Characters of a name or call that a sentence may hold; a longer one is for the author."""

_SHARES: Final = frozenset({"attainment", "progress", "tolerance", "contribution"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rule stands with a subject. `message` is what its finding says; `since`: when the
    episode began that goes on; `applies_to` and `when` are its conditions with their values."""

    subject: str
    state: FindingState
    streak: int
    since: date | None
    message: str | None
    applies: bool
    applies_to: Explanation | None
    when: Explanation


def sentence(rule: Rule, standing: Standing) -> str:
    """One sentence. Where the rule says nothing, it says why."""
    began = f" since the period to {written(standing.since)}" if standing.since else ""
    match standing.state:
        case FindingState.FIRES:
            still = "" if standing.when.value is not False else ", not cleared yet"
            return f"{rule.severity.capitalize()}{began}{still}: {standing.message}"
        case FindingState.UNKNOWN:
            going_on = f"; it fires{began} and nothing has cleared it" if began else ""
            return f"{standing.message}{going_on}"
        case FindingState.PENDING:
            held = f"{standing.streak} of the {rule.for_periods} periods it takes"
            return (
                f"{standing.subject} is not {rule.severity} yet: "
                f'"{rule.title}" holds for {held}{_reasons(rule, standing.when, "; ")}'
            )
        case FindingState.SILENT:
            return _silent(rule, standing)


def _silent(rule: Rule, standing: Standing) -> str:
    if not standing.applies and standing.applies_to is not None:
        why = _reasons(rule, standing.applies_to, ", because ")
        return f'"{rule.title}" does not look at {standing.subject}{why}'
    if standing.when.value is None:
        why = _reasons(rule, standing.when, ", because ")
        return (
            f'Nobody can tell of {standing.subject} whether "{rule.title}"{why}; it stays as it was'
        )
    why = _reasons(rule, standing.when, ": ")
    return f'Nothing to report of {standing.subject} under "{rule.title}"{why}'


def _reasons(rule: Rule, explanation: Explanation, before: str) -> str:
    """What decided: `, because stage is draft`; empty where it would be no words for people."""
    constants = {
        name
        for condition in (rule.when, rule.applies_to, rule.clear_when)
        if condition is not None
        for name in condition.params
    }
    said = {
        leaf.text: f"{leaf.text} is {_value(leaf)}"
        for leaf in _decisive(explanation)
        if leaf.text not in constants and len(leaf.text) <= _LONGEST
    }
    return before + " and ".join(said.values()) if said else ""


def _value(leaf: Explanation) -> str:
    share = leaf.text in _SHARES and isinstance(leaf.value, Decimal)
    return written(leaf.value, "percent" if share else None)


def _decisive(explanation: Explanation) -> Iterator[Explanation]:
    """The names and calls that made it what it is: what holds explains no condition that fails."""
    if explanation.is_leaf or not explanation.children:
        yield explanation
        return
    inner = explanation.children
    if explanation.value is not True and all(isinstance(each.value, bool | None) for each in inner):
        inner = tuple(each for each in inner if each.value is not True) or inner
    for each in inner:
        yield from _decisive(each)
