"""Files of figures that wait for the yes of whoever sent them, who has seen what each cell becomes."""

from alembic import op
from sqlalchemy import (
    TIMESTAMP,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
)

revision = "0014"
down_revision = "0013"

UTC_TIME = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "waiting_file",
        Column("id", Integer),
        Column("person_id", Text, nullable=False),
        Column("filename", Text, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_waiting_file"),
        ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_waiting_file_person_id_person"),
    )
    op.create_index("ix_waiting_file_person_id", "waiting_file", ["person_id"])


def downgrade() -> None:
    op.drop_table("waiting_file")
