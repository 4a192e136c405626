"""Bringing a folder of CSV files in: all of it, or its good rows, or (dry) nothing but the report."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.kpi import Aggregation, Direction, Kpi
from govern.domain.period import Cadence
from govern.domain.project import Deliverable, Project
from govern.domain.reading import PlannedValue, Reading
from govern.domain.record import Record
from govern.domain.refusal import NotFound
from govern.domain.role import Permission
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.intake.folder import read_folder
from govern.intake.rows import DeliverableRow, Intake, Known, KpiRow, Note, ProjectRow, Refused
from govern.process.definition import Workflow
from govern.services.access import require_everywhere
from govern.services.changes import changed_fields
from govern.services.kpis import FROZEN
from govern.services.ledger import SERVICE, record_event
from govern.services.readings import planned_fact, reading_fact
from govern.services.runtime import Runtime
from govern.services.workflows import DEFAULT_WORKFLOW
from govern.store import deliverables, kpis, portfolios, projects, readings, revisions

DEFAULT_PORTFOLIO = "main"

RUNNING = "monitoring"
"""Where a project enters that reports actuals and does not say in which stage it stands."""

Counts = dict[str, int]


@dataclass(slots=True)
class ImportReport:
    """`added`, `changed` and `unchanged` count rows by kind (projects, kpis, deliverables, readings,
    planned). `written` is False for a dry run and where refusals kept everything out. `entered`
    lists the projects whose stage was taken from what they report."""

    folder: str
    refusals: list[Refused]
    notes: list[Note]
    added: Counts = field(default_factory=dict[str, int])
    changed: Counts = field(default_factory=dict[str, int])
    unchanged: Counts = field(default_factory=dict[str, int])
    entered: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    written: bool = False

    @property
    def refused(self) -> bool:
        return bool(self.refusals)


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
    now: datetime,
) -> ImportReport:
    """Reads a folder and writes what is new or different, known by the organisation's own ids.

    A blank leaves what is stored. Rows that cannot be taken keep everything out unless `keep_good`.
    `stage` is where projects enter whose row does not say. Raises NotFound for an unknown
    portfolio, workflow or stage, NotAllowed.
    """
    require_everywhere(actor, Permission.IMPORT)
    with runtime.store.writing() as connection:
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
        intake = read_folder(folder, _known(connection), stages)
        plan = _Plan(connection, actor, intake, definition, portfolio, stage, now)
        plan.compare()
        report = plan.report
        if not dry_run and (keep_good or not report.refusals):
            plan.write()
            report.written = True
    return report


def _known(connection: Connection) -> Known:
    return Known(
        projects=frozenset(projects.ids(connection)),
        kpis={record["id"]: _kpi_of(record) for record in kpis.every(connection)},
        deliverables=deliverables.project_of_each(connection),
    )


def _kpi_of(record: Record) -> Kpi:
    """The stored KPI as a domain value."""
    named = {each.name: record.get(each.name) for each in fields(Kpi)}
    named["project_id"] = record["project"]
    named["direction"] = Direction(record["direction"]) if record["direction"] else None
    named["cadence"] = Cadence(record["cadence"])
    named["aggregation"] = Aggregation(record["aggregation"])
    return Kpi(**named)


_PROJECT_FIELDS = (
    "name",
    "owner",
    "department",
    "start",
    "end",
    "budget",
    "spent",
    "status_text",
    "objective",
    "tags",
)
_KPI_FIELDS = tuple(each.name for each in fields(Kpi) if each.name not in ("id", "project_id"))
_DELIVERABLE_FIELDS = ("name", "owner", "state", "due", "done_on", "cost", "serves")


def _project_values(project: Project) -> dict[str, Any]:
    values = {name: getattr(project, name) for name in _PROJECT_FIELDS}
    values["tags"] = list(project.tags)
    return values


def _kpi_values(kpi: Kpi) -> dict[str, Any]:
    return {name: getattr(kpi, name) for name in _KPI_FIELDS}


def _deliverable_values(deliverable: Deliverable) -> dict[str, Any]:
    return {name: getattr(deliverable, name) for name in _DELIVERABLE_FIELDS}


def _stated(values: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """The fields that the row says something about: a blank leaves what is stored."""
    return {name: value for name, value in values.items() if value != defaults[name]}


_KPI_DEFAULTS = _kpi_values(Kpi(id="", project_id="", name=""))
_PROJECT_DEFAULTS = _project_values(Project(id="", name=""))
_DELIVERABLE_DEFAULTS = _deliverable_values(Deliverable(id="", project_id="", name=""))


class _Plan:
    """What an intake changes in the store: compared first, written after."""

    def __init__(
        self,
        connection: Connection,
        actor: Actor,
        intake: Intake,
        workflow: Workflow,
        portfolio: str,
        stage: str | None,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._actor = actor
        self._intake = intake
        self._workflow = workflow
        self._portfolio = portfolio
        self._stage = stage
        self._now = now
        self.report = ImportReport(str(intake.folder), list(intake.refusals), list(intake.notes))
        self._new_projects: list[tuple[ProjectRow, str, str | None]] = []
        self._changed_projects: list[tuple[Record, dict[str, Any], dict[str, Any]]] = []
        self._new_kpis: list[Kpi] = []
        self._changed_kpis: list[tuple[Record, dict[str, Any], dict[str, Any]]] = []
        self._new_deliverables: list[Deliverable] = []
        self._changed_deliverables: list[tuple[Record, dict[str, Any], dict[str, Any]]] = []
        self._readings: dict[str, list[Reading]] = {}
        self._planned: dict[str, list[PlannedValue]] = {}
        self._project_of: dict[str, str] = {}
        self._frozen: set[str] = set()

    # --- comparing ---------------------------------------------------------------------------

    def compare(self) -> None:
        running = self._projects_with_actuals()
        for row in self._intake.projects:
            self._compare_project(row, running)
        self._project_of = kpis.project_of_each(self._connection)
        for row in self._intake.kpis:
            self._compare_kpi(row)
        for row in self._intake.deliverables:
            self._compare_deliverable(row)
        self._compare_values()

    def _projects_with_actuals(self) -> set[str]:
        owner = {row.kpi.id: row.kpi.project_id for row in self._intake.kpis}
        return {
            owner[row.reading.kpi_id]
            for row in self._intake.readings
            if row.reading is not None
            and row.reading.actual is not None
            and row.reading.kpi_id in owner
        }

    def _compare_project(self, row: ProjectRow, running: set[str]) -> None:
        found = projects.find(self._connection, row.project.id)
        if found is None:
            stage, held_from = self._entry(row, running)
            self._new_projects.append((row, stage, held_from))
            _count(self.report.added, "projects")
            return
        if found["baseline_frozen_at"] is not None:
            self._frozen.add(found["id"])
        if row.stage is not None and row.stage != found["stage"]:
            self.report.notes.append(
                Note(
                    row.file,
                    row.line,
                    "stage",
                    f"{row.project.id} stays in {found['stage']}: only a gate moves a project",
                    1,
                )
            )
        stated = _stated(_project_values(row.project), _PROJECT_DEFAULTS)
        self._sort_in("projects", found, stated, _PROJECT_FIELDS, self._changed_projects)

    def _entry(self, row: ProjectRow, running: set[str]) -> tuple[str, str | None]:
        """The stage a new project enters in, and where one on hold resumes."""
        reports = row.project.id in running and RUNNING in self._workflow.stages
        inferred = RUNNING if reports else self._workflow.initial
        stage = row.stage or self._stage
        if stage is None:
            self.report.entered.setdefault(inferred, []).append(row.project.id)
            stage = inferred
        return stage, inferred if stage == ON_HOLD else None

    def _compare_kpi(self, row: KpiRow) -> None:
        kpi = row.kpi
        found = kpis.find(self._connection, kpi.id)
        if found is None:
            if self._is_frozen(kpi.project_id):
                self._refuse(
                    row.file,
                    row.line,
                    "kpi_id",
                    kpi.id,
                    "is new in a project whose plan was agreed at a gate",
                    "add it through an approved scope change",
                )
                return
            self._new_kpis.append(kpi)
            self._project_of[kpi.id] = kpi.project_id
            _count(self.report.added, "kpis")
            return
        if found["project"] != kpi.project_id:
            self._refuse(
                row.file,
                row.line,
                "project_id",
                kpi.project_id,
                f"differs from the stored project {found['project']}",
                "a KPI stays with its project; give the new one an id of its own",
            )
            return
        stated = _stated(_kpi_values(kpi), _KPI_DEFAULTS)
        touched = sorted(FROZEN & changed_fields(found, stated, _KPI_FIELDS).keys())
        if touched and self._is_frozen(kpi.project_id):
            self._refuse(
                row.file,
                row.line,
                touched[0],
                str(stated[touched[0]]),
                f"differs from {found[touched[0]]}, which was agreed at a gate",
                "change it through an approved scope change",
            )
            return
        self._sort_in("kpis", found, stated, _KPI_FIELDS, self._changed_kpis)

    def _compare_deliverable(self, row: DeliverableRow) -> None:
        found = deliverables.find(self._connection, row.deliverable.id)
        if found is None:
            self._new_deliverables.append(row.deliverable)
            _count(self.report.added, "deliverables")
            return
        stated = _stated(_deliverable_values(row.deliverable), _DELIVERABLE_DEFAULTS)
        self._sort_in(
            "deliverables", found, stated, _DELIVERABLE_FIELDS, self._changed_deliverables
        )

    def _sort_in(
        self,
        kind: str,
        found: Record,
        stated: dict[str, Any],
        editable: tuple[str, ...],
        changed: list[tuple[Record, dict[str, Any], dict[str, Any]]],
    ) -> None:
        changes = changed_fields(found, stated, editable)
        if changes:
            changed.append((found, changes, {name: stated[name] for name in changes}))
            _count(self.report.changed, kind)
        else:
            _count(self.report.unchanged, kind)

    def _compare_values(self) -> None:
        actual = readings.in_force(self._connection)
        planned = readings.planned_in_force(self._connection)
        today = self._now.date()
        for row in self._intake.readings:
            if row.reading is not None:
                self._compare_reading(row.line, row.reading, actual, today)
            if row.planned is not None:
                self._compare_planned(row.line, row.planned, planned)

    def _compare_reading(
        self, line: int, reading: Reading, actual: dict[tuple[str, date], Any], today: date
    ) -> None:
        if reading.kpi_id not in self._project_of:
            return
        if reading.actual is not None and reading.period > today:
            self._refuse(
                "readings.csv",
                line,
                "actual",
                str(reading.actual),
                f"cannot be known: the period ends on {reading.period}, after today, {today}",
                "leave it blank until the period is over",
            )
            return
        stored = actual.get((reading.kpi_id, reading.period))
        if stored is not None and (
            reading.actual is None
            or (stored.actual == reading.actual and stored.reported_on == reading.reported_on)
        ):
            _count(self.report.unchanged, "readings")
            return
        _count(self.report.added if stored is None else self.report.changed, "readings")
        self._readings.setdefault(self._project_of[reading.kpi_id], []).append(reading)

    def _compare_planned(
        self, line: int, planned: PlannedValue, stored: dict[tuple[str, date], Decimal]
    ) -> None:
        if planned.kpi_id not in self._project_of:
            return
        project_id = self._project_of[planned.kpi_id]
        before = stored.get((planned.kpi_id, planned.period))
        if before == planned.planned:
            _count(self.report.unchanged, "planned")
            return
        if self._is_frozen(project_id):
            self._refuse(
                "readings.csv",
                line,
                "planned",
                str(planned.planned),
                "differs from the trajectory that was agreed at a gate",
                "change it through an approved scope change",
            )
            return
        _count(self.report.added if before is None else self.report.changed, "planned")
        self._planned.setdefault(project_id, []).append(planned)

    def _is_frozen(self, project_id: str) -> bool:
        if project_id in self._frozen:
            return True
        found = projects.find(self._connection, project_id)
        if found is not None and found["baseline_frozen_at"] is not None:
            self._frozen.add(project_id)
            return True
        return False

    def _refuse(
        self, file: str, line: int, column: str, value: str, problem: str, right: str
    ) -> None:
        self.report.refusals.append(Refused(file, line, column, value, problem, right))

    # --- writing -----------------------------------------------------------------------------

    def write(self) -> None:
        self._write_projects()
        self._write_kpis()
        self._write_deliverables()
        for project_id, fresh in sorted(self._planned.items()):
            readings.add_planned(self._connection, fresh, self._now, self._actor.person_id)
            self._tell(project_id, "plan.recorded", {"planned": [*map(planned_fact, fresh)]})
        for project_id, fresh in sorted(self._readings.items()):
            readings.add(self._connection, fresh, self._now, self._actor.person_id)
            self._tell(project_id, "readings.recorded", {"readings": [*map(reading_fact, fresh)]})

    def _write_projects(self) -> None:
        for row, stage, held_from in self._new_projects:
            values = {
                **_project_values(row.project),
                "id": row.project.id,
                "portfolio": self._portfolio,
                "workflow_digest": self._workflow.digest,
                "stage": stage,
                "held_from": held_from,
            }
            projects.add(self._connection, values, self._now)
            projects.add_move(
                self._connection, row.project.id, None, stage, row.stage_since, self._now
            )
            self._tell(row.project.id, "project.added", {**values, "stage_since": row.stage_since})
        for found, changes, values in self._changed_projects:
            projects.change(self._connection, found["id"], found["version"], values)
            self._tell(found["id"], "project.changed", changes)

    def _write_kpis(self) -> None:
        for kpi in self._new_kpis:
            values = {**_kpi_values(kpi), "id": kpi.id, "project": kpi.project_id}
            kpis.add(self._connection, values, self._now)
            self._tell(kpi.project_id, "kpi.added", values)
        for found, changes, values in self._changed_kpis:
            kpis.change(self._connection, found["id"], found["version"], values)
            self._tell(found["project"], "kpi.changed", {"kpi": found["id"], "changes": changes})

    def _write_deliverables(self) -> None:
        for deliverable in self._new_deliverables:
            values = {
                **_deliverable_values(deliverable),
                "id": deliverable.id,
                "project": deliverable.project_id,
            }
            deliverables.add(self._connection, values, self._now)
            self._tell(deliverable.project_id, "deliverable.added", values)
        for found, changes, values in self._changed_deliverables:
            deliverables.change(self._connection, found["id"], found["version"], values)
            self._tell(
                found["project"],
                "deliverable.changed",
                {"deliverable": found["id"], "changes": changes},
            )

    def _tell(self, project_id: str, kind: str, data: dict[str, Any]) -> None:
        record_event(self._connection, project_id, self._actor, kind, data, self._now)


def _count(counts: Counts, kind: str) -> None:
    counts[kind] = counts.get(kind, 0) + 1


def ensure_portfolio(
    runtime: Runtime, actor: Actor, portfolio: str, name: str, *, now: datetime
) -> bool:
    """Makes a portfolio where it is not there yet; returns whether it was made."""
    require_everywhere(actor, Permission.IMPORT)
    with runtime.store.writing() as connection:
        if portfolios.find(connection, portfolio) is not None:
            return False
        portfolios.add(connection, portfolio, name, now)
        record_event(
            connection,
            SERVICE,
            actor,
            "portfolio.added",
            {"portfolio": portfolio, "name": name},
            now,
        )
    return True
