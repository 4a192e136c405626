"""What a gate may answer (R. G. Cooper's Stage-Gate decisions), and what the machine advises."""

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    GO = "go"
    CONDITIONAL_GO = "conditional_go"
    RECYCLE = "recycle"
    HOLD = "hold"
    KILL = "kill"

    @property
    def passes(self) -> bool:
        """Whether the project enters the gate's next stage."""
        return self in (Decision.GO, Decision.CONDITIONAL_GO)


class Answer(StrEnum):
    """What one decider may say: one of the decisions, or that they leave it to the others."""

    GO = "go"
    CONDITIONAL_GO = "conditional_go"
    RECYCLE = "recycle"
    HOLD = "hold"
    KILL = "kill"
    ABSTAIN = "abstain"

    @property
    def decision(self) -> Decision | None:
        """The decision that it is a vote for; none for an abstention."""
        return None if self is Answer.ABSTAIN else Decision(self.value)


@dataclass(frozen=True, slots=True)
class Advice:
    """The machine's verdict on a submission. People decide; a decision against it is an override."""

    decision: Decision
    because: tuple[str, ...]
