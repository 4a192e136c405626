"""The observation tables of the whole portfolio or of some projects, read as data frames.

Exact decimals become Float64 here and nowhere else: what decides is computed in columns.
"""

from typing import Any

import polars as pl
from sqlalchemy import Connection, Float, cast, func, select

from govern.observation.tables import ObservationTables
from govern.store.benefits import brought_through
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
from govern.store.types import Exact

_DATE = pl.Date
_TEXT = pl.String
_NUMBER = pl.Float64


def load_tables(connection: Connection, project_ids: set[str] | None = None) -> ObservationTables:
    """Every table of `ObservationTables`, of all projects where `project_ids` is `None`."""
    followed = with_follow_ups(connection, _kpis(connection, project_ids), project_ids)
    kpis, values = with_originals(
        connection, followed, _values(connection, project_ids), project_ids
    )
    return ObservationTables(
        projects=with_reviews(connection, _projects(connection, project_ids), project_ids),
        stages=_read(
            connection,
            _of(
                select(stage_move.c.project_id, stage_move.c.to_stage, stage_move.c.since).order_by(
                    stage_move.c.project_id, stage_move.c.number
                ),
                stage_move.c.project_id,
                project_ids,
            ),
            {"project": _TEXT, "stage": _TEXT, "since": _DATE},
        ),
        kpis=kpis,
        values=values,
        deliverables=_deliverables(connection, project_ids),
        serves=_serves(connection, project_ids),
        conditions=_conditions(connection, project_ids),
        recommendations=_recommendations(connection, project_ids),
    )


def count_values(connection: Connection) -> int:
    """How many values are reported, or planned, of all KPIs, whichever is more."""
    tables = (reading, planned_value)
    counts = (select(func.count()).select_from(table) for table in tables)
    return max(connection.execute(query).scalar_one() for query in counts)


def _of(query: AnySelect, column: Any, project_ids: set[str] | None) -> AnySelect:
    return query if project_ids is None else query.where(column.in_(sorted(project_ids)))


