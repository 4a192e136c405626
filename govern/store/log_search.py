"""Looking through the log from its end: the same work for a page whether it has a thousand events or a
million."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from govern.domain.record import Record
from govern.store import events
from govern.store.tables import event, log_entry

FEW = 2_000
"""Kinds with fewer events than this together are found by the index over kinds, and sorted."""
NEAR = 5_000
"""Of others so many events are looked through along the log before that index is asked."""


_EVENTS = select(log_entry.c.log_index.label("index"), event).join(
    event, and_(event.c.project == log_entry.c.project, event.c.seq == log_entry.c.seq)
)


def latest(
    connection: Connection,
    *,
    before: int,
    least: int,
    limit: int,
    chains: Select[Any] | Sequence[str] | None = None,
    kind: str | None = None,
) -> list[Record]:
    """Events in the log with an index from `least` to below `before`, the last first: `index` and the
    columns of the event. `chains`: only of these; `kind`: only of it, or of those that begin with it
    where it ends with a star.

    What is common lies near the end of the log, and is found along it. What is rare, or has not
    happened for long, is found by the index over kinds.
    """
    kinds = None if kind is None else _kinds(connection, kind)
    if kinds == []:
        return []
    if chains is not None:
        return _rows(
            connection, _along(_of_chains(connection, chains, before), kinds, least), limit
        )
    below = _EVENTS.where(log_entry.c.log_index < before)
    in_order = below.order_by(log_entry.c.log_index.desc())
    if kinds is None:
        return _rows(connection, _along(in_order, kinds, least), limit)
    if _are_few(connection, kinds):
        return _rows(connection, _by_kind(kinds, least, before), limit)
    near = max(least, before - NEAR)
    found = _rows(connection, _along(in_order, kinds, near), limit)
    if len(found) < limit and near > least:
        found += _rows(connection, _by_kind(kinds, least, near), limit - len(found))
    return found


def _of_chains(
    connection: Connection, chains: Select[Any] | Sequence[str], before: int
) -> Select[Any]:
    """The events of these chains, the last first."""
    query = _EVENTS.where(log_entry.c.log_index < before)
    if isinstance(chains, Select) or len(chains) != 1:
        # Not by the index over chains, which would sort every event of all of them.
        among = (log_entry.c.project + "").in_(chains)
        return query.where(among).order_by(log_entry.c.log_index.desc())
    # A chain is in the log in its own order, and lies in it by its numbers. Where to begin is asked
    # first: PostgreSQL sorts the chain for a bound that it does not know when it plans.
    [chain_id] = chains
    at = select(log_entry.c.seq).where(
        log_entry.c.log_index == before, log_entry.c.project == chain_id
    )
    below = connection.scalar(at)
    query = query.where(log_entry.c.project == chain_id).order_by(log_entry.c.seq.desc())
    return query if below is None else query.where(log_entry.c.seq < below)


def _kinds(connection: Connection, wanted: str) -> list[str]:
    """All that there are of these, so that the index over kinds serves beginnings too."""
    if not wanted.endswith("*"):
        return [wanted]
    begin = wanted.removesuffix("*")
    return [each for each in events.kinds(connection) if each.startswith(begin)]


def _are_few(connection: Connection, kinds: Sequence[str]) -> bool:
    """Counted along the index over kinds. Asked for as equal, PostgreSQL would take a kind for as common as
    others, and read the table until it has met enough of it."""
    left = FEW
    for each in kinds:
        lying = event.c.kind.between(each, each)
        some = select(event.c.kind).where(lying).order_by(event.c.kind).limit(left).subquery()
        left -= connection.execute(select(func.count()).select_from(some)).scalar_one()
        if left <= 0:
            return False
    return True


def _by_kind(kinds: Sequence[str], least: int, before: int) -> Select[Any]:
    """What the index over kinds has. Where it stands in the log is looked up for each: in a join a planner
    may go along the log instead, past every event until it has met the few."""
    place = select(log_entry.c.log_index).where(
        log_entry.c.project == event.c.project, log_entry.c.seq == event.c.seq
    )
    of_kind = select(place.scalar_subquery().label("index"), event).where(event.c.kind.in_(kinds))
    found = of_kind.subquery("of_kind")
    place_of = found.c.index
    return select(found).where(place_of >= least, place_of < before).order_by(place_of.desc())


def _along(query: Select[Any], kinds: Sequence[str] | None, least: int) -> Select[Any]:
    """In the order of the log, and so not by the index over kinds."""
    query = query.where(log_entry.c.log_index >= least)
    return query if kinds is None else query.where((event.c.kind + "").in_(kinds))


def _rows(connection: Connection, query: Select[Any], limit: int) -> list[Record]:
    return [dict(row) for row in connection.execute(query.limit(limit)).mappings()]
