"""What the rulebook says of some projects as of a date, before anything is written."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection

from govern.domain.finding import Finding, FindingState
from govern.domain.progress import nobody_watches
from govern.domain.standing import Subject
from govern.ledger.canonical import canonical
from govern.observation.facts import facts_by_project
from govern.observation.frame import observe
from govern.observation.next_look import next_looks
from govern.observation.tables import ObservationTables
from govern.rulebook.findings import Proposal, findings, proposals
from govern.rulebook.judge import judge
from govern.rulebook.rule import Rulebook, Scope
from govern.services.engines import Engine
from govern.services.observing import inputs_elsewhere, load_tables
from govern.services.personal import hide
from govern.store.sweeping import Looked

PROJECTS_AT_ONCE = 2_000
"""A portfolio is judged in pieces of this size, so that memory does not grow with it."""

_COUNTED = ("fires", "pending", "silent", "unknown")


@dataclass(slots=True)
class Judged:
    """What the rulebook said of a piece of the portfolio. `found` has the findings of each project that
    has any, in the order of rules. `withheld`: what fires anew while it is snoozed or a worse
    recommendation is open, so that it is proposed when that is over. `facts` are those that were kept
    by `keep`, as they are hashed, personal texts as references. `inputs` are pairs of a project and a
    KPI elsewhere that it reads."""

    rulebook: Rulebook
    as_of: date
    tables: ObservationTables
    found: dict[str, list[Finding]]
    proposals: dict[Subject, Proposal]
    counts: pl.DataFrame
    inputs: list[tuple[str, str]]
    withheld: set[Subject] = field(default_factory=set[Subject])
    facts: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def keep(self, connection: Connection, project_ids: Collection[str], now: datetime) -> None:
        """Makes the facts of these projects, which what is written of them cites."""
        seen = facts_by_project(self.tables.of_projects(project_ids), self.as_of)
        self.facts |= dict(zip(seen, hide(connection, list(seen.values()), now), strict=True))

    @property
    def project_ids(self) -> list[str]:
        return self.tables.projects["project"].to_list()

    def is_silent(self, subject: Subject) -> bool:
        """Whether the rule was judged on it and has nothing to say."""
        rule_id, project_id, kpi_id = subject
        rule = self.rulebook.rule(rule_id)
        if rule is None or not rule.status.is_judged:
            return False
        if (rule.scope is Scope.PROJECT) != (kpi_id is None):
            return False
        loud = {(each.rule_id, each.kpi_id) for each in self.found.get(project_id, ())}
        return (rule_id, kpi_id) not in loud

    def looked(self, seqs: dict[str, int]) -> dict[str, Looked]:
        """What is to be remembered of each project; `seqs` has the number of its last event seen."""
        days = next_looks(self.tables, self.as_of)
        return {
            project: Looked(seq=seqs[project], next_on=days[project], **counted)
            for project, counted in zip(
                self.counts["project"], self.counts.drop("project").to_dicts(), strict=True
            )
        }


def judge_projects(
    connection: Connection, rulebook: Rulebook, project_ids: Collection[str], as_of: date
) -> Judged:
    tables = load_tables(connection, set(project_ids))
    observations = observe(tables, as_of)
    states = judge(rulebook, observations)
    found: dict[str, list[Finding]] = {}
    for finding in findings(rulebook, observations, states):
        found.setdefault(finding.project_id, []).append(finding)
    return Judged(
        rulebook=rulebook,
        as_of=as_of,
        tables=tables,
        found=found,
        proposals={
            (each.rule_id, each.project_id, each.kpi_id): each
            for each in proposals(rulebook, observations, states)
        },
        counts=_counts(tables, states),
        inputs=inputs_elsewhere(connection, tables),
    )


@dataclass(frozen=True, slots=True)
class _Judging:
    """`judge_projects`, for an engine."""

    rulebook: Rulebook
    as_of: date

    def __call__(self, connection: Connection, project_ids: list[str]) -> Judged:
        return judge_projects(connection, self.rulebook, project_ids, self.as_of)


def judge_in_pieces(
    engine: Engine,
    connection: Connection,
    rulebook: Rulebook,
    project_ids: Collection[str],
    as_of: date,
) -> Iterator[Judged]:
    """The projects in order, so many at once as are judged together."""
    work = _Judging(rulebook, as_of)
    return engine.over_database(
        work, connection, sorted(project_ids), PROJECTS_AT_ONCE, nobody_watches
    )


def digest_of(value: Any) -> str:
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def _counts(tables: ObservationTables, states: pl.DataFrame) -> pl.DataFrame:
    """One row per project: findings by state, KPIs, readings of KPIs that somebody reports, and the
    period of the newest of these."""
    state = pl.col("state")
    of_states = states.group_by("project").agg(
        (state == name).sum().cast(pl.Int64).alias(name)
        for name in map(str, map(FindingState, _COUNTED))
    )
    of_kpis = tables.kpis.group_by("project").agg(kpis=pl.len().cast(pl.Int64))
    reported = (
        tables.values.filter(pl.col("actual").is_not_null())
        .join(tables.kpis.filter(pl.col("formula").is_null()).select("kpi", "project"), on="kpi")
        .group_by("project")
        .agg(readings=pl.len().cast(pl.Int64), newest_reading=pl.col("period").max())
    )
    joined = tables.projects.select("project")
    for each in (of_states, of_kpis, reported):
        joined = joined.join(each, on="project", how="left", maintain_order="left")
    counted = pl.col(*_COUNTED, "kpis", "readings").fill_null(0)
    return joined.with_columns(counted).select(
        "project", *_COUNTED, "kpis", "readings", "newest_reading"
    )
