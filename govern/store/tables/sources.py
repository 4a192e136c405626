"""What values come with: exchange rates, pulls from sources, files that wait for their sender's yes, and
answers kept for repeated requests."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from govern.store.tables.base import metadata
from govern.store.types import Exact, UtcTime

exchange_rate = Table(
    "exchange_rate",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("currency", Text, nullable=False),
    Column("to_currency", Text, nullable=False),
    Column("rate_on", Date, nullable=False),
    Column("rate", Exact, nullable=False),
    Column("origin", Text),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "currency", "to_currency", "rate_on", "id"),
)

source_pull = Table(
    "source_pull",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("watermark", Text),
    Column("read", Integer, nullable=False),
    Column("recorded", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "source_id", "id"),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("actor_id", Text),
    Column("key", Text),
    Column("request_digest", Text, nullable=False),
    Column("status", Integer),
    Column("headers", Text),
    Column("answer", Text),
    Column("recorded_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("actor_id", "key"),
    Index(None, "recorded_at"),
)

waiting_file = Table(
    "waiting_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("filename", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "person_id"),
)
