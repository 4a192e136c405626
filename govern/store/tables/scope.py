"""The agreed plan: its versions, and the scope changes through which alone it moves."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from govern.store.tables.base import metadata
from govern.store.types import Json, UtcTime

scope_change = Table(
    "scope_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changes", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("proposed_by", Text, ForeignKey("person.id"), nullable=False),
    Column("effective_on", Date),
    Column("decided_at", UtcTime),
    Column("baseline_number", Integer),
    Column("recommendation_id", Integer),
    Column("action", Text),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("amended_by", Json, nullable=False, server_default="[]"),
    Column("version", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "project_id"),
    Index(None, "state"),
)

scope_change_vote = Table(
    "scope_change_vote",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope_change_id", Integer, ForeignKey("scope_change.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("for_person_id", Text),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("recorded_by", Text, ForeignKey("person.id"), nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Index(None, "scope_change_id"),
)

baseline_version = Table(
    "baseline_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Text, ForeignKey("project.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("scope_change_id", Integer, ForeignKey("scope_change.id")),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("project_id", "number"),
)
