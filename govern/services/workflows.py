"""Taking workflow files into the store: a version is a text, and a text never changes."""

from collections.abc import Iterable
from datetime import datetime

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
    with runtime.store.reading() as connection:
        revision = revisions.newest_workflow(connection, workflow_id)
        if revision is None:
            raise NotFound(f"There is no workflow '{workflow_id}'.", workflow=workflow_id)
        workflow = runtime.catalog.process(connection, revision["digest"]).workflow
    return _told(workflow)


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
        "approve": [{"role": slot.role.value, "votes": slot.votes} for slot in gate.approve],
        "veto": [role.value for role in gate.veto],
        "waive": [role.value for role in gate.waive],
        "decide_within": gate.decide_within,
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
