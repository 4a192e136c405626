"""The picture of a workflow shows the moves that its machine knows."""

import re
from dataclasses import replace

from hypothesis import given
from workflow_examples import FIVE, gate, workflow, workflows

from govern.process.diagram import mermaid
from govern.process.machine import Machine


def arrows(text: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in re.finditer(r"(\S+) --> (\S+)", text)]


def test_five_stages():
    assert (
        mermaid(FIVE)
        == """\
stateDiagram-v2
    [*] --> draft
    draft --> value_defined : value defined
    value_defined --> planned : planned
    planned --> monitoring : monitoring
    monitoring --> post_review : post review
    post_review --> closed : closed
    closed --> [*]
    state "any stage before closed" as live
    live --> on_hold : hold
    on_hold --> live : resume where it stopped
    live --> terminated : kill
    on_hold --> terminated : kill
    terminated --> [*]
"""
    )


@given(workflows())
def test_an_arrow_for_every_go(flow):
    machine = Machine(flow)
    goes = [
        (stage, move.to)
        for stage in flow.stages
        for move in machine.legal(stage)
        if move.decision == "go"
    ]
    among_stages = [arrow for arrow in arrows(mermaid(flow)) if set(arrow) <= set(flow.stages)]
    assert sorted(among_stages) == sorted(goes)


def test_names_and_titles_that_mermaid_would_misread():
    odd = workflow(
        ("state", "in-review", "in_review", "live"),
        (
            replace(gate("a", "state", "in-review"), title='Is it "fit"? #1: yes; {100%}'),
            gate("b", "in-review", "in_review"),
            gate("c", "in_review", "live"),
        ),
    )
    assert mermaid(odd).splitlines()[1:8] == [
        '    state "state" as state_',
        '    state "in-review" as in_review_',
        "    [*] --> state_",
        "    state_ --> in_review_ : Is it fit ? 1 yes 100",
        "    in_review_ --> in_review : b",
        "    in_review --> live : c",
        "    live --> [*]",
    ]
    assert "as live_" in mermaid(odd)
