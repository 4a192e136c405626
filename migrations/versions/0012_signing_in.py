"""How people sign in: one-time links, sessions, tokens with scopes, the organisation's own sign-in; roles
that a group brought; votes that were signed; and how much one caller asks for.

Tokens that were issued before have no scopes named: they may do all that their person may. Who issued
them is told by their events.
"""

from typing import Any

from alembic import op
from sqlalchemy import (
    TIMESTAMP,
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"

UTC_TIME = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")
JSON = JSONB().with_variant(Text(), "sqlite")

ADDED = {
    "token": {
        "scopes": lambda: Column("scopes", JSON),
        "issued_by": lambda: Column("issued_by", Text),
    },
    "role_grant": {"brought_by": lambda: Column("brought_by", Text)},
    "vote": {
        "signed_at": lambda: Column("signed_at", UTC_TIME),
        "signed_how": lambda: Column("signed_how", Text),
    },
}
NEW_TABLES = (
    *("token_use", "sign_in_link", "person_session"),
    *("person_identity", "sign_in_attempt", "rate_window"),
)


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column in columns.values():
            op.add_column(table, column())
    op.create_table(
        "token_use",
        Column("token_id", Integer),
        Column("last_used_on", Date, nullable=False),
        PrimaryKeyConstraint("token_id", name="pk_token_use"),
        _to("token_use", "token_id", "token"),
    )
    op.create_table(
        "sign_in_link",
        *_secret_of_a_person("sign_in_link"),
        Column("leads_to", Text, nullable=False),
        Column("used_at", UTC_TIME),
    )
    op.create_table(
        "person_session",
        *_secret_of_a_person("person_session"),
        Column("how", Text, nullable=False),
        Column("seen_at", UTC_TIME, nullable=False),
        Column("confirmed_at", UTC_TIME),
        Column("ended_at", UTC_TIME),
    )
    op.create_index("ix_person_session_person_id", "person_session", ["person_id"])
    op.create_table(
        "person_identity",
        Column("id", Integer),
        Column("person_id", Text, nullable=False),
        Column("issuer", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_person_identity"),
        UniqueConstraint("issuer", "subject", name="uq_person_identity_issuer_subject"),
        UniqueConstraint("person_id", "issuer", name="uq_person_identity_person_id_issuer"),
        _to("person_identity", "person_id", "person"),
    )
    op.create_table(
        "sign_in_attempt",
        Column("id", Integer),
        Column("sha256", Text, nullable=False),
        Column("session_id", Integer),
        Column("leads_to", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        Column("expires_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
        UniqueConstraint("sha256", name="uq_sign_in_attempt_sha256"),
        _to("sign_in_attempt", "session_id", "person_session"),
    )
    op.create_index("ix_sign_in_attempt_expires_at", "sign_in_attempt", ["expires_at"])
    op.create_table(
        "rate_window",
        Column("key", Text),
        Column("count", Integer, nullable=False),
        Column("ends_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("key", name="pk_rate_window"),
    )
    op.create_index("ix_rate_window_ends_at", "rate_window", ["ends_at"])


def downgrade() -> None:
    for table in reversed(NEW_TABLES):
        op.drop_table(table)
    for table, columns in reversed(ADDED.items()):
        for name in reversed(columns):
            op.drop_column(table, name)


def _secret_of_a_person(table: str) -> tuple[Any, ...]:
    return (
        Column("id", Integer),
        Column("person_id", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        Column("expires_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name=f"pk_{table}"),
        UniqueConstraint("sha256", name=f"uq_{table}_sha256"),
        _to(table, "person_id", "person"),
    )


def _to(table: str, column: str, other: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
