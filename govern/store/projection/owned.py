"""Which rows of the state tables belong to which chain, read from any store."""

from typing import Any

from sqlalchemy import Connection, Table, delete, false, select

from govern.store import tables
from govern.store.tables import (
    deliverable,
    kpi,
    metadata,
    project,
    reading,
    reading_validation,
    submission,
)

Rows = dict[tuple[Any, ...], dict[str, Any]]
"""Primary key → the row's columns."""

OF_THE_SERVICE = (
    tables.portfolio,
    tables.person,
    tables.token,
    tables.role_grant,
    tables.delegation,
    tables.workflow_revision,
    tables.rulebook_proposal,
    tables.rulebook_revision,
    tables.sweep,
    tables.separation_switch,
    tables.objective,
    tables.exchange_rate,
    tables.source_pull,
    tables.report_schedule,
    tables.webhook,
    tables.mail_choice,
    tables.notice,
)

OF_A_PROJECT = (
    tables.project,
    tables.stage_move,
    tables.kpi,
    tables.planned_value,
    tables.reading,
    tables.reading_validation,
    tables.deliverable,
    tables.deliverable_kpi,
    tables.outcome,
    tables.outcome_link,
    tables.deliverable_outcome,
    tables.kpi_objective,
    tables.scope_change,
    tables.scope_change_vote,
    tables.baseline_version,
    tables.submission,
    tables.vote,
    tables.score,
    tables.condition,
    tables.waiver,
    tables.evidence_file,
    tables.notice,
    tables.finding,
    tables.recommendation,
    tables.expected_effect,
    tables.review,
    tables.review_answer,
    tables.review_kpi,
    tables.lesson,
    tables.lesson_shown,
)

_THROUGH = {
    tables.planned_value.name: ("kpi_id", kpi),
    tables.reading.name: ("kpi_id", kpi),
    tables.deliverable_kpi.name: ("deliverable_id", deliverable),
    tables.outcome_link.name: ("outcome_id", tables.outcome),
    tables.deliverable_outcome.name: ("deliverable_id", deliverable),
    tables.kpi_objective.name: ("kpi_id", kpi),
    tables.scope_change_vote.name: ("scope_change_id", tables.scope_change),
    tables.vote.name: ("submission_id", submission),
    tables.score.name: ("submission_id", submission),
    tables.review_answer.name: ("review_id", tables.review),
    tables.review_kpi.name: ("review_id", tables.review),
    tables.lesson_shown.name: ("submission_id", submission),
}


def rows_of(connection: Connection, table: Table, project_id: str | None) -> Rows:
    """The rows of a table that belong to a project; `None` is the service's chain."""
    query = select(table)
    if project_id is not None:
        query = query.where(_owned(table, project_id))
    elif table in OF_A_PROJECT:
        query = query.where(table.c.project_id.is_(None))
    keys = [each.name for each in table.primary_key]
    found = (dict(row) for row in connection.execute(query).mappings())
    return {tuple(each[name] for name in keys): each for each in found}


def empty(connection: Connection) -> None:
    """Takes every row out of a scratch database."""
    for table in metadata.sorted_tables:
        connection.execute(delete(table))


def _owned(table: Table, project_id: str) -> Any:
    if table is project:
        return project.c.id == project_id
    if table is reading_validation:
        owned = select(reading.c.id).where(_owned(reading, project_id))
        return reading_validation.c.reading_id.in_(owned)
    through = _THROUGH.get(table.name)
    if through is not None:
        column, parent = through
        owned = select(parent.c.id).where(parent.c.project_id == project_id)
        return table.c[column].in_(owned)
    return table.c.project_id == project_id if "project_id" in table.c else false()
