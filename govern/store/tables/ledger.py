"""The ledger, and the texts and facts that its events cite."""

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from govern.store.tables.base import metadata
from govern.store.types import UtcTime

event = Table(
    "event",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("prev", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "kind"),
)

chain = Table(
    "chain",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False),
)

blob = Table(
    "blob",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)
