"""Tests in rule files run through the same observing and judging as a sweep."""

from datetime import date

import pytest

from govern.domain.finding import FindingState
from govern.rulebook.trials import TrialResult, run
from tests.rulebook.rule_files import file, rule, rulebook


def trial(given: str, expect: str, when: str = "attainment < 80%", more: str = "") -> TrialResult:
    message = "{name}" if "scope: project" in more else "{kpi}"
    tests = f"\n    tests:\n      - {{name: x, given: {given}, expect: {expect}}}\n"
    (result,) = run(rulebook(file(rule(when=when, more=more, message=message, tests=tests))))
    return result


@pytest.mark.parametrize(
    ("given", "expect", "when", "more"),
    [
        (
            "{baseline: 0, planned: 105, actual: [84, 84]}",
            "[silent, silent]",
            "attainment < 80%",
            "",
        ),
        ("{planned: 100, actual: [78, ~, 77]}", "[fires, unknown, fires]", "attainment < 80%", ""),
        ("{planned: [100, 200], actual: 90}", "[silent, fires]", "attainment < 80%", ""),
        ("{actual: [~, ~, 5]}", "[silent, silent, fires]", "actual = 5", ""),
        ("{direction: ~, planned: 9, actual: 1}", "unknown", "attainment < 80%", ""),
        ("{actual: 1}", "fires", 'stage = "monitoring" and direction = "increase"', ""),
        ("{actual: 1, stage: planned}", "silent", 'stage = "monitoring"', ""),
        ("{actual: 1, days_in_stage: 40}", "fires", "days_in_stage = 40", ""),
        ("{actual: 1}", "unknown", "days_in_stage = 40", ""),
        ("{actual: 1, as_of: 2026-03-31}", "fires", 'as_of = @"2026-03-31"', ""),
        ("{actual: 1}", "fires", 'period = @"2026-06-30"', ""),
        ("{actual: 1, cadence: yearly}", "fires", 'period = @"2025-12-31"', ""),
        (
            "{kpi: Sales, project: Ports, actual: 1}",
            "fires",
            'kpi = "Sales" and project = "Ports"',
            "",
        ),
        ("{tags: [digital], actual: 1}", "fires", '"digital" in tags', ""),
        (
            "{actual: [1, 1, 2], cumulative: true, planned: 2}",
            "[fires, fires, fires]",
            "attainment < 80%",
            "",
        ),
        (
            "{actual: 1, deliverables: [{contribution: 3%}]}",
            "fires",
            "count(deliverables[contribution < 5%]) = 1",
            "",
        ),
        (
            "{kpis: [{actual: 1}, {kpi: B, actual: ~}]}",
            "fires",
            "count(kpis[actual = null]) = 1",
            "scope: project",
        ),
        ("{kpis: []}", "fires", "count(kpis) = 0", "scope: project"),
        (
            "{name: Ports, owner: me, budget: 80%}",
            "fires",
            'name = "Ports" and owner = "me" and budget = 0.8',
            "scope: project",
        ),
        (
            "{conditions: [{due: 2026-06-01}]}",
            "fires",
            'count(conditions[state = "open" and due < as_of]) = 1',
            "scope: project",
        ),
        (
            "{recommendations: [{action: descope}]}",
            "fires",
            'count(recommendations[status = "proposed"]) = 1',
            "scope: project",
        ),
        (
            "{kpis: [{kpi: A}, {kpi: B}], deliverables: [{serves: [B]}, {}]}",
            "fires",
            "count(deliverables[count(kpis) = 0]) = 1",
            "scope: project",
        ),
        (
            "{kpis: [{cadence: quarterly, actual: [1, 2]}, {actual: [1, 2, 3]}]}",
            "[fires, fires, fires]",
            "count(kpis) > 0",
            "scope: project",
        ),
    ],
)
def test_what_a_test_gives_is_what_its_rule_sees(
    given: str, expect: str, when: str, more: str
) -> None:
    result = trial(given, expect, when, more)
    assert result.found == result.expected, result
    assert result.passed
    assert result.values == {}


def test_a_test_that_fails_says_what_the_rule_saw() -> None:
    result = trial("{planned: 100, actual: [90, 70]}", "[silent, silent]")
    assert not result.passed
    assert result.found == (FindingState.SILENT, FindingState.FIRES)
    assert result.periods == (date(2026, 5, 31), date(2026, 6, 30))
    assert result.values == {"attainment": "0.7"}
    assert (result.rule_id, result.test) == ("a", "x")
    assert result.place.line == 11


def test_tests_of_many_rules_keep_their_order_and_do_not_mix() -> None:
    many = [
        rule(
            f"r{number:03}",
            when=f"actual = {number}",
            tests=f"\n    tests:\n      - {{name: x, given: {{actual: {number}}}, expect: fires}}\n"
            "      - {name: y, given: {actual: 1000, as_of: 2026-01-31}, expect: silent}\n",
        )
        for number in range(100)
    ]
    results = run(rulebook(file(*many)))
    assert [(each.rule_id, each.test) for each in results] == [
        (f"r{number:03}", name) for number in range(100) for name in "xy"
    ]
    assert all(each.passed for each in results)


def test_drafts_are_tested_too() -> None:
    assert trial("{actual: 1}", "fires", "actual = 1", "status: draft").passed


def test_no_tests_no_results() -> None:
    assert run(rulebook(file(rule(tests="\n")))) == []