def _read(
    connection: Connection, query: AnySelect, schema: dict[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    plain_numbers = [
        cast(column, Float).label(column.name) if isinstance(column.type, Exact) else column
        for column in query.selected_columns
    ]
    rows = connection.execute(query.with_only_columns(*plain_numbers, maintain_column_froms=True))
    return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")


def _projects(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    columns = project.c
    query = select(
        columns.id,
        columns.portfolio_id,
        columns.name,
        columns.owner,
        columns.department,
        columns.starts_on,
        columns.ends_on,
        columns.budget,
        columns.spent,
        columns.status_text,
        columns.objective,
        columns.tags,
    ).order_by(columns.id)
    return _read(
        connection,
        _of(query, columns.id, project_ids),
        {
            "project": _TEXT,
            "portfolio": _TEXT,
            "name": _TEXT,
            "owner": _TEXT,
            "department": _TEXT,
            "start": _DATE,
            "end": _DATE,
            "budget": _NUMBER,
            "spent": _NUMBER,
            "status_text": _TEXT,
            "objective": _TEXT,
            "tags": pl.List(_TEXT),
        },
    )


def _kpis(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    columns = kpi.c
    query = select(
        columns.project_id,
        columns.id,
        columns.name,
        columns.category,
        columns.unit,
        columns.direction,
        columns.baseline,
        columns.baseline_on,
        columns.target,
        columns.target_on,
        columns.tolerance,
        columns.weight,
        columns.cadence,
        columns.owner,
        columns.source,
        columns.aggregation,
        columns.cumulative,
        columns.disbenefit,
        columns.reporting_lag_days,
        columns.description,
        columns.currency,
        columns.scale,
        columns.baseline_source,
        columns.tolerance_red,
        columns.tolerance_in,
        columns.department.label("responsible"),
        columns.calculation,
        columns.cashable,
        columns.attribution,
        columns.formula,
    ).order_by(columns.project_id, columns.id)
    found = _read(
        connection,
        _of(query, columns.project_id, project_ids),
        {
            "project": _TEXT,
            "kpi": _TEXT,
            "name": _TEXT,
            "category": _TEXT,
            "unit": _TEXT,
            "direction": _TEXT,
            "baseline": _NUMBER,
            "baseline_on": _DATE,
            "target": _NUMBER,
            "target_on": _DATE,
            "tolerance": _NUMBER,
            "weight": _NUMBER,
            "cadence": _TEXT,
            "owner": _TEXT,
            "source": _TEXT,
            "aggregation": _TEXT,
            "cumulative": pl.Boolean,
            "disbenefit": pl.Boolean,
            "reporting_lag_days": pl.Int64,
            "description": _TEXT,
            "currency": _TEXT,
            "scale": _NUMBER,
            "baseline_source": _TEXT,
            "tolerance_red": _NUMBER,
            "tolerance_in": _TEXT,
            "responsible": _TEXT,
            "calculation": _TEXT,
            "cashable": pl.Boolean,
            "attribution": _NUMBER,
            "formula": _TEXT,
        },
    )
    return found.join(
        _supported(connection, project_ids), on="kpi", how="left", maintain_order="left"
    ).with_columns(objectives=pl.col("objectives").fill_null([]))


def _supported(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    """KPI → the objectives that it supports."""
    links = (
        select(kpi_objective.c.kpi_id, kpi_objective.c.objective_id)
        .join(kpi, kpi.c.id == kpi_objective.c.kpi_id)
        .order_by(kpi_objective.c.kpi_id, kpi_objective.c.objective_id)
    )
    found = _read(
        connection, _of(links, kpi.c.project_id, project_ids), {"kpi": _TEXT, "objectives": _TEXT}
    )
    return found.group_by("kpi", maintain_order=True).agg("objectives")


def _values(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    planned = _read(
        connection,
        _newest(planned_value, [planned_value.c.planned], project_ids),
        {"kpi": _TEXT, "period": _DATE, "planned": _NUMBER},
    )
    reported = _newest(
        reading,
        [reading.c.actual, reading_validation.c.id.is_not(None), reading.c.confidence],
        project_ids,
    ).outerjoin(reading_validation, reading_validation.c.reading_id == reading.c.id)
    actual = _read(
        connection,
        reported,
        {
            "kpi": _TEXT,
            "period": _DATE,
            "actual": _NUMBER,
            "validated": pl.Boolean,
            "confidence": _TEXT,
        },
    )
    return planned.join(actual, on=["kpi", "period"], how="full", coalesce=True)


def _newest(table: Any, values: list[Any], project_ids: set[str] | None) -> AnySelect:
    newest = select(func.max(table.c.id).label("id")).group_by(table.c.kpi_id, table.c.period)
    if project_ids is not None:
        newest = newest.join(kpi, kpi.c.id == table.c.kpi_id).where(
            kpi.c.project_id.in_(sorted(project_ids))
        )
    latest = newest.subquery()
    return select(table.c.kpi_id, table.c.period, *values).join(latest, latest.c.id == table.c.id)


def _deliverables(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    columns = deliverable.c
    query = select(
        columns.project_id,
        columns.id,
        columns.name,
        columns.owner,
        columns.state,
        columns.due,
        columns.done_on,
        columns.cost,
    ).order_by(columns.project_id, columns.id)
    return _read(
        connection,
        _of(query, columns.project_id, project_ids),
        {
            "project": _TEXT,
            "deliverable": _TEXT,
            "name": _TEXT,
            "owner": _TEXT,
            "state": _TEXT,
            "due": _DATE,
            "done_on": _DATE,
            "cost": _NUMBER,
        },
    )


def _serves(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    """Which KPIs a deliverable serves and by which share, directly and through outcomes together."""
    query = (
        select(
            deliverable_kpi.c.deliverable_id,
            deliverable_kpi.c.kpi_id,
            deliverable_kpi.c.contribution,
        )
        .join(deliverable, deliverable.c.id == deliverable_kpi.c.deliverable_id)
        .order_by(deliverable_kpi.c.deliverable_id, deliverable_kpi.c.kpi_id)
    )
    direct = _read(
        connection,
        _of(query, deliverable.c.project_id, project_ids),
        {"deliverable": _TEXT, "kpi": _TEXT, "contribution": _NUMBER},
    )
    through = brought_through(connection, project_ids)
    if not through:
        return direct
    rows = [
        (each, kpi_id, None if share is None else float(share))
        for each, brought in through.items()
        for kpi_id, share in brought.items()
    ]
    brought = pl.DataFrame(rows, schema=direct.schema, orient="row")
    others = direct.filter(~pl.col("deliverable").is_in(list(through)))
    return pl.concat([others, brought]).sort("deliverable", "kpi")


def _conditions(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    columns = condition.c
    query = select(
        columns.project_id, columns.id, columns.text, columns.owner, columns.due, columns.state
    ).order_by(columns.project_id, columns.id)
    return _read(
        connection,
        _of(query, columns.project_id, project_ids),
        {
            "project": _TEXT,
            "condition": pl.Int64,
            "text": _TEXT,
            "owner": _TEXT,
            "due": _DATE,
            "state": _TEXT,
        },
    ).with_columns(pl.col("condition").cast(_TEXT))


def _recommendations(connection: Connection, project_ids: set[str] | None) -> pl.DataFrame:
    columns = recommendation.c
    query = select(
        columns.project_id,
        columns.id,
        columns.kpi_id,
        columns.rule_id,
        columns.action,
        columns.severity,
        columns.status,
    ).order_by(columns.project_id, columns.id)
    return _read(
        connection,
        _of(query, columns.project_id, project_ids),
        {
            "project": _TEXT,
            "recommendation": pl.Int64,
            "kpi": _TEXT,
            "rule": _TEXT,
            "action": _TEXT,
            "severity": _TEXT,
            "status": _TEXT,
        },
    ).with_columns(pl.col("recommendation").cast(_TEXT))
