"""Looking through the log from its end: the same work for a page whether it has a thousand events or a
million."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from govern.domain.record import Record
from govern.store.tables import event, log_entry

NEAR = 5_000
"""So many events are looked through along the log before the index over kinds is asked."""
_BEYOND = 2**31 - 1
"""As great as a number of an event can be."""


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

    What most searches ask for lies at the end of the log, and is found along it. What does not is rare,
    and found by the index over kinds.
    """
    query = (
        select(log_entry.c.log_index.label("index"), event)
        .join(event, and_(event.c.project == log_entry.c.project, event.c.seq == log_entry.c.seq))
        .where(log_entry.c.log_index < before)
    )
    if chains is not None:
        query = _of_chains(query, chains, before)
    else:
        query = query.order_by(log_entry.c.log_index.desc())
    near = max(least, before - NEAR) if kind is not None and chains is None else least
    found = _rows(
        connection, query.where(log_entry.c.log_index >= near, *_of_kind(kind, along=True)), limit
    )
    if len(found) < limit and near > least:
        far = query.where(
            log_entry.c.log_index >= least, log_entry.c.log_index < near, *_of_kind(kind)
        )
        found += _rows(connection, far, limit - len(found))
    return found


def _of_chains(query: Select[Any], chains: Select[Any] | Sequence[str], before: int) -> Select[Any]:
    """The events of these chains, the last first."""
    if isinstance(chains, Select) or len(chains) != 1:
        # Not by the index over chains, which would sort every event of all of them.
        among = (log_entry.c.project + "").in_(chains)
        return query.where(among).order_by(log_entry.c.log_index.desc())
    # A chain is in the log in its own order, and lies in it by its numbers.
    [chain_id] = chains
    at = select(log_entry.c.seq).where(
        log_entry.c.log_index == before, log_entry.c.project == chain_id
    )
    below = func.coalesce(at.scalar_subquery(), _BEYOND)
    own = (log_entry.c.project == chain_id, log_entry.c.seq < below)
    return query.where(*own).order_by(log_entry.c.seq.desc())


def _of_kind(kind: str | None, *, along: bool = False) -> list[ColumnElement[bool]]:
    """`along`: looked at along the log, and not by the index over kinds."""
    if kind is None:
        return []
    column = event.c.kind + "" if along else event.c.kind
    if kind.endswith("*"):
        return [column.startswith(kind.removesuffix("*"), autoescape=True)]
    return [column == kind]


def _rows(connection: Connection, query: Select[Any], limit: int) -> list[Record]:
    return [dict(row) for row in connection.execute(query.limit(limit)).mappings()]
