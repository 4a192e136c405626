"""Links with shares: rows that tie one thing to others, written and replaced as a whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, insert, select

from govern.domain.benefits.map import Kind
from govern.domain.record import Record
from govern.store.query import in_parts
from govern.store.tables import deliverable_outcome, kpi_objective, outcome_link

Shares = dict[str, Decimal | None]
"""Id of what is tied to → share, `None` where that is not agreed."""


@dataclass(frozen=True)
class Tie:
    """A table of links: `source` and `target` name its columns, `only` what else its rows are known by."""

    table: Table
    source: str
    target: str
    only: Mapping[str, str] = field(default_factory=dict[str, str])

    def of(self, connection: Connection, ids: Collection[str]) -> dict[str, Shares]:
        """The links of each of the ids, also of those that have none."""
        found: dict[str, Shares] = {each: {} for each in ids}
        for part in in_parts(ids):
            self._gather(connection, found, part)
        return found

    def every(self, connection: Connection) -> dict[str, Shares]:
        """The links of all that have any."""
        found: dict[str, Shares] = {}
        self._gather(connection, found, None)
        return found

    def replace(self, connection: Connection, key: str, shares: Shares) -> None:
        connection.execute(delete(self.table).where(self._source == key, *self._own()))
        rows = [
            {self.source: key, self.target: target, "contribution": share, **self.only}
            for target, share in shares.items()
        ]
        if rows:
            connection.execute(insert(self.table), rows)

    def _gather(
        self, connection: Connection, found: dict[str, Shares], part: list[str] | None
    ) -> None:
        target = self.table.c[self.target]
        query = select(self._source, target, self.table.c.contribution).where(*self._own())
        if part is not None:
            query = query.where(self._source.in_(part))
        for key, to, share in connection.execute(query.order_by(self._source, target)):
            found.setdefault(key, {})[to] = share

    @property
    def _source(self) -> Column[Any]:
        return self.table.c[self.source]

    def _own(self) -> list[Any]:
        return [self.table.c[name] == value for name, value in self.only.items()]


PRODUCES = Tie(deliverable_outcome, "deliverable_id", "outcome_id")
SUPPORTS = Tie(kpi_objective, "kpi_id", "objective_id")
OUTCOME_SERVES = Tie(outcome_link, "outcome_id", "target_id", {"target_kind": Kind.KPI.value})
LEADS_TO = Tie(outcome_link, "outcome_id", "target_id", {"target_kind": Kind.OUTCOME.value})


def with_ties(connection: Connection, found: list[Record], ties: Mapping[str, Tie]) -> list[Record]:
    """The records with their links, each under its name."""
    ids = [each["id"] for each in found]
    tied = {name: tie.of(connection, ids) for name, tie in ties.items()} if ids else {}
    return [{**each, **{name: links[each["id"]] for name, links in tied.items()}} for each in found]
