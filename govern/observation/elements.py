"""What belongs to a project besides KPIs, as numbered rows: deliverables, conditions,
recommendations. They are known in the state they are in now."""

import polars as pl

from govern.observation.errors import BrokenReferenceError, NotUniqueError

LINKS = {"deliverable_row": pl.Int64(), "kpi_number": pl.Int64(), "contribution": pl.Float64()}


def element_rows(name: str, table: pl.DataFrame, key: str, projects: pl.DataFrame) -> pl.DataFrame:
    """A table sorted by project and id with `row`, its position, in front.

    Raises `BrokenReferenceError` for an element of no known project and `NotUniqueError` for two
    elements with one id.
    """
    row = pl.int_range(pl.len(), dtype=pl.Int64).alias("row")
    if table.is_empty():
        return table.select(row, pl.all())
    lost = table.join(projects, on="project", how="anti")
    if lost.height:
        element, project = lost.select(key, "project").row(0)
        raise BrokenReferenceError(
            name, f"'{element}' is of project '{project}', which is not there"
        )
    if (twice := table.filter(pl.col(key).is_duplicated())).height:
        raise NotUniqueError(name, f"'{twice[key][0]}' is there more than once")
    return table.sort("project", key).select(row, pl.all())


def links(serves: pl.DataFrame, deliverables: pl.DataFrame, kpis: pl.DataFrame) -> pl.DataFrame:
    """The benefits map by position: `deliverable_row`, `kpi_number`, `contribution`.

    Raises `BrokenReferenceError` where an end is missing or the two are of different projects, as
    rules never look across projects; `NotUniqueError` where one pair is linked twice.
    """
    if serves.is_empty():
        return pl.DataFrame(schema=LINKS)
    linked = serves.join(
        deliverables.select("deliverable", deliverable_row="row", of_project="project"),
        on="deliverable",
        how="left",
    ).join(kpis.select("kpi", "kpi_number", "project"), on="kpi", how="left")
    apart = (pl.col("of_project") == pl.col("project")).fill_null(value=False).not_()
    if (lost := linked.filter(apart)).height:
        deliverable, kpi = lost.select("deliverable", "kpi").row(0)
        message = f"deliverable '{deliverable}' and KPI '{kpi}' are not two of one project"
        raise BrokenReferenceError("serves", message)
    pair = pl.struct("deliverable_row", "kpi_number")
    if (twice := linked.filter(pair.is_duplicated())).height:
        deliverable, kpi = twice.select("deliverable", "kpi").row(0)
        raise NotUniqueError("serves", f"deliverable '{deliverable}' serves KPI '{kpi}' twice")
    return linked.select(*LINKS)
