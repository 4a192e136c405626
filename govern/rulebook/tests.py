"""The tests that stand in rule files, read and checked; `govern.rulebook.trials` runs them."""

from typing import Any

from govern.documents import given as shapes
from govern.documents.node import Mapping, Node, Scalar, Sequence
from govern.documents.problem import Level
from govern.documents.shape import Fields
from govern.domain.finding import FindingState
from govern.rulebook import format as keys
from govern.rulebook.conditions import Reader
from govern.rulebook.rule import RuleTest
from govern.rulebook.scope import Scope


def build_tests(rule: Fields, scope: Scope, reader: Reader) -> tuple[RuleTest, ...]:
    """The rule's tests that have no problem of their own; what is lacking is a warning."""
    tests: list[RuleTest] = []
    names: set[str] = set()
    found = rule.get(keys.TESTS_OF[scope]) or ()
    for fields in found:
        name = fields.get(keys.TEST_NAME)
        if name is not None and name in names:
            what = f"the rule already has a test with the name '{name}'"
            reader.add("E311", what, fields.place(keys.TEST_NAME), "say what differs")
        names.add(name or "")
        if fields.complete and fits(fields, scope, len(_expected(fields)), reader):
            expect = _expected(fields)
            given = build_given(fields, scope, len(expect))
            tests.append(RuleTest(**given, expect=expect))
    if rule.complete:
        _say_what_is_lacking(rule, tests, scope, reader)
    return tuple(tests)


def _expected(fields: Fields) -> tuple[FindingState, ...]:
    expect = fields[keys.EXPECT]
    return expect if isinstance(expect, tuple) else (expect,)


def build_given(fields: Fields, scope: Scope, periods: int) -> dict[str, Any]:
    """The fields of a test, but for what it expects."""
    name = fields[keys.TEST_NAME]
    read = shapes.fields_of(fields[keys.GIVEN], scope is Scope.KPI, name, periods)
    return {**read, "place": fields.place(keys.TEST_NAME)}


def fits(fields: Fields, scope: Scope, expect: int, reader: Reader) -> bool:
    """Whether a test's data fit `expect` periods and each other; adds what does not."""
    given, on_kpi = fields[keys.GIVEN], scope is Scope.KPI
    fit = True
    for field, length, place in shapes.lengths(given, on_kpi):
        if length != expect:
            what = f"{length} values of {field.key}, and {expect} expected states"
            reader.add("E309", what, place, "one state for each value")
            fit = False
    for name, place, helps in shapes.misserved(given, on_kpi):
        reader.add("E310", f"the test has no KPI '{name}'", place, helps)
        fit = False
    return fit


def _say_what_is_lacking(rule: Fields, tests: list[RuleTest], scope: Scope, reader: Reader) -> None:
    states = [state for test in tests for state in test.expect]
    given = [fields.node.get("given") for fields in rule.get(keys.TESTS_OF[scope]) or ()]
    lacking: list[str] = []
    if FindingState.FIRES not in states:
        lacking.append("one that fires")
    if FindingState.SILENT not in states:
        lacking.append("one that stays silent")
    if not any(_has_gap(node) for node in given if node is not None):
        lacking.append("one with missing data (~)")
    if lacking:
        what = f"the rule '{rule[keys.ID]}' lacks tests: {', '.join(lacking)}"
        place = rule.place(keys.ID)
        reader.add("E308", what, place, "add them under tests:", Level.WARNING)


def _has_gap(node: Node) -> bool:
    match node:
        case Mapping():
            return any(_has_gap(entry.value) for entry in node.entries)
        case Sequence():
            return any(_has_gap(item) for item in node.items)
        case Scalar():
            return node.is_null
