"""Files that finance, sales and operations send, into readings and planned values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.period import Cadence
from govern.domain.reading import PlannedValue
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.domain.role import Permission
from govern.intake.foreign.draft import draft
from govern.intake.foreign.file import FileReading, ForeignFile
from govern.intake.foreign.known import KnownKpi, KnownReading
from govern.intake.foreign.outcome import Became, CellOutcome, Question
from govern.intake.source import FileSource
from govern.intake.template import mapping_of
from govern.services import plans
from govern.services.access import require
from govern.services.readings import MOST_AT_ONCE
from govern.services.recording import REFUSED, judge, write
from govern.services.runtime import Runtime
from govern.store import kpis, projects, readings

_PERMISSION = {"actual": Permission.RECORD_READING, "planned": Permission.EDIT_KPI}
_SAID = ("reported_on", "note", "confidence", "link")


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file. `counts`: new, corrected and unchanged figures, and cells that are
    missing, skipped, repeated, refused or asked about. `mapping`: what was found out as the text of a
    source file, with the open questions in it."""

    file: str
    sheet: str | None
    source: str | None
    written: bool
    counts: dict[str, int]
    stated: tuple[str, ...]
    problems: tuple[CellOutcome, ...]
    questions: tuple[Question, ...]
    cells: tuple[CellOutcome, ...]
    mapping: str

    @property
    def whole(self) -> bool:
        """Whether nothing is left that is refused or asked."""
        return not (
            self.problems or self.questions or self.counts["refused"] or self.counts["asked"]
        )


COUNTED = (
    "new",
    "corrected",
    "unchanged",
    "missing",
    "skipped",
    "repeated",
    "refused",
    "asked",
)


def take_file(
    runtime: Runtime,
    actor: Actor,
    *,
    filename: str,
    content: bytes,
    source: str | None = None,
    dry_run: bool = False,
    keep_good: bool = False,
    reason: str | None = None,
    accept: Sequence[str] = (),
    by: Permission | None = None,
    now: datetime,
) -> FileReport:
    """Reads a file by a source's mapping, or without one, and records what is sure.

    Where a cell is refused or a question is open nothing goes in, unless `keep_good`. `accept` names
    cells whose figures are right though far from the others; `reason` says why figures are corrected.
    `by` is what the actor has to be allowed on each project, in place of reporting and planning.
    Raises NotFound for an unknown source, InvalidInput for one whose file has errors, NotAllowed.
    """
    if not filename or any(not char.isprintable() or char in "/\\" for char in filename):
        raise InvalidInput(
            "The file's name cannot be taken.",
            errors={"filename": ["a name without folders, such as sales.xlsx"]},
        )
    mapping = _mapping(runtime, source, content)
    mapping = replace(mapping, accept=(*mapping.accept, *accept))
    with runtime.store.reading() as connection:
        visible = {each["id"]: each for each in kpis.visible(connection, actor)}
    file = ForeignFile(filename, content, mapping)
    first = file.read({each["id"]: _known(each) for each in visible.values()})
    about = sorted(first.kpis)
    if dry_run or not about:
        with runtime.store.reading() as connection:
            _require(connection, actor, first, visible, by)
            stored = _stored(connection, visible, about)
        told = file.held_against(stored, today=now.date(), reason=reason)
        return _report(told, source, written=False)
    with runtime.store.writing(large=True) as connection:
        owned = {visible[each]["project"] for each in about}
        projects.some(connection, owned, lock=True)
        _require(connection, actor, first, visible, by)
        # What was read before may have been changed while the projects were waited for.
        current = {each["id"]: each for each in kpis.visible(connection, actor)}
        stored = _stored(connection, current, about)
        told = file.held_against(stored, today=now.date(), reason=reason)
        told = _record(connection, actor, told, current, keep_good, by, now)
        report = _report(told, source, written=True)
        changes = report.counts["new"] + report.counts["corrected"]
        if not changes or (not report.whole and not keep_good):
            report = replace(report, written=False)
    return report


def _mapping(runtime: Runtime, source: str | None, content: bytes) -> FileSource:
    if source is None:
        return mapping_of(content) or FileSource()
    loaded = runtime.sources()
    found = loaded.file(source)
    if found is not None:
        return found
    if loaded.problems:
        errors = [f"{each.place}: {each.message}" for each in loaded.problems[:20]]
        raise InvalidInput(
            f"There is no source '{source}' without errors in it.", errors={"source": errors}
        )
    names = sorted(name for name in loaded.fields if loaded.file(name) is not None)
    listed = ", ".join(names) or "none"
    raise NotFound(f"There is no source of files '{source}'; there are: {listed}.", source=source)


