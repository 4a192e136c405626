"""Unmet before unknown before the should-meet score."""

from decimal import Decimal

import pytest
from workflow_examples import gate, result

from govern.domain.decision import Decision
from govern.process.advice import advise

GATE = gate("planned", "value_defined", "planned", should_mark=Decimal("0.7"))

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"


def must(outcome, *, fatal=False):
    return result(f"must-{outcome}{'-fatal' * fatal}", outcome, fatal=fatal)


def should(outcome, weight):
    return result(f"should-{outcome}-{weight}", outcome, "should", weight=weight)


@pytest.mark.parametrize(
    ("results", "decision"),
    [
        ([], "go"),
        ([must(MET)], "go"),
        ([must(MET), must(NOT_MET)], "recycle"),
        ([must(NOT_MET), must(UNKNOWN)], "recycle"),
        ([must(NOT_MET, fatal=True)], "kill"),
        ([must(NOT_MET), must(NOT_MET, fatal=True), must(UNKNOWN)], "kill"),
        ([must(UNKNOWN, fatal=True)], "hold"),
        ([must(MET, fatal=True), must(NOT_MET)], "recycle"),
        ([must(UNKNOWN), must(MET)], "hold"),
        ([must(UNKNOWN), should(NOT_MET, "1")], "hold"),
        ([must(NOT_MET), should(NOT_MET, "1")], "recycle"),
        ([must(MET), should(NOT_MET, "1")], "conditional_go"),
        ([must(MET), should(UNKNOWN, "1")], "conditional_go"),
        ([should(MET, "7"), should(NOT_MET, "3")], "go"),
        ([should(MET, "6.99"), should(NOT_MET, "3.01")], "conditional_go"),
        ([should(MET, "7"), should(UNKNOWN, "3")], "go"),
        ([should(MET, "1"), should(NOT_MET, "1")], "conditional_go"),
    ],
)
def test_what_is_advised(results, decision):
    assert advise(results, GATE).decision == decision


def test_a_third_is_exactly_a_third():
    third = gate("g", "a", "b", should_mark=Decimal(1) / Decimal(3))
    results = [should(MET, "1"), should(NOT_MET, "1"), should(NOT_MET, "1")]
    assert advise(results, third).decision is Decision.GO


def test_the_mark_is_the_gates_own():
    strict = gate("g", "a", "b", should_mark=Decimal(1))
    assert advise([should(MET, "99"), should(NOT_MET, "1")], strict).decision == "conditional_go"
    lax = gate("g", "a", "b", should_mark=Decimal(0))
    assert advise([should(NOT_MET, "1")], lax).decision == "go"


def test_unmet_criteria_say_what_to_do_and_the_fatal_one_comes_first():
    advice = advise(
        [
            result("aligned", NOT_MET, otherwise="Tie each deliverable to a KPI."),
            result("legal", NOT_MET, fatal=True),
            result("funded", UNKNOWN, values={"budget": "unknown", "spent": "3"}),
        ],
        GATE,
    )
    assert advice.because == (
        "Fatal must-meet 'legal' is not met: Legal.",
        "Must-meet 'aligned' is not met: Tie each deliverable to a KPI.",
        "Must-meet 'funded' is unknown: no value for budget.",
    )


def test_an_unknown_without_a_missing_name_says_what_to_do():
    assert advise([result("funded", UNKNOWN, otherwise="Enter the budget.")], GATE).because == (
        "Must-meet 'funded' is unknown: Enter the budget.",
    )


def test_a_score_below_the_mark_is_never_written_as_the_mark():
    advice = advise([must(MET), should(MET, "6.9999"), should(UNKNOWN, "3.0001")], GATE)
    assert advice.because == (
        "The should-meet criteria score 69.9 %, below this gate's mark of 70 %.",
        "Should-meet 'should-unknown-3.0001' (weight 3.0001) is unknown: Should-unknown-3.0001.",
    )


def test_a_go_says_what_it_rests_on():
    assert advise([must(MET), must(MET), should(MET, "2")], GATE).because == (
        "All 2 must-meet criteria are met.",
        "The should-meet criteria score 100 %; this gate's mark is 70 %.",
    )
    assert advise([must(MET)], GATE).because == ("The must-meet criterion is met.",)
    assert advise([], GATE).because == ("This gate has no must-meet criteria.",)
