"""What becomes of readings that are reported, many at a time: judged against what stands, then written.

For the use cases that record readings, in their transaction. However many there are, it takes a few
queries: the projects are locked, KPIs and readings in force are read as sets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.period import Cadence, is_period_end, period_end
from govern.domain.reading import Reading
from govern.domain.record import Record
from govern.domain.refusal import NotFound, Refusal
from govern.domain.role import Permission
from govern.services.access import require
from govern.services.ledger import record_event
from govern.store import kpis, projects, readings

SAID = ("actual", "reported_on", "note", "confidence", "link")
"""What makes a reading another than the one before it."""

RECORDED, CORRECTED, UNCHANGED, REFUSED = "recorded", "corrected", "unchanged", "refused"

Errors = Mapping[str, list[str]]
"""Field → what is wrong with it, and what would be right."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that could not be read: its fields, and the KPI and period where those could be."""

    errors: Errors
    kpi: str | None = None
    period: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of one row. `refusal` is why its KPI may not be reported on, `twin` the row that
    has the same KPI and period, `reading` what is to be written, with its `project`."""

    status: str
    kpi: str | None
    period: date | None
    errors: Errors = field(default_factory=dict[str, list[str]])
    refusal: Refusal | None = None
    twin: int | None = None
    project: str | None = None
    reading: Reading | None = None

    @property
    def result(self) -> Record:
        errors = dict(self.errors) if self.status == REFUSED else None
        return {
            "kpi": self.kpi,
            "period": self.period,
            "status": self.status,
            "errors": errors,
        }


def judge(
    connection: Connection,
    actor: Actor,
    reported: Sequence[Record | Wrong],
    *,
    today: date,
    by: Permission = Permission.RECORD_READING,
    because: str | None = None,
) -> list[Judged]:
    """One for each row, in the order given; the projects concerned stay locked. `by` is what the actor
    has to be allowed on each of them, `because` the reason of a correction that says none.

    A KPI and period that stand twice are refused both times: which of them is meant nobody knows.
    """
    rows = [each for each in reported if not isinstance(each, Wrong)]
    owners, refusals = _owners(connection, actor, {each["kpi"] for each in rows}, by)
    in_force = readings.newest(
        connection, {each["kpi"] for each in rows if each["kpi"] in owners}, _days(rows)
    )
    twins = _twins(reported)
    judged: list[Judged] = []
    for index, each in enumerate(reported):
        if isinstance(each, Wrong):
            judged.append(Judged(REFUSED, each.kpi, each.period, each.errors))
            continue
        kpi_id, period = each["kpi"], each["period"]
        refusal = refusals.get(kpi_id)
        if refusal is not None:
            errors = {"kpi": [refusal.detail]}
            judged.append(Judged(REFUSED, kpi_id, period, errors, refusal))
            continue
        kpi, project = owners[kpi_id]
        before = in_force.get((kpi_id, period))
        if because is not None and _unexplained(each, before) is not None:
            each = {**each, "reason": because}  # noqa: PLW2901
        errors = _problems(each, kpi, before, today)
        twin = twins.get(index)
        if twin is not None and errors.keys() <= {"reason"}:
            errors = {"period": [f"the period stands twice: reading {twin} has it too"]}
        if errors:
            judged.append(Judged(REFUSED, kpi_id, period, errors, twin=twin))
            continue
        status = _status(each, before)
        reading = None if status == UNCHANGED else _reading(each)
        judged.append(Judged(status, kpi_id, period, project=project["id"], reading=reading))
    return judged


def write(connection: Connection, actor: Actor, judged: Iterable[Judged], *, now: datetime) -> None:
    """Writes what is to be written, with one event in each project."""
    fresh: dict[str, list[Reading]] = {}
    for each in judged:
        if each.reading is not None and each.project is not None:
            fresh.setdefault(each.project, []).append(each.reading)
    for project_id, of_project in sorted(fresh.items()):
        ids = readings.add(connection, of_project, now, actor.person_id)
        told = {"readings": [*map(reading_fact, of_project, ids)]}
        record_event(connection, project_id, actor, "readings.recorded", told, now)


def off_cadence(period: date, kpi: Record) -> str | None:
    """What is wrong with a period, and what would be right; `None` where it ends one of the KPI's."""
    cadence = Cadence(kpi["cadence"])
    if is_period_end(cadence, period):
        return None
    right = period_end(cadence, period)
    return (
        f"{period.isoformat()} does not end a {cadence.value} period; "
        f"the one it lies in ends on {right.isoformat()}"
    )


