"""Which findings are snoozed, by whom and why, and for which a recommendation is held back."""

from alembic import op
from sqlalchemy import Boolean, Column, Text, false
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"

JSON = JSONB().with_variant(Text(), "sqlite")


def upgrade() -> None:
    op.add_column("finding", Column("snoozed", JSON))
    op.add_column("finding", Column("withheld", Boolean, nullable=False, server_default=false()))


def downgrade() -> None:
    op.drop_column("finding", "withheld")
    op.drop_column("finding", "snoozed")
