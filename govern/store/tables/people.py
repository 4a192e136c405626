"""People, what they were granted, and what they and their programs sign in with."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from govern.store.tables.base import metadata
from govern.store.types import Json, UtcTime

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
    Column("scopes", Json),
    Column("issued_by", Text),
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
    Column("brought_by", Text),
    Index(None, "person_id"),
    Index(None, "project_id"),
)

token_use = Table(
    "token_use",
    metadata,
    Column("token_id", Integer, ForeignKey("token.id"), primary_key=True),
    Column("last_used_on", Date, nullable=False),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    Column("recorded_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("leads_to", Text, nullable=False),
    Column("used_at", UtcTime),
)

person_session = Table(
    "person_session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    Column("recorded_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("how", Text, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("confirmed_at", UtcTime),
    Column("ended_at", UtcTime),
    Index(None, "person_id"),
)

person_identity = Table(
    "person_identity",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Text, ForeignKey("person.id"), nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("issuer", "subject"),
    UniqueConstraint("person_id", "issuer"),
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("session_id", Integer, ForeignKey("person_session.id")),
    Column("leads_to", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index(None, "expires_at"),
)

rate_window = Table(
    "rate_window",
    metadata,
    Column("key", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Index(None, "ends_at"),
)
