"""Sources that are databases: what is new in them since the last time goes in, and is asked for once.

How far a source was read, its watermark, is written in the transaction that records what was read. A row
that cannot be taken is told, and the watermark stays before it: with the next pull it is asked for again,
until it is mended where it comes from. What was taken behind it is the same then, and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.count import counted
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
from govern.services.access import require_everywhere
from govern.services.due import Done
from govern.services.ledger import SERVICE, record_event
from govern.services.pulled_rows import RefusedRow, Taken, take
from govern.services.runtime import Runtime
from govern.store import events, foreign, pulls

PULLED = "source.pulled"


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
        with runtime.store.writing(large=True) as connection:
            taken = take(connection, actor, source, read, now)
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
    return f"{pulled.source}: {counted(pulled.read, 'row')} read{': ' + told if told else ''}{more}"


def _told_refused(pulled: Pulled) -> str:
    first = pulled.refused[0]
    what, [why, *_] = next(iter(first.errors.items()))
    return (
        f"The source {pulled.source} gave {counted(len(pulled.refused), 'row')} that cannot be taken; the "
        f"first is row {first.number} ({first.row}): {what}: {why}. They are asked for again."
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


def _reached(read: Sequence[SqlRow], taken: Taken) -> Watermark | None:
    """The last watermark before the first row that was refused; None where that is the first."""
    if not taken.refused:
        return read[-1].mark if read else None
    first = min(row.number for row, _ in taken.refused)
    border = next(each.mark for each in read if each.number == first)
    before = [each.mark for each in read if each.number < first and each.mark != border]
    return before[-1] if before else None


def _write_pull(
    connection: Connection,
    actor: Actor,
    source: SqlSource,
    before: Record | None,
    watermark: str,
    read: int,
    taken: Taken,
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
