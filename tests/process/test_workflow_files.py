"""The shipped workflow, its documentation, and a workflow that is read again from its text."""

import hashlib
import re
from decimal import Decimal
from pathlib import Path

import pytest

from govern.documents.problem import render
from govern.domain.criterion import CriterionKind
from govern.domain.role import Role
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.process.codes import CODES
from govern.process.definition import ApproveSlot, Workflow
from govern.process.diagram import mermaid
from govern.process.difference import difference
from govern.process.load import load, load_sources
from govern.process.machine import Machine
from govern.process.shapes import GATE, WORKFLOW

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "workflow-files.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shipped() -> Workflow:
    loaded = load(ROOT / "workflows")
    assert [render(problem, loaded.sources) for problem in loaded.problems] == []
    return loaded.workflows["value-realization"]


def block(language: str) -> str:
    """The first block of a language on the page."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_shipped_gates(shipped):
    assert [(gate.id, gate.source, gate.target) for gate in shipped.gates] == [
        ("value_defined", "draft", "value_defined"),
        ("planned", "value_defined", "planned"),
        ("monitoring", "planned", "monitoring"),
        ("value_check", "monitoring", "monitoring"),
        ("post_review", "monitoring", "post_review"),
        ("closed", "post_review", "closed"),
    ]
    planned = shipped.gate("planned")
    assert planned is not None
    assert [(slot.role, slot.votes) for slot in planned.approve] == [
        (Role.SPONSOR, 1),
        (Role.FINANCE, 1),
    ]
    assert [gate.id for gate in shipped.gates if gate.repeats] == ["value_check"]
    assert shipped.reopen == (Role.GATEKEEPER,)
    assert planned.freezes == "baseline"
    assert [gate.freezes for gate in shipped.gates if gate is not planned] == [None] * 5
    assert shipped.gate("elsewhere") is None
    assert [gate.id for gate in shipped.gates if gate.shows] == ["value_defined", "planned"]


def test_the_shipped_reviews(shipped):
    reviews = shipped.reviews
    assert (reviews.since, reviews.after, reviews.due, reviews.repeat) == ("post_review", 6, 12, 12)
    assert reviews.sign == (Role.BENEFIT_OWNER, Role.SPONSOR)
    assert [each.id for each in reviews.survey] == ["in-use", "worth-it", "do-again"]
    assert reviews.question("worth-it").of == (Role.SPONSOR, Role.FINANCE, Role.BENEFIT_OWNER)
    assert reviews.question("elsewhere") is None


def test_reviews_and_what_a_gate_shows_are_read_and_told_apart(shipped):
    text = shipped.text.replace("  repeat: 12 months\n", "", 1).replace(
        "    shows: [lessons]\n", "", 1
    )
    other = load_sources({shipped.path: text}).workflows["value-realization"]
    assert other.reviews.repeat is None
    assert (other.gate("value_defined").shows, other.gate("planned").shows) == ((), ("lessons",))
    assert [each.sentence for each in difference(shipped, other)] == [
        "The workflow, reviews: 6 months after entering post_review, due after 12 months; signed "
        "by benefit_owner, sponsor; before: 6 months after entering post_review, due after 12 months, "
        "again 12 months later; signed by benefit_owner, sponsor.",
        "The gate 'value_defined', shown: none any more; before: lessons.",
    ]


def test_every_shipped_gate_is_complete(shipped):
    for gate in shipped.gates:
        assert gate.submit == (Role.PROJECT_MANAGER,)
        assert not gate.roles & set(gate.submit)
        assert gate.separation == ("submitter",)
        assert gate.decide_within
        assert all(step.after_working_days < gate.decide_within for step in gate.escalate)
        assert gate.escalate
        # Closing rests on the review itself, not on a paper about it.
        assert gate.evidence or gate.repeats or gate.id == "closed"
        assert gate.waive
        assert gate.remind
        assert gate.expires
        assert gate.of(CriterionKind.MUST)
        assert gate.of(CriterionKind.SHOULD)
        assert all(criterion.otherwise for criterion in gate.criteria)
        assert all(criterion.weight for criterion in gate.of(CriterionKind.SHOULD))


def test_the_shipped_machine_takes_a_project_from_draft_to_closed(shipped):
    machine = Machine(shipped)
    stage, passed = shipped.initial, []
    while gates := [gate for gate in machine.gates_from(stage) if not gate.repeats]:
        passed.append(gates[0].id)
        (stage,) = {
            move.to
            for move in machine.legal(stage)
            if move.gate == gates[0].id and move.decision == "go"
        }
    assert stage == "closed"
    assert passed == [gate.id for gate in shipped.gates if not gate.repeats]
    assert {move.to for move in machine.legal(ON_HOLD, "planned")} == {"planned", TERMINATED}


def test_a_stored_text_gives_the_same_workflow_again(shipped):
    again = load_sources({shipped.path: shipped.text}).workflows[shipped.id]
    assert again == shipped
    assert again.digest == "sha256:" + hashlib.sha256(shipped.text.encode()).hexdigest()
    elsewhere = load_sources({"stored/of/1.yaml": shipped.text}).workflows[shipped.id]
    assert elsewhere.digest == shipped.digest
    changed = load_sources({"w.yaml": shipped.text + "# changed\n"}).workflows[shipped.id]
    assert changed.digest != shipped.digest


def test_defaults():
    text = """\
schema: govern/workflow/v1
id: two-stages
version: 3
stages: [draft, closed]
gates:
  - id: close
    title: Close
    from: draft
    to: closed
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria:
      must: [{id: budget-set, require: budget != null}]
      should: [{id: owner_named, require: owner != null}]
"""
    workflow = load_sources({"w.yaml": text}).workflows["two-stages"]
    (gate,) = workflow.gates
    assert (workflow.title, workflow.version) == ("Two stages", 3)
    assert gate.approve == (ApproveSlot(Role.SPONSOR, 1),)
    assert gate.separation == ("submitter",)
    assert (gate.decide_within, gate.escalate, gate.freezes, gate.evidence) == (None, (), None, ())
    assert gate.should_mark == Decimal("0.7")
    must, should = gate.criteria
    assert (must.title, must.weight, must.fatal) == ("Budget set", None, False)
    assert (should.title, should.weight, should.otherwise) == ("Owner named", 1, None)


def test_the_page_draws_the_shipped_workflow(shipped):
    assert block("mermaid") == mermaid(shipped)


def test_the_page_shows_a_workflow_without_a_problem():
    loaded = load_sources({"workflows/small-change.yaml": block("yaml")})
    assert [render(problem, loaded.sources) for problem in loaded.problems] == []
    gate = loaded.workflows["small-change"].gates[0]
    assert gate.should_mark == Decimal("0.6")


def test_the_page_shows_a_problem_as_it_is_told():
    text = block("yaml").replace("role: sponsor,", "role: sponser,")
    loaded = load_sources({"workflows/small-change.yaml": text})
    assert [render(problem, loaded.sources) for problem in loaded.problems] == [
        re.findall(r"```\n(workflows/.*?)\n```", PAGE, re.DOTALL)[0]
    ]


def test_the_page_names_every_key_role_and_code():
    for field in (*WORKFLOW.fields, *GATE.fields):
        assert f"`{field.key}`" in PAGE
    for role in Role:
        assert f"`{role}`" in PAGE
    for code, meaning in CODES.items():
        assert f"| {code} | {meaning} |" in PAGE
