"""Bringing a folder of CSV files in: all of it, its good rows, or (dry) nothing but the report."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.refusal import NotFound
from govern.domain.role import Permission
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.intake.folder import read_folder
from govern.intake.rows import Known
from govern.process.definition import Workflow
from govern.services.access import require_everywhere
from govern.services.bulk_values import write_values
from govern.services.import_fields import deliverable_values, kpi_of, kpi_values, project_values
from govern.services.import_map import write_objectives, write_outcomes
from govern.services.import_plan import ImportPlan, plan_import
from govern.services.import_report import ImportReport
from govern.services.ledger import SERVICE, record_event
from govern.services.runtime import Runtime
from govern.services.workflows import DEFAULT_WORKFLOW
from govern.store import (
    deliverables,
    kpis,
    objectives,
    outcomes,
    portfolios,
    projects,
    revisions,
)

DEFAULT_PORTFOLIO = "main"


def import_folder(
    runtime: Runtime,
    actor: Actor,
    folder: Path,
    *,
    portfolio: str = DEFAULT_PORTFOLIO,
    workflow: str = DEFAULT_WORKFLOW,
    stage: str | None = None,
    keep_good: bool = False,
    dry_run: bool = False,
    reason: str | None = None,
    now: datetime,
) -> ImportReport:
    """Reads a folder and writes what is new or different, known by the organisation's own ids.

    A blank leaves what is stored. Rows that cannot be taken keep everything out unless `keep_good`.
    `stage` is where projects enter whose row does not say, `reason` that of corrections which give none.
    Raises NotFound for an unknown portfolio, workflow or stage, NotAllowed.
    """
    require_everywhere(actor, Permission.IMPORT)
    with runtime.store.writing(large=True) as connection:
        if portfolios.find(connection, portfolio) is None:
            raise NotFound(f"There is no portfolio '{portfolio}'.", portfolio=portfolio)
        revision = revisions.newest_workflow(connection, workflow)
        if revision is None:
            raise NotFound(f"There is no workflow '{workflow}'.", workflow=workflow)
        definition = runtime.catalog.process(connection, revision["digest"]).workflow
        stages = (*definition.stages, ON_HOLD, TERMINATED)
        if stage is not None and stage not in stages:
            raise NotFound(
                f"Workflow '{workflow}' has no stage '{stage}'; it has {', '.join(stages)}.",
                stage=stage,
            )
        workflows = _newest(runtime, connection)
        words = {name: (*each.stages, ON_HOLD, TERMINATED) for name, each in workflows.items()}
        intake = read_folder(folder, _known(connection), stages, words)
        if not dry_run:
            # What is planned is planned on what is there when it is written.
            projects.lock_every(connection)
        plan = plan_import(
            connection, intake, definition, workflows, stage, now.date(), runtime.templates, reason
        )
        if not dry_run and (keep_good or not plan.report.refused):
            _Writing(connection, actor, now).write(plan, portfolio)
            plan.report.written = True
    return plan.report


def ensure_portfolio(
    runtime: Runtime, actor: Actor, portfolio: str, name: str, *, now: datetime
) -> bool:
    """Makes a portfolio where it is not there yet; returns whether it was made."""
    require_everywhere(actor, Permission.IMPORT)
    with runtime.store.reading() as connection:
        if portfolios.find(connection, portfolio) is not None:
            return False
    with runtime.store.writing() as connection:
        if portfolios.find(connection, portfolio) is not None:
            return False
        portfolios.add(connection, portfolio, name, now)
        told = {"portfolio": portfolio, "name": name}
        record_event(connection, SERVICE, actor, "portfolio.added", told, now)
    return True


def _newest(runtime: Runtime, connection: Connection) -> dict[str, Workflow]:
    """Every workflow that a new project can run under, by its id."""
    found = [
        runtime.catalog.process(connection, digest).workflow
        for digest in revisions.newest_of_each(connection)
    ]
    return {each.id: each for each in found}


def _known(connection: Connection) -> Known:
    return Known(
        projects=frozenset(projects.ids(connection)),
        kpis={record["id"]: kpi_of(record) for record in kpis.every(connection)},
        deliverables=deliverables.project_of_each(connection),
        outcomes=outcomes.project_of_each(connection),
        objectives=frozenset(each["id"] for each in objectives.every(connection)),
    )


class _Writing:
    """Writes a plan, and tells the ledger of every change."""

    def __init__(self, connection: Connection, actor: Actor, now: datetime) -> None:
        self._connection = connection
        self._actor = actor
        self._now = now

    def write(self, plan: ImportPlan, portfolio: str) -> None:
        write_objectives(self._connection, self._actor, plan.benefits, self._now)
        self._write_projects(plan, portfolio)
        self._write_kpis(plan)
        write_outcomes(self._connection, self._actor, plan.benefits, self._now)
        self._write_deliverables(plan)
        write_values(self._connection, self._actor, plan.values, self._now)

    def _write_projects(self, plan: ImportPlan, portfolio: str) -> None:
        for new in plan.new_projects:
            project, since = new.row.project, new.row.stage_since
            values = {
                **project_values(project),
                "id": project.id,
                "portfolio": portfolio,
                "workflow_digest": new.workflow_digest,
                "stage": new.stage,
                "held_from": new.held_from,
            }
            projects.add(self._connection, values, self._now)
            projects.add_move(self._connection, project.id, None, new.stage, since, self._now)
            self._tell(project.id, "project.added", {**values, "stage_since": since})
        for change in plan.changed_projects:
            found = change.found
            projects.change(self._connection, found["id"], found["version"], change.values)
            self._tell(found["id"], "project.changed", change.changes)

    def _write_kpis(self, plan: ImportPlan) -> None:
        for kpi in plan.new_kpis:
            values = {**kpi_values(kpi), "id": kpi.id, "project": kpi.project_id}
            kpis.add(self._connection, values, self._now)
            self._tell(kpi.project_id, "kpi.added", values)
        for change in plan.changed_kpis:
            found = change.found
            kpis.change(self._connection, found["id"], found["version"], change.values)
            told = {"kpi": found["id"], "changes": change.changes}
            self._tell(found["project"], "kpi.changed", told)

    def _write_deliverables(self, plan: ImportPlan) -> None:
        for deliverable in plan.new_deliverables:
            project_id = deliverable.project_id
            values = {
                **deliverable_values(deliverable),
                "id": deliverable.id,
                "project": project_id,
            }
            deliverables.add(self._connection, values, self._now)
            self._tell(project_id, "deliverable.added", values)
        for change in plan.changed_deliverables:
            found = change.found
            deliverables.change(self._connection, found["id"], found["version"], change.values)
            told = {"deliverable": found["id"], "changes": change.changes}
            self._tell(found["project"], "deliverable.changed", told)

    def _tell(self, project_id: str, kind: str, data: dict[str, Any]) -> None:
        record_event(self._connection, project_id, self._actor, kind, data, self._now)
