"""Moves outside a gate: hold, resume, kill, reopen."""

from typing import Any

from govern.domain.token_scope import TokenScope
from govern.services import moves as use
from govern.services.holds import Until
from govern.services.rating import project_with_rag
from govern.web.resource import Resource
from govern.web.schemas.projects import MovedProject, NewMove
from govern.web.site import actor, now, runtime
from govern.web.version import tagged

moves = Resource(
    "moves",
    "Holding, resuming, ending and reopening a project outside a gate.",
    writes=TokenScope.DECIDE,
)


@moves.write(
    "POST",
    "/projects/<id:project>/moves",
    MovedProject,
    body=NewMove,
    versioned=True,
    headers=["ETag"],
)
def move_project(project: str, body: dict[str, Any], version: int) -> Any:
    """Hold, resume, kill or reopen a project that stands before no gate.

    `If-Match` names the version of the project. Takes a role that decides the next gate; a
    reopening takes one that the workflow names for it. A hold may say when it ends: `resume_on` a
    day, `resume_when` a condition on the project is true. A move that the stage does not have is
    refused, with those it has.
    """
    until = Until(body.get("resume_on"), body.get("resume_when"))
    moved = use.move(
        runtime(),
        actor(),
        project,
        to_do=body["decision"],
        reason=body["reason"],
        until=until,
        version=version,
        now=now(),
    )
    return tagged(project_with_rag(runtime(), moved, now=now()))
