"""Where every chain stood on a day, under one hash that is an event: so the export of one project can
show that it is all of it, without telling anything of the others.

The entries and their tree are those of `govern.ledger.heads`. They are the last events of all chains
among the first `size` leaves of the log, so that anybody who has the log can make them again.
"""

from dataclasses import dataclass
from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import NotFound
from govern.ledger.heads import Head, HeadProof, heads_root, prove_head
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.store import checkpoints, events, log

SEALED = "heads.sealed"


@dataclass(frozen=True, slots=True)
class Heads:
    """`day` is the UTC day on which they were taken, `size` that of the log they are of, `count` how
    many chains there are, `root` lowercase hex."""

    day: str
    size: int
    count: int
    root: str


def seal_heads(runtime: Runtime, actor: Actor, now: datetime) -> Heads | None:
    """Takes the heads of the last checkpoint, once a day; None where that is done, or nothing sealed.

    The event that it becomes is sealed with the next events.
    """
    day = now.date().isoformat()
    if taken_on(runtime) >= day:
        return None
    with runtime.store.reading() as connection:
        last = checkpoints.last(connection)
        if last is None:
            return None
        heads = [Head(*each) for each in log.heads_at(connection, last["size"])]
    made = Heads(day, last["size"], len(heads), heads_root(heads).hex())
    with runtime.store.writing() as connection:
        events.head_of(connection, SERVICE, lock=True)
        if _last_day(events.of_kind(connection, SERVICE, SEALED)) >= day:
            return None
        data = {"day": day, "size": made.size, "count": made.count, "root": made.root}
        record_event(connection, SERVICE, actor, SEALED, data, now)
    return made


def taken_on(runtime: Runtime) -> str:
    """The last day whose heads were taken, as text; empty where none were."""
    with runtime.store.reading() as connection:
        return _last_day(events.of_kind(connection, SERVICE, SEALED))


def prove(runtime: Runtime, project: str, day: str) -> HeadProof:
    """Where a project's chain stood on a day, with the proof that it is under that day's root.

    Raises NotFound for a day without heads, and for a chain that had not begun.
    """
    with runtime.store.reading() as connection:
        for each in events.of_kind(connection, SERVICE, SEALED):
            if each["data"]["day"] == day:
                heads = [Head(*it) for it in log.heads_at(connection, each["data"]["size"])]
                try:
                    return prove_head(heads, project)
                except KeyError:
                    break
    raise NotFound(f"There are no heads of {day} with {project}.", project=project, day=day)


def _last_day(found: list[Record]) -> str:
    return max((each["data"]["day"] for each in found), default="")
