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
    Column("ended_by", Integer),
    Index(None, "project_id", "as_of"),
    Index(None, "sweep_id"),
    Index(None, "rule_id"),
    Index(None, "state"),
    Index(None, "ended_by", "project_id"),
)
"""A finding stands from the sweep that wrote it until one that finds otherwise of the project, `ended_by`.
That is its own sweep where it was of that one alone, as of a date before one that was swept already."""

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
    Column("rejected_because", Text),
    Column("alternative", Json),
    Column("superseded_by", Integer),
    Column("scope_change_id", Integer),
    Column("implemented_by", Text),
    Column("implemented_at", UtcTime),
    Column("implemented_note", Text),
    Column("implemented_link", Text),
    Column("closed_at", UtcTime),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "project_id"),
    Index(None, "status"),
    Index(None, "rule_id"),
)

swept_project = Table(
    "swept_project",
    metadata,
    Column("project_id", Text, ForeignKey("project.id"), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("next_on", Date, nullable=False),
    Column("fires", Integer, nullable=False),
    Column("pending", Integer, nullable=False),
    Column("silent", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("kpis", Integer, nullable=False),
    Column("readings", Integer, nullable=False),
    Column("newest_reading", Date),
    Index(None, "next_on"),
)
"""Up to which event of its chain a project was looked at by a sweep, from which day on it may come out
otherwise without any event, and what the sweep counted in it. No event tells it: it says what need not be
looked at."""

swept_input = Table(
    "swept_input",
    metadata,
    Column("project_id", Text, ForeignKey("project.id"), primary_key=True),
    Column("kpi_id", Text, primary_key=True),
    Index(None, "kpi_id"),
)
"""The KPIs of other projects that the composite KPIs of a project read, directly or through each other;
also those that are not there."""

sweep_base = Table(
    "sweep_base",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rulebook_digest", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)
"""One row: by what the projects that need not be looked at were judged, and up to which event of the
service's chain. Whoever sweeps holds it."""
