"""A workflow as a picture: https://mermaid.js.org/syntax/stateDiagram.html"""

import re

from govern.domain.decision import Decision
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.process.definition import Workflow
from govern.process.machine import RESUME


def mermaid(workflow: Workflow) -> str:
    """A Mermaid state diagram: an arrow per gate; hold, resume and kill drawn once for all."""
    any_live = _unused("live", workflow.stages)
    lines = [f"[*] --> {workflow.initial}"]
    lines += [f"{gate.source} --> {gate.target} : {_label(gate.title)}" for gate in workflow.gates]
    lines += [
        f"{workflow.final} --> [*]",
        f'state "any stage before {workflow.final}" as {any_live}',
        f"{any_live} --> {ON_HOLD} : {Decision.HOLD}",
        f"{ON_HOLD} --> {any_live} : {RESUME} where it stopped",
        f"{any_live} --> {TERMINATED} : {Decision.KILL}",
        f"{ON_HOLD} --> {TERMINATED} : {Decision.KILL}",
        f"{TERMINATED} --> [*]",
    ]
    return "stateDiagram-v2\n" + "".join(f"    {line}\n" for line in lines)


def _label(title: str) -> str:
    """Without the characters that end or start something else in a Mermaid label."""
    return " ".join(re.sub(r"[:;#%{}<>\"]", " ", title).split())


def _unused(name: str, taken: tuple[str, ...]) -> str:
    return _unused(name + "_", taken) if name in taken else name
