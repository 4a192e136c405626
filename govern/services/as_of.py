"""What was known at a moment, or at a size of the log: any read, answered from the events before it.

The state is projected from the events that are among the first leaves of the log into a database in
memory, and read by the same use cases. As of a time is as of the last checkpoint that was sealed by
then; the answer is the same whenever it is asked, but for what has been erased since.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Connection, func, insert, select

from govern.domain.personal import REFERENCE, personal_texts
from govern.domain.refusal import InvalidInput, PastIncomplete
from govern.ledger.event import Event
from govern.services.ledger import SERVICE
from govern.services.projecting import events_in_pieces, facts_in
from govern.services.runtime import Runtime
from govern.store import (
    checkpoints,
    conditions,
    deliverables,
    evidence,
    kpis,
    lessons,
    log,
    outcomes,
    recommendations,
    reviews,
    scope_changes,
    submissions,
    waivers,
)
from govern.store.projection import NotProjectable, Rows, apply
from govern.store.projection.scratch import Scratch
from govern.store.query import in_parts
from govern.store.tables import (
    baseline_version,
    blob,
    chain,
    event,
    kpi,
    personal,
    review,
    rulebook_proposal,
    workflow_revision,
)

SETTLED = timedelta(minutes=1)
"""How old a moment must be: what is sealed while it is asked may still belong before it."""

KEPT = 8
"""States of the past that are kept at hand."""

_FINDERS = {
    "kpi": kpis.find,
    "deliverable": deliverables.find,
    "outcome": outcomes.find,
    "submission": submissions.find,
    "condition": conditions.find,
    "waiver": waivers.find,
    "recommendation": recommendations.find,
    "scope_change": scope_changes.find,
    "review": reviews.find,
    "lesson": lessons.find,
    "file": evidence.find,
}
"""What an address may name instead of a project, and how its project is found."""

_EVENT = ("project", "seq", "prev", "body", "leaf", "kind", "recorded_at")


@dataclass(frozen=True, slots=True)
class Past:
    """`runtime` reads the state at `size`; `moment` is the time that its reads are made at."""

    runtime: Runtime
    size: int
    moment: datetime


@dataclass(frozen=True, slots=True)
class When:
    """A size of the log or a moment (aware), one of them."""

    size: int | None = None
    moment: datetime | None = None


def look_back(runtime: Runtime, when: When, about: Mapping[str, Any], *, now: datetime) -> Past:
    """The runtime as of a size or a moment. `about` is what is asked about by name (`project`, `kpi`,
    `submission` …): where it is of one project, the events of that project and of the service are
    read; otherwise those of all.

    Raises InvalidInput for both or neither, for a size that is not sealed, and for a moment before
    the first checkpoint or less than a minute ago; PastIncomplete where an event, such as one that an
    earlier version wrote, does not say what its rows hold.
    """
    with runtime.store.reading() as live:
        size, moment = _resolve(live, when, now)
        scope = _project_of(live, about)
        epoch = live.scalar(select(func.count()).where(personal.c.erased_at.is_not(None))) or 0
        key = (str(runtime.store.engine.url), scope, size, epoch)
        scratch = AT_HAND.get(key)
        if scratch is None:
            scratch = _filled(live, scope, size)
            AT_HAND.put(key, scratch)
    return Past(replace(runtime, store=scratch, replica=None), size, moment)


class AtHand:
    """The states read last. One that is dropped lives on for as long as somebody reads it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[Any, ...], Scratch] = OrderedDict()

    def get(self, key: tuple[Any, ...]) -> Scratch | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: tuple[Any, ...], scratch: Scratch) -> None:
        with self._lock:
            # What was erased since goes out of memory, too.
            for other in [each for each in self._kept if each[0] == key[0] and each[3] != key[3]]:
                del self._kept[other]
            self._kept[key] = scratch
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


AT_HAND = AtHand()


def _resolve(live: Connection, when: When, now: datetime) -> tuple[int, datetime]:
    size, moment = when.size, when.moment
    if (size is None) == (moment is None):
        raise InvalidInput(
            "The past is named by a time or by a size of the log.",
            errors={"as_of": ["either as_of or as_of_size"]},
        )
    if moment is not None:
        if moment > now - SETTLED:
            latest = (now - SETTLED).isoformat(timespec="seconds")
            raise InvalidInput(
                "What was known then is not settled yet.",
                errors={"as_of": [f"{latest} or earlier, or a size of the log as as_of_size"]},
            )
        sealed = checkpoints.sealed_by(live, moment)
        if sealed is None:
            raise InvalidInput(
                "Nothing had been sealed by then.",
                errors={"as_of": ["a moment after the first checkpoint of the log"]},
            )
        return sealed["size"], moment
    assert size is not None  # noqa: S101 - one of both is named
    covering = checkpoints.covering(live, size - 1) if size > 0 else None
    if covering is None:
        last = checkpoints.last(live)
        most = last["size"] if last else 0
        right = f"from 1 to {most}" if most else "none yet: nothing has been sealed"
        raise InvalidInput("The log has no such size.", errors={"as_of_size": [right]})
    return size, covering["sealed_at"]


