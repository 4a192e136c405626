"""Sources that are databases: what is new in them since the last time goes in, and is asked for once.

How far a source was read, its watermark, is written in the transaction that records what was read. A row
that cannot be taken is told, and the watermark stays before it: with the next pull it is asked for again,
until it is mended where it comes from. What was taken behind it is the same then, and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import (
    BadConfiguration,
    NotFound,
    PulledMeanwhile,
    Refusal,
    SourceUnreadable,
)
from govern.domain.role import Permission
from govern.intake.source_sql import SqlSource, Watermark, read_watermark, write_watermark
from govern.intake.sql_rows import SqlRow, read_rows
from govern.services import plans
from govern.services.access import require_everywhere
from govern.services.due import Done
from govern.services.frozen import frozen
from govern.services.ledger import SERVICE, record_event
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
from govern.services.runtime import Runtime
from govern.store import events, foreign, kpis, projects, pulls, readings

PULLED = "source.pulled"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken. `row` is what the source calls it, or its watermark; `errors` is what it
    is → what is wrong with it, and what would be right."""

    number: int
    row: str
    kpi: str | None
    period: Any
    errors: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one pull did. Of the rows `read`, so many were `recorded`, `corrected`, `unchanged`,
    `planned` (a new planned value), `skipped` by their label, `superseded` by a later row of the same
    period, or `empty`. `more`: there are rows that were not read yet. Watermarks are as they are kept.
    """

    source: str
    since: str
    watermark: str
    read: int
    recorded: int = 0
    corrected: int = 0
    unchanged: int = 0
    planned: int = 0
    skipped: int = 0
    superseded: int = 0
    empty: int = 0
    more: bool = False
    written: bool = False
    refused: tuple[RefusedRow, ...] = ()


@dataclass(slots=True)
class _Taken:
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


class _DryRun(Exception):  # noqa: N818 - takes back what was written
    pass


def sql_sources(runtime: Runtime, actor: Actor, *, now: datetime) -> list[Record]:
    """Every source that is a database, with its last pull and when the next is due. Raises NotAllowed."""
    require_everywhere(actor, Permission.IMPORT)
    with runtime.store.reading() as connection:
        last = pulls.last_of_each(connection)
    return [
        {
            "id": source.id,
            "title": source.title,
            "every_hours": source.every_h,
            "watermark": pull["watermark"] if pull else None,
            "pulled_at": pull["recorded_at"] if pull else None,
            "read": pull["read"] if pull else None,
            "recorded": pull["recorded"] if pull else None,
            "refused": pull["refused"] if pull else None,
            "due": _is_due(source, pull, now),
        }
        for source in runtime.sources().sql().values()
        for pull in [last.get(source.id)]
    ]


def pull(
    runtime: Runtime,
    actor: Actor,
    source_id: str,
    *,
    since: str | None = None,
    dry_run: bool = False,
    now: datetime,
) -> Pulled:
    """Asks a source for what is new and records it. `since`: from this watermark, not the last one.

    Raises NotAllowed, NotFound, SourceUnreadable where it does not answer as its file says, and
    PulledMeanwhile where somebody else pulled at the same time: then nothing was written.
    """
    require_everywhere(actor, Permission.IMPORT)
    source = _named(runtime, source_id)
    with runtime.store.reading() as connection:
        last = pulls.last(connection, source.id)
    begin = _begin(source, last, since)
    address = runtime.secret(source.url_env)
    if not address:
        raise SourceUnreadable(
            f"The environment variable {source.url_env} is not set: it holds the address of the "
            f"database of {source.id}."
        )
    names, rows = foreign.ask(
        address,
        source.query,
        begin,
        named=source.id,
        most=source.most_rows + 1,
        timeout_s=source.timeout_s,
    )
    read, more = _whole(source, read_rows(source, names, rows), begin)
    done: list[Pulled] = []
    try:
        with runtime.store.writing() as connection:
            taken = _take(connection, actor, source, read, now)
            mark = _reached(read, taken)
            kept = write_watermark(begin if mark is None else mark)
            _write_pull(connection, actor, source, last, kept, len(read), taken, now)
            done.append(
                Pulled(
                    source.id,
                    write_watermark(begin),
                    kept,
                    len(read),
                    **taken.counts,
                    more=more,
                    written=not dry_run,
                    refused=tuple(told for _, told in taken.refused),
                )
            )
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return done[0]


def pull_due(runtime: Runtime, actor: Actor, *, now: datetime) -> tuple[list[Done], list[str]]:
    """Pulls every source that is due, one after the other: what was done, and what could not be.

    Any number of these may run together. What fails is due still, and keeps no other from its turn.
    """
    done: list[Done] = []
    loaded = runtime.sources()
    failed = [f"{each.place}: {each.message}" for each in loaded.problems]
    with runtime.store.reading() as connection:
        last = pulls.last_of_each(connection)
    for source in loaded.sql().values():
        if not _is_due(source, last.get(source.id), now):
            continue
        try:
            pulled = pull(runtime, actor, source.id, now=now)
        except PulledMeanwhile:
            continue
        except Refusal as refused:
            failed.append(refused.detail)
        except Exception as error:  # a driver of theirs: what it says may hold the address
            failed.append(f"The source {source.id} failed: {type(error).__name__}.")
        else:
            done.append(Done(PULLED, SERVICE, None, told_of(pulled)))
            if pulled.refused:
                failed.append(_told_refused(pulled))
    return done, failed


def told_of(pulled: Pulled) -> str:
    """In a sentence."""
    counts = {
        "recorded": pulled.recorded,
        "corrected": pulled.corrected,
        "unchanged": pulled.unchanged,
        "planned": pulled.planned,
        "skipped": pulled.skipped,
        "superseded": pulled.superseded,
        "empty": pulled.empty,
        "refused": len(pulled.refused),
    }
    told = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    more = "; there are more" if pulled.more else ""
    return f"{pulled.source}: {pulled.read} row(s) read{': ' + told if told else ''}{more}"


def _told_refused(pulled: Pulled) -> str:
    first = pulled.refused[0]
    what, [why, *_] = next(iter(first.errors.items()))
    return (
        f"The source {pulled.source} gave {len(pulled.refused)} row(s) that cannot be taken; the first is "
        f"row {first.number} ({first.row}): {what}: {why}. They are asked for again."
    )


def _named(runtime: Runtime, source_id: str) -> SqlSource:
    loaded = runtime.sources()
    found = loaded.sql().get(source_id)
    if found is not None:
        return found
    if loaded.problems:
        first = loaded.problems[0]
        raise BadConfiguration(
            f"There is no sound source '{source_id}' that is a database. The sources folder has "
            f"problems; the first is {first.place}: {first.message}. Run: govern sources check",
            setting="GOVERN_SOURCES",
        )
    known = ", ".join(loaded.sql()) or "none"
    raise NotFound(
        f"There is no source '{source_id}' that is a database; there are: {known}.",
        source=source_id,
    )


def _is_due(source: SqlSource, last: Record | None, now: datetime) -> bool:
    return last is None or last["recorded_at"] + timedelta(hours=source.every_h) <= now


def _begin(source: SqlSource, last: Record | None, since: str | None) -> Watermark:
    text = since if since is not None else last["watermark"] if last else None
    if text is None:
        return source.starts
    try:
        return read_watermark(source.holds, text)
    except ValueError as error:
        raise SourceUnreadable(
            f"The source {source.id} cannot go on: its watermark {error}. Begin anew: "
            f"govern sources pull {source.id} --since …"
        ) from error


def _whole(source: SqlSource, read: list[SqlRow], begin: Watermark) -> tuple[list[SqlRow], bool]:
    """The rows to take now, and whether there are more: rows of one watermark are not torn apart."""
    if len(read) <= source.most_rows:
        return read, False
    border = read[source.most_rows].mark
    taken = [each for each in read[: source.most_rows] if each.mark != border]
    if not taken or write_watermark(taken[-1].mark) == write_watermark(begin):
        raise SourceUnreadable(
            f"More than {source.most_rows} rows of {source.id} have the watermark "
            f"{write_watermark(border)}: raise `most_rows`, or take a column that tells them apart."
        )
    return taken, True


def _reached(read: Sequence[SqlRow], taken: _Taken) -> Watermark | None:
    """The last watermark before the first row that was refused; None where that is the first."""
    if not taken.refused:
        return read[-1].mark if read else None
    first = min(row.number for row, _ in taken.refused)
    border = next(each.mark for each in read if each.number == first)
    before = [each.mark for each in read if each.number < first and each.mark != border]
    return before[-1] if before else None


def _take(
    connection: Connection, actor: Actor, source: SqlSource, read: Sequence[SqlRow], now: datetime
) -> _Taken:
    taken = _Taken()
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


def _in_force(read: Sequence[SqlRow], taken: _Taken) -> list[SqlRow]:
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


def _write_pull(
    connection: Connection,
    actor: Actor,
    source: SqlSource,
    before: Record | None,
    watermark: str,
    read: int,
    taken: _Taken,
    now: datetime,
) -> None:
    # The chain is held until the end: of two that pull at the same time the second sees the first.
    events.head_of(connection, SERVICE, lock=True)
    newest = pulls.last(connection, source.id)
    if (newest["id"] if newest else None) != (before["id"] if before else None):
        raise PulledMeanwhile(
            f"The source {source.id} was read by somebody else at the same time: nothing was written."
        )
    values = {
        "source_id": source.id,
        "watermark": watermark,
        "read": read,
        "recorded": sum(taken.counts.get(each, 0) for each in ("recorded", "corrected", "planned")),
        "refused": len(taken.refused),
    }
    number = pulls.add(connection, values, now, actor.person_id)
    record_event(connection, SERVICE, actor, PULLED, {"pull": number, **values}, now)
