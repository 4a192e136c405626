"""Votes in rounds, for others and in several roles; what else a gate as organisations run it needs.

A vote that was cast before counted in one role, in the only round there was.
"""

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
    false,
)
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

EXACT = Numeric().with_variant(Text(), "sqlite")
UTC_TIME = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")
JSON = JSONB().with_variant(Text(), "sqlite")
NAMES = {
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


NEW_TABLES = ("delegation", "evidence_file", "score", "waiver", "notice")


def upgrade() -> None:
    op.add_column("project", Column("resume_on", Date))
    op.add_column("project", Column("resume_when", Text))
    op.add_column(
        "project", Column("held_by_lapse", Boolean, nullable=False, server_default=false())
    )
    op.add_column("submission", Column("expires_on", Date))
    op.add_column("submission", Column("round", Integer, nullable=False, server_default="1"))
    op.add_column("submission", Column("seen_digest", Text))
    op.add_column("submission", Column("changed", JSON, nullable=False, server_default="[]"))
    op.add_column("submission", Column("escalated_to", JSON, nullable=False, server_default="[]"))
    op.add_column("submission", Column("became", Text))
    op.add_column("submission", Column("became_at", UTC_TIME))
    _votes_in_rounds()
    _delegation()
    _evidence_file()
    _score()
    _waiver()
    _notice()


def downgrade() -> None:
    for table in reversed(NEW_TABLES):
        op.drop_table(table)
    _votes_as_they_were()
    for column in (
        "became_at",
        "became",
        "escalated_to",
        "changed",
        "seen_digest",
        "round",
        "expires_on",
    ):
        op.drop_column("submission", column)
    op.drop_column("project", "held_by_lapse")
    op.drop_column("project", "resume_when")
    op.drop_column("project", "resume_on")


def _votes_in_rounds() -> None:
    op.add_column("vote", Column("round", Integer, nullable=False, server_default="1"))
    op.add_column("vote", Column("roles", JSON, nullable=False, server_default="[]"))
    op.add_column("vote", Column("through", Text, nullable=False, server_default="own"))
    op.execute(f"UPDATE vote SET roles = {_array_of('role')}")  # noqa: S608 - our names
    with op.batch_alter_table("vote", naming_convention=NAMES) as vote:
        vote.drop_constraint("uq_vote_submission_id_person_id", type_="unique")
        vote.alter_column("role", new_column_name="seat", existing_type=Text(), nullable=True)
        vote.alter_column("round", existing_type=Integer(), server_default=None)
        vote.alter_column("roles", existing_type=JSON, server_default=None)
        vote.alter_column("through", existing_type=Text(), server_default=None)
        vote.add_column(Column("for_person_id", Text))
        vote.add_column(Column("meaning", Text))
        vote.add_column(Column("resume_on", Date))
        vote.add_column(Column("resume_when", Text))
        vote.add_column(Column("seen_digest", Text))
        vote.create_foreign_key("fk_vote_for_person_id_person", "person", ["for_person_id"], ["id"])
        vote.create_foreign_key("fk_vote_seen_digest_blob", "blob", ["seen_digest"], ["digest"])
        vote.create_unique_constraint(
            "uq_vote_submission_id_person_id_round", ["submission_id", "person_id", "round"]
        )


def _votes_as_they_were() -> None:
    """Only the newest round, and only one role of each vote, have a place there."""
    op.execute(
        "DELETE FROM vote WHERE round < (SELECT max(later.round) FROM vote AS later "
        "WHERE later.submission_id = vote.submission_id AND later.person_id = vote.person_id)"
    )
    op.execute(f"UPDATE vote SET seat = {_first_of('roles')} WHERE seat IS NULL")  # noqa: S608
    op.execute("DELETE FROM vote WHERE seat IS NULL OR decision = 'abstain'")
    with op.batch_alter_table("vote", naming_convention=NAMES) as vote:
        vote.drop_constraint("uq_vote_submission_id_person_id_round", type_="unique")
        vote.drop_constraint("fk_vote_for_person_id_person", type_="foreignkey")
        vote.drop_constraint("fk_vote_seen_digest_blob", type_="foreignkey")
        for column in (
            "for_person_id",
            "meaning",
            "resume_on",
            "resume_when",
            "seen_digest",
            "round",
            "roles",
            "through",
        ):
            vote.drop_column(column)
        vote.alter_column("seat", new_column_name="role", existing_type=Text(), nullable=False)
        vote.create_unique_constraint(
            "uq_vote_submission_id_person_id", ["submission_id", "person_id"]
        )


def _array_of(column: str) -> str:
    if op.get_bind().dialect.name == "sqlite":
        return f"json_array({column})"
    return f"jsonb_build_array({column})"


def _first_of(column: str) -> str:
    if op.get_bind().dialect.name == "sqlite":
        return f"json_extract({column}, '$[0]')"
    return f"{column} ->> 0"


def _key(table: str) -> PrimaryKeyConstraint:
    return PrimaryKeyConstraint("id", name=f"pk_{table}")


def _to(table: str, column: str, other: str, key: str = "id") -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [f"{other}.{key}"], name=f"fk_{table}_{column}_{other}")


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column])


