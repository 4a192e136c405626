"""The Merkle log over all events with what was signed of it, and the personal values apart from events."""

from alembic import op
from sqlalchemy import (
    TIMESTAMP,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0006"
down_revision = "0005"

UTC_TIME = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "log_entry",
        Column("log_index", Integer, autoincrement=False),
        Column("project", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("leaf", Text, nullable=False),
        PrimaryKeyConstraint("log_index", name="pk_log_entry"),
        UniqueConstraint("project", "seq", name="uq_log_entry_project_seq"),
    )
    op.create_table(
        "log_tile",
        Column("level", Integer, autoincrement=False, nullable=False),
        Column("tile", Integer, autoincrement=False, nullable=False),
        Column("hash", Text, nullable=False),
        PrimaryKeyConstraint("level", "tile", name="pk_log_tile"),
    )
    op.create_table(
        "checkpoint",
        Column("size", Integer, autoincrement=False),
        Column("root", Text, nullable=False),
        Column("note", Text, nullable=False),
        Column("sealed_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("size", name="pk_checkpoint"),
    )
    op.create_table(
        "cosignature",
        Column("id", Integer),
        Column("size", Integer, nullable=False),
        Column("witness", Text, nullable=False),
        Column("line", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_cosignature"),
        UniqueConstraint("size", "witness", name="uq_cosignature_size_witness"),
        ForeignKeyConstraint(["size"], ["checkpoint.size"], name="fk_cosignature_size_checkpoint"),
    )
    op.create_table(
        "checkpoint_timestamp",
        Column("id", Integer),
        Column("size", Integer, nullable=False),
        Column("authority", Text, nullable=False),
        Column("token", LargeBinary, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_checkpoint_timestamp"),
        UniqueConstraint("size", "authority", name="uq_checkpoint_timestamp_size_authority"),
        ForeignKeyConstraint(
            ["size"], ["checkpoint.size"], name="fk_checkpoint_timestamp_size_checkpoint"
        ),
    )
    op.create_table(
        "sealed_chain",
        Column("project", Text),
        Column("seq", Integer, nullable=False),
        PrimaryKeyConstraint("project", name="pk_sealed_chain"),
    )
    op.create_table(
        "personal",
        Column("ref", Text),
        Column("value", Text),
        Column("salt", LargeBinary),
        Column("value_sha256", Text),
        Column("recorded_at", UTC_TIME, nullable=False),
        Column("erased_at", UTC_TIME),
        PrimaryKeyConstraint("ref", name="pk_personal"),
        UniqueConstraint("value_sha256", name="uq_personal_value_sha256"),
    )


def downgrade() -> None:
    for table in (
        "personal",
        "sealed_chain",
        "checkpoint_timestamp",
        "cosignature",
        "checkpoint",
        "log_tile",
        "log_entry",
    ):
        op.drop_table(table)
