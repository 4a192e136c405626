"""What a sweep writes: the findings of a project where they are others, and in the end what it came to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.finding import Finding
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.rulebook.rule import Rulebook
from govern.rulebook.snoozes import Snooze
from govern.services.judged import Judged, digest_of
from govern.services.ledger import SERVICE, keep_each_as_it_is, record_event, record_many
from govern.services.proposing import Cited, snooze_of
from govern.store import findings as stored

_SAID: Final = (
    *("rule_id", "kpi_id", "period", "state", "streak", "severity", "message", "observed"),
    *("snoozed", "withheld"),
)
"""What a finding says; two with the same are one finding that stands."""


@dataclass(slots=True)
class Sweeping:
    """A sweep being written, in the caller's transaction. It is there once something has to be: a sweep
    that finds what stands already is none."""

    connection: Connection
    actor: Actor
    rulebook: Rulebook
    as_of: date
    now: datetime
    _id: int | None = None
    _kept: dict[str, str] = field(default_factory=dict[str, str])
    _facts: dict[str, str] = field(default_factory=dict[str, str])
    _outcomes: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def has_begun(self) -> bool:
        return self._id is not None

    @property
    def outcome_digest(self) -> str:
        """Over what was written of each project, in order of project."""
        return digest_of(sorted(map(list, self._outcomes.items())))

    def others(
        self,
        judged: Judged,
        project_ids: Collection[str],
        rows: Mapping[str, list[Record]],
        *,
        anew: bool,
    ) -> set[str]:
        """The projects of which something else was found than what stands, of all that have findings
        where `anew`. `rows` are the findings of each project until now."""
        found: set[str] = set()
        for project_id in project_ids:
            stands = [each for each in rows.get(project_id, ()) if each["ended_by"] is None]
            said = [_said(each) for each in self._rows(judged, project_id)]
            if (anew and (stands or said)) or said != [_said(each) for each in stands]:
                found.add(project_id)
        return found

    def findings(
        self, judged: Judged, project_ids: Collection[str], *, standing: bool
    ) -> dict[str, int]:
        """Writes the findings of projects whose facts were kept, in place of those that stand, or beside
        them; returns the number of each project's event."""
        if not project_ids:
            return {}
        sweep_id = self._begun()
        rows: dict[str, list[Record]] = {}
        for project_id in sorted(project_ids):
            facts_digest = self._kept[project_id]
            told = self._rows(judged, project_id)
            self._facts[project_id] = facts_digest
            self._outcomes[project_id] = digest_of([plain(_said(each)) for each in told])
            rows[project_id] = [
                {
                    **each,
                    "project_id": project_id,
                    "as_of": self.as_of,
                    "rulebook_digest": self.rulebook.digest,
                    "facts_digest": facts_digest,
                    "sweep_id": sweep_id,
                    "ended_by": None if standing else sweep_id,
                }
                for each in told
            ]
        if standing:
            stored.end(self.connection, rows, sweep_id)
        every = [row for of_project in rows.values() for row in of_project]
        ids = iter(stored.add(self.connection, every))
        events = {
            project_id: {
                "sweep": sweep_id,
                "as_of": self.as_of,
                "rulebook_digest": self.rulebook.digest,
                "facts_digest": self._kept[project_id],
                "engine": ENGINE_VERSION,
                "findings": [_fact(next(ids), row) for row in of_project],
                **({"standing": True} if standing else {}),
            }
            for project_id, of_project in rows.items()
        }
        return record_many(self.connection, self.actor, "findings.recorded", events, self.now)

    def keep(self, judged: Judged, project_ids: Collection[str]) -> None:
        """Keeps the facts of these projects, which what is written of them cites."""
        judged.keep(self.connection, project_ids, self.now)
        digests = keep_each_as_it_is(self.connection, judged.facts.values(), self.now)
        self._kept = dict(zip(judged.facts, digests, strict=True))

    def cited(self, project_id: str) -> Cited:
        """What is cited of a project whose facts were kept."""
        return Cited(self.rulebook.digest, self._kept[project_id])

    def end(self, counts: Mapping[str, int]) -> int:
        """Writes what the sweep came to; `counts` are the findings of all projects by state."""
        sweep_id = self._begun()
        told = {
            "facts_digest": digest_of(sorted(map(list, self._facts.items()))),
            "outcome_digest": self.outcome_digest,
            "counts": dict(counts),
        }
        stored.finish_sweep(self.connection, sweep_id, told)
        record_event(
            self.connection,
            SERVICE,
            self.actor,
            "sweep.recorded",
            {
                "sweep": sweep_id,
                "as_of": self.as_of,
                "rulebook_digest": self.rulebook.digest,
                **told,
                "engine": ENGINE_VERSION,
            },
            self.now,
        )
        return sweep_id

    def _begun(self) -> int:
        if self._id is None:
            self._id = stored.begin_sweep(
                self.connection,
                {
                    "as_of": self.as_of,
                    "rulebook_digest": self.rulebook.digest,
                    "recorded_by": self.actor.person_id,
                },
                self.now,
            )
        return self._id

    def _rows(self, judged: Judged, project_id: str) -> list[Record]:
        return [self._row(judged, each) for each in judged.found.get(project_id, ())]

    def _row(self, judged: Judged, finding: Finding) -> Record:
        subject = (finding.rule_id, finding.project_id, finding.kpi_id)
        return {
            "rule_id": finding.rule_id,
            "kpi_id": finding.kpi_id,
            "period": finding.period,
            "state": finding.state.value,
            "streak": finding.streak,
            "severity": finding.severity.value,
            "message": finding.message,
            "observed": plain(finding.values),
            "snoozed": _told(snooze_of(self.rulebook, finding, self.as_of)),
            "withheld": subject in judged.withheld,
        }


def _said(row: Record) -> list[Any]:
    return [row[name] for name in _SAID]


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
