"""What two rulebooks say differently: in their files, and of a portfolio."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

import polars as pl

from govern.domain.finding import FindingState
from govern.language.check import Checked
from govern.language.explain import shown
from govern.language.meaning import Meaning
from govern.language.tree import Name, Node, children
from govern.language.types import Constant
from govern.observation.frame import Observations
from govern.rulebook.judge import judge_rules, rule_at
from govern.rulebook.message import Placeholder, render
from govern.rulebook.rule import Rule, Rulebook


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A key of a rule, or a parameter that its conditions read; `None` is a key that is not there."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RuleChange:
    """`fields` are those that differ; none where the rule is in one rulebook only."""

    rule_id: str
    title: str
    change: Change
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Only:
    """A rule that fires for a subject under one rulebook, and not under the other.

    `fires_in` is `A` or `B`. `first` and `last` are the first and the last such period and `periods`
    how many there are. `other` is what the other rulebook says in the last one: `None` where it has
    no such rule, or does not judge it. `message` is the one of the last.
    """

    rule_id: str
    project_id: str
    kpi_id: str | None
    fires_in: str
    first: date
    last: date
    periods: int
    other: FindingState | None
    message: str


def changes(before: Rulebook, after: Rulebook) -> tuple[RuleChange, ...]:
    """Rules added, removed, and changed in what they say (not in where they stand), by id."""
    return tuple(_changes(before, after))


def _changes(before: Rulebook, after: Rulebook) -> Iterator[RuleChange]:
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    for rule_id in sorted(old.keys() | new.keys()):
        one, other = old.get(rule_id), new.get(rule_id)
        if other is None:
            yield RuleChange(rule_id, old[rule_id].title, Change.REMOVED, ())
        elif one is None:
            yield RuleChange(rule_id, other.title, Change.ADDED, ())
        else:
            said, says = _fields(one), _fields(other)
            names = [*said, *(name for name in says if name not in said)]
            differ = tuple(
                FieldChange(name, said.get(name), says.get(name))
                for name in names
                if said.get(name) != says.get(name)
            )
            if not differ and _meanings(one) != _meanings(other):
                # The texts are the same: a decision table that they read is another.
                differ = (FieldChange("tables", "as in A", "as in B"),)
            if differ:
                yield RuleChange(rule_id, other.title, Change.CHANGED, differ)


def _fields(rule: Rule) -> dict[str, str]:
    """Every key that a rule has, as text, and the parameters that it reads."""
    recommend = rule.recommend
    said: dict[str, Any] = {
        "title": rule.title,
        "scope": rule.scope,
        "area": rule.area,
        "owner": rule.owner,
        "status": rule.status,
        "replaced_by": rule.replaced_by,
        "severity": rule.severity,
        "applies_to": _text(rule.applies_to),
        "when": _text(rule.when),
        "for": f"{rule.for_periods} period{'' if rule.for_periods == 1 else 's'}",
        "clear_when": _text(rule.clear_when),
        "if_unknown": rule.if_unknown,
        "message": rule.message.text,
    }
    if recommend is not None:
        said |= {
            "recommend.action": recommend.action,
            "recommend.because": recommend.because.text,
            "recommend.propose": _text(recommend.propose),
            "recommend.decide_by": f"{recommend.decide_by_working_days} working days",
            "recommend.decided_by": recommend.decided_by,
            "recommend.calendar": recommend.calendar.id,
        }
    for name, value in sorted(params_of(rule).items()):
        said[f"params.{name}"] = shown(value)
    for portfolio, version in sorted(rule.portfolios.items()):
        for name, value in sorted(params_of(version).items()):
            said[f"portfolios.{portfolio}.{name}"] = shown(value)
    said["tests"] = ", ".join(test.name for test in rule.tests) or None
    return {name: str(value) for name, value in said.items() if value is not None}


def _text(condition: Checked | None) -> str | None:
    return None if condition is None else " ".join(condition.expression.text.split())


def params_of(rule: Rule) -> dict[str, Constant]:
    """The parameters that a rule reads, in conditions and in texts, with their values."""
    templates = [rule.message, *([rule.recommend.because] if rule.recommend else [])]
    placeholders = (
        piece.checked
        for template in templates
        for piece in template.pieces
        if isinstance(piece, Placeholder)
    )
    found: dict[str, Constant] = {}
    for checked in (*_conditions(rule), *placeholders):
        if checked is not None:
            names = set(_names(checked.tree)) & checked.params.keys()
            found |= {name: checked.params[name] for name in names}
    return found


def _meanings(rule: Rule) -> list[Meaning | None]:
    return [None if each is None else each.meaning for each in _conditions(rule)]


def _conditions(rule: Rule) -> tuple[Checked | None, ...]:
    propose = rule.recommend.propose if rule.recommend else None
    return (rule.applies_to, rule.when, rule.clear_when, propose)


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    for child in children(node):
        yield from _names(child)


@dataclass(slots=True)
class Comparing:
    """A comparison in the making: `add` every piece of a portfolio, then read the `result`.

    With `first` and `last` every period that ends from the one to the other is compared, without
    them the last period of each subject.
    """

    before: Rulebook
    after: Rulebook
    first: date | None = None
    last: date | None = None
    _found: list[Only] = field(default_factory=list[Only])

    def add(self, observations: Observations) -> None:
        """Judges one piece by both; only rules that differ are looked at."""
        changed = {change.rule_id for change in changes(self.before, self.after)}
        one = self._judged(self.before, changed, observations)
        other = self._judged(self.after, changed, observations)
        self._found += _only("A", self.before, one, other, observations)
        self._found += _only("B", self.after, other, one, observations)

    def result(self) -> tuple[Only, ...]:
        """Sorted by rule, project, KPI, and A before B."""
        return tuple(
            sorted(
                self._found,
                key=lambda only: (only.rule_id, only.project_id, only.kpi_id or "", only.fires_in),
            )
        )

    def _judged(
        self, rulebook: Rulebook, changed: Set[str], observations: Observations
    ) -> pl.DataFrame:
        rules = [rule for rule in rulebook.judged if rule.id in changed]
        if self.first is None or self.last is None:
            return judge_rules(rules, observations)
        inside = pl.col("period").is_between(self.first, self.last)
        return judge_rules(rules, observations, every_period=True).filter(inside)


_SUBJECT: Final = ("rule", "project", "kpi")


def _only(
    name: str,
    rulebook: Rulebook,
    here: pl.DataFrame,
    there: pl.DataFrame,
    observations: Observations,
) -> Iterator[Only]:
    """Where a rule fires `here` and not `there`."""
    rules = {rule.id: rule for rule in rulebook.rules}
    keys = [*_SUBJECT, "period"]
    fires, other = pl.col("state") == FindingState.FIRES, pl.col("other").cast(pl.String)
    alone = (
        here.filter(fires)
        .join(there.select(*keys, other="state"), on=keys, how="left", nulls_equal=True)
        .filter(other.ne_missing(FindingState.FIRES.value))
        .sort("rule", "row")
        .group_by(_SUBJECT, maintain_order=True)
        .agg(
            first=pl.col("period").first(),
            last=pl.col("period").last(),
            periods=pl.len(),
            row=pl.col("row").last(),
            streak=pl.col("streak").last(),
            other=other.last(),
        )
    )
    for each in alone.iter_rows(named=True):
        rule = rules[each["rule"]]
        yield Only(
            rule_id=rule.id,
            project_id=each["project"],
            kpi_id=each["kpi"],
            fires_in=name,
            first=each["first"],
            last=each["last"],
            periods=each["periods"],
            other=None if each["other"] is None else FindingState(each["other"]),
            message=render(
                rule_at(rule, observations, each["row"]).message,
                observations,
                each["row"],
                each["streak"],
            ),
        )
