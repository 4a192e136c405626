"""Triggers that let the ledger, its blobs, readings and planned values only be added to.

They stop mistakes and casual hands, not somebody who owns the database: that is what the hash
chains are for.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = {
    "event": ("project", "seq"),
    "blob": ("digest",),
    "reading": ("id",),
    "planned_value": ("id",),
}
"""With their primary keys."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, key in TABLES.items():
            _guard_sqlite(table, key)
    else:
        op.execute(
            """
            CREATE FUNCTION govern_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$
            """
        )
        for table in TABLES:
            _guard_postgresql(table)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for what in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER {table}_no_{what}")
    else:
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        op.execute("DROP FUNCTION govern_append_only()")


def _guard_sqlite(table: str, key: tuple[str, ...]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    there = " AND ".join(f"{column} = NEW.{column}" for column in key)
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    # REPLACE takes the old row out without firing delete triggers, unless a connection wants it.
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - our names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {there}) {refuse}"
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
