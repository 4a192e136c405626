"""The facts of one project: what its observations were made from, as plain values to be hashed.

Facts hold what `observe` could see on their day and no more: no actual of a later period, no later
move. Planned values of periods to come are in, as a trajectory is known in advance. Only strings,
integers, booleans, nulls, lists and dicts occur; a number with a fraction is text in its shortest
form ("0.1", "84"), a day is "2026-03-31". Keys and lists have a fixed order, so that equal facts
are equal bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from govern.observation.calendar import end_of
from govern.observation.errors import UnknownFactsError, UnknownProjectError
from govern.observation.portfolio import portfolio_of
from govern.observation.spans import kpi_spans, numbered_kpis, placed_values
from govern.observation.tables import SCHEMAS, ObservationTables, table

VERSION = 1

_NOT_SAID_WHERE_UNKNOWN = frozenset(
    {
        *("validated", "confidence", "original_planned", "description", "currency"),
        *("baseline_source", "tolerance_red", "responsible", "calculation", "cashable"),
        *("attribution", "formula", "original_baseline", "original_target"),
        "follow_up",
    }
)
"""What came to be known later than the first facts, and is left out where it is not."""

_NOT_SAID_WHERE_NONE = frozenset({"reviews_signed", "lessons"})
"""Counts that came later: left out where they are 0, and read as 0 where they are left out."""

SORTED_BY: Mapping[str, tuple[str, ...]] = {
    "projects": ("project",),
    "kpis": ("kpi",),
    "deliverables": ("deliverable",),
    "serves": ("deliverable", "kpi"),
    "conditions": ("condition",),
    "recommendations": ("recommendation",),
}
"""In which order facts tell the rows of a table; moves and values come by day."""

_EXACT_INTEGERS = 2**53

Row = dict[str, Any]


def facts_of(tables: ObservationTables, project_id: str, as_of: date) -> Row:
    """The facts of one project on a day; see `facts_by_project`.

    Raises `UnknownProjectError` where the tables do not hold the project.
    """
    own = tables.of_project(project_id)
    if own.projects.is_empty():
        raise UnknownProjectError("projects", f"no project '{project_id}'")
    return facts_by_project(own, as_of)[project_id]


def facts_by_project(tables: ObservationTables, as_of: date) -> dict[str, Row]:
    """The facts of every project in the tables on a day, by its id, in the order of ids.

    Facts are {"v": 1, "as_of", "project", "stages", "kpis" with their "values", "deliverables" with
    what they serve, "conditions", "recommendations"}. Raises what `observe` raises for tables that
    contradict themselves.
    """
    known = tables.finite()
    sorted_by = {name: getattr(known, name).sort(*keys) for name, keys in SORTED_BY.items()}
    frames = {
        **sorted_by,
        "stages": _moves(known.stages, as_of),
        "values": _values(known, as_of),
    }
    return assembled({name: _rows(name, frame) for name, frame in frames.items()}, as_of)


def assembled(rows: Mapping[str, list[Row]], as_of: date) -> dict[str, Row]:
    """Facts from what they say of each table, in its order, by project."""
    values = _grouped(rows["values"], "kpi")
    serves = _grouped(rows["serves"], "deliverable")
    kpis = [each | {"values": values.get(each["kpi"], [])} for each in rows["kpis"]]
    serving = [
        each | {"serves": serves.get(each["deliverable"], [])} for each in rows["deliverables"]
    ]
    parts = {
        "stages": _grouped(rows["stages"], "project"),
        "kpis": _grouped(kpis, "project"),
        "deliverables": _grouped(serving, "project"),
        "conditions": _grouped(rows["conditions"], "project"),
        "recommendations": _grouped(rows["recommendations"], "project"),
    }
    return {
        project["project"]: {"v": VERSION, "as_of": as_of.isoformat(), "project": project}
        | {name: part.get(project["project"], []) for name, part in parts.items()}
        for project in rows["projects"]
    }


def tables_of(facts: Iterable[Mapping[str, Any]]) -> ObservationTables:
    """The tables that facts were taken from: observing them on the facts' day gives again what was
    observed then. Raises `UnknownFactsError` for facts in a format that this version cannot read."""
    rows: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    for fact in facts:
        if fact.get("v") != VERSION:
            message = f"facts have version {fact.get('v')!r}; this version reads {VERSION}"
            raise UnknownFactsError("facts", message)
        project = {"project": fact["project"]["project"]}
        rows["projects"].append(fact["project"])
        for name in ("stages", "kpis", "deliverables", "conditions", "recommendations"):
            rows[name] += [project | row for row in fact[name]]
        for kpi in fact["kpis"]:
            rows["values"] += [{"kpi": kpi["kpi"]} | value for value in kpi["values"]]
        for deliverable in fact["deliverables"]:
            of = {"deliverable": deliverable["deliverable"]}
            rows["serves"] += [of | link for link in deliverable["serves"]]
    return ObservationTables(**{name: _table(name, listed) for name, listed in rows.items()})


def _values(tables: ObservationTables, as_of: date) -> pl.DataFrame:
    """Every planned value, and the actuals of judged periods, each by its period's end."""
    projects = portfolio_of(tables.projects, tables.stages).projects
    kpis = numbered_kpis(tables.kpis, projects)
    placed = placed_values(tables.values, kpis)
    judged = pl.col("number") <= pl.col("last")
    return (
        placed.join(kpi_spans(kpis, placed, as_of), on="kpi_number")
        .with_columns(
            actual=pl.when(judged).then("actual"), period=end_of(pl.col("number"), pl.col("months"))
        )
        .filter(pl.col("planned").is_not_null() | pl.col("actual").is_not_null())
        .sort("kpi", "period")
    )


