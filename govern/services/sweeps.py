"""The sweep: every project judged by the published rulebook, findings and recommendations written."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.finding import Finding, FindingState
from govern.domain.plain import plain
from govern.domain.recommendation import OPEN, RecommendationStatus
from govern.domain.refusal import InvalidInput
from govern.domain.role import Permission
from govern.ledger.canonical import canonical
from govern.observation.facts import facts_by_project
from govern.observation.frame import observe
from govern.rulebook.findings import Proposal, findings, proposals
from govern.rulebook.judge import judge
from govern.rulebook.rule import Rulebook
from govern.rulebook.snoozes import Snooze
from govern.services.access import require_everywhere
from govern.services.ledger import SERVICE, keep, record_event
from govern.services.runtime import Runtime
from govern.store import findings as stored
from govern.store import recommendations
from govern.store.observations import load_tables, project_ids_in_chunks

PROJECTS_AT_ONCE = 2_000
"""A portfolio is judged in pieces of this size, so that memory does not grow with it."""

Subject = tuple[str, str, str | None]
"""Rule, project, KPI: what one finding or recommendation is about."""


@dataclass(frozen=True, slots=True)
class SweepResult:
    """`counts` are the findings by state, silent ones included. `unchanged`: nothing was written,
    because the last sweep of this date found the same. `proposed` and `cleared` count
    recommendations; `historic` says that a later date has been swept, so that they were left
    alone. `newest_reading` is the last period of the portfolio that has an actual."""

    id: int
    as_of: date
    rulebook_digest: str
    projects: int
    readings: int
    counts: dict[str, int]
    proposed: int
    cleared: int
    unchanged: bool
    historic: bool
    newest_reading: date | None


@dataclass(slots=True)
class _Judged:
    """What the rulebook said of the whole portfolio. `withheld`: what fires anew while it is snoozed,
    so that it is proposed when the snooze is over."""

    found: list[Finding] = field(default_factory=list[Finding])
    silent: set[Subject] = field(default_factory=set[Subject])
    proposals: dict[Subject, Proposal] = field(default_factory=dict[Subject, Proposal])
    facts: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    digests: dict[str, str] = field(default_factory=dict[str, str])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    withheld: set[Subject] = field(default_factory=set[Subject])
    readings: int = 0
    newest_reading: date | None = None


def sweep(runtime: Runtime, actor: Actor, *, as_of: date, now: datetime) -> SweepResult:
    """Judges every project as of a date. Running it again on the same facts changes nothing.

    Raises NoRulebook, NotAllowed, and InvalidInput for a date that has not come.
    """
    require_everywhere(actor, Permission.RUN_SWEEP)
    if as_of > now.date():
        raise InvalidInput(
            "Nobody has reported on the future.",
            errors={"as_of": [f"today, {now.date().isoformat()}, or earlier"]},
        )
    with runtime.store.writing() as connection:
        rulebook = runtime.catalog.published(connection)
        judged = _judge(connection, rulebook, as_of)
        newest = stored.newest_as_of(connection)
        historic = newest is not None and as_of < newest
        facts_digest = _portfolio_digest(judged.digests)
        earlier = stored.latest_sweep(connection, as_of)
        before = _before(connection)
        changes = [] if historic else _changes(connection, rulebook, judged, before, as_of)
        unchanged = (
            earlier is not None
            and earlier["rulebook_digest"] == rulebook.digest
            and earlier["outcome_digest"] == _outcome_digest(judged)
            and not changes
        )
        if unchanged:
            assert earlier is not None  # noqa: S101 - part of what `unchanged` means
            sweep_id: int = earlier["id"]
        else:
            sweep_id = stored.add_sweep(
                connection,
                {
                    "as_of": as_of,
                    "rulebook_digest": rulebook.digest,
                    "facts_digest": facts_digest,
                    "outcome_digest": _outcome_digest(judged),
                    "counts": judged.counts,
                    "recorded_by": actor.person_id,
                },
                now,
            )
            _write_findings(connection, actor, rulebook, judged, sweep_id, as_of, now)
            for change in changes:
                change.write(connection, actor, rulebook, judged, now)
            record_event(
                connection,
                SERVICE,
                actor,
                "sweep.recorded",
                {
                    "sweep": sweep_id,
                    "as_of": as_of,
                    "rulebook_digest": rulebook.digest,
                    "facts_digest": facts_digest,
                    "counts": judged.counts,
                    "engine": ENGINE_VERSION,
                },
                now,
            )
    return SweepResult(
        id=sweep_id,
        as_of=as_of,
        rulebook_digest=rulebook.digest,
        projects=len(judged.digests),
        readings=judged.readings,
        counts=judged.counts,
        proposed=sum(isinstance(change, _Propose) for change in changes),
        cleared=sum(isinstance(change, _Clear) for change in changes),
        unchanged=unchanged,
        historic=historic,
        newest_reading=judged.newest_reading,
    )


def _judge(connection: Connection, rulebook: Rulebook, as_of: date) -> _Judged:
    judged = _Judged(counts={state.value: 0 for state in FindingState})
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
        reported = tables.values.filter(pl.col("actual").is_not_null())["period"]
        judged.readings += len(reported)
        newest: list[date] = reported.sort().tail(1).to_list()
        if judged.newest_reading is not None:
            newest.append(judged.newest_reading)
        judged.newest_reading = max(newest, default=None)
        facts = facts_by_project(tables, as_of)
        judged.facts |= facts
        judged.digests |= {project_id: _digest(each) for project_id, each in facts.items()}
    return judged


@dataclass(frozen=True, slots=True)
class _Before:
    """Of the sweep that stands for today: what was firing or unknown, an episode that goes on; and
    of that what was withheld."""

    episodes: set[Subject]
    withheld: set[Subject]


def _before(connection: Connection) -> _Before:
    current = stored.current_sweep_id(connection)
    if current is None:
        return _Before(set(), set())
    states = {FindingState.FIRES, FindingState.UNKNOWN}
    return _Before(
        stored.subjects_in(connection, current, states), stored.withheld_in(connection, current)
    )


def _changes(
    connection: Connection, rulebook: Rulebook, judged: _Judged, before: _Before, as_of: date
) -> "list[_Propose | _Clear]":
    """One open recommendation per rule and subject: a new one only where a new episode begins, and
    not while that is snoozed."""
    newest = recommendations.newest_per_subject(connection)
    changes: list[_Propose | _Clear] = []
    for finding in judged.found:
        subject = (finding.rule_id, finding.project_id, finding.kpi_id)
        if finding.state is FindingState.UNKNOWN and subject in before.withheld:
            judged.withheld.add(subject)
        if finding.state is not FindingState.FIRES or subject not in judged.proposals:
            continue
        status = newest.get(subject)
        goes_on = (
            status is not None
            and status != RecommendationStatus.CLEARED
            and (subject in before.episodes - before.withheld or status in OPEN)
        )
        if not goes_on and _snooze(rulebook, finding, as_of) is not None:
            judged.withheld.add(subject)
        elif not goes_on:
            changes.append(_Propose(finding, judged.proposals[subject]))
    live = {rule.id for rule in rulebook.rules}
    for open_one in recommendations.all_open(connection):
        subject = (open_one["rule"], open_one["project"], open_one["kpi"])
        if open_one["rule"] not in live:
            changes.append(_Clear(open_one, "the rule is no longer in the rulebook"))
        elif subject in judged.silent:
            changes.append(_Clear(open_one, "the rule is silent again"))
    return changes


@dataclass(frozen=True, slots=True)
class _Propose:
    finding: Finding
    proposal: Proposal

    def write(
        self,
        connection: Connection,
        actor: Actor,
        rulebook: Rulebook,
        judged: _Judged,
        now: datetime,
    ) -> None:
        finding, proposal = self.finding, self.proposal
        facts_digest = keep(connection, judged.facts[finding.project_id], now)
        values = {
            "project_id": finding.project_id,
            "kpi_id": finding.kpi_id,
            "rule_id": finding.rule_id,
            "rulebook_digest": rulebook.digest,
            "facts_digest": facts_digest,
            "period": finding.period,
            "action": proposal.action.value,
            "severity": finding.severity.value,
            "title": proposal.title,
            "message": finding.message,
            "because": proposal.because,
            "proposal": plain({"deliverables": proposal.deliverables}),
            "observed": plain(finding.values),
            "status": RecommendationStatus.PROPOSED.value,
            "decided_by_role": proposal.decided_by.value,
            "decide_by": proposal.calendar.deadline(now, proposal.decide_by_working_days),
            "recorded_at": now,
        }
        number = recommendations.add(connection, values)
        told = ("project_id", "kpi_id", "rule_id", "recorded_at")
        record_event(
            connection,
            finding.project_id,
            actor,
            "recommendation.proposed",
            {
                "recommendation": number,
                "rule": finding.rule_id,
                "kpi": finding.kpi_id,
                **{name: value for name, value in values.items() if name not in told},
            },
            now,
        )


@dataclass(frozen=True, slots=True)
class _Clear:
    recommendation: dict[str, Any]
    reason: str

    def write(
        self,
        connection: Connection,
        actor: Actor,
        rulebook: Rulebook,
        judged: _Judged,
        now: datetime,
    ) -> None:
        found = self.recommendation
        recommendations.change(
            connection,
            found["id"],
            found["version"],
            {"status": RecommendationStatus.CLEARED.value, "reason": self.reason},
        )
        record_event(
            connection,
            found["project"],
            actor,
            "recommendation.cleared",
            {
                "recommendation": found["id"],
                "rule": found["rule"],
                "kpi": found["kpi"],
                "from": found["status"],
                "reason": self.reason,
                "rulebook_digest": rulebook.digest,
                "facts_digest": keep(connection, judged.facts[found["project"]], now),
            },
            now,
        )


def _write_findings(
    connection: Connection,
    actor: Actor,
    rulebook: Rulebook,
    judged: _Judged,
    sweep_id: int,
    as_of: date,
    now: datetime,
) -> None:
    by_project: dict[str, list[Finding]] = {}
    for finding in judged.found:
        by_project.setdefault(finding.project_id, []).append(finding)
    for project_id, found in by_project.items():
        facts_digest = keep(connection, judged.facts[project_id], now)
        stored.add(
            connection,
            (
                {
                    "rule_id": each.rule_id,
                    "project_id": project_id,
                    "kpi_id": each.kpi_id,
                    "period": each.period,
                    "as_of": as_of,
                    "state": each.state.value,
                    "streak": each.streak,
                    "severity": each.severity.value,
                    "message": each.message,
                    "observed": plain(each.values),
                    "rulebook_digest": rulebook.digest,
                    "facts_digest": facts_digest,
                    "snoozed": _told(_snooze(rulebook, each, as_of)),
                    "withheld": (each.rule_id, project_id, each.kpi_id) in judged.withheld,
                    "sweep_id": sweep_id,
                }
                for each in found
            ),
        )
        record_event(
            connection,
            project_id,
            actor,
            "findings.recorded",
            {
                "sweep": sweep_id,
                "as_of": as_of,
                "rulebook_digest": rulebook.digest,
                "facts_digest": facts_digest,
                "engine": ENGINE_VERSION,
                "findings": [
                    {
                        "rule": each.rule_id,
                        "kpi": each.kpi_id,
                        "period": each.period,
                        "state": each.state,
                        "streak": each.streak,
                        **_until(_snooze(rulebook, each, as_of)),
                    }
                    for each in found
                ],
            },
            now,
        )


def _snooze(rulebook: Rulebook, finding: Finding, as_of: date) -> Snooze | None:
    """The snooze that a finding is under, the one that lasts longest."""
    subject = (finding.rule_id, finding.project_id, finding.kpi_id)
    under = [each for each in rulebook.snoozes if each.covers(*subject, as_of)]
    return max(under, key=lambda each: each.until, default=None)


def _told(snooze: Snooze | None) -> dict[str, str] | None:
    if snooze is None:
        return None
    return {"until": snooze.until.isoformat(), "by": snooze.by, "because": snooze.because}


def _until(snooze: Snooze | None) -> dict[str, date]:
    """For the ledger: who and why stand in the rulebook that the event cites, names stay outside."""
    return {} if snooze is None else {"snoozed_until": snooze.until}


def _digest(value: Any) -> str:
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def _portfolio_digest(digests: dict[str, str]) -> str:
    """Over the facts digest of each project, in order of project."""
    return _digest([[project, digest] for project, digest in sorted(digests.items())])


def _outcome_digest(judged: _Judged) -> str:
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
