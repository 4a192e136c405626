"""Whether the documents that a gate asks for stand with the submission."""

from collections.abc import Set

from govern.domain.criterion import CriterionKind, CriterionResult, Outcome
from govern.process.definition import Gate


def criterion_id(name: str) -> str:
    """The id of the criterion that a named document makes."""
    return f"evidence-{name}"


def judge(gate: Gate, provided: Set[str]) -> tuple[CriterionResult, ...]:
    """One must-meet result per document that the gate names: met where one of that name is there."""
    return tuple(
        CriterionResult(
            id=criterion_id(name),
            kind=CriterionKind.MUST,
            title=f"Evidence: {name.replace('_', ' ')}",
            require=f"evidence '{name}'",
            outcome=Outcome.MET if name in provided else Outcome.NOT_MET,
            values={name: "provided" if name in provided else "not provided"},
            otherwise=f"Bring the {name.replace('_', ' ')}, a file or a link, under the name '{name}'.",
        )
        for name in gate.evidence
    )
