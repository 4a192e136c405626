"""The state tables held against the ledger: what no event says, and what an event says otherwise.

Whoever changes a stage by hand changes no event. Every row is projected anew from the events of its
chain, one chain at a time, and compared column by column; memory is that of one project.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from govern.domain.actor import Actor
from govern.domain.refusal import NotAllowed
from govern.domain.role import Role
from govern.services.ledger import SERVICE
from govern.services.projecting import events_in_pieces, facts_in
from govern.services.runtime import Runtime
from govern.store.projection import Fact, NotProjectable, Rows, apply
from govern.store.projection.owned import OF_A_PROJECT, OF_THE_SERVICE, empty, rows_of
from govern.store.projection.rows import Key
from govern.store.projection.scratch import Scratch
from govern.store.tables import chain, project


@dataclass(frozen=True, slots=True)
class Difference:
    """`column` is None for a row that only one of both has. `seq` and `kind` are those of the event
    that wrote the value last, None where there is none."""

    project: str
    table: str
    key: str
    column: str | None
    stored: Any
    told: Any
    seq: int | None
    kind: str | None
    what: str


@dataclass(frozen=True, slots=True)
class StateAudit:
    """`rows` were compared in `chains`."""

    chains: int
    rows: int
    differences: tuple[Difference, ...]


def audit_state(runtime: Runtime, actor: Actor, *, project_id: str | None = None) -> StateAudit:
    """Every state table, or the rows of one project, against what the ledger says.

    For auditors and the operator.
    """
    needed = {Role.ADMIN, Role.AUDITOR}
    if needed.isdisjoint(actor.everywhere):
        raise NotAllowed(
            "Comparing the state with the ledger takes the role auditor or admin on the "
            "installation.",
            needed=sorted(role.value for role in needed),
        )
    scratch = Scratch()
    found: list[Difference] = []
    rows = 0
    try:
        with runtime.store.reading() as live:
            chains = _chains(live) if project_id is None else [project_id]
            for each in chains:
                compared, differences = _compare(live, scratch, each)
                rows += compared
                found += differences
    finally:
        scratch.close()
    return StateAudit(len(chains), rows, tuple(found))


def _chains(live: Connection) -> list[str]:
    """Every chain, and every project that has none."""
    known = set(live.scalars(select(chain.c.project))) | set(live.scalars(select(project.c.id)))
    return sorted(known)


def _compare(live: Connection, scratch: Scratch, name: str) -> tuple[int, list[Difference]]:
    with scratch.filling() as past:
        empty(past)
        try:
            _project(live, name, Rows(past))
        except NotProjectable as fault:
            fact = fault.fact
            told = Difference(
                name, "event", str(fact.seq), None, None, None, fact.seq, fact.kind, str(fault)
            )
            return 0, [told]
        owner = None if name == SERVICE else name
        rows = 0
        found: list[Difference] = []
        for table in OF_THE_SERVICE if owner is None else OF_A_PROJECT:
            stored = rows_of(live, table, owner)
            projected = rows_of(past, table, owner)
            rows += len(stored)
            found += _differences(name, table, stored, projected)
    return rows, _named(live, scratch, name, found) if found else []


def _project(live: Connection, name: str, rows: Rows) -> None:
    for piece in events_in_pieces(live, name, None):
        apply(rows, facts_in(live, piece))


def _differences(
    name: str,
    table: Table,
    stored: Mapping[tuple[Any, ...], dict[str, Any]],
    projected: Mapping[tuple[Any, ...], dict[str, Any]],
) -> list[Difference]:
    found: list[Difference] = []
    for key in sorted({*stored, *projected}, key=str):
        mine, events = stored.get(key), projected.get(key)
        if mine is None or events is None:
            whole = (mine, events)
            found.append(_difference(name, table, key, None, *whole))
            continue
        found += [
            _difference(name, table, key, column, mine[column], events[column])
            for column in mine
            if mine[column] != events[column]
        ]
    return found


def _difference(
    name: str, table: Table, key: tuple[Any, ...], column: str | None, stored: Any, told: Any
) -> Difference:
    shown = ", ".join(map(str, key))
    if column is None:
        what = "no event says that it is there" if told is None else "is gone; an event says it"
        return Difference(name, table.name, shown, None, stored, told, None, None, what)
    what = f"{column} is {stored!r}, the events say {told!r}"
    return Difference(name, table.name, shown, column, stored, told, None, None, what)


class _Watching(Rows):
    """Remembers which event wrote each column of some rows last."""

    def __init__(self, connection: Connection, rows: set[tuple[str, str]]) -> None:
        super().__init__(connection)
        self._rows = rows
        self.fact: Fact | None = None
        self.last: dict[tuple[str, str, str | None], Fact] = {}

    def wrote(self, key: Key, columns: Mapping[str, Any]) -> None:
        table, values = key
        row = (table, ", ".join(map(str, values)))
        if row in self._rows and self.fact is not None:
            for column in (None, *columns):
                self.last[*row, column] = self.fact


def _named(
    live: Connection, scratch: Scratch, name: str, found: Sequence[Difference]
) -> list[Difference]:
    """The differences, each with the event that wrote the value last: the chain is read again."""
    with scratch.filling() as past:
        empty(past)
        rows = _Watching(past, {(each.table, each.key) for each in found})
        for piece in events_in_pieces(live, name, None):
            for fact in facts_in(live, piece):
                rows.fact = fact
                apply(rows, [fact])
    named: list[Difference] = []
    for each in found:
        fact = rows.last.get((each.table, each.key, each.column))
        seq, kind = (None, None) if fact is None else (fact.seq, fact.kind)
        by = "" if fact is None else f" (event {seq} of {name}, {kind})"
        named.append(
            Difference(
                each.project,
                each.table,
                each.key,
                each.column,
                each.stored,
                each.told,
                seq,
                kind,
                each.what + by,
            )
        )
    return named
