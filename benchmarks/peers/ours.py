"""The sides that run in govern's own environment: govern, Polars by hand, numpy, and generated Python.

Each is given the facts ready, in the columns or rows that it is quickest with.
"""

from collections.abc import Callable
from typing import Any

import polars as pl

from benchmarks.peers import arrays, by_hand
from benchmarks.peers.dialects import PYTHON
from benchmarks.peers.formula import Formula
from benchmarks.peers.measured import Found, Measured, digest, fired, measured
from benchmarks.peers.portfolio import observed
from benchmarks.peers.ready import SCOPES, Ready, ready, rulebook
from govern.domain.finding import FindingState
from govern.language.columns import evaluate
from govern.rulebook.judge import judge_each

Columns = dict[str, pl.Series]


def govern(projects: int) -> Measured:
    """Conditions over the ready columns: `applies_to` and `when` of every rule, and both together."""
    given = facts(projects)
    conditions = given.conditions()

    def run() -> Columns:
        results = iter(evaluate(given.observations, conditions))
        told: Columns = {}
        for rule in given.rules:
            applies = next(results) if rule.applies_to else None
            when = next(results)
            told[rule.id] = when if applies is None else applies & when
        return told

    return measured(run, lambda: fired(run()))


def judged(projects: int) -> Measured:
    """What a sweep does with the observations: it counts for itself, and tells the state and the
    streak of every rule."""
    rules, observations = rulebook().judged, observed(projects)

    def run() -> list[Any]:
        return list(judge_each(rules, observations))

    def found() -> Found:
        fires = pl.col("state") == FindingState.FIRES
        return {each.rule.id: digest(each.loud.filter(fires)["row"]) for each in run()}

    return measured(run, found)


def hand(projects: int) -> Measured:
    observations = facts(projects).observations

    def run() -> tuple[pl.DataFrame, ...]:
        on_kpis = by_hand.on_kpis(observations.kpis)
        return on_kpis, by_hand.on_projects(observations.projects)

    return measured(run, lambda: fired({c.name: c for frame in run() for c in frame.get_columns()}))


def numpy(projects: int) -> Measured:
    given = facts(projects)
    judges: list[tuple[Callable[..., Any], Any]] = []
    for scope in SCOPES:
        frame, formulas = given.frame(scope), given.formulas(scope)
        words = arrays.numbered(frame, formulas.values())
        judges.append((arrays.compiled(formulas, words), arrays.arrays(frame, words)))

    def run() -> dict[str, Any]:
        return {name: fires for judge, facts in judges for name, fires in judge(facts).items()}

    return measured(run, lambda: fired({name: pl.Series(fires) for name, fires in run().items()}))


def python(projects: int) -> Measured:
    """A function for each scope, made of the rules' text, that goes over its subjects."""
    given = facts(projects)
    judges = [
        (_generated(given.frame(scope).columns, given.formulas(scope)), given.frame(scope).rows())
        for scope in SCOPES
    ]

    def run() -> dict[str, list[int]]:
        return {name: rows for judge, facts in judges for name, rows in judge(facts).items()}

    return measured(run, lambda: {name: digest(pl.Series(rows)) for name, rows in run().items()})


SIDES: dict[str, Callable[[int], Measured]] = {
    each.__name__: each for each in (govern, judged, hand, numpy, python)
}


def facts(projects: int) -> Ready:
    """What every side is given."""
    return ready(rulebook().judged, observed(projects))


def _generated(facts: list[str], formulas: dict[str, Formula]) -> Callable[[Any], Any]:
    lists = [f"fired_{number}" for number in range(len(formulas))]
    lines = [
        "def judge(rows):",
        *(f"  {name} = []" for name in lists),
        f"  for row, ({', '.join(facts)},) in enumerate(rows):",
    ]
    for name, formula in zip(lists, formulas.values(), strict=True):
        lines.append(f"    if {PYTHON.write(formula)}: {name}.append(row)")
    told = ", ".join(f"{rule!r}: {name}" for rule, name in zip(formulas, lists, strict=True))
    lines.append(f"  return {{{told}}}")
    space: dict[str, Any] = {}
    exec("\n".join(lines), space)  # noqa: S102 - of the rules of this benchmark
    return space["judge"]
