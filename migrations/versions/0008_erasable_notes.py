"""A note on a reading or a rulebook can lose a person's name, and nothing else of the row can change.

The note itself stands in the history as a reference that erasing leaves as it is; this is the copy that
the pages read.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

COLUMNS = {
    "reading": (
        "id",
        "kpi_id",
        "period",
        "actual",
        "reported_on",
        "recorded_at",
        "recorded_by",
    ),
    "rulebook_proposal": ("id", "digest", "author", "recorded_at"),
    "rulebook_revision": ("id", "digest", "published_by", "recorded_at"),
}
"""All but the note."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, columns in COLUMNS.items():
            same = " AND ".join(f"NEW.{each} IS OLD.{each}" for each in columns)
            erases = "NEW.note IS NOT OLD.note AND NEW.note LIKE '%(erased)%'"
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
                f"WHEN NOT coalesce({erases} AND {same}, 0) {_refuse(table)}"
            )
    else:
        op.execute(
            """
            CREATE FUNCTION govern_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE'
                    AND NEW.note IS DISTINCT FROM OLD.note AND NEW.note LIKE '%(erased)%'
                    AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note'
                THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$
            """
        )
        for table in COLUMNS:
            _guard_postgresql(table, "govern_only_erased")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in COLUMNS:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {_refuse(table)}"
            )
    else:
        for table in COLUMNS:
            _guard_postgresql(table, "govern_append_only")
        op.execute("DROP FUNCTION govern_only_erased()")


def _refuse(table: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"


def _guard_postgresql(table: str, function: str) -> None:
    op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change")
