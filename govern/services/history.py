"""Who did what, when, why, on which facts: the ledger of a project, readable."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.domain.role import Permission
from govern.ledger.event import Event
from govern.services.access import project_for, require_everywhere
from govern.services.ledger import SERVICE, kept
from govern.services.personal import reveal
from govern.services.runtime import Runtime
from govern.services.telling import tell
from govern.store import events, people
from govern.store.paging import LARGEST_PAGE, Page

_Wanted = Callable[[Event, dict[str, Any]], bool]
"""Whether an event, with the data of its body, belongs to what was asked for."""


def project_history(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    after: int = 0,
    limit: int = 100,
    kind: str | None = None,
) -> Page:
    """Events of a project in order, from the one after number `after`."""
    with runtime.store.reading() as connection:
        project_for(connection, actor, project_id)
        return _page(connection, project_id, after, limit, _of_kind(kind))


def gate_history(
    runtime: Runtime, actor: Actor, project_id: str, gate: str, *, after: int = 0, limit: int = 100
) -> Page:
    """Events of a project that concern one gate: submissions, votes, refusals, decisions, moves."""
    with runtime.store.reading() as connection:
        project_for(connection, actor, project_id)
        return _page(connection, project_id, after, limit, _of_gate(gate))


def service_history(runtime: Runtime, actor: Actor, *, after: int = 0, limit: int = 100) -> Page:
    """Events that concern no single project. Raises NotAllowed for all but auditors."""
    require_everywhere(actor, Permission.READ_AUDIT)
    with runtime.store.reading() as connection:
        return _page(connection, SERVICE, after, limit, _of_kind(None))


def facts(runtime: Runtime, actor: Actor, project_id: str, digest: str) -> Any:
    """The facts that an event of this project cites. Raises NotFound for any other digest."""
    with runtime.store.reading() as connection:
        project_for(connection, actor, project_id)
        content = kept(connection, digest)
        if isinstance(content, dict) and project_in(content) == project_id:  # pyright: ignore[reportUnknownArgumentType]
            return content  # pyright: ignore[reportUnknownVariableType]
    raise NotFound(f"No event of project '{project_id}' cites the facts {digest}.", digest=digest)


def project_in(content: dict[str, Any]) -> str | None:
    """The project that a facts blob is about."""
    about = content.get("project")
    return about.get("project") if isinstance(about, dict) else about  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]


def _of_kind(kind: str | None) -> _Wanted:
    return lambda event, data: kind is None or event.kind == kind


def _of_gate(gate: str) -> _Wanted:
    return lambda event, data: data.get("gate") == gate


def _page(connection: Connection, chain: str, after: int, limit: int, wanted: _Wanted) -> Page:
    if not 1 <= limit <= LARGEST_PAGE:
        raise InvalidInput(
            "The page cannot have this size.", errors={"limit": [f"1 to {LARGEST_PAGE}"]}
        )
    if after < 0:
        raise InvalidInput("Events count from 1.", errors={"after": ["0 or more"]})
    items: list[Record] = []
    last = after
    more = True
    while more and len(items) < limit:
        batch = events.events_of(connection, chain, after=last, limit=LARGEST_PAGE + 1)
        more = len(batch) > LARGEST_PAGE
        for event in batch[:LARGEST_PAGE]:
            body = json.loads(event.body)
            last = event.seq
            if wanted(event, body["data"]):
                items.append(_item(event, body))
                if len(items) == limit:
                    more = more or event.seq != batch[-1].seq
                    break
    named = people.names(connection, {item["actor"] for item in items})
    in_words = reveal(connection, [item["data"] for item in items])
    for item, data in zip(items, in_words, strict=True):
        item["actor_name"] = named.get(item["actor"])
        item["data"] = data
        item["told"] = tell(item["kind"], data)
    return Page(items, str(last) if more else None)


def _item(event: Event, body: dict[str, Any]) -> Record:
    return {
        "seq": event.seq,
        "at": datetime.fromisoformat(body["at"]),
        "actor": body["actor"],
        "kind": event.kind,
        "data": body["data"],
        "leaf": event.leaf,
    }
