"""How a gate criterion came out for one submission."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class CriterionKind(StrEnum):
    MUST = "must"
    SHOULD = "should"


class Outcome(StrEnum):
    """`UNKNOWN` is what missing data gives. It is never `MET`.

    `WAIVED` is a criterion that is not met or unknown, and that the named authority lets pass.
    """

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    WAIVED = "waived"

    @property
    def passes(self) -> bool:
        return self in (Outcome.MET, Outcome.WAIVED)


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """`values` are the names the condition read and what they were, as text (`"unknown"` if missing).

    `because` says why it is unknown where that is not for missing data. `require` says in words what
    is asked where people score it; `share` is their mean as a share of 10 then. `waiver` says who
    waived it, until when and why.
    """

    id: str
    kind: CriterionKind
    title: str
    require: str
    outcome: Outcome
    values: dict[str, str]
    otherwise: str | None = None
    weight: Decimal | None = None
    fatal: bool = False
    because: str | None = None
    share: Decimal | None = None
    waiver: str | None = None
