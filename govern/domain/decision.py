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


@dataclass(frozen=True, slots=True)
class Advice:
    """The machine's verdict on a submission. People decide; a decision against it is an override."""

    decision: Decision
    because: tuple[str, ...]
