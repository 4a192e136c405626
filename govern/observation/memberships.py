"""Which rows belong to which: pairs of row numbers, sorted by parent and then by child.

A membership has the columns `parent` and `row` (Int64), and `contribution` where the benefits map
links the two. Deliverables, conditions and recommendations are known as they are now, and belong in
that state to every period of their project.
"""

from collections.abc import Mapping

import polars as pl

from govern.observation.calendar import completed_by

_PAIRS = {"parent": pl.Int64(), "row": pl.Int64()}
_SHARES = _PAIRS | {"contribution": pl.Float64()}
NONE: Mapping[str, pl.DataFrame] = {
    **{f"project_{each}": pl.DataFrame(schema=_PAIRS) for each in ("kpis", "deliverables")},
    **{
        f"project_{each}": pl.DataFrame(schema=_PAIRS) for each in ("conditions", "recommendations")
    },
    **{each: pl.DataFrame(schema=_SHARES) for each in ("kpi_deliverables", "deliverable_kpis")},
}
"""Each of them without rows."""


def kpis_of_projects(project_spread: pl.DataFrame, kpi_spans: pl.DataFrame) -> pl.DataFrame:
    """Per project row, each KPI's latest row at or before its period, if the KPI had begun.

    On a project's last row that is each KPI's last row, so that none is left out.
    """
    number, latest = pl.col("number"), completed_by(pl.col("period"), pl.col("months"))
    return (
        project_spread.select("period", "is_last", project_number="at", parent="row")
        .join(
            kpi_spans.select("project_number", "months", "first", "last", "first_row"),
            on="project_number",
            maintain_order="left_right",
        )
        .with_columns(
            number=pl.when("is_last").then("last").otherwise(pl.min_horizontal(latest, "last"))
        )
        .filter(number >= pl.col("first"))
        .select("parent", row=pl.col("first_row") + number - pl.col("first"))
    )


def elements_of_projects(
    project_spread: pl.DataFrame, elements: pl.DataFrame, projects: pl.DataFrame
) -> pl.DataFrame:
    """Per project row, all rows of `elements` that are of its project."""
    children = elements.select("project", "row").join(
        projects.select("project", "project_number"), on="project"
    )
    return (
        project_spread.select(project_number="at", parent="row")
        .join(
            children.select("project_number", "row").sort("row"),
            on="project_number",
            maintain_order="left_right",
        )
        .select("parent", "row")
    )


def deliverables_of_kpis(kpi_spread: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Per KPI row, the deliverables that serve the KPI."""
    return (
        kpi_spread.select(kpi_number="at", parent="row")
        .join(
            links.sort("kpi_number", "deliverable_row"),
            on="kpi_number",
            maintain_order="left_right",
        )
        .select("parent", "contribution", row="deliverable_row")
        .select("parent", "row", "contribution")
    )


def kpis_of_deliverables(links: pl.DataFrame, kpi_spans: pl.DataFrame) -> pl.DataFrame:
    """Per deliverable, the last row of each KPI that it serves."""
    last_row = pl.col("first_row") + pl.col("count") - 1
    return (
        links.join(kpi_spans.select("kpi_number", row=last_row), on="kpi_number")
        .select("row", "contribution", parent="deliverable_row")
        .select("parent", "row", "contribution")
        .sort("parent", "row")
    )
