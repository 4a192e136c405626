"""Whole benefit profiles, the benefits map, versions of the agreed plan, and where values come from.

What was recorded before has a scale of 1 and a tolerance that is a share. A reading can now say why it
corrects another, and link to what shows it; both can lose a name that was erased, as its note can.
"""

from typing import Any

from alembic import op
from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"

EXACT = Numeric().with_variant(Text(), "sqlite")
UTC_TIME = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")
JSON = JSONB().with_variant(Text(), "sqlite")

KPI = {
    "description": lambda: Column("description", Text),
    "currency": lambda: Column("currency", Text),
    "scale": lambda: Column("scale", EXACT, nullable=False, server_default="1"),
    "baseline_source": lambda: Column("baseline_source", Text),
    "tolerance_red": lambda: Column("tolerance_red", EXACT),
    "tolerance_in": lambda: Column("tolerance_in", Text, nullable=False, server_default="share"),
    "department": lambda: Column("department", Text),
    "calculation": lambda: Column("calculation", Text),
    "cashable": lambda: Column("cashable", Boolean),
    "attribution": lambda: Column("attribution", EXACT),
    "template": lambda: Column("template", Text),
    "formula": lambda: Column("formula", Text),
    "inputs": lambda: Column("inputs", JSON, nullable=False, server_default="{}"),
    "part_of": lambda: Column("part_of", Text),
    "calendar": lambda: Column("calendar", Text),
}
READING = ("reason", "confidence", "link", "origin")
_OF_A_READING = ("id", "kpi_id", "period", "actual", "reported_on", "recorded_at", "recorded_by")
APPEND_ONLY = {
    "baseline_version": ("id = NEW.id", "project_id = NEW.project_id AND number = NEW.number"),
    "exchange_rate": ("id = NEW.id",),
    "source_pull": ("id = NEW.id",),
}
NEW_TABLES = (
    *("objective", "outcome", "outcome_link", "deliverable_outcome", "kpi_objective"),
    *("scope_change", "scope_change_vote", "baseline_version"),
    *("exchange_rate", "source_pull", "idempotency_key"),
)


def upgrade() -> None:
    for column in KPI.values():
        op.add_column("kpi", column())
    for name in READING:
        op.add_column("reading", Column(name, Text))
    _benefits_map()
    _agreed_plan()
    _sources()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, keys in APPEND_ONLY.items():
        if sqlite:
            _guard_sqlite(table, keys)
        else:
            _guard_postgresql(table)
    if sqlite:
        columns = (*_OF_A_READING, "confidence", "origin")
        _reading_loses(("note", "reason", "link"), columns)
    else:
        _erasing_function("note", "reason", "link")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _reading_loses(("note",), _OF_A_READING)
    else:
        _erasing_function("note")
    for table in reversed(NEW_TABLES):
        op.drop_table(table)
    for name in reversed(READING):
        op.drop_column("reading", name)
    for name in reversed(KPI):
        op.drop_column("kpi", name)


def _benefits_map() -> None:
    op.create_table(
        "objective",
        Column("id", Text),
        *_described(),
        PrimaryKeyConstraint("id", name="pk_objective"),
    )
    op.create_table(
        "outcome",
        Column("id", Text),
        Column("project_id", Text, nullable=False),
        *_described(),
        PrimaryKeyConstraint("id", name="pk_outcome"),
        ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_outcome_project_id_project"),
    )
    op.create_index("ix_outcome_project_id", "outcome", ["project_id"])
    op.create_table(
        "outcome_link",
        Column("outcome_id", Text),
        Column("target_kind", Text),
        Column("target_id", Text),
        Column("contribution", EXACT),
        PrimaryKeyConstraint("outcome_id", "target_kind", "target_id", name="pk_outcome_link"),
        ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name="fk_outcome_link_outcome_id_outcome"
        ),
    )
    for source, target in (("deliverable", "outcome"), ("kpi", "objective")):
        table = f"{source}_{target}"
        op.create_table(
            table,
            Column(f"{source}_id", Text),
            Column(f"{target}_id", Text),
            Column("contribution", EXACT),
            PrimaryKeyConstraint(f"{source}_id", f"{target}_id", name=f"pk_{table}"),
            ForeignKeyConstraint(
                [f"{source}_id"], [f"{source}.id"], name=f"fk_{table}_{source}_id_{source}"
            ),
            ForeignKeyConstraint(
                [f"{target}_id"], [f"{target}.id"], name=f"fk_{table}_{target}_id_{target}"
            ),
        )
        op.create_index(f"ix_{table}_{target}_id", table, [f"{target}_id"])


