"""A rule: when a KPI or a project is out of line, and what to recommend then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from govern.documents.source import Place
from govern.domain.calendar import MONDAY_TO_FRIDAY, Calendar
from govern.domain.finding import FindingState, Severity
from govern.domain.given import Given
from govern.domain.recommendation import Action
from govern.domain.role import Role
from govern.language.check import Checked
from govern.language.meaning import Meaning
from govern.language.table import Table
from govern.rulebook.message import Template
from govern.rulebook.scope import Scope
from govern.rulebook.snoozes import Snooze
from govern.rulebook.table import DecisionTable


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
    calendar: Calendar = MONDAY_TO_FRIDAY


@dataclass(frozen=True, slots=True)
class RuleTest(Given):
    """What a rule must find for given data; `expect` has one state a period."""

    place: Place
    expect: tuple[FindingState, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """`place` is where the rule's id stands. `portfolios` has the rule as it is in those portfolios
    where other parameters hold."""

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
    portfolios: "Mapping[str, Rule]" = field(default_factory=dict[str, "Rule"], hash=False)

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """What its conditions and messages mean: equal where the same parameters hold."""
        found = [self.when, self.applies_to, self.clear_when]
        templates = [self.message]
        if self.recommend is not None:
            found.append(self.recommend.propose)
            templates.append(self.recommend.because)
        found += [each.checked for one in templates for each in one.placeholders]
        return tuple(each.meaning for each in found if each is not None)

    def within(self, portfolio: str | None) -> "Rule":
        """The rule as it is in a portfolio, with the parameters that hold there."""
        return self.portfolios.get(portfolio, self) if portfolio is not None else self


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules and decision tables sorted by id. `sources` maps each file's path below the directory to
    its text, `calendars` the id of each calendar file to its working days."""

    rules: tuple[Rule, ...]
    digest: str
    sources: Mapping[str, str]
    tables: tuple[DecisionTable, ...] = ()
    snoozes: tuple[Snooze, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict[str, Calendar], hash=False)

    @property
    def judged(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.status.is_judged)

    def rule(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def readable(self, portfolio: str | None = None) -> Mapping[str, Table]:
        """The decision tables as conditions read them, by name, as they are in a portfolio."""
        return {each.name: each.within(portfolio).read for each in self.tables}

    def table(self, table_id: str) -> DecisionTable | None:
        return next((table for table in self.tables if table.id == table_id), None)
