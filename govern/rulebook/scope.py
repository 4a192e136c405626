"""What a rule or a decision table is judged on."""

from enum import StrEnum


class Scope(StrEnum):
    """Every KPI, or the project as a whole."""

    KPI = "kpi"
    PROJECT = "project"
