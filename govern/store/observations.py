"""The observation tables of the whole portfolio or of some projects, read as data frames.

Exact decimals become Float64 here and nowhere else: what decides is computed in columns.
"""

from collections.abc import Set

import polars as pl
from sqlalchemy import Connection, Integer, Table, func, select

from govern.observation.tables import SCHEMAS, ObservationTables, declared, table
from govern.store.benefits import brought_through
from govern.store.engine import sees_one_state
from govern.store.frames import Source, read_frame
from govern.store.observed import kept_in
from govern.store.originals import with_originals
from govern.store.query import AnySelect
from govern.store.review_counts import with_follow_ups, with_reviews
from govern.store.tables import (
    condition,
    deliverable,
    deliverable_kpi,
    kpi,
    kpi_objective,
    planned_value,
    project,
    reading,
    reading_validation,
    recommendation,
    stage_move,
)


def load_tables(
    connection: Connection,
    project_ids: set[str] | None = None,
    columns: Set[str] | None = None,
) -> ObservationTables:
    """Every table of `ObservationTables`, of all projects where `project_ids` is `None`.

    Only `columns` are read of projects, KPIs and values, where they are given, and the others are null;
    of the other tables only those that are named among them, and the others have no rows. Where others
    may write between one query and the next, what they add to rows that were read before is left out.
    """
    projects = read_frame(connection, _PROJECTS, project_ids, columns).sort("project")
    if project_ids is not None and projects.height == _count_projects(connection):
        # Who names every project is spared the looking up of each row's project among the names.
        project_ids = None
    kpis, values = _with_originals(
        connection,
        _kpis(connection, project_ids, columns),
        _values(connection, project_ids, columns),
        project_ids,
        columns,
    )
    found = ObservationTables(
        projects=_with_reviews(connection, projects, project_ids, columns),
        kpis=kpis,
        values=values,
        **{
            name: load(connection, project_ids) if _reads(columns, name) else table(name)
            for name, load in _OTHERS.items()
        },
    )
    return found if sees_one_state(connection) else found.closed()


def count_values(connection: Connection) -> int:
    """How many values are reported, or planned, of all KPIs, whichever is more."""
    tables = (reading, planned_value)
    counts = (select(func.count()).select_from(table) for table in tables)
    return max(connection.execute(query).scalar_one() for query in counts)


def _kpis(
    connection: Connection, project_ids: set[str] | None, columns: Set[str] | None
) -> pl.DataFrame:
    found = read_frame(connection, _KPIS, project_ids, columns).sort("project", "kpi")
    if _reads(columns, "objectives"):
        links = read_frame(connection, _OBJECTIVES, project_ids)
        supported = (
            links.sort("kpi", "objectives").group_by("kpi", maintain_order=True).agg("objectives")
        )
        found = found.join(supported, on="kpi", how="left", maintain_order="left").with_columns(
            pl.col("objectives").fill_null([])
        )
    return (
        with_follow_ups(connection, found, project_ids) if _reads(columns, "follow_up") else found
    )


def _values(
    connection: Connection, project_ids: set[str] | None, columns: Set[str] | None
) -> pl.DataFrame:
    read = None if columns is None else {"kpi", "period", "number"} | columns
    planned = _newest(read_frame(connection, _PLANNED, project_ids, read))
    reported = _newest(read_frame(connection, _REPORTED, project_ids, read))
    return planned.join(reported, on=["kpi", "period"], how="full", coalesce=True)


