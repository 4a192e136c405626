"""Projects: list, read, add, change."""

from typing import Any

from flask import url_for

from govern.domain.record import Record
from govern.domain.token_scope import TokenScope
from govern.services import projects as use
from govern.services import workflows
from govern.services.rating import project_with_rag
from govern.services.workflows import DEFAULT_WORKFLOW
from govern.web.paging import page_answer, page_request
from govern.web.resource import Resource
from govern.web.schemas.projects import (
    NewProject,
    ProjectChange,
    ProjectPage,
    ProjectQuery,
    ProjectWithMoves,
)
from govern.web.schemas.service import Workflow
from govern.web.site import actor, now, runtime
from govern.web.version import tagged, unless_known

projects = Resource(
    "projects", "What is governed, and the stage each project stands in.", writes=TokenScope.PLAN
)


@projects.read("/projects", ProjectPage, query=ProjectQuery, headers=["Link"], past=True)
def list_projects(query: dict[str, Any]) -> Any:
    """List the projects that you may see."""
    page = page_request(query)
    return page_answer(use.list_projects(runtime(), actor(), page, **query))


@projects.write(
    "POST",
    "/projects",
    ProjectWithMoves,
    body=NewProject,
    status=201,
    headers=["ETag", "Location"],
)
def add_project(body: dict[str, Any]) -> Any:
    """Add a project, in the first stage of its workflow.

    Takes the role project_manager on the portfolio.
    """
    workflow = body.pop("workflow", DEFAULT_WORKFLOW)
    added = use.add_project(runtime(), actor(), body, workflow=workflow, now=now())
    return tagged(_rated(added), Location=url_for("projects.get_project", project=added["id"]))


@projects.read(
    "/projects/<id:project>",
    ProjectWithMoves,
    past=True,
)
def get_project(project: str) -> Any:
    """Read a project: the moves that its stage allows, how its KPIs stand today, every waiver."""
    found = _rated(use.view_project(runtime(), actor(), project, now=now()))
    # A waiver is granted and ends without another version of the project.
    return tagged(found) if found["waivers"] else unless_known(found)


@projects.write(
    "PATCH",
    "/projects/<id:project>",
    ProjectWithMoves,
    body=ProjectChange,
    versioned=True,
    headers=["ETag"],
)
def change_project(project: str, body: dict[str, Any], version: int) -> Any:
    """Change the fields that are named; null empties one.

    Takes the role project_manager on the project. The stage is moved only by gates and moves.
    """
    changed = use.change_project(runtime(), actor(), project, body, version=version, now=now())
    return tagged(_rated(changed))


@projects.read("/projects/<id:project>/workflow", Workflow, past=True)
def get_workflow_of_project(project: str) -> Any:
    """Read the workflow version that a project runs under."""
    return workflows.workflow_of(runtime(), actor(), project)


def _rated(project: Record) -> Record:
    return project_with_rag(runtime(), project, now=now())
