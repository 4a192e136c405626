"""Runs the tests that stand in rule files, through the same observing and judging as a sweep."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

import polars as pl

from govern.documents.source import Place
from govern.domain.finding import FindingState
from govern.domain.period import Cadence, ends_between, last_completed, numbered_end, period_number
from govern.domain.progress import Progress, nobody_watches
from govern.language.explain import explain
from govern.observation.frame import Observations, observe
from govern.observation.tables import SCHEMAS, ObservationTables, table
from govern.rulebook.given import Given, GivenKpi, Scope
from govern.rulebook.judge import judge_rules, rule_at
from govern.rulebook.message import UNKNOWN
from govern.rulebook.rule import Rule, Rulebook, RuleTest
from govern.rulebook.table import DecisionTable
from govern.rulebook.tests import kpi_names, series

RULES_AT_ONCE = 40
"""The tests of so many rules are judged together; every rule is judged on all of them."""

PROJECT_DEFAULTS: Mapping[str, Any] = {"name": "Test project", "stage": "monitoring"}
KPI_DEFAULTS: Mapping[str, Any] = {
    "direction": "increase",
    "weight": Decimal(1),
    "cadence": Cadence.MONTHLY,
    "aggregation": "last",
    "cumulative": False,
    "disbenefit": False,
    "reporting_lag_days": 0,
}
"""What a test does not say. Everything else is missing."""


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


def _finest(kpis: tuple[GivenKpi, ...]) -> Cadence:
    order = list(Cadence)
    return min((_cadence(kpi) for kpi in kpis), key=order.index, default=Cadence.MONTHLY)


def _cadence(kpi: GivenKpi) -> Cadence:
    return Cadence(str(kpi.facts.get("cadence", Cadence.MONTHLY)))


def periods_of(test: Given) -> tuple[date, ...]:
    """The ends of the periods that a test is about."""
    return _periods(_finest(test.kpis), test.as_of, test.periods)


def _periods(cadence: Cadence, as_of: date, count: int) -> tuple[date, ...]:
    last = last_completed(cadence, as_of)
    first = numbered_end(cadence, period_number(cadence, last) - count + 1)
    return ends_between(cadence, first, last)


def observed(tests: Iterable[tuple[int, Given]], as_of: date) -> Observations:
    """The data of tests of one day, each as a project that has the number as its id."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for number, test in tests:
        _add(rows, str(number), test)
    frames = {name: _frame(name, found) for name, found in rows.items()}
    return observe(ObservationTables(**frames), as_of)


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return table(name, [{key: _cell(value) for key, value in row.items()} for row in rows])


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return list(cast(tuple[str, ...], value))
    return str(value) if isinstance(value, str) else value


def _add(rows: dict[str, list[dict[str, Any]]], project: str, test: Given) -> None:
    facts: dict[str, Any] = {**PROJECT_DEFAULTS, **test.project}
    days = facts.pop("days_in_stage", None)
    since = None if days is None else test.as_of - timedelta(days=days)
    rows["stages"].append({"project": project, "stage": facts.pop("stage"), "since": since})
    rows["projects"].append({"project": project, "portfolio": "test", **facts})
    ids: dict[str, str] = {}
    names = kpi_names([kpi.facts.get("kpi") for kpi in test.kpis])
    for name, kpi in zip(names, test.kpis, strict=True):
        ids[name] = kpi_id = f"{project}/{len(ids)}"
        own = {key: value for key, value in kpi.facts.items() if key != "kpi"}
        given = {**KPI_DEFAULTS, **own, "name": name}
        rows["kpis"].append({"project": project, "kpi": kpi_id, **given})
        rows["values"].extend(_values(kpi, kpi_id, test))
    _add_elements(rows, project, test, ids)


def _values(kpi: GivenKpi, kpi_id: str, test: Given) -> Iterator[dict[str, Any]]:
    lengths = [len(each) for each in (kpi.planned, kpi.actual) if isinstance(each, tuple)]
    count = max(lengths, default=test.periods)
    periods = _periods(_cadence(kpi), test.as_of, count)
    planned, actual = series(kpi.planned, count), series(kpi.actual, count)
    for period, plan, report in zip(periods, planned, actual, strict=True):
        if plan is not None or report is not None:
            yield {"kpi": kpi_id, "period": period, "planned": plan, "actual": report}


def _add_elements(
    rows: dict[str, list[dict[str, Any]]], project: str, test: Given, ids: dict[str, str]
) -> None:
    only = next(iter(ids), None) if len(ids) == 1 else None
    for place, given in enumerate(test.deliverables):
        facts: dict[str, Any] = {"name": f"Deliverable {place + 1}", "state": "planned", **given}
        contribution = facts.pop("contribution", None)
        served = facts.pop("serves", (only,) if only is not None else ())
        deliverable = f"{project}/{place}"
        rows["deliverables"].append({"project": project, "deliverable": deliverable, **facts})
        rows["serves"].extend(
            {"deliverable": deliverable, "kpi": ids[name], "contribution": contribution}
            for name in served
        )
    for place, given in enumerate(test.conditions):
        facts = {"text": f"Condition {place + 1}", "state": "open", **given}
        rows["conditions"].append({"project": project, "condition": f"{project}/{place}", **facts})
    for place, given in enumerate(test.recommendations):
        facts = {"status": "proposed", **given}
        rows["recommendations"].append(
            {"project": project, "recommendation": f"{project}/{place}", **facts}
        )
