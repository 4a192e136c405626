"""What the first agreed plan said, beside the plan in force: the columns `original_…` of the observation
tables.

Until a scope change is applied nothing that was agreed can change, so the plan in force is the first one
and nothing more is read. Of a project that was re-baselined the first version is read as it is kept. A
KPI that is measured otherwise by now (another unit, currency or scale, or sums instead of single periods)
has no first plan to be held against: there it is unknown.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from govern.observation.tables import SCHEMAS, declared
from govern.store.blobs import Corrupt, digest_of
from govern.store.query import AnySelect, in_parts, within
from govern.store.tables import baseline_version, blob, project

_MEASURED_BY = {
    "unit": pl.String,
    "currency": pl.String,
    "scale": pl.Float64,
    "cumulative": pl.Boolean,
}
_FIRST = {"kpi": pl.String, "first_baseline": pl.Float64, "first_target": pl.Float64} | {
    f"first_{name}": kind for name, kind in _MEASURED_BY.items()
}
_PLANNED = {"kpi": pl.String, "period": pl.Date, "first_planned": pl.Float64}


def with_originals(
    connection: Connection,
    kpis: pl.DataFrame,
    values: pl.DataFrame,
    project_ids: set[str] | None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The KPIs with `original_baseline` and `original_target`, the values with `original_planned`. Of
    KPIs, columns that were not read are null."""
    rebased = _rebased(connection, project_ids)
    as_agreed = sorted(_agreed(connection, project_ids) - rebased.keys())
    if not rebased and not as_agreed:
        return _unsaid(kpis, values)
    first, planned = _first_versions(connection, rebased)
    # Whatever the scale, 1 unless it is said.
    alike = pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(f"first_{name}")) for name in _MEASURED_BY
    )
    marked = kpis.join(first, on="kpi", how="left", maintain_order="left").with_columns(
        same=pl.col("project").is_in(as_agreed), kept=alike
    )
    of_kpi = marked.with_columns(
        original_baseline=_original("baseline"), original_target=_original("target")
    )
    of_value = (
        values.join(planned, on=["kpi", "period"], how="full", coalesce=True)
        .join(marked.select("kpi", "same", "kept"), on="kpi", how="left")
        .with_columns(original_planned=_original("planned"))
        .select(*SCHEMAS["values"])
        .sort("kpi", "period")
    )
    return declared("kpis", of_kpi), of_value


def _unsaid(kpis: pl.DataFrame, values: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nothing has been agreed yet."""
    none = pl.lit(None, pl.Float64)
    of_kpi = kpis.with_columns(original_baseline=none, original_target=none)
    of_value = values.with_columns(original_planned=none)
    return (
        declared("kpis", of_kpi),
        of_value.select(*SCHEMAS["values"]).sort("kpi", "period"),
    )


def _original(name: str) -> pl.Expr:
    kept = pl.when("kept").then(pl.col(f"first_{name}"))
    return pl.when("same").then(pl.col(name)).otherwise(kept)


def _agreed(connection: Connection, project_ids: set[str] | None) -> set[str]:
    """The projects whose plan a gate has frozen."""
    query: AnySelect = select(project.c.id).where(project.c.baseline_frozen_at.is_not(None))
    if project_ids is not None:
        query = query.where(within(connection, project.c.id, project_ids))
    return set(connection.scalars(query))


def _rebased(connection: Connection, project_ids: set[str] | None) -> dict[str, str]:
    """Project → digest of the first version of its plan, of the projects that have a second one."""
    later = baseline_version.alias()
    query = (
        select(baseline_version.c.project_id, baseline_version.c.digest)
        .join(later, later.c.project_id == baseline_version.c.project_id)
        .where(baseline_version.c.number == 1, later.c.number == 2)
    )
    if project_ids is not None:
        query = query.where(within(connection, baseline_version.c.project_id, project_ids))
    return {row.project_id: row.digest for row in connection.execute(query)}


def _first_versions(
    connection: Connection, rebased: dict[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the first versions say of KPIs, and of periods."""
    of_kpis: list[tuple[Any, ...]] = []
    of_periods: list[tuple[str, date, float]] = []
    for each in _contents(connection, set(rebased.values())):
        for told in each["kpis"]:
            of_kpis.append(
                (
                    told["kpi"],
                    _number(told.get("baseline")),
                    _number(told.get("target")),
                    told.get("unit"),
                    told.get("currency"),
                    _number(told.get("scale")),
                    told.get("cumulative"),
                )
            )
            of_periods += [
                (told["kpi"], date.fromisoformat(day), float(value))
                for day, value in told["planned"].items()
            ]
    return (
        pl.DataFrame(of_kpis, schema=_FIRST, orient="row"),
        pl.DataFrame(of_periods, schema=_PLANNED, orient="row"),
    )


def _contents(connection: Connection, digests: set[str]) -> Iterator[dict[str, Any]]:
    """Kept baselines. Raises `Corrupt` where one is not what was kept."""
    for some in in_parts(digests):
        query = select(blob.c.digest, blob.c.content).where(blob.c.digest.in_(some))
        for digest, content in connection.execute(query):
            if digest_of(bytes(content)) != digest:
                raise Corrupt(digest)
            yield json.loads(content)


def _number(value: str | None) -> float | None:
    return None if value is None else float(value)
