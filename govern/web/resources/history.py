"""The ledger, readable: who did what, when, why, on which facts."""

from typing import Any

from govern.domain.token_scope import TokenScope
from govern.services import history as use
from govern.services.gate_record import gate_record
from govern.services.seen import seen_by
from govern.web.paging import page_answer
from govern.web.resource import Resource
from govern.web.schemas.gate_record import GateRecord, SeenBy
from govern.web.schemas.history import EventPage, EventQuery, Facts, ProjectEventQuery
from govern.web.site import actor, now, runtime

history = Resource(
    "history", "Who did what, when, why, on which facts and rules.", reads=TokenScope.AUDIT
)


@history.read(
    "/projects/<id:project>/history",
    EventPage,
    query=ProjectEventQuery,
    headers=["Link"],
    past=True,
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
    past=True,
)
def list_gate_events(project: str, gate: str, query: dict[str, Any]) -> Any:
    """List the events of a project that concern one gate."""
    return page_answer(use.gate_history(runtime(), actor(), project, gate, **_part(query)))


@history.read("/projects/<id:project>/gates", GateRecord, past=True)
def get_gate_record(project: str) -> Any:
    """Read all that a project's gates have seen: iterations, rounds, votes, decisions, time in stage."""
    return gate_record(runtime(), actor(), project, now=now())


@history.read("/submissions/<number:submission>/votes/<number:vote>/seen", SeenBy)
def get_seen(submission: int, vote: int) -> Any:
    """Read what somebody saw when they voted: the kept text that the vote is bound to."""
    return seen_by(runtime(), actor(), submission, vote)


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
