"""People, what they were granted, and what their programs sign in with."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from govern.store.tables.base import metadata
from govern.store.types import UtcTime

person = Table(
    "person",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
)

token = Table(
    "token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Index(None, "person_id"),
)

role_grant = Table(
    "role_grant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("portfolio_id", Text, ForeignKey("portfolio.id")),
    Column("project_id", Text, ForeignKey("project.id")),
    Column("granted_by", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("until", UtcTime),
    Column("revoked_at", UtcTime),
    Index(None, "person_id"),
    Index(None, "project_id"),
)
