"""Taking workflow files into the store: a version is a text, and a text never changes."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Duplicate, NotFound
from govern.process.definition import Gate, Scorecard, Workflow
from govern.process.diagram import mermaid
from govern.services import scorecards
from govern.services.access import project_for
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import blobs, revisions

DEFAULT_WORKFLOW = "value-realization"

YAML = "application/yaml"


def get_workflow(runtime: Runtime, workflow_id: str) -> Record:
    """The newest version, that new projects start under: stages, gates, drawing. Raises NotFound."""
    return _told(stored(runtime, workflow_id))


def list_workflows(runtime: Runtime) -> list[Record]:
    """Every version of every workflow, the newest of each first."""
    with runtime.store.reading() as connection:
        return [
            {
                "id": each["workflow_id"],
                "version": each["workflow_version"],
                "title": runtime.catalog.process(connection, each["digest"]).workflow.title,
                "digest": each["digest"],
                "newest": each["newest"],
                "projects": each["projects"],
                "recorded_at": each["recorded_at"],
            }
            for each in revisions.every(connection)
        ]


def stored(runtime: Runtime, workflow_id: str, version: int | None = None) -> Workflow:
    """A version as it is stored; the newest where none is named. Raises NotFound."""
    with runtime.store.reading() as connection:
        digest = version_of(connection, workflow_id, version)
        return runtime.catalog.process(connection, digest).workflow


def version_of(connection: Connection, workflow_id: str, version: int | None) -> str:
    """The digest of a version, of the newest where none is named. Raises NotFound."""
    newest = revisions.newest_workflow(connection, workflow_id)
    if newest is None:
        known = sorted({each["workflow_id"] for each in revisions.every(connection)})
        raise NotFound(
            f"There is no workflow '{workflow_id}'; there is {', '.join(known) or 'none'}.",
            workflow=workflow_id,
            known=known,
        )
    if version is None:
        return newest["digest"]
    found = revisions.workflow_of_version(connection, workflow_id, version)
    if found is None:
        raise NotFound(
            f"Workflow '{workflow_id}' has no version {version} here; its newest is "
            f"{newest['workflow_version']}.",
            workflow=workflow_id,
            version=version,
        )
    return found["digest"]


def workflow_of(runtime: Runtime, actor: Actor, project_id: str) -> Record:
    """The version that a project runs under. Raises NotFound."""
    with runtime.store.reading() as connection:
        project = project_for(connection, actor, project_id)
        return _told(runtime.catalog.process(connection, project["workflow_digest"]).workflow)


def are_taken(runtime: Runtime, digests: Iterable[str]) -> bool:
    """Whether every one of these texts is in the store."""
    with runtime.store.reading() as connection:
        return all(revisions.workflow(connection, digest) is not None for digest in digests)


def take_workflows(
    runtime: Runtime, actor: Actor, workflows: Iterable[Workflow], *, now: datetime
) -> list[str]:
    """Stores the versions that are new; returns their digests. New projects start under the newest.

    Raises Duplicate where a text changed and its version did not: projects in flight run under
    that version.
    """
    taken: list[str] = []
    with runtime.store.writing() as connection:
        for workflow in workflows:
            if revisions.workflow(connection, workflow.digest) is not None:
                continue
            same = revisions.workflow_of_version(connection, workflow.id, workflow.version)
            if same is not None:
                raise Duplicate(
                    f"{workflow.path} differs from the version {workflow.version} of "
                    f"'{workflow.id}' that is in use: give the changed text version "
                    f"{workflow.version + 1}.",
                    workflow=workflow.id,
                    version=workflow.version,
                )
            blobs.put(connection, workflow.text.encode(), YAML, now)
            revisions.add_workflow(
                connection, workflow.digest, workflow.id, workflow.version, workflow.path, now
            )
            record_event(
                connection,
                SERVICE,
                actor,
                "workflow.recorded",
                {
                    "workflow": workflow.id,
                    "version": workflow.version,
                    "digest": workflow.digest,
                    "path": workflow.path,
                },
                now,
            )
            taken.append(workflow.digest)
    return taken


def _told(workflow: Workflow) -> Record:
    return {
        "id": workflow.id,
        "version": workflow.version,
        "title": workflow.title,
        "digest": workflow.digest,
        "calendar": workflow.calendar,
        "reopen": [role.value for role in workflow.reopen],
        "stages": list(workflow.stages),
        "gates": [_gate(gate) for gate in workflow.gates],
        "mermaid": mermaid(workflow),
        "text": workflow.text,
    }


def _gate(gate: Gate) -> Record:
    return {
        "id": gate.id,
        "title": gate.title,
        "from": gate.source,
        "to": gate.target,
        "submit": [role.value for role in gate.submit],
        "approve": [
            {"role": s.role.value, "votes": s.votes, "of": s.of, "meaning": s.meaning}
            for s in gate.approve
        ],
        "veto": [role.value for role in gate.veto],
        "waive": [role.value for role in gate.waive],
        "separation": list(gate.separation),
        "decide_within": gate.decide_within,
        "remind": gate.remind,
        "escalate": [
            {"after": step.after_working_days, "to": step.to.value} for step in gate.escalate
        ],
        "expires": gate.expires,
        "repeats": gate.repeats.value if gate.repeats else None,
        "freezes": gate.freezes,
        "should_mark": gate.should_mark,
        "evidence": list(gate.evidence),
        "criteria": [
            {
                "id": each.id,
                "kind": each.kind.value,
                "title": each.title,
                "require": each.require,
                "score": _score(gate, each.score) if each.score else None,
                "otherwise": each.otherwise,
                "weight": each.weight,
                "fatal": each.fatal,
            }
            for each in gate.criteria
        ],
    }


def _score(gate: Gate, card: Scorecard) -> Record:
    return {
        "least": card.least,
        "scorers": card.scorers,
        "by": [role.value for role in scorecards.scorers(gate, card)],
        "anchors": [{"at": at, "means": means} for at, means in card.anchors],
    }