def _with_originals(
    connection: Connection,
    kpis: pl.DataFrame,
    values: pl.DataFrame,
    project_ids: set[str] | None,
    columns: Set[str] | None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    if _reads(columns, "original_baseline", "original_target", "original_planned"):
        return with_originals(connection, kpis, values, project_ids)
    return declared("kpis", kpis), declared("values", values).sort("kpi", "period")


def _with_reviews(
    connection: Connection,
    projects: pl.DataFrame,
    project_ids: set[str] | None,
    columns: Set[str] | None,
) -> pl.DataFrame:
    if _reads(columns, "reviews_signed", "lessons"):
        return with_reviews(connection, projects, project_ids)
    return declared("projects", projects)


def _newest(versions: pl.DataFrame) -> pl.DataFrame:
    """The last that was recorded for each KPI and period."""
    followed = (pl.col("kpi") == pl.col("kpi").shift(-1)) & (
        pl.col("period") == pl.col("period").shift(-1)
    )
    ordered = versions.sort("kpi", "period", "number")
    return ordered.filter(~followed.fill_null(value=False)).drop("number")


def _stages(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    """A project's moves in the order they were made."""
    moves = read_frame(connection, _STAGES, project_ids)
    return moves.sort("project", "number").drop("number")


def _deliverables(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    return read_frame(connection, _DELIVERABLES, project_ids).sort("project", "deliverable")


def _serves(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    """Which KPIs a deliverable serves and by which share, directly and through outcomes together."""
    direct = read_frame(connection, _SERVES, project_ids)
    through = brought_through(connection, project_ids)
    rows = [
        (each, kpi_id, None if share is None else float(share))
        for each, brought in through.items()
        for kpi_id, share in brought.items()
    ]
    brought = pl.DataFrame(rows, schema=direct.schema, orient="row")
    others = direct.filter(~pl.col("deliverable").is_in(list(through)))
    return pl.concat([others, brought]).sort("deliverable", "kpi")


def _conditions(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    return _numbered(read_frame(connection, _CONDITIONS, project_ids), "condition")


def _recommendations(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    return _numbered(read_frame(connection, _RECOMMENDATIONS, project_ids), "recommendation")


def _numbered(found: pl.DataFrame, name: str) -> pl.DataFrame:
    """In the order of their numbers, which are names from there on."""
    return found.sort("project", name).with_columns(pl.col(name).cast(pl.String))


def _count_projects(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(project)).scalar_one()


def _reads(columns: Set[str] | None, *names: str) -> bool:
    return columns is None or not columns.isdisjoint(names)


def _source(name: str, table: Table, *left_out: str) -> Source:
    columns = kept_in(table, name, left_out)
    query: AnySelect = select(*columns.values())
    types = {
        each: pl.Int64() if isinstance(stored.type, Integer) else SCHEMAS[name][each]
        for each, stored in columns.items()
    }
    return Source(query, columns["project"], types)


_TEXT, _DAY, _NUMBER, _COUNT = pl.String(), pl.Date(), pl.Float64(), pl.Int64()
_PROJECTS = _source("projects", project, "reviews_signed", "lessons")
_STAGES = Source(
    select(stage_move.c.project_id, stage_move.c.number, stage_move.c.to_stage, stage_move.c.since),
    stage_move.c.project_id,
    {"project": _TEXT, "number": _COUNT, "stage": _TEXT, "since": _DAY},
)
_KPIS = _source("kpis", kpi, "objectives", "original_baseline", "original_target", "follow_up")
_OBJECTIVES = Source(
    select(kpi_objective.c.kpi_id, kpi_objective.c.objective_id),
    kpi.c.project_id,
    {"kpi": _TEXT, "objectives": _TEXT},
    kpi_objective.c.kpi_id,
)
_PLANNED = Source(
    select(
        planned_value.c.kpi_id, planned_value.c.period, planned_value.c.id, planned_value.c.planned
    ),
    kpi.c.project_id,
    {"kpi": _TEXT, "period": _DAY, "number": _COUNT, "planned": _NUMBER},
    planned_value.c.kpi_id,
)
_REPORTED = Source(
    select(
        *(reading.c.kpi_id, reading.c.period, reading.c.id, reading.c.actual),
        *(reading_validation.c.id.is_not(None), reading.c.confidence),
    ).outerjoin(reading_validation, reading_validation.c.reading_id == reading.c.id),
    kpi.c.project_id,
    {
        "kpi": _TEXT,
        "period": _DAY,
        "number": _COUNT,
        "actual": _NUMBER,
        "validated": pl.Boolean(),
        "confidence": _TEXT,
    },
    reading.c.kpi_id,
)
_DELIVERABLES = _source("deliverables", deliverable)
_SERVES = Source(
    select(
        deliverable_kpi.c.deliverable_id, deliverable_kpi.c.kpi_id, deliverable_kpi.c.contribution
    ),
    deliverable.c.project_id,
    SCHEMAS["serves"],
    deliverable_kpi.c.deliverable_id,
)
_CONDITIONS = _source("conditions", condition)
_RECOMMENDATIONS = _source("recommendations", recommendation)
_OTHERS = {
    "stages": _stages,
    "deliverables": _deliverables,
    "serves": _serves,
    "conditions": _conditions,
    "recommendations": _recommendations,
}