def _delegation() -> None:
    name = "delegation"
    op.create_table(
        name,
        Column("id", Integer),
        Column("from_person_id", Text, nullable=False),
        Column("to_person_id", Text, nullable=False),
        Column("portfolio_id", Text),
        Column("project_id", Text),
        Column("gate", Text),
        Column("starts_on", Date, nullable=False),
        Column("ends_on", Date, nullable=False),
        Column("reason", Text, nullable=False),
        Column("recorded_by", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        Column("revoked_by", Text),
        Column("revoked_at", UTC_TIME),
        Column("version", Integer, nullable=False),
        _key(name),
        *(
            _to(name, column, "person")
            for column in ("from_person_id", "to_person_id", "recorded_by", "revoked_by")
        ),
        _to(name, "portfolio_id", "portfolio"),
        _to(name, "project_id", "project"),
    )
    _index(name, "from_person_id")
    _index(name, "to_person_id")


def _evidence_file() -> None:
    name = "evidence_file"
    op.create_table(
        name,
        Column("id", Integer),
        Column("project_id", Text, nullable=False),
        Column("digest", Text, nullable=False),
        Column("filename", Text, nullable=False),
        Column("media_type", Text, nullable=False),
        Column("size", Integer, nullable=False),
        Column("kept_in", Text, nullable=False),
        Column("recorded_by", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        _key(name),
        _to(name, "project_id", "project"),
        _to(name, "recorded_by", "person"),
        UniqueConstraint("project_id", "digest", name="uq_evidence_file_project_id_digest"),
    )


def _score() -> None:
    name = "score"
    op.create_table(
        name,
        Column("id", Integer),
        Column("submission_id", Integer, nullable=False),
        Column("criterion", Text, nullable=False),
        Column("person_id", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("score", EXACT, nullable=False),
        Column("note", Text),
        Column("recorded_at", UTC_TIME, nullable=False),
        _key(name),
        _to(name, "submission_id", "submission"),
        _to(name, "person_id", "person"),
    )
    _index(name, "submission_id")


def _waiver() -> None:
    name = "waiver"
    op.create_table(
        name,
        Column("id", Integer),
        Column("project_id", Text, nullable=False),
        Column("gate", Text, nullable=False),
        Column("criterion", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("expires_on", Date, nullable=False),
        Column("recorded_by", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        Column("revoked_by", Text),
        Column("revoked_at", UTC_TIME),
        Column("version", Integer, nullable=False),
        _key(name),
        _to(name, "project_id", "project"),
        _to(name, "recorded_by", "person"),
        _to(name, "revoked_by", "person"),
    )
    _index(name, "project_id")


def _notice() -> None:
    name = "notice"
    op.create_table(
        name,
        Column("id", Integer),
        Column("key", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("project_id", Text, nullable=False),
        Column("submission_id", Integer),
        Column("role", Text),
        Column("people", JSON, nullable=False),
        Column("text", Text, nullable=False),
        Column("recorded_at", UTC_TIME, nullable=False),
        _key(name),
        UniqueConstraint("key", name="uq_notice_key"),
        _to(name, "project_id", "project"),
        _to(name, "submission_id", "submission"),
    )
    _index(name, "project_id")
