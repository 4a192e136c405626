"""Whether what a submission was judged to be stands, known without looking at the project again.

What is judged of a project changes with an event of its own chain, with one of a project whose KPIs its
composite KPIs read, by other rules or another engine, with the day, and with the erasing of a person: as
for sweeps (`services.looking`). So where a project's last event is the one that tells of its submission,
and none of the others has changed, judging anew would come to what that event says.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern import ENGINE_VERSION
from govern.domain.personal import REFERENCE
from govern.domain.record import Record
from govern.services.ledger import SERVICE
from govern.services.looking import ERASED_TEXTS
from govern.services.personal import hide
from govern.store import blobs, personal, since_judged

UNREAD = frozenset({"vote.cast", "vote.refused", "findings.recorded"})
"""Kinds of events of a project that change nothing that is judged of it at a gate."""

_TOLD = (
    *("gate", "as_of", "workflow_digest", "facts_digest", "rulebook_digest", "seen_digest"),
    *("results", "advice", "evidence"),
)


def stands(connection: Connection, found: Record, as_of: date, now: datetime) -> bool:
    """Whether judging an open submission again, as of this day, would come to what it holds. True only
    where that is sure. The caller has locked the submission and its project."""
    if found["as_of"] != as_of:
        return False
    (erasing,) = ERASED_TEXTS
    last = since_judged.last(connection, found["project"], SERVICE, erasing, UNREAD)
    # What was judged again later may have been judged while others wrote (see `gates.open_submission`).
    if last is None or last.kind != "gate.submitted" or last.composite:
        return False
    if last.rulebook_digest != found["rulebook_digest"]:
        return False
    held: dict[str, Any] = {**{name: found[name] for name in _TOLD}, "as_of": as_of.isoformat()}
    told = {name: last.data[name] for name in (*_TOLD, "submission", "engine")}
    if told != {
        **hide(connection, held, now),
        "submission": found["id"],
        "engine": ENGINE_VERSION,
    }:
        return False
    return not (last.erasures and _erased(connection, found["facts_digest"]))


def _erased(connection: Connection, facts_digest: str) -> bool:
    """Whether a text of the facts was erased since they were kept, and so stands in the project no
    more."""
    kept = blobs.get(connection, facts_digest)
    return kept is None or personal.any_erased(
        connection, set(REFERENCE.findall(kept.content.decode()))
    )
