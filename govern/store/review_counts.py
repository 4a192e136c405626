"""What reviews and lessons say of projects and KPIs, as conditions read it."""

from typing import Any

import polars as pl
from sqlalchemy import Connection, func, select

from govern.domain.review import ReviewState
from govern.store import lessons
from govern.store.query import AnySelect, within
from govern.store.reviews import follow_ups
from govern.store.tables import lesson, review


def with_reviews(
    connection: Connection, projects: pl.DataFrame, project_ids: set[str] | None
) -> pl.DataFrame:
    """The projects with `reviews_signed` and `lessons`, how many of each there are now."""
    signed = review.c.state == ReviewState.SIGNED.value
    stands = lesson.c.state == lessons.RECORDED
    return projects.with_columns(
        reviews_signed=_counted(connection, review.c.project_id, signed, projects, project_ids),
        lessons=_counted(connection, lesson.c.project_id, stands, projects, project_ids),
    )


def with_follow_ups(
    connection: Connection, kpis: pl.DataFrame, project_ids: set[str] | None
) -> pl.DataFrame:
    """The KPIs with their `follow_up`, unknown where no review has said it."""
    found = follow_ups(connection, project_ids)
    told = pl.DataFrame(
        list(found.items()), {"kpi": pl.String, "follow_up": pl.String}, orient="row"
    )
    return kpis.join(told, on="kpi", how="left", maintain_order="left")


def _counted(
    connection: Connection,
    of: Any,
    which: Any,
    projects: pl.DataFrame,
    project_ids: set[str] | None,
) -> pl.Series:
    query: AnySelect = select(of, func.count()).where(which).group_by(of)
    if project_ids is not None:
        query = query.where(within(connection, of, project_ids))
    rows = [tuple(row) for row in connection.execute(query)]
    counts = pl.DataFrame(rows, {"project": pl.String, "count": pl.Float64}, orient="row")
    joined = projects.select("project").join(
        counts, on="project", how="left", maintain_order="left"
    )
    return joined["count"].fill_null(0.0)
