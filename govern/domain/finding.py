"""A rule's result for one KPI or project and one period."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class FindingState(StrEnum):
    """`PENDING`: the condition holds, but not yet for as many periods as the rule asks."""

    FIRES = "fires"
    SILENT = "silent"
    PENDING = "pending"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Finding:
    """`kpi_id` is `None` for a rule on the project. `values` are the numbers the condition saw, as text."""

    rule_id: str
    project_id: str
    kpi_id: str | None
    period: date
    state: FindingState
    streak: int
    severity: Severity
    message: str
    values: dict[str, str] = field(default_factory=dict[str, str])
