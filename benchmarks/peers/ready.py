"""The rules of the benchmark, with what they aggregate over a project's KPIs given as ready facts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import cast

import polars as pl

from benchmarks.peers.formula import Formula, both, true
from govern.language.check import Checked
from govern.language.columns import evaluate
from govern.language.meaning import Aggregate, Meaning, Read, parts
from govern.language.write import write
from govern.observation.frame import Observations
from govern.rulebook.load import load
from govern.rulebook.rule import Rule, Rulebook, Scope

RULES = Path(__file__).parent / "rules"
SCOPES = (Scope.KPI, Scope.PROJECT)


@dataclass(frozen=True)
class Ready:
    """`rules` read no rows but the one that is judged; `observations` have the columns for it."""

    rules: tuple[Rule, ...]
    observations: Observations

    def conditions(self) -> list[Checked]:
        return [each for rule in self.rules for each in _conditions(rule)]

    def rules_on(self, scope: Scope) -> list[Rule]:
        return [rule for rule in self.rules if rule.scope is scope]

    def frame(self, scope: Scope) -> pl.DataFrame:
        """The facts of a scope that its rules read, a row a subject."""
        whole = self.observations.kpis if scope is Scope.KPI else self.observations.projects
        read = {
            part.column
            for rule in self.rules_on(scope)
            for condition in _conditions(rule)
            for part in _within(condition.meaning)
            if isinstance(part, Read)
        }
        return whole.select(sorted(read))

    def formulas(self, scope: Scope) -> dict[str, Formula]:
        """Where each rule of a scope fires."""
        return {
            rule.id: both(*(true(condition.meaning) for condition in _conditions(rule)))
            for rule in self.rules_on(scope)
        }


def rulebook() -> Rulebook:
    loaded = load(RULES)
    if loaded.rulebook is None:
        raise SystemExit("\n".join(problem.message for problem in loaded.problems))
    return loaded.rulebook


def ready(rules: Sequence[Rule], observations: Observations) -> Ready:
    """Counts and extremes over a project's KPIs become columns of the projects."""
    found = {
        part: condition
        for rule in rules
        for condition in _conditions(rule)
        for part in _within(condition.meaning)
        if isinstance(part, Aggregate)
    }
    names = {aggregate: _name(aggregate) for aggregate in found}
    computed = evaluate(
        observations,
        [replace(each, meaning=one, type=one.type) for one, each in found.items()],
    )
    columns = [column.alias(name) for column, name in zip(computed, names.values(), strict=True)]
    return Ready(
        tuple(_with_facts(rule, names) for rule in rules),
        replace(observations, projects=observations.projects.with_columns(columns)),
    )


def _name(aggregate: Aggregate) -> str:
    """What it was written as, as an identifier of any language: `count_kpis_attainment_watch`."""
    return "_".join(re.findall(r"\w+", write(aggregate.source)))


def _with_facts(rule: Rule, names: Mapping[Aggregate, str]) -> Rule:
    when, applies = _read(rule.when, names), rule.applies_to and _read(rule.applies_to, names)
    return replace(rule, when=when, applies_to=applies)


def _read(condition: Checked, names: Mapping[Aggregate, str]) -> Checked:
    return replace(condition, meaning=_replaced(condition.meaning, names))


def _replaced(meaning: Meaning, names: Mapping[Aggregate, str]) -> Meaning:
    if isinstance(meaning, Aggregate):
        return Read(meaning.type, meaning.source, names[meaning], 0)
    changed: dict[str, object] = {}
    for part in fields(meaning):
        value = getattr(meaning, part.name)
        if isinstance(value, Meaning):
            changed[part.name] = _replaced(value, names)
        elif part.name == "operands":
            operands = cast(tuple[Meaning, ...], value)
            changed[part.name] = tuple(_replaced(each, names) for each in operands)
    return replace(meaning, **changed)


def _within(meaning: Meaning) -> Iterator[Meaning]:
    """It and its parts; an aggregate's own are read on other rows."""
    yield meaning
    if not isinstance(meaning, Aggregate):
        for part in parts(meaning):
            yield from _within(part)


def _conditions(rule: Rule) -> list[Checked]:
    return [each for each in (rule.applies_to, rule.when) if each is not None]
