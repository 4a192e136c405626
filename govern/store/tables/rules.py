"""Rulebooks, what they found, and what they recommend."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from govern.store.tables.base import metadata
from govern.store.types import Json, UtcTime

rulebook_proposal = Table(
    "rulebook_proposal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, ForeignKey("blob.digest"), nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("digest"),
)

rulebook_revision = Table(
    "rulebook_revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, ForeignKey("blob.digest"), nullable=False),
    Column("published_by", Text, nullable=False),
    Column("note", Text),
    Column("recorded_at", UtcTime, nullable=False),
)

sweep = Table(
    "sweep",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("facts_digest", Text, nullable=False),
    Column("outcome_digest", Text, nullable=False),
    Column("counts", Json, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "as_of"),
)

finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("kpi_id", Text, ForeignKey("kpi.id")),
    Column("period", Date, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("streak", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("observed", Json, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("facts_digest", Text, ForeignKey("blob.digest"), nullable=False),
    Column("snoozed", Json),
    Column("withheld", Boolean, nullable=False, server_default=false()),
    Column("sweep_id", Integer, ForeignKey("sweep.id"), nullable=False),
    Index(None, "project_id", "as_of"),
    Index(None, "sweep_id"),
    Index(None, "rule_id"),
    Index(None, "state"),
)

recommendation = Table(
    "recommendation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("kpi_id", Text, ForeignKey("kpi.id")),
    Column("rule_id", Text, nullable=False),
    Column("rulebook_digest", Text, nullable=False),
    Column("facts_digest", Text, ForeignKey("blob.digest"), nullable=False),
    Column("period", Date, nullable=False),
    Column("action", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("proposal", Json, nullable=False),
    Column("observed", Json, nullable=False),
    Column("status", Text, nullable=False),
    Column("decided_by_role", Text, nullable=False),
    Column("decide_by", Date),
    Column("answered_by", Text, ForeignKey("person.id")),
    Column("answered_at", UtcTime),
    Column("reason", Text),
    Column("deferred_until", Date),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "project_id"),
    Index(None, "status"),
    Index(None, "rule_id"),
)
