"""How a gate criterion came out for one submission."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class CriterionKind(StrEnum):
    MUST = "must"
    SHOULD = "should"


class Outcome(StrEnum):
    """`UNKNOWN` is what missing data gives. It is never `MET`."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """`values` are the names the condition read and what they were, as text (`"unknown"` if missing).

    `because` says why it is unknown where that is not for missing data.
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