def _agreed_plan() -> None:
    op.create_table(
        "scope_change",
        Column("id", Integer),
        Column("project_id", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("changes", JSON, nullable=False),
        Column("state", Text, nullable=False),
        Column("proposed_by", Text, nullable=False),
        Column("effective_on", Date),
        Column("decided_at", UTC_TIME),
        Column("baseline_number", Integer),
        Column("version", Integer, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_scope_change"),
        ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_scope_change_project_id_project"
        ),
        ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name="fk_scope_change_proposed_by_person"
        ),
    )
    for column in ("project_id", "state"):
        op.create_index(f"ix_scope_change_{column}", "scope_change", [column])
    op.create_table(
        "scope_change_vote",
        Column("id", Integer),
        Column("scope_change_id", Integer, nullable=False),
        Column("role", Text, nullable=False),
        Column("decision", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("recorded_by", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_scope_change_vote"),
        ForeignKeyConstraint(
            ["scope_change_id"],
            ["scope_change.id"],
            name="fk_scope_change_vote_scope_change_id_scope_change",
        ),
        ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name="fk_scope_change_vote_recorded_by_person"
        ),
    )
    op.create_index(
        "ix_scope_change_vote_scope_change_id", "scope_change_vote", ["scope_change_id"]
    )
    op.create_table(
        "baseline_version",
        Column("id", Integer),
        Column("project_id", Text, nullable=False),
        Column("number", Integer, nullable=False),
        Column("digest", Text, nullable=False),
        Column("scope_change_id", Integer),
        Column("recorded_by", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("id", name="pk_baseline_version"),
        ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_baseline_version_project_id_project"
        ),
        ForeignKeyConstraint(
            ["scope_change_id"],
            ["scope_change.id"],
            name="fk_baseline_version_scope_change_id_scope_change",
        ),
        UniqueConstraint("project_id", "number", name="uq_baseline_version_project_id_number"),
    )


def _sources() -> None:
    op.create_table(
        "exchange_rate",
        Column("id", Integer),
        Column("currency", Text, nullable=False),
        Column("to_currency", Text, nullable=False),
        Column("rate_on", Date, nullable=False),
        Column("rate", EXACT, nullable=False),
        Column("origin", Text),
        *_recorded(),
        PrimaryKeyConstraint("id", name="pk_exchange_rate"),
    )
    op.create_index(
        "ix_exchange_rate_currency_to_currency_rate_on_id",
        "exchange_rate",
        ["currency", "to_currency", "rate_on", "id"],
    )
    op.create_table(
        "source_pull",
        Column("id", Integer),
        Column("source_id", Text, nullable=False),
        Column("watermark", Text),
        Column("read", Integer, nullable=False),
        Column("recorded", Integer, nullable=False),
        Column("refused", Integer, nullable=False),
        *_recorded(),
        PrimaryKeyConstraint("id", name="pk_source_pull"),
    )
    op.create_index("ix_source_pull_source_id_id", "source_pull", ["source_id", "id"])
    op.create_table(
        "idempotency_key",
        Column("actor_id", Text),
        Column("key", Text),
        Column("request_digest", Text, nullable=False),
        Column("status", Integer),
        Column("headers", Text),
        Column("answer", Text),
        Column("recorded_at", UTC_TIME, nullable=False),
        PrimaryKeyConstraint("actor_id", "key", name="pk_idempotency_key"),
    )
    op.create_index("ix_idempotency_key_recorded_at", "idempotency_key", ["recorded_at"])


def _described() -> tuple[Column[Any], ...]:
    return (
        Column("name", Text, nullable=False),
        Column("description", Text),
        Column("owner", Text),
        Column("version", Integer, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
    )


def _recorded() -> tuple[Column[Any], ...]:
    return (
        Column("recorded_by", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
    )


def _guard_sqlite(table: str, keys: tuple[str, ...]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    there = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {key})"  # noqa: S608 - our names
        for key in keys
    )
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION govern_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION govern_append_only()"
    )
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate")


def _reading_loses(texts: tuple[str, ...], others: tuple[str, ...]) -> None:
    """The texts of a reading can each become one that has lost a name; all else stays."""
    differs = " OR ".join(f"NEW.{each} IS NOT OLD.{each}" for each in texts)
    erased = " AND ".join(
        f"(NEW.{each} IS OLD.{each} OR NEW.{each} LIKE '%(erased)%')" for each in texts
    )
    same = " AND ".join(f"NEW.{each} IS OLD.{each}" for each in others)
    if len(texts) == 1:  # as migration 0008 has it
        differs, erased = "NEW.note IS NOT OLD.note", "NEW.note LIKE '%(erased)%'"
        unless = f"{differs} AND {erased} AND {same}"
    else:
        unless = f"({differs}) AND {erased} AND {same}"
    op.execute("DROP TRIGGER reading_no_update")
    op.execute(
        f"CREATE TRIGGER reading_no_update BEFORE UPDATE ON reading WHEN NOT coalesce({unless}, 0) "
        "BEGIN SELECT RAISE(ABORT, 'reading is append-only'); END"
    )


def _erasing_function(*texts: str) -> None:
    if texts == ("note",):  # as migration 0008 has it
        condition = """NEW.note IS DISTINCT FROM OLD.note AND NEW.note LIKE '%(erased)%'
        AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note'"""
    else:
        named = ", ".join(f"'{each}'" for each in texts)
        condition = f"""to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD)
        AND to_jsonb(NEW) - ARRAY[{named}] = to_jsonb(OLD) - ARRAY[{named}]
        AND NOT EXISTS (
            SELECT 1 FROM jsonb_each_text(to_jsonb(NEW)) AS now JOIN
            jsonb_each_text(to_jsonb(OLD)) AS was USING (key)
            WHERE now.value IS DISTINCT FROM was.value
            AND coalesce(now.value, '') NOT LIKE '%(erased)%'
        )"""  # noqa: S608 - our names
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION govern_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND {condition}
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
        """
    )