def _project_of(live: Connection, about: Mapping[str, Any]) -> str | None:
    named = about.get("project")
    if named is not None:
        return str(named)
    if about.get("objective") is not None or about.get("schedule") is not None:
        return SERVICE
    for name, find in _FINDERS.items():
        if about.get(name) is not None:
            found: dict[str, Any] | None = find(live, about[name])
            # What is not there has never been: only the service's chain is read, and it is not found.
            return SERVICE if found is None else found["project"]
    return None


def _filled(live: Connection, scope: str | None, size: int) -> Scratch:
    ends = (
        {project: seq for project, seq, _ in log.heads_at(live, size)}
        if scope is None
        else {each: log.last_seq_of(live, each, below=size) for each in {SERVICE, scope}}
    )
    scratch = Scratch()
    try:
        with scratch.filling() as past:
            rows = Rows(past)
            for name, last in sorted(ends.items()):
                for piece in events_in_pieces(live, name, last):
                    apply(rows, facts_in(live, piece))
                    if name == scope:
                        _copy_events(live, past, piece)
            while scope is not None and (read := _read_elsewhere(live, past) - ends.keys()):
                for name in sorted(read):
                    ends[name] = log.last_seq_of(live, name, below=size)
                    for piece in events_in_pieces(live, name, ends[name]):
                        apply(rows, facts_in(live, piece))
            _copy_texts(live, past)
            lessons.find_anew(past)
    except NotProjectable as fault:
        scratch.close()
        fact = fault.fact
        raise PastIncomplete(
            f"What was known then cannot be told: {fault}.",
            project=fact.project,
            seq=fact.seq,
            kind=fact.kind,
        ) from fault
    return scratch


def _read_elsewhere(live: Connection, past: Connection) -> set[str]:
    """The projects whose KPIs are read by the formulas that are there, or whose lessons were shown with
    a submission, and are not there themselves."""
    known = {row.id: row for row in past.execute(select(kpi.c.id, kpi.c.formula, kpi.c.inputs))}
    read = {
        each
        for row in known.values()
        if row.formula is not None
        for each in row.inputs.values()
        if each not in known
    }
    found: set[str] = {each["project"] for each in kpis.some(live, read).values()}
    shown = lessons.every_shown(past)
    return found | {each["project"] for each in lessons.some(live, shown).values()}


def _copy_events(live: Connection, past: Connection, piece: list[Event]) -> None:
    """The events themselves with the texts that they refer to, for who reads the history."""
    past.execute(insert(event), [{name: getattr(each, name) for name in _EVENT} for each in piece])
    end = piece[-1]
    past.execute(chain.delete().where(chain.c.project == end.project))
    past.execute(insert(chain).values(project=end.project, seq=end.seq, head=end.leaf))
    wanted = {
        text
        for each in piece
        for text in personal_texts(json.loads(each.body)["data"])
        if REFERENCE.fullmatch(text)
    }
    _copy_personal(live, past, wanted)


def _copy_personal(live: Connection, past: Connection, wanted: set[str]) -> None:
    known = set(past.scalars(select(personal.c.ref)))
    while new := wanted - known:
        ordered = sorted(new)[:500]
        found = live.execute(select(personal).where(personal.c.ref.in_(ordered))).mappings()
        copied = [{**row, "salt": None, "value_sha256": None} for row in found]
        if copied:
            past.execute(insert(personal), copied)
        known |= set(ordered)
        # Of a text from which a name was taken out, another row holds what is left.
        wanted |= {
            row["value"] for row in copied if row["value"] and REFERENCE.fullmatch(row["value"])
        }


def _copy_texts(live: Connection, past: Connection) -> None:
    """The workflows, rulebooks and agreed plans that were known then."""
    digests = {
        *past.scalars(select(baseline_version.c.digest)),
        *past.scalars(select(review.c.dossier_digest).where(review.c.dossier_digest.is_not(None))),
        *past.scalars(select(workflow_revision.c.digest)),
        *past.scalars(select(rulebook_proposal.c.digest)),
    }
    for some in in_parts(digests):
        found = live.execute(select(blob).where(blob.c.digest.in_(some))).mappings()
        copied = [dict(row) for row in found]
        if copied:
            past.execute(insert(blob), copied)
    dossiers = past.scalars(
        select(blob.c.content).join(review, review.c.dossier_digest == blob.c.digest)
    )
    texts = {text for each in dossiers for text in personal_texts(json.loads(each))}
    _copy_personal(live, past, {text for text in texts if REFERENCE.fullmatch(text)})
