"""All rules of a rulebook over all observations, in one pass."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from govern.domain.finding import FindingState
from govern.language.check import Checked
from govern.language.columns import evaluate
from govern.language.columns_read import columns_read
from govern.observation.frame import Observations
from govern.rulebook.rule import Rule, Rulebook, Scope
from govern.rulebook.states import STATE, Truths, loud_rows

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
    for each in judge_each(rules, observations):
        rows = each.rows if every_period else each.rows.filter("is_last")
        found.append(each.told(rows).select(pl.lit(each.rule.id).alias("rule"), *list(SCHEMA)[1:]))
    return pl.concat(found)


@dataclass(frozen=True, slots=True)
class JudgedRule:
    """A rule over all rows that it is judged on.

    `rows` are those of `rows_of`; `loud` tells `row`, `state` and `streak` of those that are not silent
    (see `loud_rows`); `applies` (Boolean, never null) says where the rule looks at all, `None`:
    everywhere.
    """

    rule: Rule
    rows: pl.DataFrame
    loud: pl.DataFrame
    applies: pl.Series | None

    def told(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Some of the rows with `state` and `streak`."""
        silent = pl.lit(FindingState.SILENT.value, dtype=STATE)
        return rows.join(self.loud, on="row", how="left", maintain_order="left").with_columns(
            pl.col("state").fill_null(silent), pl.col("streak").fill_null(0)
        )


@dataclass(frozen=True, slots=True)
class JudgedTogether:
    """The same for all rules of a scope; `loud` has the rows of all of them, each by the `number` of its
    rule."""

    scope: Scope
    rules: tuple[Rule, ...]
    rows: pl.DataFrame
    loud: pl.DataFrame
    applies: tuple[pl.Series | None, ...]

    def each(self) -> Iterator[JudgedRule]:
        numbers = pl.int_range(len(self.rules) + 1, dtype=pl.Int32, eager=True)
        ends = pairwise(self.loud["number"].search_sorted(numbers).to_list())
        loud = self.loud.drop("number")
        for rule, applies, (begin, end) in zip(self.rules, self.applies, ends, strict=True):
            yield JudgedRule(rule, self.rows, loud.slice(begin, end - begin), applies)


def columns_judged(rules: Iterable[Rule]) -> frozenset[str]:
    """The columns that `judge_each` reads of the observations."""
    versions = (each for rule in rules for each in (rule, *rule.portfolios.values()))
    return columns_read(each for rule in versions for each in _conditions(rule).values())


def judge_each(rules: Sequence[Rule], observations: Observations) -> Iterator[JudgedRule]:
    """The rules one after the other, in their order."""
    judged = {one.scope: one.each() for one in judge_scopes(rules, observations)}
    return (next(judged[rule.scope]) for rule in rules)


def judge_scopes(rules: Sequence[Rule], observations: Observations) -> Iterator[JudgedTogether]:
    """The rules of a scope together, in their order."""
    # What a rule has in common with itself in another portfolio is computed once.
    versions = [each for rule in rules for each in (rule, *rule.portfolios.values())]
    conditions = [each for rule in versions for each in _conditions(rule).values()]
    results = iter(evaluate(observations, conditions))
    truths: dict[Scope, list[Truths]] = {}
    for rule in rules:
        judged = _truths(rule, results)
        for portfolio, version in rule.portfolios.items():
            there = _truths(version, results)
            within = (portfolio_of(rule.scope, observations) == portfolio).fill_null(False)
            judged = {name: there[name].zip_with(within, judged[name]) for name in judged}
        applies, clear = judged.get("applies_to"), judged.get("clear_when")
        truths.setdefault(rule.scope, []).append(Truths(rule, judged["when"], applies, clear))
    for scope, of_scope in truths.items():
        rows = rows_of(scope, observations)
        yield JudgedTogether(
            scope,
            tuple(each.rule for each in of_scope),
            rows,
            loud_rows(rows["is_first"], of_scope),
            tuple(each.applies for each in of_scope),
        )


def _truths(rule: Rule, results: Iterator[pl.Series]) -> dict[str, pl.Series]:
    """What each of its conditions gave, by its key; a rule looks where `applies_to` is true."""
    found = {name: next(results) for name in _conditions(rule)}
    if "applies_to" in found:
        found["applies_to"] = found["applies_to"].fill_null(False)
    return found


def portfolio_of(scope: Scope, observations: Observations) -> pl.Series:
    """The portfolio of each row that a rule of this scope is judged on."""
    frame = observations.projects if scope is Scope.PROJECT else observations.kpis
    return frame["portfolio"]


def rule_at(rule: Rule, observations: Observations, row: int) -> Rule:
    """The rule as it was judged in a row: with the parameters of the project's portfolio."""
    return rule.within(portfolio_of(rule.scope, observations)[row]) if rule.portfolios else rule


def rows_of(scope: Scope, observations: Observations) -> pl.DataFrame:
    """The rows that a rule of this scope is judged on; `subject` numbers the KPIs or projects."""
    if scope is Scope.PROJECT:
        rows = observations.projects.with_columns(kpi=pl.lit(None, pl.String))
    else:
        rows = observations.kpis
    subject = pl.col("is_first").cum_sum().alias("subject")
    return rows.select("project", "kpi", "period", "row", "is_first", "is_last", subject)


def _conditions(rule: Rule) -> dict[str, Checked]:
    named = {"when": rule.when, "applies_to": rule.applies_to, "clear_when": rule.clear_when}
    return {name: each for name, each in named.items() if each is not None}
