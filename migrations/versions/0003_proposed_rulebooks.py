"""Who proposed each rulebook, beside who published it; neither is ever changed.

Until now a rulebook came in force from the rules directory only, so that is the author of those
that are there.
"""

from alembic import op
from sqlalchemy import (
    TIMESTAMP,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0003"
down_revision = "0002"

UTC_TIME = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")
TABLES = ("rulebook_proposal", "rulebook_revision")


def upgrade() -> None:
    op.create_table(
        "rulebook_proposal",
        Column("id", Integer),
        Column("digest", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("note", Text),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_rulebook_proposal"),
        UniqueConstraint("digest", name="uq_rulebook_proposal_digest"),
        ForeignKeyConstraint(["digest"], ["blob.digest"], name="fk_rulebook_proposal_digest_blob"),
    )
    op.execute(
        """
        INSERT INTO rulebook_proposal (digest, author, note, recorded_at)
        SELECT digest, 'directory', note, recorded_at FROM rulebook_revision AS one
        WHERE id = (SELECT min(id) FROM rulebook_revision WHERE digest = one.digest)
        ORDER BY id
        """
    )
    for table in TABLES:
        if op.get_bind().dialect.name == "sqlite":
            _guard_sqlite(table)
        else:
            _guard_postgresql(table)


def downgrade() -> None:
    for table in TABLES:
        if op.get_bind().dialect.name == "sqlite":
            for what in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER {table}_no_{what}")
        else:
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.drop_table("rulebook_proposal")


def _guard_sqlite(table: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    # REPLACE takes the old row out without firing delete triggers, unless a connection wants it.
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}"
    )


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION govern_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION govern_append_only()"
    )
    # ALWAYS: also in a session that calls itself a replica, where ordinary triggers rest.
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate")
