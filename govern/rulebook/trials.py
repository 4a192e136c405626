"""Runs the tests that stand in rule files, through the same observing and judging as a sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from govern.documents.source import Place
from govern.domain.finding import FindingState
from govern.domain.progress import Progress, nobody_watches
from govern.language.explain import explain
from govern.observation.frame import Observations
from govern.observation.given import observed, periods_of
from govern.rulebook.judge import judge_rules, rule_at
from govern.rulebook.message import UNKNOWN
from govern.rulebook.rule import Rule, Rulebook, RuleTest
from govern.rulebook.scope import Scope
from govern.rulebook.table import DecisionTable

RULES_AT_ONCE = 40
"""The tests of so many rules are judged together; every rule is judged on all of them."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """`found` has one state for each of `expected`, for the `periods` that end on these days. A
    period without a row to judge (nothing planned or reported yet) is silent.

    `values` is what the rule's condition saw in the first period that differs; empty if none does.
    Of a table it is one output, named `table.output` in place of the rule, with its values as text.
    `rows` are the rows that were judged, one a period, in the scope's frame of `observations`.
    """

    rule_id: str
    test: str
    place: Place
    expected: tuple[str, ...]
    found: tuple[str, ...]
    periods: tuple[date, ...]
    values: dict[str, str]
    rows: tuple[int | None, ...]
    observations: Observations = field(compare=False, repr=False)

    @property
    def passed(self) -> bool:
        return self.expected == self.found


def run(rulebook: Rulebook, progress: Progress = nobody_watches) -> list[TrialResult]:
    """The results of all tests, in the order of the rules and of their files, then of the tables.

    `progress` is told of how many rules and tables the tests have run.
    """
    rules, tables = rulebook.rules, rulebook.tables
    total = len(rules) + len(tables)
    results: list[TrialResult] = []
    for start in range(0, len(rules), RULES_AT_ONCE):
        together = rules[start : start + RULES_AT_ONCE]
        results += _run_together(together)
        progress(start + len(together), total)
    for number, each in enumerate(tables, start=1):
        results += run_table(each)
        progress(len(rules) + number, total)
    return results


def run_table(of: DecisionTable) -> list[TrialResult]:
    """The results of a table's tests, one for each output that a test expects."""
    results: list[TrialResult] = []
    for test in of.tests:
        observations = observed([(0, test)], test.as_of)
        frame = observations.projects if of.scope is Scope.PROJECT else observations.kpis
        rows = dict(zip(frame["period"], frame["row"], strict=True))
        periods = periods_of(test)
        at = tuple(rows.get(period) for period in periods)
        portfolio = test.project.get("portfolio")
        there = of.within(portfolio if isinstance(portfolio, str) else None)
        for output, expected in test.expect.items():
            result = there.results[output]
            found = tuple(
                UNKNOWN if row is None else explain(result, observations, row).shown for row in at
            )
            pairs = zip(at, found, expected, strict=True)
            differing = [row for row, one, other in pairs if one != other and row is not None]
            values: dict[str, str] = {}
            for asked in there.inputs if differing else ():
                values |= explain(asked, observations, differing[0]).leaves()
            results.append(
                TrialResult(
                    rule_id=f"{of.id}.{output}",
                    test=test.name,
                    place=test.place,
                    expected=expected,
                    found=found,
                    periods=periods,
                    values=values,
                    rows=at,
                    observations=observations,
                )
            )
    return results


def _run_together(rules: Sequence[Rule]) -> list[TrialResult]:
    """Tests of one day become projects of one portfolio: rules never look across projects."""
    tests = [(rule, test) for rule in rules for test in rule.tests]
    results: dict[int, TrialResult] = {}
    for as_of in sorted({test.as_of for _, test in tests}):
        at = [number for number, (_, test) in enumerate(tests) if test.as_of == as_of]
        observations = observed([(number, tests[number][1]) for number in at], as_of)
        judged = judge_rules(rules, observations, every_period=True)
        states = {
            (rule, project, period): (state, row)
            for rule, project, period, state, row in judged.select(
                "rule", "project", "period", "state", "row"
            ).iter_rows()
        }
        for number in at:
            results[number] = _result(*tests[number], str(number), states, observations)
    return [results[number] for number in range(len(tests))]


def _result(
    rule: Rule,
    test: RuleTest,
    project: str,
    states: Mapping[tuple[str, str, date], tuple[str, int]],
    observations: Observations,
) -> TrialResult:
    periods = periods_of(test)
    rows = [states.get((rule.id, project, period)) for period in periods]
    found = tuple(FindingState(row[0]) if row else FindingState.SILENT for row in rows)
    differing = [
        row
        for row, state, expected in zip(rows, found, test.expect, strict=True)
        if row is not None and state is not expected
    ]
    values: dict[str, str] = {}
    if differing:
        row = differing[0][1]
        values = explain(rule_at(rule, observations, row).when, observations, row).leaves()
    return TrialResult(
        rule_id=rule.id,
        test=test.name,
        place=test.place,
        expected=test.expect,
        found=found,
        periods=periods,
        values=values,
        rows=tuple(row[1] if row else None for row in rows),
        observations=observations,
    )