def _known(kpi: Record) -> KnownKpi:
    return KnownKpi(
        id=kpi["id"],
        name=kpi["name"],
        unit=kpi["unit"],
        currency=kpi["currency"],
        cadence=Cadence(kpi["cadence"]),
        composite=kpi["formula"] is not None,
        frozen=bool(kpi["frozen"]),
    )


def _stored(
    connection: Connection, visible: Mapping[str, Record], about: Sequence[str]
) -> dict[str, KnownKpi]:
    """The KPIs with what is in force of them."""
    planned: dict[str, dict[date, Decimal]] = {}
    for (kpi_id, period), value in readings.planned_of(connection, about).items():
        planned.setdefault(kpi_id, {})[period] = value
    reported: dict[str, dict[date, KnownReading]] = {}
    in_force = readings.newest(connection, about, (date.min, date.max))
    for (kpi_id, period), row in in_force.items():
        said = {name: row[name] for name in _SAID}
        reported.setdefault(kpi_id, {})[period] = KnownReading(row["actual"], **said)
    return {
        each: replace(
            _known(visible[each]), planned=planned.get(each, {}), readings=reported.get(each, {})
        )
        for each in about
        if each in visible
    }


def _require(
    connection: Connection,
    actor: Actor,
    read: FileReading,
    visible: Mapping[str, Record],
    by: Permission | None,
) -> None:
    """Raises NotAllowed where the actor may not report on a KPI of the file, or not plan it."""
    needed = {
        (each.kpi, by or _PERMISSION[each.figure or "actual"])
        for each in read.cells
        if each.kpi is not None
    }
    owners = projects.some(connection, {visible[kpi]["project"] for kpi, _ in needed})
    for kpi, permission in sorted(needed):
        require(actor, permission, owners[visible[kpi]["project"]])


def _record(
    connection: Connection,
    actor: Actor,
    told: FileReading,
    visible: Mapping[str, Record],
    keep_good: bool,
    by: Permission | None,
    now: datetime,
) -> FileReading:
    """Writes what is new, unless something is left over that keeps all of it out."""
    cells = list(told.cells)
    fresh = [
        index
        for index, each in enumerate(cells)
        if each.became is Became.TAKEN and each.status in ("new", "corrected")
    ]
    if len(fresh) > MOST_AT_ONCE:
        raise InvalidInput(
            f"The file has {len(fresh)} new figures; at most {MOST_AT_ONCE} are taken at once.",
            errors={"file": ["send it in parts, or bring it in by `govern import`"]},
        )
    actual = [index for index in fresh if cells[index].figure == "actual"]
    judged = judge(
        connection,
        actor,
        [_row(cells[index]) for index in actual],
        today=now.date(),
        by=by or Permission.RECORD_READING,
    )
    for index, each in zip(actual, judged, strict=True):
        if each.status == REFUSED:
            what = "; ".join(problem for problems in each.errors.values() for problem in problems)
            cells[index] = cells[index].refused(f"is not taken: {what}", "correct it and try again")
    told = replace(told, cells=tuple(cells))
    if not keep_good and not _report(told, None, written=False).whole:
        return told
    write(connection, actor, judged, now=now)
    planned: dict[str, list[PlannedValue]] = {}
    for index in fresh:
        each = cells[index]
        if each.figure == "planned" and each.kpi and each.period and each.value is not None:
            planned.setdefault(each.kpi, []).append(PlannedValue(each.kpi, each.period, each.value))
    for kpi_id, values in sorted(planned.items()):
        in_order = sorted(values, key=lambda each: each.period)
        plans.write(connection, actor, visible[kpi_id], in_order, now)
    return told


def _row(cell: CellOutcome) -> Record:
    return {
        "kpi": cell.kpi,
        "period": cell.period,
        "actual": cell.value,
        "origin": cell.place,
        **cell.said,
    }


def _report(told: FileReading, source: str | None, *, written: bool) -> FileReport:
    counted = Counter(
        each.status if each.became is Became.TAKEN and each.status else each.became.value
        for each in told.cells
    )
    return FileReport(
        told.file,
        told.sheet,
        source,
        written,
        {name: counted.get(name, 0) for name in COUNTED},
        told.stated,
        told.problems,
        told.questions,
        told.cells,
        draft(told.proven, told.questions, source or "draft"),
    )
