"""What an intake changes in the store: every row compared, nothing written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from govern.catalogue.template import Template
from govern.domain.kpi import Kpi
from govern.domain.period import Cadence
from govern.domain.profile import Wrong
from govern.domain.project import Deliverable
from govern.domain.record import Record
from govern.domain.stage import ON_HOLD
from govern.intake.rows import DeliverableRow, Intake, KpiRow, Note, ProjectRow, Refused
from govern.process.definition import Workflow
from govern.services.changes import changed_fields
from govern.services.deliverables import drops
from govern.services.import_fields import (
    DELIVERABLE_FIELDS,
    KPI_FIELDS,
    PROJECT_FIELDS,
    deliverable_values,
    project_values,
    stated,
)
from govern.services.import_kpis import Candidate, candidate, sound
from govern.services.import_map import MapChanges, MapComparison
from govern.services.import_report import ImportReport, count
from govern.services.import_values import SCOPE_CHANGE, FreshValues, Held, fresh_values
from govern.services.kpis import FROZEN, off_cadence
from govern.services.projects import FROZEN as FROZEN_TERMS
from govern.store import bulk, deliverables, kpis, projects

RUNNING = "monitoring"
"""Where a project enters that reports actuals and does not say in which stage it stands."""


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
    """What to write."""

    report: ImportReport
    new_projects: list[NewProject] = field(default_factory=list[NewProject])
    changed_projects: list[Change] = field(default_factory=list[Change])
    new_kpis: list[Kpi] = field(default_factory=list[Kpi])
    changed_kpis: list[Change] = field(default_factory=list[Change])
    new_deliverables: list[Deliverable] = field(default_factory=list[Deliverable])
    changed_deliverables: list[Change] = field(default_factory=list[Change])
    benefits: MapChanges = field(default_factory=MapChanges)
    values: FreshValues = field(default_factory=FreshValues)


def plan_import(
    connection: Connection,
    intake: Intake,
    workflow: Workflow,
    workflows: Mapping[str, Workflow],
    stage: str | None,
    today: date,
    templates: Mapping[str, Template],
    reason: str | None = None,
) -> ImportPlan:
    """Compares an intake with the store. `stage` is where projects enter whose row does not say, and
    `workflow` what they run under; `workflows` are those that a row can name, `templates` those that
    a KPI can be made from. `reason` is that of every correction that does not give its own."""
    report = ImportReport(str(intake.folder), list(intake.refusals), list(intake.notes))
    report.refused_in_all = intake.refused
    comparison = _Comparison(
        connection, intake, workflow, workflows, stage, today, reason, ImportPlan(report), templates
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
        reason: str | None,
        plan: ImportPlan,
        templates: Mapping[str, Template],
    ) -> None:
        self.plan = plan
        self._templates = templates
        self._intake = intake
        self._workflow = workflow
        self._workflows = workflows
        self._stage = stage
        self._today = today
        self._projects = {each["id"]: each for each in projects.every(connection)}
        self._kpis = {each["id"]: each for each in kpis.every(connection)}
        self._deliverables = {each["id"]: each for each in deliverables.every(connection)}
        self._connection = connection
        self._reason = reason
        self._project_of = {each["id"]: each["project"] for each in self._kpis.values()}
        self._cadence_of = {each["id"]: Cadence(each["cadence"]) for each in self._kpis.values()}
        self._formula_of = {each["id"]: each["formula"] for each in self._kpis.values()}
        self._running = self._projects_with_actuals()

    def run(self) -> None:
        benefits = MapComparison(self._connection, self._intake, self.plan.report, self._project_of)
        self.plan.benefits = benefits.changes
        benefits.compare_objectives()
        for project in self._intake.projects:
            self._compare_project(project)
        self._compare_kpis()
        benefits.compare_outcomes()
        for deliverable in self._intake.deliverables:
            if not benefits.refuses_deliverable(deliverable):
                self._compare_deliverable(deliverable)
        self.plan.values = fresh_values(
            self._connection, self._intake.readings, self._held(), self.plan.report
        )

    def _held(self) -> Held:
        frozen = {key for key, each in self._projects.items() if each["baseline_frozen_at"]}
        doubtful = {
            row.kpi.id
            for row in self._intake.kpis
            if self._cadence_of.get(row.kpi.id, row.kpi.cadence) != row.kpi.cadence
        }
        return Held(
            project_of=self._project_of,
            cadence_of=self._cadence_of,
            frozen=frozen,
            stored=self._kpis.keys(),
            doubtful=doubtful,
            formula_of={key: each for key, each in self._formula_of.items() if each},
            today=self._today,
            reason=self._reason,
        )

    def _projects_with_actuals(self) -> set[str]:
        owner = {row.kpi.id: row.kpi.project_id for row in self._intake.kpis}
        return {owner[kpi] for kpi in self._intake.readings.reporting() if kpi in owner}

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
        said = stated(project_values(row.project), row.stated)
        if found["baseline_frozen_at"] is not None:
            for name, each in changed_fields(found, said, FROZEN_TERMS).items():
                value = str(said.pop(name))
                problem = f"differs from {each['from'] or 'nothing'}, which was agreed at a gate"
                self._refuse(row.file, row.line, name, value, problem, SCOPE_CHANGE)
        self._sort_in("projects", found, said, PROJECT_FIELDS, self.plan.changed_projects)

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

    def _compare_kpis(self) -> None:
        found = [self._candidate(row) for row in self._intake.kpis]
        candidates = [each for each in found if each is not None]
        reported = bulk.reported(self._connection)
        for each in sound(candidates, self._kpis, reported, self._refuse_kpi):
            self._take_kpi(each)

    def _candidate(self, row: KpiRow) -> Candidate | None:
        kpi = row.kpi
        found = self._kpis.get(kpi.id)
        if found is None and self._is_frozen(kpi.project_id):
            problem = "is new in a project whose plan was agreed at a gate"
            right = "add it through an approved scope change"
            self._refuse(row.file, row.line, "kpi_id", kpi.id, problem, right)
            return None
        if found is not None and found["project"] != kpi.project_id:
            problem = f"differs from the stored project {found['project']}"
            right = "a KPI stays with its project; give the new one an id of its own"
            self._refuse(row.file, row.line, "project_id", kpi.project_id, problem, right)
            return None
        each = candidate(row, found, self._templates)
        if isinstance(each, Wrong):
            self._refuse_kpi(row, "template", str(kpi.template), each)
            return None
        return each

    def _take_kpi(self, each: Candidate) -> None:
        row, found, said = each.row, each.found, each.said
        kpi = row.kpi
        if found is None:
            self.plan.new_kpis.append(replace(kpi, **said))
            self._project_of[kpi.id] = kpi.project_id
            self._cadence_of[kpi.id] = Cadence(said["cadence"])
            self._formula_of[kpi.id] = said["formula"]
            count(self.plan.report.added, "kpis")
            return
        touched = sorted(FROZEN & changed_fields(found, said, KPI_FIELDS).keys())
        if touched and self._is_frozen(kpi.project_id):
            name = touched[0]
            problem = f"differs from {found[name]}, which was agreed at a gate"
            self._refuse(row.file, row.line, name, str(said[name]), problem, SCOPE_CHANGE)
            return
        cadence = Cadence(said.get("cadence", found["cadence"]))
        if cadence != found["cadence"]:
            if off := off_cadence(cadence, bulk.periods_of(self._connection, kpi.id)):
                problem = f"differs from {found['cadence']}, which the stored values have"
                right = f"keep it: {off[0]} has a value and ends no {cadence.value} period"
                self._refuse(row.file, row.line, "cadence", cadence.value, problem, right)
                return
            self._cadence_of[kpi.id] = cadence
        self._formula_of[kpi.id] = each.whole["formula"]
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
        if self._is_frozen(found["project"]) and drops(found, said):
            value = str(said.pop("state"))
            problem = f"differs from {found['state']}: what is delivered was agreed at a gate"
            self._refuse(row.file, row.line, "state", value, problem, SCOPE_CHANGE)
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

    def _is_frozen(self, project_id: str) -> bool:
        found = self._projects.get(project_id)
        return found is not None and found["baseline_frozen_at"] is not None

    def _refuse_kpi(self, row: KpiRow, column: str, value: str, wrong: Wrong) -> None:
        self._refuse(row.file, row.line, column, value, wrong.problem, wrong.right)

    def _refuse(
        self, file: str, line: int, column: str, value: str, problem: str, right: str
    ) -> None:
        self.plan.report.refuse(Refused(file, line, column, value, problem, right))
