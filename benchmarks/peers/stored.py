"""The portfolio as rows of a database of govern's, in SQLite: one month, and no events."""

import sqlite3
from pathlib import Path

import polars as pl

from benchmarks.peers.portfolio import tables
from govern.settings import shipped
from govern.store.migrate import upgrade

_WHEN = "2026-11-24T10:00:00.000000Z"


def store(path: Path, projects: int) -> None:
    upgrade(f"sqlite:///{path}", shipped("migrations"))
    found = tables(projects)
    project = found.projects.join(found.stages, on="project", maintain_order="left")
    values = found.values.sort("kpi")
    with sqlite3.connect(path) as connection:
        _insert(connection, "portfolio", pl.DataFrame({"id": ["all"], "name": ["All"]}))
        _insert(
            connection,
            "project",
            project.select(
                "name", "budget", "spent", "stage", id="project", portfolio_id="portfolio"
            ).with_columns(tags=pl.lit("[]"), workflow_digest=pl.lit("none"), version=1),
        )
        _insert(
            connection,
            "stage_move",
            project.select("since", project_id="project", number=1, to_stage="stage"),
        )
        _insert(
            connection,
            "kpi",
            found.kpis.select(
                *("name", "category", "unit", "direction", "baseline", "target", "tolerance"),
                *("weight", "cadence", "aggregation", "cumulative", "disbenefit"),
                "reporting_lag_days",
                id="kpi",
                project_id="project",
                version=1,
            ),
        )
        of_values = values.select("period", "planned", "actual", "confidence", kpi_id="kpi")
        of_values = of_values.with_columns(recorded_by=pl.lit("operator"))
        planned = of_values.drop("actual", "confidence").drop_nulls("planned")
        _insert(connection, "planned_value", planned)
        _insert(connection, "reading", of_values.drop("planned"))
    connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: pl.DataFrame) -> None:
    """Exact numbers are text in SQLite."""
    rows = rows.with_columns(recorded_at=pl.lit(_WHEN)).with_columns(
        pl.col(pl.Float64).map_elements(_exact, return_dtype=pl.String),
        pl.col(pl.Date).cast(pl.String),
    )
    marks = ", ".join("?" * rows.width)
    connection.executemany(
        f'INSERT INTO "{table}" ({", ".join(map(_quoted, rows.columns))}) VALUES ({marks})',  # noqa: S608
        rows.iter_rows(),
    )


def _exact(number: float) -> str:
    return repr(int(number)) if number.is_integer() else repr(number)


def _quoted(name: str) -> str:
    return f'"{name}"'
