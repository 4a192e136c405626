"""What an intake changes in the store: every row compared, nothing written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.kpi import Kpi
from govern.domain.period import Cadence
from govern.domain.project import Deliverable
from govern.domain.reading import PlannedValue, Reading
from govern.domain.record import Record
from govern.domain.stage import ON_HOLD
from govern.intake.rows import DeliverableRow, Intake, KpiRow, Note, ProjectRow, ReadingRow, Refused
from govern.process.definition import Workflow
from govern.services.changes import changed_fields
from govern.services.import_fields import (
    DELIVERABLE_FIELDS,
    KPI_FIELDS,
    PROJECT_FIELDS,
    deliverable_values,
    kpi_values,
    project_values,
    stated,
)
from govern.services.import_report import ImportReport, count
from govern.services.kpis import FROZEN, off_cadence
from govern.store import deliverables, kpis, projects, readings

RUNNING = "monitoring"
"""Where a project enters that reports actuals and does not say in which stage it stands."""

SCOPE_CHANGE = "change it through an approved scope change"


@dataclass(frozen=True, slots=True)
class NewProject:
    row: ProjectRow
    stage: str
    held_from: str | None
    workflow_digest: str


@dataclass(frozen=True, slots=True)
class Change:
    """`changes` is what the ledger is told (field → from, to), `values` what is written."""

    found: Record
    changes: dict[str, dict[str, Any]]
    values: dict[str, Any]


@dataclass(slots=True)
class ImportPlan:
    """What to write. Readings and planned values are by project."""

    report: ImportReport
    new_projects: list[NewProject] = field(default_factory=list[NewProject])
    changed_projects: list[Change] = field(default_factory=list[Change])
    new_kpis: list[Kpi] = field(default_factory=list[Kpi])
    changed_kpis: list[Change] = field(default_factory=list[Change])
    new_deliverables: list[Deliverable] = field(default_factory=list[Deliverable])
    changed_deliverables: list[Change] = field(default_factory=list[Change])
    readings: dict[str, list[Reading]] = field(default_factory=dict[str, list[Reading]])
    planned: dict[str, list[PlannedValue]] = field(default_factory=dict[str, list[PlannedValue]])


def plan_import(
    connection: Connection,
    intake: Intake,
    workflow: Workflow,
    workflows: Mapping[str, Workflow],
    stage: str | None,
    today: date,
) -> ImportPlan:
    """Compares an intake with the store. `stage` is where projects enter whose row does not say, and
    `workflow` what they run under; `workflows` are those that a row can name."""
    report = ImportReport(str(intake.folder), list(intake.refusals), list(intake.notes))
    comparison = _Comparison(
        connection, intake, workflow, workflows, stage, today, ImportPlan(report)
    )
    comparison.run()
    return comparison.plan


class _Comparison:
    def __init__(
        self,
        connection: Connection,
        intake: Intake,
        workflow: Workflow,
        workflows: Mapping[str, Workflow],
        stage: str | None,
        today: date,
        plan: ImportPlan,
    ) -> None:
        self.plan = plan
        self._intake = intake
        self._workflow = workflow
        self._workflows = workflows
        self._stage = stage
        self._today = today
        self._projects = {each["id"]: each for each in projects.every(connection)}
        self._kpis = {each["id"]: each for each in kpis.every(connection)}
        self._deliverables = {each["id"]: each for each in deliverables.every(connection)}
        self._actual = readings.in_force(connection)
        self._planned = readings.planned_in_force(connection)
        self._project_of = {each["id"]: each["project"] for each in self._kpis.values()}
        self._cadence_of = {each["id"]: Cadence(each["cadence"]) for each in self._kpis.values()}
        self._running = self._projects_with_actuals()

    def run(self) -> None:
        for project in self._intake.projects:
            self._compare_project(project)
        for kpi in self._intake.kpis:
            self._compare_kpi(kpi)
        for deliverable in self._intake.deliverables:
            self._compare_deliverable(deliverable)
        for row in self._intake.readings:
            self._compare_values(row)

    def _projects_with_actuals(self) -> set[str]:
        owner = {row.kpi.id: row.kpi.project_id for row in self._intake.kpis}
        return {
            owner[row.reading.kpi_id]
            for row in self._intake.readings
            if row.reading is not None
            and row.reading.actual is not None
            and row.reading.kpi_id in owner
        }

    def _compare_project(self, row: ProjectRow) -> None:
        found = self._projects.get(row.project.id)
        if found is None:
            self.plan.new_projects.append(self._new(row))
            count(self.plan.report.added, "projects")
            return
        if row.stage is not None and row.stage != found["stage"]:
            told = f"{row.project.id} stays in {found['stage']}: only a gate moves a project"
            self.plan.report.notes.append(Note(row.file, row.line, "stage", told, 1))
        if row.workflow is not None and row.workflow != found["workflow"]:
            told = (
                f"{row.project.id} stays in the workflow {found['workflow']}: only a migration "
                "takes it to another"
            )
            self.plan.report.notes.append(Note(row.file, row.line, "workflow", told, 1))
        self._sort_in(
            "projects",
            found,
            stated(project_values(row.project), row.stated),
            PROJECT_FIELDS,
            self.plan.changed_projects,
        )

    def _of(self, row: ProjectRow) -> Workflow:
        named = row.workflow
        return self._workflow if named in (None, self._workflow.id) else self._workflows[named]

    def _new(self, row: ProjectRow) -> NewProject:
        return NewProject(row, *self._entry(row), self._of(row).digest)

    def _entry(self, row: ProjectRow) -> tuple[str, str | None]:
        """The stage a new project enters in, and where one on hold resumes."""
        workflow = self._of(row)
        reports = row.project.id in self._running and RUNNING in workflow.stages
        inferred = RUNNING if reports else workflow.initial
        stage = row.stage or (self._stage if workflow is self._workflow else None)
        if stage is None:
            self.plan.report.entered.setdefault(inferred, []).append(row.project.id)
            stage = inferred
        return stage, inferred if stage == ON_HOLD else None

    def _compare_kpi(self, row: KpiRow) -> None:
        kpi = row.kpi
        found = self._kpis.get(kpi.id)
        if found is None:
            if self._is_frozen(kpi.project_id):
                problem = "is new in a project whose plan was agreed at a gate"
                right = "add it through an approved scope change"
                self._refuse(row.file, row.line, "kpi_id", kpi.id, problem, right)
                return
            self.plan.new_kpis.append(kpi)
            self._project_of[kpi.id] = kpi.project_id
            self._cadence_of[kpi.id] = kpi.cadence
            count(self.plan.report.added, "kpis")
            return
        if found["project"] != kpi.project_id:
            problem = f"differs from the stored project {found['project']}"
            right = "a KPI stays with its project; give the new one an id of its own"
            self._refuse(row.file, row.line, "project_id", kpi.project_id, problem, right)
            return
        said = stated(kpi_values(kpi), row.stated)
        touched = sorted(FROZEN & changed_fields(found, said, KPI_FIELDS).keys())
        if touched and self._is_frozen(kpi.project_id):
            name = touched[0]
            problem = f"differs from {found[name]}, which was agreed at a gate"
            self._refuse(row.file, row.line, name, str(said[name]), problem, SCOPE_CHANGE)
            return
        cadence = Cadence(said.get("cadence", found["cadence"]))
        if cadence != found["cadence"]:
            stored = (period for key, period in (*self._actual, *self._planned) if key == kpi.id)
            if off := off_cadence(cadence, stored):
                problem = f"differs from {found['cadence']}, which the stored values have"
                right = f"keep it: {off[0]} has a value and ends no {cadence.value} period"
                self._refuse(row.file, row.line, "cadence", cadence.value, problem, right)
                return
            self._cadence_of[kpi.id] = cadence
        self._sort_in("kpis", found, said, KPI_FIELDS, self.plan.changed_kpis)

    def _compare_deliverable(self, row: DeliverableRow) -> None:
        deliverable = row.deliverable
        found = self._deliverables.get(deliverable.id)
        if found is None:
            self.plan.new_deliverables.append(deliverable)
            count(self.plan.report.added, "deliverables")
            return
        if found["project"] != deliverable.project_id:
            problem = f"differs from the stored project {found['project']}"
            right = "a deliverable stays with its project; give the new one an id of its own"
            self._refuse(row.file, row.line, "project_id", deliverable.project_id, problem, right)
            return
        said = stated(deliverable_values(deliverable), row.stated)
        self._sort_in(
            "deliverables", found, said, DELIVERABLE_FIELDS, self.plan.changed_deliverables
        )

    def _sort_in(
        self,
        kind: str,
        found: Record,
        said: dict[str, Any],
        editable: tuple[str, ...],
        changed: list[Change],
    ) -> None:
        changes = changed_fields(found, said, editable)
        if changes:
            changed.append(Change(found, changes, {name: said[name] for name in changes}))
            count(self.plan.report.changed, kind)
        else:
            count(self.plan.report.unchanged, kind)

    def _compare_values(self, row: ReadingRow) -> None:
        told = row.reading or row.planned
        if told is not None and told.kpi_id not in self._project_of:
            problem = "belongs to a KPI that was refused"
            self._refuse(row.file, row.line, "kpi_id", told.kpi_id, problem, "mend the KPI first")
            return
        if told is not None and off_cadence(self._cadence_of[told.kpi_id], [told.period]):
            cadence = self._cadence_of[told.kpi_id].value
            problem = f"ends no {cadence} period, and that is the cadence of KPI {told.kpi_id}"
            right = f"use the last day of a {cadence} period, or state the cadence in kpis.csv"
            day = told.period.isoformat()
            self._refuse(row.file, row.line, "period_end", day, problem, right)
            return
        if row.reading is not None:
            self._compare_reading(row, row.reading)
        if row.planned is not None:
            self._compare_planned(row, row.planned)

    def _compare_reading(self, row: ReadingRow, reading: Reading) -> None:
        if reading.actual is not None and reading.period > self._today:
            problem = (
                f"cannot be known: the period ends on {reading.period}, after today, {self._today}"
            )
            right = "leave it blank until the period is over"
            self._refuse(row.file, row.line, "actual", str(reading.actual), problem, right)
            return
        stored = self._actual.get((reading.kpi_id, reading.period))
        if stored is not None and (
            reading.actual is None
            or (stored.actual == reading.actual and stored.reported_on == reading.reported_on)
        ):
            count(self.plan.report.unchanged, "readings")
            return
        report = self.plan.report
        count(report.added if stored is None else report.changed, "readings")
        self.plan.readings.setdefault(self._project_of[reading.kpi_id], []).append(reading)

    def _compare_planned(self, row: ReadingRow, planned: PlannedValue) -> None:
        project_id = self._project_of[planned.kpi_id]
        before: Decimal | None = self._planned.get((planned.kpi_id, planned.period))
        if before == planned.planned:
            count(self.plan.report.unchanged, "planned")
            return
        if self._is_frozen(project_id):
            problem = "differs from the trajectory that was agreed at a gate"
            self._refuse(row.file, row.line, "planned", str(planned.planned), problem, SCOPE_CHANGE)
            return
        report = self.plan.report
        count(report.added if before is None else report.changed, "planned")
        self.plan.planned.setdefault(project_id, []).append(planned)

    def _is_frozen(self, project_id: str) -> bool:
        found = self._projects.get(project_id)
        return found is not None and found["baseline_frozen_at"] is not None

    def _refuse(
        self, file: str, line: int, column: str, value: str, problem: str, right: str
    ) -> None:
        self.plan.report.refusals.append(Refused(file, line, column, value, problem, right))
