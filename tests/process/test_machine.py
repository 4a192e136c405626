"""The machine never leaves its workflow, and says what would be legal."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_examples import FIVE, gate, workflow, workflows

from govern.domain.decision import Decision
from govern.domain.refusal import IllegalMove
from govern.domain.role import Role
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.process.machine import RESUME, LegalMove, Machine, Moved

GO, CONDITIONAL_GO, RECYCLE, HOLD, KILL = Decision


@pytest.fixture
def machine() -> Machine:
    return Machine(FIVE)


@pytest.mark.parametrize(
    ("decision", "stage", "held_from", "iteration"),
    [
        (GO, "planned", None, 0),
        (CONDITIONAL_GO, "planned", None, 0),
        (RECYCLE, "value_defined", None, 3),
        (HOLD, ON_HOLD, "value_defined", 2),
        (KILL, TERMINATED, "value_defined", 2),
    ],
)
def test_a_gate_knows_five_decisions(machine, decision, stage, held_from, iteration):
    moved = machine.move("value_defined", None, decision, "planned", iteration=2)
    assert moved == Moved(stage, held_from, iteration)


def test_hold_and_kill_need_no_gate(machine):
    for stage in FIVE.live:
        assert machine.move(stage, None, HOLD) == Moved(ON_HOLD, stage, 0)
        assert machine.move(stage, None, KILL) == Moved(TERMINATED, stage, 0)


def test_a_project_on_hold_can_be_killed(machine):
    assert machine.move(ON_HOLD, "monitoring", KILL) == Moved(TERMINATED, "monitoring", 0)


def test_reopening_leads_back_to_where_the_project_ended():
    machine = Machine(replace(FIVE, reopen=(Role.GATEKEEPER,)))
    for stage in FIVE.live:
        ended = machine.move(stage, None, KILL)
        assert machine.reopen(ended.stage, ended.held_from) == Moved(stage, None, 0)
    assert machine.legal(TERMINATED, "planned") == (LegalMove(None, "reopen", "planned"),)


def test_nothing_is_reopened_where_the_workflow_names_nobody_for_it(machine):
    with pytest.raises(IllegalMove, match="nothing leads out of it"):
        machine.reopen(TERMINATED, "planned")


def test_resuming_leads_back_to_where_the_project_was_held(machine):
    for stage in FIVE.live:
        assert machine.resume(ON_HOLD, stage, iteration=1) == Moved(stage, None, 1)


@pytest.mark.parametrize("held_from", [None, "closed", TERMINATED, ON_HOLD, "nowhere"])
def test_nothing_resumes_into_a_stage_it_cannot_have_been_held_in(machine, held_from):
    with pytest.raises(IllegalMove) as refused:
        machine.resume(ON_HOLD, held_from)
    assert refused.value.facts["legal"] == [{"gate": None, "decision": "kill", "to": TERMINATED}]


def test_a_refusal_lists_what_would_be_legal(machine):
    with pytest.raises(IllegalMove) as refused:
        machine.move("draft", None, GO, "closed")
    assert refused.value.facts == {
        "stage": "draft",
        "held_from": None,
        "gate": "closed",
        "decision": "go",
        "legal": [
            {"gate": "value_defined", "decision": "go", "to": "value_defined"},
            {"gate": "value_defined", "decision": "conditional_go", "to": "value_defined"},
            {"gate": "value_defined", "decision": "recycle", "to": "draft"},
            {"gate": "value_defined", "decision": "hold", "to": "on_hold"},
            {"gate": "value_defined", "decision": "kill", "to": "terminated"},
            {"gate": None, "decision": "hold", "to": "on_hold"},
            {"gate": None, "decision": "kill", "to": "terminated"},
        ],
    }
    assert refused.value.detail == (
        "go at gate 'closed' is not possible from draft: possible are at gate 'value_defined' "
        "go (to value_defined), conditional_go (to value_defined), recycle (stays), "
        "hold (to on_hold), kill (to terminated); "
        "without a gate hold (to on_hold), kill (to terminated)"
    )


@pytest.mark.parametrize(
    ("stage", "gate_id", "decision", "words"),
    [
        ("closed", None, KILL, "kill is not possible from closed: nothing leads out of it"),
        (TERMINATED, None, HOLD, "hold is not possible from terminated: nothing leads out of it"),
        ("draft", None, GO, "go is not possible from draft: possible are at gate 'value_defined'"),
        ("draft", "made_up", GO, "go at gate 'made_up' is not possible from draft"),
        (ON_HOLD, "planned", GO, "go at gate 'planned' is not possible from on_hold"),
        ("made_up", None, KILL, "workflow 'example' has no such stage; it has draft, "),
    ],
)
def test_a_refusal_says_it_in_words(machine, stage, gate_id, decision, words):
    with pytest.raises(IllegalMove) as refused:
        machine.move(stage, None, decision, gate_id)
    assert words in refused.value.detail


def test_the_gates_of_a_stage(machine):
    assert [gate.id for gate in machine.gates_from("planned")] == ["monitoring"]
    assert machine.gates_from("closed") == ()
    assert machine.gates_from(ON_HOLD) == ()


def test_a_gate_may_lead_back_or_stay():
    loops = workflow(
        ("draft", "monitoring", "closed"),
        (
            gate("start", "draft", "monitoring"),
            gate("value_check", "monitoring", "monitoring"),
            gate("rethink", "monitoring", "draft"),
            gate("close", "monitoring", "closed"),
        ),
    )
    machine = Machine(loops)
    assert machine.move("monitoring", None, GO, "value_check", 4) == Moved("monitoring", None, 0)
    assert machine.move("monitoring", None, GO, "rethink") == Moved("draft", None, 0)
    assert len(machine.gates_from("monitoring")) == 3


def step(machine: Machine, at: Moved, move: LegalMove) -> Moved:
    if move.decision == RESUME:
        return machine.resume(at.stage, at.held_from, at.iteration)
    return machine.move(at.stage, at.held_from, Decision(move.decision), move.gate, at.iteration)


@given(workflows(), st.data())
def test_no_sequence_of_moves_leaves_the_workflow(flow, data):
    machine = Machine(flow)
    at = Moved(flow.initial, None, 0)
    held: str | None = None
    for _ in range(data.draw(st.integers(0, 20))):
        moves = machine.legal(at.stage, at.held_from)
        if not moves:
            assert at.stage in (flow.final, TERMINATED)
            break
        chosen = data.draw(st.sampled_from(moves))
        after = step(machine, at, chosen)
        assert after.stage == chosen.to
        assert after.stage in (*flow.stages, ON_HOLD, TERMINATED)
        assert (after.held_from is not None) == (after.stage in (ON_HOLD, TERMINATED))
        if chosen.decision == HOLD:
            held = at.stage
        if chosen.decision == RESUME:
            assert after.stage == held
        at = after


@given(
    workflows(),
    st.sampled_from([*Decision, RESUME]),
    st.data(),
)
def test_what_is_not_listed_as_legal_is_refused_and_nothing_else(flow, decision, data):
    machine = Machine(flow)
    anywhere = [*flow.stages, ON_HOLD, TERMINATED]
    stage = data.draw(st.sampled_from(anywhere))
    held_from = data.draw(st.sampled_from([None, *anywhere]))
    gate_id = data.draw(st.sampled_from([None, *(gate.id for gate in flow.gates)]))
    if decision == RESUME:
        gate_id = None
    legal = machine.legal(stage, held_from)
    move = LegalMove(gate_id, decision, "")
    listed = (gate_id, decision) in {(each.gate, each.decision) for each in legal}
    at = Moved(stage, held_from, 0)
    if listed:
        step(machine, at, move)
    else:
        with pytest.raises(IllegalMove) as refused:
            step(machine, at, move)
        assert refused.value.facts["legal"] == [each.fact() for each in legal]


@given(workflows())
def test_every_stage_can_be_reached(flow):
    machine = Machine(flow)
    reached, todo = {flow.initial}, [flow.initial]
    while todo:
        stage = todo.pop()
        for move in machine.legal(stage):
            if move.to not in reached:
                reached.add(move.to)
                todo.append(move.to)
    assert reached == {*flow.stages, ON_HOLD, TERMINATED}
