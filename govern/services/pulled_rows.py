"""The rows that one pull read: which of them go in, which are refused, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.role import Permission
from govern.intake.source_sql import SqlSource, Watermark
from govern.intake.sql_rows import SqlRow
from govern.services import plans
from govern.services.frozen import frozen
from govern.services.recording import (
    CORRECTED,
    RECORDED,
    REFUSED,
    UNCHANGED,
    Wrong,
    judge,
    off_cadence,
    write,
)
from govern.store import kpis, projects, readings


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken. `row` is what the source calls it, or its watermark; `errors` is what it
    is → what is wrong with it, and what would be right."""

    number: int
    row: str
    kpi: str | None
    period: Any
    errors: dict[str, list[str]]


@dataclass(slots=True)
class Taken:
    counts: dict[str, int] = field(default_factory=dict[str, int])
    refused: list[tuple[SqlRow, RefusedRow]] = field(
        default_factory=list[tuple[SqlRow, RefusedRow]]
    )

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number

    def refuse(self, row: SqlRow, errors: Any) -> None:
        kpi, period = row.values.get("kpi"), row.values.get("period")
        told = RefusedRow(row.number, row.key, kpi, period, dict(errors))
        self.refused.append((row, told))


def take(
    connection: Connection, actor: Actor, source: SqlSource, read: Sequence[SqlRow], now: datetime
) -> Taken:
    """Records what can be taken, under the locks of the projects concerned."""
    taken = Taken()
    rows = _in_force(read, taken)
    sound = [each for each in rows if not each.errors]
    named = kpis.some(connection, {each.values["kpi"] for each in sound})
    of = projects.some(connection, {each["project"] for each in named.values()}, lock=True)
    named = kpis.some(connection, set(named)) if named else {}
    in_force = readings.planned_in_force(connection, set(of)) if of else {}
    fresh: dict[str, dict[Any, Decimal]] = {}
    judged_rows: list[SqlRow] = []
    reported: list[Record | Wrong] = []
    for row in rows:
        kpi = named.get(row.values.get("kpi", ""))
        project = of.get(kpi["project"]) if kpi else None
        errors = row.errors or _unplannable(row, kpi, project, in_force)
        if errors:
            taken.refuse(row, errors)
        elif row.values.get("actual") is not None:
            judged_rows.append(row)
            reported.append(_reading(source, row))
        else:
            _plan(row, in_force, fresh)
    judged = judge(
        connection,
        actor,
        reported,
        today=now.date(),
        by=Permission.IMPORT,
        because=f"The source {source.id} gives another figure.",
    )
    for row, each in zip(judged_rows, judged, strict=True):
        if each.status == REFUSED:
            taken.refuse(row, each.errors)
            continue
        taken.count(
            {RECORDED: "recorded", CORRECTED: "corrected", UNCHANGED: "unchanged"}[each.status]
        )
        _plan(row, in_force, fresh)
    write(connection, actor, judged, now=now)
    for kpi_id, wanted in sorted(fresh.items()):
        new = plans.fresh(connection, named[kpi_id], wanted)
        plans.write(connection, actor, named[kpi_id], new, now)
        taken.count("planned", len(new))
    return taken


def _in_force(read: Sequence[SqlRow], taken: Taken) -> list[SqlRow]:
    """The rows that say something; of a period that comes again behind a later watermark, the last."""
    newest: dict[tuple[str, Any], Watermark] = {}
    for row in read:
        if not row.errors and not row.skipped:
            newest[row.values["kpi"], row.values["period"]] = row.mark
    found: list[SqlRow] = []
    for row in read:
        if row.skipped:
            taken.count("skipped")
        elif not row.errors and row.mark != newest[row.values["kpi"], row.values["period"]]:
            taken.count("superseded")
        elif not row.errors and _is_empty(row):
            taken.count("empty")
        else:
            found.append(row)
    return found


def _is_empty(row: SqlRow) -> bool:
    return row.values.get("actual") is None and row.values.get("planned") is None


def _unplannable(
    row: SqlRow, kpi: Record | None, project: Record | None, in_force: dict[Any, Decimal]
) -> dict[str, list[str]]:
    """What keeps a planned value out; nothing where the row has none, or it is in force already."""
    wanted = row.values.get("planned")
    if wanted is None:
        return {}
    if kpi is None or project is None:
        return {"kpi": [f"there is no KPI '{row.values['kpi']}'"]}
    off = off_cadence(row.values["period"], kpi)
    if off is not None:
        return {"period": [off]}
    if in_force.get((kpi["id"], row.values["period"])) == wanted:
        return {}
    if project["baseline_frozen_at"] is not None:
        return {"planned": [frozen(project, "The trajectory was agreed at a gate").detail]}
    return {}


def _plan(row: SqlRow, in_force: dict[Any, Decimal], fresh: dict[str, dict[Any, Decimal]]) -> None:
    kpi, period, wanted = (row.values.get(name) for name in ("kpi", "period", "planned"))
    if kpi is not None and wanted is not None and in_force.get((kpi, period)) != wanted:
        fresh.setdefault(kpi, {})[period] = wanted


def _reading(source: SqlSource, row: SqlRow) -> Record:
    said = {name: value for name, value in row.values.items() if name != "planned"}
    return {**said, "origin": f"{source.id}:{row.key}"}
