"""The workflow that new projects start under."""

from typing import Any

from govern.services import workflows as use
from govern.web.resource import Resource
from govern.web.schemas.service import Workflow
from govern.web.site import runtime

workflows = Resource("workflows", "Stages, gates and criteria.")


@workflows.read("/workflows/<id:workflow>", Workflow)
def get_workflow(workflow: str) -> Any:
    """Read the newest version of a workflow, such as value-realization, with its drawing."""
    return use.get_workflow(runtime(), workflow)
