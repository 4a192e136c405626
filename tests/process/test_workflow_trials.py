"""The tests that gates carry are run through the judging of a submission; versions are compared."""

from pathlib import Path

import pytest

from govern.process.definition import Workflow
from govern.process.difference import difference
from govern.process.load import load, load_sources
from govern.process.trials import ADVICE, lacking, run
from govern.rulebook.load import load as load_rules

ROOT = Path(__file__).parents[2]
SHIPPED = load(ROOT / "workflows").workflows

TEXT = """\
schema: govern/workflow/v1
id: small
version: 1
stages: [draft, closed]
gates:
  - id: start
    title: Start
    from: draft
    to: closed
    submit: [project_manager]
    approve: [{role: sponsor, votes: 1}]
    waive: [gatekeeper]
    evidence: [case]
    criteria:
      must:
        - {id: budget-set, require: budget > 0}
        - {id: in-draft, require: stage = "draft"}
        - {id: fit, score: {least: 6, scorers: 2}}
    tests: [TESTS]
"""


def small(tests: str) -> Workflow:
    loaded = load_sources({"small.yaml": TEXT.replace("TESTS", tests)})
    assert not loaded.problems, loaded.problems
    return loaded.workflows["small"]


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_the_shipped_workflows_pass_and_show_every_must_meet_criterion(name: str) -> None:
    tables = load_rules(ROOT / "rules").readable or {}
    results = run(SHIPPED[name], tables)
    assert [each for each in results if not each.passed] == []
    assert lacking(SHIPPED[name], tables) == []
    assert {each.gate for each in results} == {gate.id for gate in SHIPPED[name].gates}


def test_scores_waivers_evidence_and_the_stage_of_the_gate() -> None:
    flow = small(
        "{name: a, given: {budget: 1, scores: {fit: [5, 8]}}, advice: go, expect: "
        "{budget-set: met, in-draft: met, fit: met, evidence-case: met}}, "
        "{name: b, given: {waived: [budget-set], evidence: []}, advice: recycle, expect: "
        "{budget-set: waived, fit: unknown, evidence-case: not_met}}"
    )
    assert all(each.passed for each in run(flow))


def test_what_differs_is_told_with_what_was_read() -> None:
    (result,) = run(small("{name: a, given: {budget: -1}, expect: {budget-set: met}, advice: go}"))
    assert not result.passed
    first = result.differences[0]
    assert (first.name, first.expected, first.found) == ("budget-set", "met", "not_met")
    assert first.seen == "budget = -1"
    assert (result.expected[ADVICE], result.found[ADVICE]) == ("go", "recycle")


def test_what_no_test_shows() -> None:
    lacks = lacking(small("{name: a, given: {budget: 1}, expect: {budget-set: met}}"))
    assert {each.criterion: [o.value for o in each.outcomes] for each in lacks} == {
        "budget-set": ["not_met", "unknown"],
        "in-draft": ["met", "not_met"],
        "fit": ["met", "not_met", "unknown"],
    }


def test_versions_are_compared_in_sentences() -> None:
    before = small("{name: a, given: {}, advice: recycle}")
    text = before.text
    for old, new in (
        ("stages: [draft, closed]", "stages: [draft, idea, closed]"),
        ("    to: closed\n", "    to: idea\n"),
        ("votes: 1", "votes: 2"),
        ("budget > 0", "budget > 5"),
        ('        - {id: in-draft, require: stage = "draft"}\n', ""),
        ("    waive: [gatekeeper]\n", "    decide_within: 1 working day\n"),
        ("scorers: 2", "scorers: 3"),
    ):
        assert old in text
        text = text.replace(old, new)
    text += (
        "  - {id: end, title: End, from: idea, to: closed, submit: [finance], "
        "approve: [{role: sponsor}]}\n"
    )
    loaded = load_sources({"small.yaml": text})
    assert not loaded.problems, loaded.problems
    assert [each.sentence for each in difference(before, loaded.workflows["small"])] == [
        "The stage 'idea' is new, after 'draft'.",
        "The gate 'start', way: from draft to idea; before: from draft to closed.",
        "The gate 'start', votes: 2 sponsor; before: 1 sponsor.",
        "The gate 'start', roles that waive: none any more; before: gatekeeper.",
        "The gate 'start', time to decide: 1 working day; before: none.",
        "The gate 'start' asks no more for 'in-draft': In draft.",
        "The criterion 'budget-set' of the gate 'start', condition: budget > 5; before: budget > 0.",
        "The criterion 'fit' of the gate 'start', scorecard: 3 people score it 6 of 10 or more; "
        "before: 2 people score it 6 of 10 or more.",
        "The gate 'end' from idea to closed is new: End.",
    ]
    assert difference(before, before) == ()
