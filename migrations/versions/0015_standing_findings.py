"""Findings that stand until a sweep finds otherwise, and what a sweep need not look at.

A finding of before is of its own sweep alone: each sweep wrote all of them anew.
"""

from alembic import op
from sqlalchemy import Column, Date, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("finding", Column("ended_by", Integer))
    op.execute("UPDATE finding SET ended_by = sweep_id")
    op.create_index("ix_finding_ended_by_project_id", "finding", ["ended_by", "project_id"])
    op.create_table(
        "swept_project",
        Column("project_id", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("next_on", Date, nullable=False),
        *(
            Column(name, Integer, nullable=False)
            for name in ("fires", "pending", "silent", "unknown", "kpis", "readings")
        ),
        Column("newest_reading", Date),
        PrimaryKeyConstraint("project_id", name="pk_swept_project"),
        ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_swept_project_project_id_project"
        ),
    )
    op.create_index("ix_swept_project_next_on", "swept_project", ["next_on"])
    op.create_table(
        "swept_input",
        Column("project_id", Text, nullable=False),
        Column("kpi_id", Text, nullable=False),
        PrimaryKeyConstraint("project_id", "kpi_id", name="pk_swept_input"),
        ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_swept_input_project_id_project"
        ),
    )
    op.create_index("ix_swept_input_kpi_id", "swept_input", ["kpi_id"])
    op.create_table(
        "sweep_base",
        Column("id", Integer),
        Column("rulebook_digest", Text, nullable=False),
        Column("engine", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        PrimaryKeyConstraint("id", name="pk_sweep_base"),
    )


def downgrade() -> None:
    for table in ("sweep_base", "swept_input", "swept_project"):
        op.drop_table(table)
    op.drop_index("ix_finding_ended_by_project_id", "finding")
    op.drop_column("finding", "ended_by")
