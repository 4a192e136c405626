"""Which separations of duties were switched off and on again: the newest of a pair counts."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from govern.store.tables.base import metadata
from govern.store.types import UtcTime

separation_switch = Table(
    "separation_switch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pair", Text, nullable=False),
    Column("separated", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("recorded_by", Text, ForeignKey("person.id"), nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "pair", "id"),
)
