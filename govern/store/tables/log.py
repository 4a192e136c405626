"""The Merkle log over all events, what was signed of it, and who else has signed."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from govern.store.tables.base import metadata
from govern.store.types import UtcTime

log_entry = Table(
    "log_entry",
    metadata,
    Column("log_index", Integer, primary_key=True, autoincrement=False),
    Column("project", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("leaf", Text, nullable=False),
    UniqueConstraint("project", "seq"),
)
"""Not bound to `event` by a foreign key: on PostgreSQL that writes to every event once more while it is
sealed. Events are never deleted, and verification holds each entry against its event."""

log_tile = Table(
    "log_tile",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("tile", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
)
"""Roots of complete subtrees of 256^level leaves (level 1 and up); what lies between is computed."""

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("root", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("sealed_at", UtcTime, nullable=False),
)

cosignature = Table(
    "cosignature",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("size", Integer, ForeignKey("checkpoint.size"), nullable=False),
    Column("witness", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("size", "witness"),
)

checkpoint_timestamp = Table(
    "checkpoint_timestamp",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("size", Integer, ForeignKey("checkpoint.size"), nullable=False),
    Column("authority", Text, nullable=False),
    Column("token", LargeBinary, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("size", "authority"),
)

sealed_chain = Table(
    "sealed_chain",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
)
"""Up to which event each chain is in the log: chains are sealed in their own order, without gaps."""
