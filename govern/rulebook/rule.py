"""A rule: when a KPI or a project is out of line, and what to recommend then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from govern.documents.source import Place
from govern.domain.finding import FindingState, Severity
from govern.domain.recommendation import Action
from govern.domain.role import Role
from govern.language.check import Checked
from govern.rulebook.message import Template


class Scope(StrEnum):
    """What a rule is judged on: every KPI, or the project as a whole."""

    KPI = "kpi"
    PROJECT = "project"


class Status(StrEnum):
    """`DRAFT`: checked and tested only. `SHADOW`: judged, recommends nothing. `DEPRECATED`: over."""

    DRAFT = "draft"
    SHADOW = "shadow"
    ACTIVE = "active"
    DEPRECATED = "deprecated"

    @property
    def is_judged(self) -> bool:
        return self in (Status.SHADOW, Status.ACTIVE)


class IfUnknown(StrEnum):
    """What a condition with missing data gives.

    `REPORT`: a finding `unknown`. `HOLD`: the state before. `FIRE`: as if the condition were true.
    In all three the count of `for` and a rule that fires already are kept, never reset.
    """

    HOLD = "hold"
    REPORT = "report"
    FIRE = "fire"


@dataclass(frozen=True, slots=True)
class Recommend:
    """`propose` selects the deliverables concerned; without it the recommendation is a plain one."""

    action: Action
    because: Template
    propose: Checked | None
    decide_by_working_days: int
    decided_by: Role


GivenValue = Decimal | str | bool | date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class GivenKpi:
    """`facts` are the KPI's constants, `planned` and `actual` one value a period or one for all."""

    facts: Mapping[str, GivenValue]
    planned: tuple[Decimal | None, ...] | Decimal | None
    actual: tuple[Decimal | None, ...] | Decimal | None


@dataclass(frozen=True, slots=True)
class RuleTest:
    """What a rule must find for given data; `expect` has one state a period, the last one at `as_of`.

    `kpis` holds one KPI for a rule on KPIs. `deliverables`, `conditions` and `recommendations` are
    records of the project's.
    """

    name: str
    as_of: date
    project: Mapping[str, GivenValue]
    kpis: tuple[GivenKpi, ...]
    deliverables: tuple[Mapping[str, GivenValue], ...]
    conditions: tuple[Mapping[str, GivenValue], ...]
    recommendations: tuple[Mapping[str, GivenValue], ...]
    expect: tuple[FindingState, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """`place` is where the rule's id stands."""

    id: str
    title: str
    scope: Scope
    area: str
    owner: str | None
    status: Status
    severity: Severity
    applies_to: Checked | None
    when: Checked
    for_periods: int
    clear_when: Checked | None
    if_unknown: IfUnknown
    message: Template
    recommend: Recommend | None
    replaced_by: str | None
    tests: tuple[RuleTest, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules sorted by id. `sources` maps each file's path below the directory to its text."""

    rules: tuple[Rule, ...]
    digest: str
    sources: Mapping[str, str]

    @property
    def judged(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.status.is_judged)

    def rule(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)
