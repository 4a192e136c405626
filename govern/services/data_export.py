"""The data of a portfolio as the files that an import reads, so that they can go elsewhere and come back.

Texts that a spreadsheet would take for a formula, or an import for a blank, have an apostrophe in front
that the import takes off again (`intake.guard`). Rows stand in the order of their ids, so that the same
state gives the same bytes.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any, cast

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.plain import plain_decimal
from govern.domain.record import Record
from govern.domain.role import Permission
from govern.intake.columns import (
    DELIVERABLES,
    KPIS,
    OBJECTIVES,
    OUTCOMES,
    PROJECTS,
    RATES,
    READINGS,
    Layout,
)
from govern.intake.guard import guard
from govern.intake.reading_cells import UNKNOWN
from govern.services.access import project_for, require_everywhere
from govern.services.runtime import Runtime
from govern.store import (
    deliverables,
    exchange_rates,
    kpis,
    objectives,
    outcomes,
    projects,
)
from govern.store.all_values import all_values

File = tuple[str, Iterator[bytes]]

_ROWS = 1_000
"""Rows of a piece of a file."""

_FIELD_OF = {"status": "status_text"}
"""Column → field, where they are called differently; `…_id` is the row's own id or its project's."""


def data_files(runtime: Runtime, actor: Actor, *, project: str | None = None) -> Iterator[File]:
    """Each file's name and its bytes in pieces, to be read before the next file is asked for.

    All of one snapshot. With `project`, what belongs to it and the objectives that its KPIs support.
    Raises NotAllowed, NotFound.
    """
    with runtime.for_reports().store.reading() as connection:
        if project is None:
            require_everywhere(actor, Permission.READ)
        else:
            project_for(connection, actor, project)
        for layout, rows in _tables(connection, project):
            yield layout.file, _in_pieces(layout, rows)


def _tables(
    connection: Connection, project: str | None
) -> Iterator[tuple[Layout, Iterable[Record]]]:
    since = projects.last_moves(connection)

    def mine(found: list[Record]) -> list[Record]:
        kept = [each for each in found if project in (None, each["project"])]
        return sorted(kept, key=lambda each: each["id"])

    found = [
        {**each, "project": each["id"], "stage_since": since.get(each["id"])}
        for each in projects.every(connection)
    ]
    yield PROJECTS, mine(found)
    promised = mine(kpis.every(connection))
    strived = sorted(objectives.every(connection), key=lambda each: each["id"])
    if project is not None:
        supported = {key for each in promised for key in each["supports"]}
        strived = [each for each in strived if each["id"] in supported]
    if strived:
        yield OBJECTIVES, strived
    yield KPIS, promised
    if brought := mine(outcomes.every(connection)):
        yield OUTCOMES, brought
    yield DELIVERABLES, mine(deliverables.every(connection))
    yield READINGS, _values(connection, project)
    if project is None and (rates := exchange_rates.in_force(connection)):
        yield RATES, [rates[key] for key in sorted(rates)]


def _values(connection: Connection, project: str | None) -> Iterator[Record]:
    for kpi, period, versions in all_values(connection, project):
        for number, (planned, reading) in enumerate(versions, 1):
            row: Record = {"kpi_id": kpi, "period_end": period}
            if len(versions) > 1:
                row["version"] = number
            if planned is not None:
                row["planned"] = planned.planned
            if reading is not None:
                row |= {
                    "actual": UNKNOWN if reading.actual is None else reading.actual,
                    "reported_at": reading.reported_on,
                    **{name: getattr(reading, name) for name in _SAID},
                }
            yield row


_SAID = ("note", "confidence", "link", "reason", "origin")


def _in_pieces(layout: Layout, rows: Iterable[Record]) -> Iterator[bytes]:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(layout.names)
    fields = [_field(layout, column) for column in layout.names]
    for at, row in enumerate(rows, 1):
        writer.writerow([_cell(row.get(field)) for field in fields])
        if at % _ROWS == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _field(layout: Layout, column: str) -> str:
    if layout is READINGS or column not in (layout.names[0], "project_id"):
        return _FIELD_OF.get(column, column)
    return "id" if column == layout.names[0] else "project"


def _cell(value: Any) -> str:
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return "" if value is None else guard(str(value))


def _tied(links: Mapping[str, Any]) -> str:
    """`KPI-1:0.4; KPI-2` for shares, `benefit=KPI-1; cost=KPI-2` for names."""
    parts = [
        f"{key}={value}"
        if isinstance(value, str)
        else key + ("" if value is None else f":{plain_decimal(value)}")
        for key, value in links.items()
    ]
    return guard("; ".join(sorted(parts)))


_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (int, str),
    (Decimal, plain_decimal),
    (date, date.isoformat),
    (dict, lambda value: _tied(cast("dict[str, Any]", value)) if value else ""),
    (list, lambda value: guard("; ".join(cast("list[str]", value))) if value else ""),
)
