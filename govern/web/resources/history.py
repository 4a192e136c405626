"""The ledger, readable: who did what, when, why, on which facts."""

from typing import Any

from govern.services import history as use
from govern.web.pages import page_answer
from govern.web.resource import Resource
from govern.web.schemas.history import EventPage, EventQuery, Facts, ProjectEventQuery
from govern.web.site import actor, runtime

history = Resource("history", "Who did what, when, why, on which facts and rules.")


@history.read(
    "/projects/<id:project>/history", EventPage, query=ProjectEventQuery, headers=["Link"]
)
def list_project_events(project: str, query: dict[str, Any]) -> Any:
    """List the events of a project in the order they happened."""
    page = use.project_history(runtime(), actor(), project, kind=query.get("kind"), **_part(query))
    return page_answer(page)


@history.read(
    "/projects/<id:project>/gates/<id:gate>/history",
    EventPage,
    query=EventQuery,
    headers=["Link"],
)
def list_gate_events(project: str, gate: str, query: dict[str, Any]) -> Any:
    """List the events of a project that concern one gate."""
    return page_answer(use.gate_history(runtime(), actor(), project, gate, **_part(query)))


@history.read("/projects/<id:project>/facts/<digest:digest>", Facts)
def get_facts(project: str, digest: str) -> Any:
    """Read the facts that an event of the project cites by their digest."""
    return {"digest": digest, "facts": use.facts(runtime(), actor(), project, digest)}


@history.read("/service/history", EventPage, query=EventQuery, headers=["Link"])
def list_service_events(query: dict[str, Any]) -> Any:
    """List the events that concern no single project: people, roles, rulebooks, sweeps.

    Takes the role auditor on the whole installation.
    """
    return page_answer(use.service_history(runtime(), actor(), **_part(query)))


def _part(query: dict[str, Any]) -> dict[str, int]:
    return {"after": query.get("cursor", 0), "limit": query.get("limit", 100)}
