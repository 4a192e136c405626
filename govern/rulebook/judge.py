"""All rules of a rulebook over all observations, in one pass."""

from collections.abc import Iterator, Sequence

import polars as pl

from govern.language.check import Checked
from govern.language.columns import evaluate
from govern.observation.frame import Observations
from govern.rulebook.rule import Rule, Rulebook, Scope
from govern.rulebook.states import STATE, states

SCHEMA = {
    "rule": pl.String,
    "project": pl.String,
    "kpi": pl.String,
    "period": pl.Date,
    "row": pl.Int64,
    "state": STATE,
    "streak": pl.Int64,
}


def judge(
    rulebook: Rulebook, observations: Observations, every_period: bool = False
) -> pl.DataFrame:
    """The state of every active and shadow rule for every KPI or project: its last period.

    `every_period` gives all periods instead; the last one is the same either way. Columns: `rule`,
    `project`, `kpi` (null for a rule on projects), `period`, `row` (of the scope's frame), `state`
    (an Enum of `FindingState`), `streak` (Int64). Sorted by rule and row. A rule that does not
    apply is silent.
    """
    return judge_rules(rulebook.judged, observations, every_period)


def judge_rules(
    rules: Sequence[Rule], observations: Observations, every_period: bool = False
) -> pl.DataFrame:
    """`judge` for some rules, whatever their status."""
    found = [pl.DataFrame(schema=SCHEMA)]
    for rule, judged in judge_each(rules, observations):
        kept = judged if every_period else judged.filter(pl.col("is_last"))
        found.append(kept.select(pl.lit(rule.id).alias("rule"), *list(SCHEMA)[1:]))
    return pl.concat(found)


def judge_each(
    rules: Sequence[Rule], observations: Observations
) -> Iterator[tuple[Rule, pl.DataFrame]]:
    """Each rule with every row it is judged on: the columns of `rows_of`, `state`, `streak`, and
    `applies` (Boolean), which says where the rule looks at all."""
    # What a rule has in common with itself in another portfolio is computed once.
    versions = [each for rule in rules for each in (rule, *rule.portfolios.values())]
    conditions = [each for rule in versions for each in _conditions(rule)]
    results = iter(evaluate(observations, conditions))
    for rule in rules:
        rows = rows_of(rule.scope, observations)
        judged = _judged(rule, rows, results)
        for portfolio, version in rule.portfolios.items():
            there = _judged(version, rows, results)
            within = (portfolio_of(rule.scope, observations) == portfolio).fill_null(False)
            judged = pl.DataFrame(
                [there[name].zip_with(within, judged[name]) for name in judged.columns]
            )
        yield rule, pl.concat([rows, judged], how="horizontal")


def _judged(rule: Rule, rows: pl.DataFrame, results: Iterator[pl.Series]) -> pl.DataFrame:
    when = next(results)
    applies = next(results) if rule.applies_to is not None else None
    clear = next(results) if rule.clear_when is not None else None
    looks = pl.repeat(True, len(rows), eager=True) if applies is None else applies.fill_null(False)
    return states(rule, rows, applies, when, clear).with_columns(applies=looks)


def portfolio_of(scope: Scope, observations: Observations) -> pl.Series:
    """The portfolio of each row that a rule of this scope is judged on."""
    frame = observations.projects if scope is Scope.PROJECT else observations.kpis
    return frame["portfolio"]


def rule_at(rule: Rule, observations: Observations, row: int) -> Rule:
    """The rule as it was judged in a row: with the parameters of the project's portfolio."""
    return rule.within(portfolio_of(rule.scope, observations)[row]) if rule.portfolios else rule


def rows_of(scope: Scope, observations: Observations) -> pl.DataFrame:
    """The rows that a rule of this scope is judged on."""
    if scope is Scope.PROJECT:
        rows = observations.projects.with_columns(kpi=pl.lit(None, pl.String))
    else:
        rows = observations.kpis
    return rows.select("project", "kpi", "period", "row", "is_first", "is_last")


def _conditions(rule: Rule) -> list[Checked]:
    return [each for each in (rule.when, rule.applies_to, rule.clear_when) if each is not None]
