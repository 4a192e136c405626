"""The sweep: every project judged by the published rulebook, findings and recommendations written."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.finding import Finding
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.role import Permission
from govern.rulebook.rule import Rulebook
from govern.rulebook.snoozes import Snooze
from govern.services.access import require_everywhere
from govern.services.judged import Judged, judge_portfolio, outcome_digest, portfolio_digest
from govern.services.ledger import SERVICE, keep_as_it_is, record_event
from govern.services.proposing import Clear, Propose, changes_to, snooze_of, what_stood
from govern.services.runtime import Runtime
from govern.services.watch import Work
from govern.store import findings as stored


@dataclass(frozen=True, slots=True)
class SweepResult:
    """`counts` are the findings by state, silent ones included. `unchanged`: nothing was written,
    because the last sweep of this date found the same. `proposed`, `cleared` and `superseded` count
    recommendations; `historic` says that a later date has been swept, so that they were left alone.
    `newest_reading` is the last period of the portfolio that has an actual."""

    id: int
    as_of: date
    rulebook_digest: str
    projects: int
    readings: int
    counts: dict[str, int]
    proposed: int
    cleared: int
    superseded: int
    unchanged: bool
    historic: bool
    newest_reading: date | None


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
    with runtime.watch.work(Work.SWEEP) as told:
        result, kpis = _swept(runtime, actor, as_of, now)
        told.outcome = "unchanged" if result.unchanged else "recorded"
        told.count(projects=result.projects, kpis=kpis, **result.counts)
    return result


def _swept(runtime: Runtime, actor: Actor, as_of: date, now: datetime) -> tuple[SweepResult, int]:
    """What the sweep came to, and how many KPIs it saw."""
    with runtime.store.writing() as connection:
        rulebook = runtime.catalog.published(connection)
        judged = judge_portfolio(connection, rulebook, as_of, now)
        newest = stored.newest_as_of(connection)
        historic = newest is not None and as_of < newest
        facts_digest = portfolio_digest(judged.digests)
        earlier = stored.latest_sweep(connection, as_of)
        before = what_stood(connection)
        changes = [] if historic else changes_to(connection, rulebook, judged, before, as_of)
        unchanged = (
            earlier is not None
            and earlier["rulebook_digest"] == rulebook.digest
            and earlier["outcome_digest"] == outcome_digest(judged)
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
                    "outcome_digest": outcome_digest(judged),
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
                    "outcome_digest": outcome_digest(judged),
                    "counts": judged.counts,
                    "engine": ENGINE_VERSION,
                },
                now,
            )
    result = SweepResult(
        id=sweep_id,
        as_of=as_of,
        rulebook_digest=rulebook.digest,
        projects=len(judged.digests),
        readings=judged.readings,
        counts=judged.counts,
        proposed=sum(isinstance(change, Propose) for change in changes),
        cleared=sum(isinstance(change, Clear) for change in changes),
        superseded=sum(len(change.supersedes) for change in changes if isinstance(change, Propose)),
        unchanged=unchanged,
        historic=historic,
        newest_reading=judged.newest_reading,
    )
    return result, judged.kpis


def _write_findings(
    connection: Connection,
    actor: Actor,
    rulebook: Rulebook,
    judged: Judged,
    sweep_id: int,
    as_of: date,
    now: datetime,
) -> None:
    by_project: dict[str, list[Finding]] = {}
    for finding in judged.found:
        by_project.setdefault(finding.project_id, []).append(finding)
    # In the order in which whoever else writes to several chains takes them.
    for project_id, found in sorted(by_project.items()):
        facts_digest = keep_as_it_is(connection, judged.facts[project_id], now)
        rows = [
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
                "snoozed": _told(snooze_of(rulebook, each, as_of)),
                "withheld": (each.rule_id, project_id, each.kpi_id) in judged.withheld,
                "sweep_id": sweep_id,
            }
            for each in found
        ]
        ids = stored.add(connection, rows)
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
                "findings": [_fact(number, row) for number, row in zip(ids, rows, strict=True)],
            },
            now,
        )


def _told(snooze: Snooze | None) -> dict[str, str] | None:
    if snooze is None:
        return None
    return {"until": snooze.until.isoformat(), "by": snooze.by, "because": snooze.because}


def _fact(number: int, row: Record) -> Record:
    """As an event tells a finding; `number` is that of its row."""
    snoozed = row["snoozed"]
    return {
        "id": number,
        "rule": row["rule_id"],
        "kpi": row["kpi_id"],
        "period": row["period"],
        "state": row["state"],
        "streak": row["streak"],
        "severity": row["severity"],
        "message": row["message"],
        "observed": row["observed"],
        **({"snoozed_until": snoozed["until"], "snoozed": snoozed} if snoozed else {}),
        **({"withheld": True} if row["withheld"] else {}),
    }
