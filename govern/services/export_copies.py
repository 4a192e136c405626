"""What people read of an export: a table and a page, with personal texts in words."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from govern.audit_bundle.page import Told, page
from govern.domain.record import Record
from govern.ledger.event import Event
from govern.services.export_selection import Selection, data_of, events_in
from govern.services.personal import reveal
from govern.services.telling import tell
from govern.store import log, people

COLUMNS = (
    *("index", "project", "seq", "at", "actor", "actor_name", "kind", "told", "data", "leaf"),
)
_AT_ONCE = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def guarded(cell: str) -> str:
    """With a quote before what a spreadsheet would take for a formula (OWASP, CSV injection), and before
    a quote, so that it can be taken away again."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def table(connection: Connection, selection: Selection, size: int) -> Iterator[bytes]:
    """`events.csv`: one row per event in the order of events.jsonl."""
    yield _row(COLUMNS)
    for part in selection.parts:
        entries = log.entries_of(connection, part.chain, below=size)
        at = {entry.seq: entry.index for entry in entries}
        for told in _told(connection, Selection((part,))):
            data = json.dumps(told.data, ensure_ascii=False, sort_keys=True)
            texts = (
                *(told.project, str(told.seq), told.at, told.actor, told.name),
                *(told.kind, told.told, data, told.leaf),
            )
            yield _row((str(at.get(told.seq, "")), *texts))


def report(connection: Connection, selection: Selection, about: Record) -> Iterator[bytes]:
    """`report.html`: the events chain after chain, as sentences."""
    for piece in page(about, _told(connection, selection)):
        yield piece.encode()


def _told(connection: Connection, selection: Selection) -> Iterator[Told]:
    events = events_in(connection, selection)
    while some := list(islice(events, _AT_ONCE)):
        data = reveal(connection, [data_of(event) for event in some])
        names = people.names(connection, {_actor(event) for event in some})
        for event, each in zip(some, data, strict=True):
            yield Told(
                project=event.project,
                seq=event.seq,
                at=event.recorded_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                actor=_actor(event),
                name=names.get(_actor(event), ""),
                kind=event.kind,
                told=_sentence(event, each),
                data=each,
                leaf=event.leaf,
            )


def _actor(event: Event) -> str:
    try:
        return str(json.loads(event.body)["actor"])
    except (ValueError, KeyError, TypeError):
        return "unknown"


def _sentence(event: Event, data: dict[str, Any]) -> str:
    try:
        return tell(event.kind, data)
    except (KeyError, TypeError, ValueError, AttributeError):
        return "This event cannot be told in words; its body is in events.jsonl."


def _row(cells: tuple[str, ...]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerow([guarded(cell) for cell in cells])
    return written.getvalue().encode()
