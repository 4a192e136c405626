"""Why a rule says what it says of one project: every part of its conditions with its value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from govern.domain.finding import FindingState
from govern.language.check import Checked
from govern.language.explain import Explanation, Value, explain
from govern.observation.frame import Observations
from govern.rulebook.episodes import episodes
from govern.rulebook.findings import cannot_tell, selected
from govern.rulebook.judge import judge_each, rule_at
from govern.rulebook.message import render
from govern.rulebook.rule import Rule, Scope
from govern.rulebook.sentence import Standing, sentence

PERIODS_TOLD = 12
"""How many of the last periods are told, unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of a rule's conditions (`applies_to`, `when`, `clear_when`), as text and in its parts."""

    name: str
    text: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Told:
    """One of the periods that led to a state. `planned`, `actual` and `attainment` are those of a
    KPI's period, `None` for a rule on projects."""

    period: date
    planned: Value
    actual: Value
    attainment: Value
    applies: bool
    when: Value
    state: FindingState
    streak: int


@dataclass(frozen=True, slots=True)
class Why:
    """What a rule says of one subject in one period, and why.

    `seen_on` is the day that the period is judged on. `message` is the finding's; `None` where the
    rule is silent. `sentence` says the same, or why there is nothing to say, to somebody who has
    never seen the rule. `since`: when the episode that still goes on began. `because` and
    `proposed` (ids of deliverables) are what a firing rule recommends.
    """

    rule: Rule
    project_id: str
    project_name: str
    kpi_id: str | None
    kpi_name: str | None
    period: date
    seen_on: date
    state: FindingState
    streak: int
    since: date | None
    message: str | None
    sentence: str
    because: str | None
    proposed: tuple[str, ...]
    parts: tuple[Part, ...]
    periods: tuple[Told, ...]


def explain_rule(
    rule: Rule,
    observations: Observations,
    *,
    kpi: str | None = None,
    on: date | None = None,
    periods: int = PERIODS_TOLD,
) -> tuple[Why, ...]:
    """One `Why` for each KPI (or the project) of the observations that has a period to judge.

    `kpi` asks for that one only. `on` asks for the last period that ended by that day; without it
    the last one there is.
    """
    (each,) = judge_each([rule], observations)
    applies = pl.lit(True) if each.applies is None else each.applies
    judged = each.told(each.rows).with_columns(applies=applies)
    found = judged if kpi is None else judged.filter(pl.col("kpi") == kpi)
    subject = ["project"] if rule.scope is Scope.PROJECT else ["project", "kpi"]
    whys: list[Why] = []
    for rows in found.partition_by(subject, maintain_order=True):
        until = rows if on is None else rows.filter(pl.col("period") <= on)
        if until.height:
            there = rule_at(rule, observations, until["row"][-1])
            whys.append(_why(there, observations, until, periods))
    return tuple(whys)


def _why(rule: Rule, observations: Observations, until: pl.DataFrame, periods: int) -> Why:
    """The last of these rows of one subject."""
    here: dict[str, Any] = until.row(-1, named=True)
    row, state, streak = here["row"], FindingState(here["state"]), here["streak"]
    parts = tuple(
        Part(name, condition.expression.text, explain(condition, observations, row))
        for name, condition in conditions_of(rule)
    )
    since = _since(until)
    message = None
    if state is FindingState.UNKNOWN:
        message = cannot_tell(rule, observations, row, _when(parts).leaves())
    elif state is not FindingState.SILENT:
        message = render(rule.message, observations, row, streak)
    fires = state is FindingState.FIRES
    recommend = rule.recommend if fires else None
    frame = observations.kpis if rule.scope is Scope.KPI else observations.projects
    project = frame["project_name" if rule.scope is Scope.KPI else "name"][row]
    kpi_name = frame["name"][row] if rule.scope is Scope.KPI else None
    standing = Standing(
        subject=project if kpi_name is None else f"{project}: {kpi_name}",
        state=state,
        streak=streak,
        since=since,
        message=message,
        applies=here["applies"],
        applies_to=next((part.explanation for part in parts if part.name == "applies_to"), None),
        when=_when(parts),
    )
    return Why(
        rule=rule,
        project_id=here["project"],
        project_name=project,
        kpi_id=here["kpi"],
        kpi_name=kpi_name,
        period=here["period"],
        seen_on=frame["seen_on"][row],
        state=state,
        streak=streak,
        since=since,
        message=message,
        sentence=sentence(rule, standing),
        because=render(recommend.because, observations, row) if recommend else None,
        proposed=selected(rule, observations, row) if recommend else (),
        parts=parts,
        periods=tuple(_told(rule, observations, until.tail(periods))),
    )


def conditions_of(rule: Rule) -> Iterator[tuple[str, Checked]]:
    """The rule's conditions by the keys they stand behind."""
    named = (("applies_to", rule.applies_to), ("when", rule.when), ("clear_when", rule.clear_when))
    return ((name, condition) for name, condition in named if condition is not None)


def _when(parts: Sequence[Part]) -> Explanation:
    return next(part.explanation for part in parts if part.name == "when")


def _since(until: pl.DataFrame) -> date | None:
    """When the episode began that goes on in the last row."""
    last = pl.col("row") == until["row"][-1]
    going_on = episodes(until.with_columns(is_last=last)).filter("ongoing")
    return going_on["start"][0] if going_on.height else None


def _told(rule: Rule, observations: Observations, rows: pl.DataFrame) -> Iterator[Told]:
    for each in rows.iter_rows(named=True):
        row: int = each["row"]
        figures: tuple[Value, ...] = (None, None, None)
        if rule.scope is Scope.KPI:
            names = ("planned_to_date", "actual_to_date", "attainment")
            figures = tuple(_figure(observations.kpis[name][row]) for name in names)
        planned, actual, attainment = figures
        yield Told(
            period=each["period"],
            planned=planned,
            actual=actual,
            attainment=attainment,
            applies=each["applies"],
            when=explain(rule.when, observations, row).value,
            state=FindingState(each["state"]),
            streak=each["streak"],
        )


def _figure(cell: float | None) -> Decimal | None:
    return None if cell is None else Decimal(repr(cell))
