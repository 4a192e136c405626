"""The results of the tests in rule files, as text, as JSON and as JUnit XML."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import PurePath
from typing import Any

from govern.documents.junit import Case, junit
from govern.documents.sarif import below
from govern.rulebook.trials import TrialResult


def failure(result: TrialResult) -> str:
    """What was expected, what came, and what the condition saw."""
    seen = "; ".join(f"{name} = {value}" for name, value in result.values.items()) or "nothing"
    return (
        f"{result.place}: {result.rule_id}: {result.test}\n"
        f"   expected {', '.join(result.expected)}\n"
        f"   found    {', '.join(result.found)}\n"
        f"   seen     {seen}"
    )


def counts(results: Sequence[TrialResult]) -> str:
    failed = sum(not result.passed for result in results)
    return f"{len(results) - failed} passed, {failed} failed."


def plain_results(results: Sequence[TrialResult]) -> list[dict[str, Any]]:
    return [
        {
            "rule": result.rule_id,
            "test": result.test,
            "place": str(result.place),
            "passed": result.passed,
            "expected": result.expected,
            "found": result.found,
        }
        for result in results
    ]


def junit_of(results: Sequence[TrialResult], base: PurePath) -> str:
    """One case a test, in a suite for each rule and table; paths are told from `base` on."""
    tests = groupby(results, key=lambda result: result.place)
    return junit("govern rules test", [_case(list(each), base) for _, each in tests])


def _case(results: list[TrialResult], base: PurePath) -> Case:
    """Of one test: a table's test has a result for each output."""
    first = results[0]
    failed = [result for result in results if not result.passed]
    path = below(first.place.path, base)
    return Case(
        suite=first.rule_id.partition(".")[0],
        name=first.test,
        file=path,
        line=first.place.line,
        failure="\n".join(map(failure, failed)) if failed else None,
        kind="expectation" if failed else "",
    )
