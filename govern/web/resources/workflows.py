"""The workflows that projects run under, and the change from one to another."""

from typing import Any

from govern.domain.record import Record
from govern.domain.token_scope import TokenScope
from govern.services import migrations
from govern.services import workflows as use
from govern.services.migrations import Wanted
from govern.web.resource import Resource
from govern.web.schemas.migrations import Migration, NewMigration, NewPreview, WorkflowVersions
from govern.web.schemas.service import Workflow
from govern.web.site import actor, now, runtime

workflows = Resource("workflows", "Stages, gates and criteria.", writes=TokenScope.MANAGE)


@workflows.read("/workflows", WorkflowVersions)
def list_workflows() -> Any:
    """List every version of every workflow, the newest of each first."""
    return {"items": use.list_workflows(runtime())}


@workflows.read("/workflows/<id:workflow>", Workflow)
def get_workflow(workflow: str) -> Any:
    """Read the newest version of a workflow, such as value-realization, with its drawing."""
    return use.get_workflow(runtime(), workflow)


@workflows.write(
    "POST",
    "/workflows/<id:workflow>/migration-previews",
    Migration,
    body=NewPreview,
)
def preview_migration(workflow: str, body: dict[str, Any]) -> Any:
    """Say what it would mean for projects to change to a version of this workflow.

    Changes nothing. Takes the role admin on the whole installation. Tells which stage becomes which,
    what is lost, and what stands in the way: a stage that the version does not have and that is not
    mapped, and a submission that is open.
    """
    wanted = _wanted(workflow, body)
    return _told(migrations.preview(runtime(), actor(), wanted, now=now()))


@workflows.write(
    "POST",
    "/workflows/<id:workflow>/migrations",
    Migration,
    body=NewMigration,
    status=201,
)
def migrate_projects(workflow: str, body: dict[str, Any]) -> Any:
    """Change projects to a version of this workflow, all of them or none.

    Takes the role admin on the whole installation, and the `preview` digest of a preview of the
    same: where anything has changed since, it is refused as `preview-changed`. Where something
    stands in the way of one project, none is changed: `cannot-migrate`.
    """
    done = migrations.migrate(
        runtime(),
        actor(),
        _wanted(workflow, body),
        seen=body["preview"],
        reason=body["reason"],
        now=now(),
    )
    return _told(done)


def _wanted(workflow: str, body: dict[str, Any]) -> Wanted:
    return Wanted(
        workflow=workflow,
        version=body.get("version"),
        projects=body.get("projects"),
        mapping={each["stage"]: each["to"] for each in body.get("map") or ()},
        withdraw=body.get("withdraw", False),
    )


def _told(plan: Record) -> Record:
    mapped = [{"stage": stage, "to": to} for stage, to in plan["mapping"].items()]
    return {**plan, "map": mapped}
