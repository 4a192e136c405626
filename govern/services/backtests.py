"""What rules would have done to the whole portfolio over a range of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.progress import Progress, nobody_watches
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.role import Permission
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.intake.outcomes import OutcomeFileRefused, read_outcomes
from govern.observation.tables import ObservationTables
from govern.rulebook.backtest import Backtest, Backtesting, RuleRecord
from govern.rulebook.judge import columns_judged
from govern.rulebook.outcomes import Accuracy, Outcomes
from govern.rulebook.rule import Rule, Rulebook
from govern.services.access import require_everywhere
from govern.services.engines import EMBEDDED, Engine
from govern.services.frame_folder import FrameFolder
from govern.services.judging import (
    range_of,
    require_trying,
    rule_of,
    rulebook_of,
    tried_on,
)
from govern.services.observing import load_tables
from govern.services.runtime import Runtime
from govern.store import projects


def backtest(
    runtime: Runtime,
    actor: Actor,
    *,
    rules: Sequence[str] = (),
    first: date | None = None,
    last: date | None = None,
    draft: Rulebook | None = None,
    revision: str | None = None,
    stage: str | None = None,
    outcomes: Outcomes | None = None,
    most_episodes: int | None = None,
    at_once: int | None = None,
    folder: FrameFolder | None = None,
    engine: Engine = EMBEDDED,
    progress: Progress = nobody_watches,
    now: datetime,
) -> Record:
    """Judges every period that ends from `first` to `last`, on the facts as they are known now, or as
    a `folder` has them.

    By the rulebook in force, a `draft`, or the `revision` with that digest; all its active and
    shadow rules, or the named ones whatever their status. Alarms are held against `outcomes`, or
    against entering a `stage`. `most_episodes` limits how many of them are listed, not what is
    counted. Takes a role that tries rules, and looks at the projects it is held on; for a folder, which
    has all projects, one that holds everywhere. Raises NotAllowed, NotFound (rule, revision),
    InvalidInput and NoRulebook.
    """
    require_trying(actor)
    if stage is not None and outcomes is not None:
        raise InvalidInput(
            "Alarms are held against a stage or against outcomes, not both.",
            errors={"against": ["leave it out, or the outcomes"]},
        )
    asked = range_of(first, last, now)
    with runtime.for_reports().store.reading() as connection:
        rulebook = draft or rulebook_of(runtime, connection, revision)
        chosen = tuple(rule_of(rulebook, name) for name in dict.fromkeys(rules))
        against = outcomes if stage is None else _entered(runtime, connection, actor, stage)
        work = _Tested(chosen or rulebook.judged, asked.first, asked.last, against, most_episodes)
        testing = work.begun()
        for part in _parts(engine, work, connection, actor, folder, at_once, progress):
            testing.join(part)
    return _told(testing.result(), rulebook.digest, against, most_episodes)


@dataclass(frozen=True, slots=True)
class _Tested:
    """What a backtest makes of a piece of the portfolio; see `Backtesting`."""

    rules: Sequence[Rule]
    first: date
    last: date
    outcomes: Outcomes | None
    listed: int | None

    def begun(self) -> Backtesting:
        return Backtesting(self.rules, self.first, self.last, self.outcomes, self.listed)

    def of_tables(self, tables: ObservationTables) -> Backtesting:
        testing = self.begun()
        testing.add(testing.observed(tables))
        return testing

    def of_projects(self, connection: Connection, project_ids: list[str]) -> Backtesting:
        read = columns_judged(self.rules)
        return self.of_tables(load_tables(connection, set(project_ids), read))


def _parts(
    engine: Engine,
    work: _Tested,
    connection: Connection,
    actor: Actor,
    folder: FrameFolder | None,
    at_once: int | None,
    progress: Progress,
) -> Iterator[Backtesting]:
    if folder is not None:
        require_everywhere(actor, Permission.TRY_RULES)
        return engine.over_folder(work.of_tables, folder, at_once or folder.largest, progress)
    ids, size = tried_on(connection, actor, at_once)
    return engine.over_database(work.of_projects, connection, ids, size, progress)


def outcomes_of_file(path: Path, words: Sequence[str] = ()) -> Outcomes:
    """What became of projects, from a CSV file; `words` are the outcomes that count, all if none.

    Raises InvalidInput with every row that cannot be taken.
    """
    try:
        return Outcomes(path.name, read_outcomes(path, words))
    except OutcomeFileRefused as refused:
        raise InvalidInput(
            f"The outcomes in {path} cannot be taken.",
            errors={path.name: [str(each) for each in refused.refusals]},
        ) from refused


def outcomes_given(given: Sequence[Record]) -> Outcomes | None:
    """What became of projects, as somebody says: each `project` and the day (`on`) it happened. The
    first day counts. None of nothing."""
    first: dict[str, date] = {}
    for each in given:
        first[each["project"]] = min(each["on"], first.get(each["project"], each["on"]))
    return Outcomes("as given", first) if first else None


def _entered(runtime: Runtime, connection: Connection, actor: Actor, stage: str) -> Outcomes:
    known = {ON_HOLD, TERMINATED} | {
        name
        for digest in projects.workflow_digests(connection, actor)
        for name in runtime.catalog.process(connection, digest).workflow.stages
    }
    if stage not in known:
        raise InvalidInput(
            f"There is no stage '{stage}'.",
            errors={"against": [f"a stage: {', '.join(sorted(known))}"]},
        )
    moves = projects.entered(connection, stage)
    return Outcomes(
        name=stage,
        on={project: since for project, since in moves if since is not None},
        undated=frozenset(project for project, since in moves if since is None),
    )


def _told(
    found: Backtest, digest: str, against: Outcomes | None, most_episodes: int | None
) -> Record:
    listed = found.episodes if most_episodes is None else found.episodes.head(most_episodes)
    return {
        "rulebook_digest": digest,
        "from": found.first,
        "to": found.last,
        "projects": found.projects,
        "against": None if against is None else against.name,
        "rules": [_rule(record) for record in found.rules],
        "together": _accuracy(found.together),
        "episodes": listed.to_dicts(),
        "left_off": sum(each.episodes for each in found.rules) - listed.height,
    }


def _rule(record: RuleRecord) -> Record:
    rule, counts = record.rule, record.counts
    return {
        "rule": rule.id,
        "title": rule.title,
        "scope": rule.scope,
        "status": rule.status,
        "severity": rule.severity,
        "subjects": counts.subjects,
        "periods": counts.periods,
        "fired": counts.fired,
        "pending": counts.pending,
        "unknown": counts.unknown,
        "unknown_share": record.unknown_share,
        "subjects_fired": record.subjects_fired,
        "episodes": record.episodes,
        "ongoing": record.ongoing,
        "flapping": record.flapping,
        "median_periods": record.median_periods,
        "accuracy": _accuracy(record.accuracy),
    }


def _accuracy(accuracy: Accuracy | None) -> Record | None:
    if accuracy is None:
        return None
    return {
        "outcomes": accuracy.outcomes,
        "looked_at": accuracy.looked_at,
        "warned": accuracy.warned,
        "late": accuracy.late,
        "false_alarms": accuracy.false_alarms,
        "left_out": accuracy.left_out,
        "precision": accuracy.precision,
        "recall": accuracy.recall,
        "lead_days": accuracy.lead_days,
    }
