"""What the rulebook says of the whole portfolio as of a date, before anything is written."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection

from govern.domain.finding import Finding, FindingState
from govern.domain.plain import plain
from govern.domain.standing import Subject
from govern.ledger.canonical import canonical
from govern.observation.facts import facts_by_project
from govern.observation.frame import observe
from govern.rulebook.findings import Proposal, findings, proposals
from govern.rulebook.judge import judge
from govern.rulebook.rule import Rulebook
from govern.services.observing import load_tables
from govern.services.personal import hide
from govern.store.observations import project_ids_in_chunks

PROJECTS_AT_ONCE = 2_000
"""A portfolio is judged in pieces of this size, so that memory does not grow with it."""


@dataclass(slots=True)
class Judged:
    """What the rulebook said of the whole portfolio. `withheld`: what fires anew while it is snoozed
    or a worse recommendation is open, so that it is proposed when that is over. `facts` are as they
    are kept and hashed, personal texts as references."""

    found: list[Finding] = field(default_factory=list[Finding])
    silent: set[Subject] = field(default_factory=set[Subject])
    proposals: dict[Subject, Proposal] = field(default_factory=dict[Subject, Proposal])
    facts: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    digests: dict[str, str] = field(default_factory=dict[str, str])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    withheld: set[Subject] = field(default_factory=set[Subject])
    kpis: int = 0
    readings: int = 0
    newest_reading: date | None = None


def judge_portfolio(
    connection: Connection, rulebook: Rulebook, as_of: date, now: datetime
) -> Judged:
    judged = Judged(counts={state.value: 0 for state in FindingState})
    for ids in project_ids_in_chunks(connection, PROJECTS_AT_ONCE):
        tables = load_tables(connection, set(ids))
        observations = observe(tables, as_of)
        states = judge(rulebook, observations)
        found = findings(rulebook, observations, states)
        judged.found.extend(found)
        for rule, project, kpi, state in states.select(
            "rule", "project", "kpi", "state"
        ).iter_rows():
            judged.counts[state] += 1
            if state == FindingState.SILENT:
                judged.silent.add((rule, project, kpi))
        for proposal in proposals(rulebook, observations, states):
            judged.proposals[proposal.rule_id, proposal.project_id, proposal.kpi_id] = proposal
        computed = tables.kpis.filter(pl.col("formula").is_not_null())["kpi"]
        reported = tables.values.filter(
            pl.col("actual").is_not_null() & ~pl.col("kpi").is_in(computed.implode())
        )["period"]
        judged.kpis += len(tables.kpis)
        judged.readings += len(reported)
        newest: list[date] = reported.sort().tail(1).to_list()
        if judged.newest_reading is not None:
            newest.append(judged.newest_reading)
        judged.newest_reading = max(newest, default=None)
        seen = facts_by_project(tables, as_of)
        facts = dict(zip(seen, hide(connection, list(seen.values()), now), strict=True))
        judged.facts |= facts
        judged.digests |= {project_id: _digest(each) for project_id, each in facts.items()}
    return judged


def portfolio_digest(digests: dict[str, str]) -> str:
    """Over the facts digest of each project, in order of project."""
    return _digest([[project, digest] for project, digest in sorted(digests.items())])


def outcome_digest(judged: Judged) -> str:
    """Over everything found, so that an equal outcome is known by one comparison."""
    return _digest(
        sorted(
            [
                each.rule_id,
                each.project_id,
                each.kpi_id or "",
                each.period.isoformat(),
                each.state.value,
                str(each.streak),
                each.severity.value,
                each.message,
                canonical(plain(each.values)).decode(),
            ]
            for each in judged.found
        )
    )


def _digest(value: Any) -> str:
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()
