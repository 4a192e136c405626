"""Verifying the ledger: every chain recomputed from the bytes that were stored, and every content
that an event cites held against the digest it is cited by."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from govern.domain.actor import Actor
from govern.domain.refusal import NotAllowed
from govern.domain.role import Role
from govern.ledger.verify import Audit, Fault, StoredEvent, verify
from govern.services.runtime import Runtime
from govern.store import blobs, events, evidence

CITED = ("facts_digest", "rulebook_digest", "workflow_digest", "seen_digest", "digest")
"""Where the data of an event names kept content, beside the `digest` of each piece of evidence. A
sweep's `facts_digest` is another thing: it is taken over the facts digests of all projects, each of
which stands in that project's own chain."""

OF_THE_PORTFOLIO = ("sweep.recorded", "facts_digest")


def verify_ledger(runtime: Runtime, actor: Actor) -> Audit:
    """Every chain, with the first event of each that does not hold, or that cites content which was
    changed or is gone. For auditors and the operator."""
    needed = {Role.ADMIN, Role.AUDITOR}
    if needed.isdisjoint(actor.everywhere):
        raise NotAllowed(
            "Verifying the whole ledger takes the role auditor or admin on the installation.",
            needed=sorted(role.value for role in needed),
        )
    with runtime.store.reading() as connection:
        on_disk = evidence.on_disk(connection)
        wrong = {digest: runtime.keeping.wrong_with(digest) for digest in on_disk}
        kept = _Kept(
            blobs.digests(connection) | wrong.keys(),
            frozenset(blobs.changed(connection)),
            {digest: what for digest, what in wrong.items() if what is not None},
        )
        audit = verify(
            kept.watch(events.stored_events(connection)), events.stored_heads(connection)
        )
    first = {fault.project: fault for fault in kept.faults.values()}
    for fault in audit.faults:
        earlier = first.get(fault.project)
        if earlier is None or fault.seq <= earlier.seq:
            first[fault.project] = fault
    return replace(audit, faults=tuple(first[project] for project in sorted(first)))


@dataclass(slots=True)
class _Kept:
    """Looks at every event on its way to be verified; remembers the first of each chain whose
    citations do not hold. `on_disk` says of a digest what is wrong with its file."""

    digests: frozenset[str]
    changed: frozenset[str]
    on_disk: Mapping[str, str]
    faults: dict[str, Fault] = field(default_factory=dict[str, Fault])

    def watch(self, rows: Iterable[StoredEvent]) -> Iterator[StoredEvent]:
        for row in rows:
            if row.project not in self.faults and row.seq is not None:
                self._look(row, row.seq)
            yield row

    def _look(self, row: StoredEvent, seq: int) -> None:
        for name, digest in _citations(row):
            if digest in self.changed:
                what = f"cites as {name} the content {digest}, which was changed"
            elif digest in self.on_disk:
                what = f"cites as {name} the file {self.on_disk[digest]}"
            elif digest not in self.digests:
                what = f"cites as {name} the content {digest}, which is gone"
            else:
                continue
            self.faults[row.project] = Fault(row.project, seq, what)
            return


def _citations(row: StoredEvent) -> Iterator[tuple[str, str]]:
    try:
        body: Any = json.loads(row.body)
    except ValueError:
        return  # The chain does not hold there, which is told anyway.
    data: Any = cast("dict[str, Any]", body).get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        return
    found = cast("dict[str, Any]", data)
    for name in CITED:
        digest = found.get(name)
        if isinstance(digest, str) and (row.kind, name) != OF_THE_PORTFOLIO:
            yield name, digest
    brought = found.get("evidence")
    for each in cast("list[Any]", brought) if isinstance(brought, list) else ():
        digest = cast("dict[str, Any]", each).get("digest") if isinstance(each, dict) else None
        if isinstance(digest, str):
            yield "evidence", digest
