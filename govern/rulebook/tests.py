"""The tests that stand in rule files, read and checked; `govern.rulebook.trials` runs them."""

from collections.abc import Sequence as Values
from datetime import date
from decimal import Decimal
from typing import Any, Final

from govern.documents.node import Mapping, Node, Scalar, Sequence
from govern.documents.problem import Level, did_you_mean
from govern.documents.shape import Field, Fields
from govern.domain.finding import FindingState
from govern.domain.period import Cadence
from govern.rulebook import format as keys
from govern.rulebook.conditions import Reader
from govern.rulebook.given import GivenKpi, GivenValue, Scope
from govern.rulebook.rule import RuleTest

AS_OF: Final = date(2026, 6, 30)
"""The day a test is judged on where it does not say: the end of a month, quarter and half-year."""


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


def build_given(fields: Fields, scope: Scope, periods: int) -> dict[str, Any]:
    """The fields of a test's `Given`."""
    given = fields[keys.GIVEN]
    of_kpis = given.get(keys.KPIS) or () if scope is Scope.PROJECT else (given,)
    project = _picked(given, keys.PROJECT_FACTS)
    named = keys.OWN_NAME if scope is Scope.PROJECT else keys.PROJECT_NAME
    if named in given:
        project["name"] = given[named]
    if scope is Scope.PROJECT and keys.OWN_OWNER in given:
        project["owner"] = given[keys.OWN_OWNER]
    return {
        "name": fields[keys.TEST_NAME],
        "as_of": given.get(keys.AS_OF) or AS_OF,
        "periods": periods,
        "project": project,
        "kpis": tuple(_kpi(each) for each in of_kpis),
        "deliverables": tuple(dict(each.values) for each in given.get(keys.DELIVERABLES) or ()),
        "conditions": tuple(dict(each.values) for each in given.get(keys.CONDITIONS) or ()),
        "recommendations": tuple(
            dict(each.values) for each in given.get(keys.RECOMMENDATIONS) or ()
        ),
        "place": fields.place(keys.TEST_NAME),
    }


def _kpi(given: Fields) -> GivenKpi:
    return GivenKpi(_picked(given, keys.KPI_FACTS), given.get(keys.PLANNED), given.get(keys.ACTUAL))


def _picked(given: Fields, fields: tuple[Field[Any], ...]) -> dict[str, GivenValue]:
    return {field.key: given[field] for field in fields if field in given}


def _expected(fields: Fields) -> tuple[FindingState, ...]:
    expect = fields[keys.EXPECT]
    return expect if isinstance(expect, tuple) else (expect,)


def _lengths_fit(fields: Fields, scope: Scope, expect: int, reader: Reader) -> bool:
    """Lists have one value for each expected state; KPIs with a longer cadence may have fewer."""
    given = fields[keys.GIVEN]
    kpis = given.get(keys.KPIS) or () if scope is Scope.PROJECT else (given,)
    cadences = {each.get(keys.CADENCE) or Cadence.MONTHLY for each in kpis}
    finest = min(cadences, key=list(Cadence).index, default=Cadence.MONTHLY)
    fits = True
    for each in kpis:
        if (each.get(keys.CADENCE) or Cadence.MONTHLY) is not finest:
            continue
        for field in (keys.PLANNED, keys.ACTUAL):
            series = each.get(field)
            if isinstance(series, tuple) and len(series) != expect:
                what = f"{len(series)} values of {field.key}, and {expect} expected states"
                reader.add("E309", what, each.place(field), "one state for each value")
                fits = False
    return fits


def fits(fields: Fields, scope: Scope, expect: int, reader: Reader) -> bool:
    """Whether a test's data fit `expect` periods and each other; adds what does not."""
    lengths = _lengths_fit(fields, scope, expect, reader)
    served = _served_are_there(fields, scope, reader)
    return lengths and served


def _served_are_there(fields: Fields, scope: Scope, reader: Reader) -> bool:
    given = fields[keys.GIVEN]
    kpis = given.get(keys.KPIS) or () if scope is Scope.PROJECT else (given,)
    names = kpi_names([kpi.values.get("kpi") for kpi in kpis])
    fits = True
    for deliverable in given.get(keys.DELIVERABLES) or ():
        for name in deliverable.get(keys.SERVES) or ():
            if name not in names:
                what = f"the test has no KPI '{name}'"
                helps = did_you_mean(name, names) or f"possible: {', '.join(names)}"
                reader.add("E310", what, deliverable.place(keys.SERVES), helps)
                fits = False
    return fits


def kpi_names(given: Values[GivenValue]) -> list[str]:
    """The names of a test's KPIs; those without one are numbered."""
    if list(given) == [None]:
        return ["Test KPI"]
    return [str(name or f"KPI {number}") for number, name in enumerate(given, start=1)]


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


def series(values: tuple[Decimal | None, ...] | Decimal | None, length: int) -> list[Any]:
    """One value a period; a single value stands for all of them."""
    return list(values) if isinstance(values, tuple) else [values] * length
