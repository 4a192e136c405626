"""A workflow as a picture: https://mermaid.js.org/syntax/stateDiagram.html"""

import re

from govern.domain.decision import Decision
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.process.definition import Workflow
from govern.process.machine import REOPEN, RESUME

_RESERVED = frozenset(
    ("accdescr", "acctitle", "class", "click", "default", "href", "note", "scale", "state", "style")
)
"""What Mermaid 11 does not take as the name of a state, of the names that a stage can have."""


def mermaid(workflow: Workflow) -> str:
    """A Mermaid state diagram: an arrow per gate; hold, resume and kill drawn once for all."""
    names = _names((*workflow.stages, ON_HOLD, TERMINATED))
    any_live = _unused("live", set(names.values()))
    lines = [f'state "{stage}" as {name}' for stage, name in names.items() if stage != name]
    lines.append(f"[*] --> {names[workflow.initial]}")
    lines += [
        f"{names[gate.source]} --> {names[gate.target]} : {_label(gate.title)}"
        for gate in workflow.gates
    ]
    lines += [
        f"{names[workflow.final]} --> [*]",
        f'state "any stage before {workflow.final}" as {any_live}',
        f"{any_live} --> {ON_HOLD} : {Decision.HOLD}",
        f"{ON_HOLD} --> {any_live} : {RESUME} where it stopped",
        f"{any_live} --> {TERMINATED} : {Decision.KILL}",
        f"{ON_HOLD} --> {TERMINATED} : {Decision.KILL}",
        *([f"{TERMINATED} --> {any_live} : {REOPEN} where it ended"] if workflow.reopen else []),
        f"{TERMINATED} --> [*]",
    ]
    return "stateDiagram-v2\n" + "".join(f"    {line}\n" for line in lines)


def _names(stages: tuple[str, ...]) -> dict[str, str]:
    """A name for each stage that Mermaid can read: its own, unless it has a hyphen or is reserved."""
    names = {stage: stage for stage in stages if "-" not in stage and stage not in _RESERVED}
    for stage in stages:
        if stage not in names:
            taken = {*names.values(), *_RESERVED}
            names[stage] = _unused(stage.replace("-", "_"), taken)
    return {stage: names[stage] for stage in stages}


def _label(title: str) -> str:
    """Without the characters that end or start something else in a Mermaid label."""
    return " ".join(re.sub(r"[:;#%{}<>\"]", " ", title).split())


def _unused(name: str, taken: set[str]) -> str:
    return _unused(name + "_", taken) if name in taken else name
