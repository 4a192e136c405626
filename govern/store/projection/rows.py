"""How a projection writes: plain values of events into typed columns, one row at a time."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Date, Table, delete, insert, select, update

from govern.domain.instant import read_instant
from govern.store.shares import Tie
from govern.store.tables import deliverable_kpi, finding, rulebook_proposal, stage_move
from govern.store.types import Exact, UtcTime

Key = tuple[str, tuple[Any, ...]]
"""A table's name and the values of a row's primary key."""


class Rows:
    """The rows of a state, as events write them. Values may be as events hold them: dates, moments
    and decimals as text."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, table: Table, **values: Any) -> None:
        typed = _typed(table, values)
        self._connection.execute(insert(table).values(**typed))
        self.wrote((table.name, tuple(typed[each.name] for each in table.primary_key)), typed)

    def change(self, table: Table, key: Any, *, bump: bool = True, **values: Any) -> None:
        """`bump` raises the row's version by one."""
        (column,) = table.primary_key
        typed = _typed(table, values)
        raised = {"version": table.c.version + 1} if bump else {}
        if typed or raised:
            self._connection.execute(update(table).where(column == key).values(**typed, **raised))
        self.wrote((table.name, (key,)), {**typed, **raised})

    def put(self, table: Table, **values: Any) -> None:
        """The row of this key as it is now, whether or not there was one."""
        typed = _typed(table, values)
        own = (each == typed[each.name] for each in table.primary_key)
        self._connection.execute(delete(table).where(*own))
        self.add(table, **values)

    def add_move(self, project_id: str, before: str | None, stage: str, **values: Any) -> None:
        """The next move of a project: moves are numbered."""
        last = self._connection.execute(
            select(stage_move.c.number)
            .where(stage_move.c.project_id == project_id)
            .order_by(stage_move.c.number.desc())
            .limit(1)
        ).scalar()
        self.add(
            stage_move,
            project_id=project_id,
            number=(last or 0) + 1,
            from_stage=before,
            to_stage=stage,
            **values,
        )

    def set_serves(self, deliverable_id: str, serves: Mapping[str, Any]) -> None:
        column = deliverable_kpi.c.deliverable_id
        self._connection.execute(delete(deliverable_kpi).where(column == deliverable_id))
        for kpi_id, share in serves.items():
            self.add(
                deliverable_kpi, deliverable_id=deliverable_id, kpi_id=kpi_id, contribution=share
            )

    def tie(self, tie: Tie, key: str, shares: Mapping[str, Any]) -> None:
        """Replaces the links of one thing; the shares may be text, as events hold them."""
        columns = tie.table.c
        own = [columns[name] == value for name, value in tie.only.items()]
        self._connection.execute(delete(tie.table).where(columns[tie.source] == key, *own))
        for target, share in shares.items():
            ends = {tie.source: key, tie.target: target}
            self.add(tie.table, **ends, contribution=share, **tie.only)

    def end_findings(self, project_id: str, sweep_id: int) -> None:
        """Those of a project that stand do so no longer."""
        stands = (finding.c.project_id == project_id, finding.c.ended_by.is_(None))
        for each in self._connection.scalars(select(finding.c.id).where(*stands)).all():
            self.change(finding, each, bump=False, ended_by=sweep_id)

    def is_proposed(self, digest: str) -> bool:
        column = rulebook_proposal.c
        query = select(column.id).where(column.digest == digest)
        return self._connection.execute(query).first() is not None

    def wrote(self, key: Key, columns: Mapping[str, Any]) -> None:
        """Called after each row, with the columns that were written."""


def _typed(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in values.items()}


def _value(kind: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, UtcTime):
        return read_instant(value)
    if isinstance(kind, Exact):
        return Decimal(value)
    return value
