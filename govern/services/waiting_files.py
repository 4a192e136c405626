"""A file of figures between being looked at and being brought in: kept for its sender for an hour, so that
what goes in is what was shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from govern.domain.actor import Actor
from govern.domain.refusal import NotFound
from govern.services.reading_files import FileReport, take_file
from govern.services.runtime import Runtime
from govern.store import waiting_files

KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Choices:
    """How a file is to be read: a source's mapping, figures that are right though far from others, why
    figures are corrected, and whether what is sure goes in without the rest."""

    source: str | None = None
    accept: Sequence[str] = ()
    reason: str | None = None
    keep_good: bool = False


def keep(runtime: Runtime, actor: Actor, filename: str, content: bytes, *, now: datetime) -> int:
    """Keeps the file in place of the person's last one, and returns its number."""
    with runtime.store.writing() as connection:
        return waiting_files.put(
            connection,
            {
                "person_id": actor.person_id,
                "filename": filename,
                "content": content,
                "recorded_at": now,
            },
        )


def look(
    runtime: Runtime, actor: Actor, file_id: int, choices: Choices, *, now: datetime
) -> FileReport:
    """What would become of each cell; nothing is written. Raises NotFound, and as `take_file`."""
    return _take(runtime, actor, file_id, choices, dry_run=True, now=now)


def bring_in(
    runtime: Runtime, actor: Actor, file_id: int, choices: Choices, *, now: datetime
) -> FileReport:
    """Records what was shown. The file is dropped once something was written. Raises as `look`."""
    report = _take(runtime, actor, file_id, choices, dry_run=False, now=now)
    if report.written:
        with runtime.store.writing() as connection:
            waiting_files.drop_of(connection, actor.person_id)
    return report


def forget_old(runtime: Runtime, *, now: datetime) -> int:
    """Drops files whose hour is over; returns how many."""
    with runtime.store.writing() as connection:
        return waiting_files.drop_before(connection, now - KEPT_FOR)


def _take(
    runtime: Runtime,
    actor: Actor,
    file_id: int,
    choices: Choices,
    *,
    dry_run: bool,
    now: datetime,
) -> FileReport:
    with runtime.store.reading() as connection:
        found = waiting_files.find(connection, file_id, actor.person_id, now - KEPT_FOR)
    if found is None:
        raise NotFound(
            "This file is no longer here: one is kept for an hour, until it is brought in or another "
            "is chosen. Choose it again.",
            file=file_id,
        )
    return take_file(
        runtime,
        actor,
        filename=found["filename"],
        content=found["content"],
        source=choices.source,
        accept=choices.accept,
        reason=choices.reason,
        keep_good=choices.keep_good,
        dry_run=dry_run,
        now=now,
    )
