"""Readings and planned values by the batch: their rows, and the events that tell of them.

Each batch gives each of its projects events of at most `AT_ONCE` values, whose bodies are what
`record_event` would have written of the same values; they are put together as columns.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, Table

from govern.domain.actor import Actor
from govern.domain.personal import ERASED, FIELDS
from govern.intake.reading_frame import SAID
from govern.services.import_values import FreshValues
from govern.store import bulk, events, personal

AT_ONCE = 1_000
"""Values that one event tells of, at most."""

_TOLD = ("actual", "confidence", "id", "kpi", "link", "note", "origin", "period", "reason",
         "reported_on")  # fmt: skip
_TOLD_PLANNED = ("id", "kpi", "period", "planned")
"""The members of an event's objects, in the order of RFC 8785."""

_FREE = ("kpi", "origin")
"""Texts of people that stand in events as they are."""


def write_values(connection: Connection, actor: Actor, fresh: FreshValues, now: datetime) -> None:
    """Adds what is new, a batch at a time, in the caller's transaction."""
    for rows in fresh.planned:
        _write(connection, actor, bulk.PLANNED, rows, now)
    for rows in fresh.readings:
        _write(connection, actor, bulk.READINGS, rows, now)


def _write(
    connection: Connection, actor: Actor, table: Table, rows: pl.DataFrame, now: datetime
) -> None:
    rows = rows.sort("project", maintain_order=True)
    rows = rows.insert_column(0, bulk.reserve(connection, table, rows.height).alias("id"))
    added = rows.drop("project").rename({"kpi": "kpi_id"})
    bulk.add(connection, table, added, now, actor.person_id)
    if table is bulk.READINGS:
        told = _told(_hidden(connection, rows, now), _TOLD, "readings")
        kind = "readings.recorded"
    else:
        told = _told(rows, _TOLD_PLANNED, "planned")
        kind = "plan.recorded"
    events.append_many(connection, told, actor=actor.person_id, kind=kind, at=now)


def _hidden(connection: Connection, rows: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """References in place of what people wrote, as `services.personal.hide` puts them."""
    names = [name for name in SAID if name in FIELDS]
    texts = {text for name in names for text in rows[name].drop_nulls().unique()} - {ERASED}
    if not texts:
        return rows
    references = personal.references_of(connection, texts, now)
    return rows.with_columns(
        pl.col(name).replace_strict(references, default=pl.col(name), return_dtype=pl.String)
        for name in names
    )


def _told(rows: pl.DataFrame, members: Iterable[str], name: str) -> Iterator[tuple[str, bytes]]:
    """Each project with the canonical data of its events, in the order of the projects' ids."""
    parts: list[Any] = []
    for at, member in enumerate(members):
        parts += [pl.lit(f'{"," if at else "{"}"{member}":'), _written(rows, member)]
    fact = pl.concat_str(*parts, pl.lit("}")).alias("fact")
    number = (pl.int_range(pl.len()).over("project") // AT_ONCE).alias("number")
    grouped = (
        rows.select("project", fact, number)
        .group_by("project", "number", maintain_order=True)
        .agg(pl.col("fact").str.join(","))
    )
    for project, _, facts in grouped.iter_rows():
        yield project, f'{{"{name}":[{facts}]}}'.encode()


def _written(rows: pl.DataFrame, member: str) -> pl.Expr:
    column = pl.col(member)
    if member == "id":
        return column.cast(pl.String)
    if member in _FREE:
        texts = rows[member].drop_nulls().unique().to_list()
        quoted = [json.dumps(text, ensure_ascii=False) for text in texts]
        if not texts:
            return pl.lit("null")
        return column.replace_strict(texts, quoted, default="null", return_dtype=pl.String)
    # Figures, days, words of ours and references: none of them holds what JSON escapes.
    text = column.dt.to_string("iso") if rows.schema[member] == pl.Date else column
    return pl.concat_str(pl.lit('"'), text, pl.lit('"')).fill_null("null")