def reading_fact(reading: Reading, number: int) -> dict[str, Any]:
    """As an event tells a reading; `number` is that of its row."""
    return {
        "id": number,
        "kpi": reading.kpi_id,
        "period": reading.period,
        "actual": reading.actual,
        "reported_on": reading.reported_on,
        "note": reading.note,
        "reason": reading.reason,
        "confidence": reading.confidence,
        "link": reading.link,
        "origin": reading.origin,
    }


def _owners(
    connection: Connection, actor: Actor, kpi_ids: set[str], by: Permission
) -> tuple[dict[str, tuple[Record, Record]], dict[str, Refusal]]:
    """Each KPI with its project, locked; and why not, for those that may not be reported on, in the
    order of their ids."""
    locked = projects.lock_those_of(connection, kpi_ids)
    owners: dict[str, tuple[Record, Record]] = {}
    refusals: dict[str, Refusal] = {}
    # Only now: a KPI may have been changed while its project was waited for.
    found = kpis.reported_on(connection, kpi_ids) if locked else {}
    for kpi_id in sorted(kpi_ids):
        kpi = found.get(kpi_id)
        project = locked.get(kpi["project"]) if kpi else None
        try:
            if (
                kpi is None
                or project is None
                or not actor.may(Permission.READ, project["portfolio"], project["id"])
            ):
                raise NotFound(f"There is no KPI '{kpi_id}' that you may see.")
            require(actor, by, project)
        except Refusal as refusal:
            refusals[kpi_id] = refusal
        else:
            owners[kpi_id] = kpi, project
    return owners, refusals


def _days(rows: Sequence[Record]) -> tuple[date, date]:
    days = [each["period"] for each in rows] or [date.min]
    return min(days), max(days)


def _twins(reported: Sequence[Record | Wrong]) -> dict[int, int]:
    """Row → another one that has the same KPI and period: the first of them, or for it the second."""
    first: dict[tuple[str, date], int] = {}
    twins: dict[int, int] = {}
    for index, each in enumerate(reported):
        if isinstance(each, Wrong):
            continue
        other = first.setdefault((each["kpi"], each["period"]), index)
        if other != index:
            twins[index] = other
            twins.setdefault(other, index)
    return twins


def _problems(
    each: Record, kpi: Record, before: Record | None, today: date
) -> dict[str, list[str]]:
    """What is wrong with a row. `before` is the reading that is in force for its period."""
    if kpi["formula"] is not None:
        why = f"it is computed from others, by {kpi['formula']}; report what its formula reads"
        return {"kpi": [why]}
    if each["period"] > today and each.get("actual") is not None:
        why = f"the period ends after today, {today.isoformat()}: there can be no actual yet"
        return {"period": [why]}
    off = off_cadence(each["period"], kpi)
    if off is not None:
        return {"period": [off]}
    unexplained = _unexplained(each, before)
    return {} if unexplained is None else {"reason": [unexplained]}


def _unexplained(each: Record, before: Record | None) -> str | None:
    """What is wrong with a correction of a figure that does not say why."""
    if before is None or before["actual"] is None or each.get("reason"):
        return None
    if _status(each, before) == UNCHANGED:
        return None
    figure = f"{before['actual'].normalize():f}"
    on = before["recorded_at"].date().isoformat()
    return f"it corrects {figure}, which was recorded on {on}: say why it is corrected"


def _status(each: Record, in_force: Record | None) -> str:
    if in_force is None:
        return RECORDED
    same = all(in_force[name] == each.get(name) for name in SAID)
    return UNCHANGED if same else CORRECTED


def _reading(each: Record) -> Reading:
    return Reading(
        kpi_id=each["kpi"],
        period=each["period"],
        actual=each["actual"],
        reported_on=each.get("reported_on"),
        note=each.get("note"),
        reason=each.get("reason"),
        confidence=each.get("confidence"),
        link=each.get("link"),
        origin=each.get("origin"),
    )
