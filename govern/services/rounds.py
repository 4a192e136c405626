"""Rounds of voting: a material change to what was put before the deciders asks them all again.

A vote says yes to what its voter saw. Once a criterion comes out otherwise, something that it reads is
another, or evidence was added, the votes cast before are kept and count no more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.process.changes import changed_facts, changes
from govern.process.definition import Gate
from govern.services import gate_judgement
from govern.services.ledger import kept, record_event
from govern.services.runtime import Runtime
from govern.store import submissions


def refresh(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    found: Record,
    project: Record,
    gate: Gate,
    *,
    brought: Sequence[dict[str, Any]] | None = None,
    now: datetime,
) -> tuple[str, ...]:
    """Judges an open submission, which the caller has locked, on what is known now.

    Returns what has materially changed, in sentences; where that is something, the submission
    holds the new judgement, and a new round has begun if anybody had voted. `brought` is the
    evidence where it is another.
    """
    evidence = found["evidence"] if brought is None else list(brought)
    judged = gate_judgement.judge(
        runtime,
        connection,
        project,
        gate,
        as_of=now.date(),
        brought=evidence,
        submission_id=found["id"],
        workflow_digest=found["workflow_digest"],
        before=found,
        now=now,
    )
    changed = changes(found["results"], judged.results, found["evidence"], evidence) or _of_facts(
        connection, gate, found["facts_digest"], judged.facts_digest
    )
    if not changed:
        return ()
    stale = [
        each
        for each in submissions.votes(connection, found["id"])
        if each["round"] == found["round"]
    ]
    fields = {
        **judged.columns(),
        "evidence": evidence,
        "changed": list(changed),
        "round": found["round"] + bool(stale),
    }
    submissions.change(connection, found["id"], found["version"], fields)
    record_event(
        connection,
        found["project"],
        actor,
        "gate.rejudged",
        {
            "submission": found["id"],
            "gate": gate.id,
            **fields,
            "stale_votes": [each["id"] for each in stale],
            "engine": ENGINE_VERSION,
        },
        now,
    )
    return changed


def _of_facts(
    connection: Connection, gate: Gate, before_digest: str, after_digest: str
) -> tuple[str, ...]:
    if before_digest == after_digest:
        return ()
    before, after = kept(connection, before_digest), kept(connection, after_digest)
    if before is None or after is None:
        return ()
    return changed_facts(gate, before, after)
