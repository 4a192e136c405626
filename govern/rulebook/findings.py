"""What judged rows say to people: findings in words and numbers, and what to do about them."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from govern.domain.calendar import Calendar
from govern.domain.finding import Finding, FindingState, Severity
from govern.domain.recommendation import Action
from govern.domain.role import Role
from govern.language.explain import Leaves, select
from govern.language.frames import Frames, PlainRows, cell_of
from govern.language.plain_columns import plain_columns
from govern.language.row_place import plain_value
from govern.observation.frame import Observations
from govern.rulebook.judge import rule_at
from govern.rulebook.message import UNKNOWN, render, written
from govern.rulebook.rule import Rule, Rulebook, Scope, Status


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an active rule that fires recommends. `deliverables` are the ids of those concerned, in
    order; empty where the rule selects none, or none fits."""

    rule_id: str
    project_id: str
    kpi_id: str | None
    title: str
    severity: Severity
    action: Action
    because: str
    deliverables: tuple[str, ...]
    decide_by_working_days: int
    decided_by: Role
    calendar: Calendar


def findings(rulebook: Rulebook, observations: Observations, judged: pl.DataFrame) -> list[Finding]:
    """A finding for each row that is not silent, in the order of `judged`.

    `values` holds what the condition read: name or function call → its value as text.
    """
    rules = {rule.id: rule for rule in rulebook.rules}
    plain, leaves = plain_columns(observations), dict[int, Leaves]()
    found: list[Finding] = []
    loud = judged.filter(pl.col("state") != FindingState.SILENT)
    for rule_id, project, kpi, period, row, state, streak in loud.select(
        "rule", "project", "kpi", "period", "row", "state", "streak"
    ).iter_rows():
        rule = rule_at(rules[rule_id], observations, row)
        if id(rule) not in leaves:
            leaves[id(rule)] = Leaves.of(rule.when)
        values = leaves[id(rule)].at(plain, row)
        found.append(
            Finding(
                rule_id=rule_id,
                project_id=project,
                kpi_id=kpi,
                period=period,
                state=FindingState(state),
                streak=streak,
                severity=rule.severity,
                message=cannot_tell(rule, plain, row, values)
                if state == FindingState.UNKNOWN
                else render(rule.message, plain, row, streak),
                values=values,
            )
        )
    return found


def cannot_tell(
    rule: Rule, observations: Frames | PlainRows, row: int, values: Mapping[str, str]
) -> str:
    """What an unknown finding says instead of the rule's message, which speaks of a known state."""
    if rule.scope is Scope.PROJECT:
        subject = cell_of(observations, "projects", "name", row)
    else:
        of_project = cell_of(observations, "kpis", "project_name", row)
        subject = f"{of_project}: {cell_of(observations, 'kpis', 'name', row)}"
    missing = [name for name, value in values.items() if value == UNKNOWN]
    why = " and ".join(missing) + (" are" if len(missing) > 1 else " is") + " unknown"
    if rule.scope is Scope.KPI and cell_of(observations, "kpis", "actual", row) is None:
        period = plain_value(cell_of(observations, "kpis", "period", row))
        why = f"there is no reading for the period to {written(period)}"
    return f"{subject} cannot be judged, because {why} ({rule.title})"


def proposals(
    rulebook: Rulebook, observations: Observations, judged: pl.DataFrame
) -> list[Proposal]:
    """What the rows that fire recommend, in the order of `judged`; shadow rules recommend nothing."""
    rules = {rule.id: rule for rule in rulebook.rules}
    plain = plain_columns(observations)
    fires = judged.filter(pl.col("state") == FindingState.FIRES)
    found: list[Proposal] = []
    for rule_id, project, kpi, row in fires.select("rule", "project", "kpi", "row").iter_rows():
        rule = rule_at(rules[rule_id], observations, row)
        given = rule.recommend
        if given is None or rule.status is not Status.ACTIVE:
            continue
        found.append(
            Proposal(
                rule_id=rule_id,
                project_id=project,
                kpi_id=kpi,
                title=rule.title,
                severity=rule.severity,
                action=given.action,
                because=render(given.because, plain, row),
                deliverables=_selected(rule, observations, plain, row),
                decide_by_working_days=given.decide_by_working_days,
                decided_by=given.decided_by,
                calendar=given.calendar,
            )
        )
    return found


def selected(rule: Rule, observations: Observations, row: int) -> tuple[str, ...]:
    """The ids of the deliverables that a rule's `propose` selects, in order."""
    return _selected(rule, observations, plain_columns(observations), row)


def _selected(
    rule: Rule, observations: Observations, plain: PlainRows, row: int
) -> tuple[str, ...]:
    if rule.recommend is None or rule.recommend.propose is None:
        return ()
    rows = select(rule.recommend.propose, plain, row)
    ids = observations.deliverables["deliverable"]
    return tuple(ids[number] for number in rows)