def _moves(stages: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The moves up to a day; where there is none yet, the stage that reaches back to it."""
    since = pl.col("since")
    ordered = stages.sort("project", "since", nulls_last=False, maintain_order=True)
    opening = pl.col("project").is_first_distinct()
    return ordered.filter(opening | since.is_null() | (since <= as_of)).with_columns(
        since=pl.when(since <= as_of).then(since)
    )


def _rows(name: str, frame: pl.DataFrame) -> list[Row]:
    plain = [_plain(frame[column]) for column in SCHEMAS[name]]
    return said(name, zip(*plain, strict=True))


def said(name: str, rows: Iterable[Sequence[Any]]) -> list[Row]:
    """What facts say of rows of plain values, in the order of the table's columns."""
    columns = list(SCHEMAS[name])
    later = [each for each in columns if each in _NOT_SAID_WHERE_UNKNOWN | _NOT_SAID_WHERE_NONE]
    told: list[Row] = []
    for row in rows:
        each = dict(zip(columns, row, strict=True))
        for column in later:
            if _is_left_out(column, each[column]):
                del each[column]
        told.append(each)
    return told


def _is_left_out(column: str, value: Any) -> bool:
    if column in _NOT_SAID_WHERE_NONE:
        return value == "0"
    return value is None and column in _NOT_SAID_WHERE_UNKNOWN


def _plain(column: pl.Series) -> list[Any]:
    if column.dtype == pl.Float64:
        return [None if value is None else decimal_text(value) for value in column.to_list()]
    return (column.dt.to_string("iso:strict") if column.dtype == pl.Date else column).to_list()


def decimal_text(value: float) -> str:
    """The shortest decimal that reads back as the same number, without exponent or point zero."""
    if value.is_integer() and abs(value) < _EXACT_INTEGERS:
        return str(int(value))
    shortest = repr(value)
    plain = "e" not in shortest and not shortest.endswith(".0")
    return shortest if plain else format(Decimal(shortest).normalize(), "f")


def _grouped(rows: list[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        group = groups.setdefault(row[key], [])
        group.append({column: row[column] for column in row if column != key})
    return groups


def _table(name: str, rows: list[Row]) -> pl.DataFrame:
    """Numbers and days are read back from their text; every other value is what it was."""
    columns = SCHEMAS[name].items()
    return table(name, [{key: _typed(_said(row, key), of) for key, of in columns} for row in rows])


def _said(row: Row, key: str) -> Any:
    return row.get(key, "0" if key in _NOT_SAID_WHERE_NONE else None)


def _typed(value: Any, dtype: pl.DataType) -> Any:
    if value is None:
        return None
    if dtype == pl.Float64:
        return float(value)
    return date.fromisoformat(value) if dtype == pl.Date else value
