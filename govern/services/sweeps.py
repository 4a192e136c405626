"""The sweep: projects judged by the published rulebook, findings and recommendations written.

It looks at the projects that may come out otherwise than at the sweep before (`services.looking`), and
writes of each only what is new: so it comes to the same whether it looks at some of them or at all.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from govern.domain.actor import Actor
from govern.domain.finding import FindingState
from govern.domain.refusal import InvalidInput
from govern.domain.role import Permission
from govern.services.access import require_everywhere
from govern.services.engines import EMBEDDED, Engine
from govern.services.judged import Judged, judge_in_pieces
from govern.services.looking import Looking, Why, looking, looking_at_all
from govern.services.proposing import Cited, Clear, Propose, before, changes_to
from govern.services.runtime import Runtime
from govern.services.sweep_writing import Sweeping
from govern.services.watch import Work
from govern.store import findings as stored
from govern.store import sweeping


@dataclass(frozen=True, slots=True)
class SweepResult:
    """`counts` are the findings of all projects by state, silent ones included. `unchanged`: nothing was
    written, because the last sweep of this date found the same. `proposed`, `cleared` and `superseded`
    count recommendations; `historic` says that a later date has been swept, so that they were left
    alone. `newest_reading` is the last period of the portfolio that has an actual. Of the `projects`,
    `looked_at` were looked at; `why` says of how many for which reason."""

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
    looked_at: int
    why: dict[str, int]


@dataclass(slots=True)
class _Tally:
    """What a sweep came to, over all projects."""

    projects: int = 0
    kpis: int = 0
    readings: int = 0
    newest_reading: date | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, FindingState), 0))
    proposed: int = 0
    cleared: int = 0
    superseded: int = 0


def sweep(
    runtime: Runtime,
    actor: Actor,
    *,
    as_of: date,
    everything: bool = False,
    engine: Engine = EMBEDDED,
    now: datetime,
) -> SweepResult:
    """Judges the projects as of a date. Running it again on the same facts changes nothing.

    `everything` looks at every project, whatever the sweep before knew of it. Raises NoRulebook,
    NotAllowed, and InvalidInput for a date that has not come.
    """
    require_everywhere(actor, Permission.RUN_SWEEP)
    if as_of > now.date():
        raise InvalidInput(
            "Nobody has reported on the future.",
            errors={"as_of": [f"today, {now.date().isoformat()}, or earlier"]},
        )
    with runtime.watch.work(Work.SWEEP) as told, runtime.store.writing(large=True) as connection:
        rulebook = runtime.catalog.published(connection)
        # Whoever sweeps at the same time waits here.
        stood = sweeping.hold(connection)
        newest = stored.newest_as_of(connection)
        writing = Sweeping(connection, actor, rulebook, as_of, now)
        if newest is not None and as_of < newest:
            result, kpis = _looked_back(writing, engine)
        else:
            seen = (
                looking_at_all(connection, rulebook, Why.ALL)
                if everything
                else looking(connection, rulebook, stood, newest, as_of)
            )
            anew = stood is None or stood.rulebook_digest != rulebook.digest
            result, kpis = _swept(writing, seen, newest, anew, engine)
            sweeping.stand_on(connection, seen.base)
        told.outcome = "unchanged" if result.unchanged else "recorded"
        told.count(projects=result.projects, kpis=kpis, **result.counts)
    return result


def _swept(
    writing: Sweeping, seen: Looking, newest: date | None, anew: bool, engine: Engine
) -> tuple[SweepResult, int]:
    """As of today, or the latest date that was judged so far. `anew`: what stands was found by another
    rulebook. Also how many KPIs there are."""
    connection = writing.connection
    current = stored.current_sweep_id(connection)
    tally = _Tally()
    all_changes: list[tuple[Propose | Clear, Cited]] = []
    rulebook, as_of = writing.rulebook, writing.as_of
    for judged in judge_in_pieces(engine, connection, rulebook, seen.seqs, as_of):
        project_ids = judged.project_ids
        rows = {} if current is None else stored.of_sweep(connection, current, project_ids)
        stood = before([row for of_project in rows.values() for row in of_project])
        changes = changes_to(connection, judged, project_ids, stood)
        others = writing.others(judged, project_ids, rows, anew=anew)
        writing.keep(judged, others | changes.keys())
        for project_id, number in writing.findings(judged, others, standing=True).items():
            # What others wrote meanwhile is looked at by the next sweep.
            if project_id not in changes and number == seen.seqs[project_id] + 1:
                seen.seqs[project_id] = number
        for project_id in sorted(changes):
            cited = writing.cited(project_id)
            all_changes += ((change, cited) for change in changes[project_id])
        sweeping.remember(connection, judged.looked(seen.seqs), judged.inputs)
    for change, cited in sorted(all_changes, key=lambda each: each[0].place):
        change.write(connection, writing.actor, cited, writing.now)
        _count_change(tally, change)
    total = sweeping.totals(connection)
    tally.counts = {str(state): getattr(total, state) for state in FindingState}
    tally.projects, tally.kpis = total.projects, total.kpis
    tally.readings, tally.newest_reading = total.readings, total.newest_reading
    unchanged = (
        newest == writing.as_of
        and not anew
        and not writing.has_begun
        and not (tally.proposed or tally.cleared)
    )
    if unchanged:
        assert current is not None  # noqa: S101 - there is one of the newest date
        sweep_id = current
    else:
        sweep_id = writing.end(tally.counts)
    return _result(writing, sweep_id, tally, seen.why, len(seen.seqs), unchanged), tally.kpis


def _looked_back(writing: Sweeping, engine: Engine) -> tuple[SweepResult, int]:
    """As of a date before one that was judged already: every project, findings only, of this sweep
    alone. Where the last sweep of that date found the same, nothing is kept of it."""
    connection = writing.connection
    earlier = stored.latest_sweep(connection, writing.as_of)
    ids = sorted(sweeping.heads(connection))
    tally = _Tally()
    # Before the attempt: what a transaction sees is not handed on from within a part of it.
    pieces = judge_in_pieces(engine, connection, writing.rulebook, ids, writing.as_of)
    attempt = connection.begin_nested()
    for judged in pieces:
        writing.keep(judged, judged.found.keys())
        writing.findings(judged, judged.found.keys(), standing=False)
        _count(tally, judged)
    unchanged = (
        earlier is not None
        and earlier["rulebook_digest"] == writing.rulebook.digest
        and earlier["outcome_digest"] == writing.outcome_digest
    )
    if unchanged:
        assert earlier is not None  # noqa: S101 - part of what `unchanged` means
        attempt.rollback()
        sweep_id: int = earlier["id"]
    else:
        sweep_id = writing.end(tally.counts)
        attempt.commit()
    why = {Why.EARLIER_DATE: len(ids)}
    return _result(writing, sweep_id, tally, why, len(ids), unchanged, historic=True), tally.kpis


def _count(tally: _Tally, judged: Judged) -> None:
    for row in judged.counts.to_dicts():
        tally.projects += 1
        tally.kpis += row["kpis"]
        tally.readings += row["readings"]
        for state in FindingState:
            tally.counts[state] += row[state]
        if row["newest_reading"] is not None:
            tally.newest_reading = max(
                row["newest_reading"], tally.newest_reading or row["newest_reading"]
            )


def _count_change(tally: _Tally, change: Propose | Clear) -> None:
    if isinstance(change, Propose):
        tally.proposed += 1
        tally.superseded += len(change.supersedes)
    else:
        tally.cleared += 1


def _result(
    writing: Sweeping,
    sweep_id: int,
    tally: _Tally,
    why: dict[Why, int],
    looked_at: int,
    unchanged: bool,
    historic: bool = False,
) -> SweepResult:
    return SweepResult(
        id=sweep_id,
        as_of=writing.as_of,
        rulebook_digest=writing.rulebook.digest,
        projects=tally.projects,
        readings=tally.readings,
        counts=tally.counts,
        proposed=tally.proposed,
        cleared=tally.cleared,
        superseded=tally.superseded,
        unchanged=unchanged,
        historic=historic,
        newest_reading=tally.newest_reading,
        looked_at=looked_at,
        why={str(reason): count for reason, count in why.items() if count},
    )
