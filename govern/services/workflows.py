"""Taking workflow files into the store: a version is a text, and a text never changes."""

from collections.abc import Iterable
from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.refusal import Duplicate
from govern.process.definition import Workflow
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import blobs, revisions

DEFAULT_WORKFLOW = "value-realization"

YAML = "application/yaml"


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
