"""The history of a project from its end: a part at a time, the last event first."""

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.services.access import project_for
from govern.services.history import project_history
from govern.services.runtime import Runtime
from govern.store import events

SHOWN = 50


def last_events(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    before: int | None = None,
    limit: int = SHOWN,
) -> Record:
    """`items`: the events before number `before`, or the last there are, the last first; `older`: what to
    ask with for those before them, None at the first event; and how many there are in `total`. Raises
    NotFound."""
    with runtime.store.reading() as connection:
        project_for(connection, actor, project_id)
        total, _ = events.head_of(connection, project_id)
    end = total + 1 if before is None else min(max(before, 1), total + 1)
    after = max(end - 1 - limit, 0)
    wanted = end - 1 - after
    items: list[Record] = []
    if wanted:
        items = project_history(runtime, actor, project_id, after=after, limit=wanted).items
    return {
        "items": [each for each in reversed(items) if each["seq"] < end],
        "older": after + 1 if after else None,
        "total": total,
    }
