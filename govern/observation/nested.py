"""The observation tables as one row per project, with everything of it nested in that row.

So a project is never in two places: rows can be divided among files and machines as one likes, and any
of them observed without the others.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from govern.observation.errors import BrokenReferenceError, NotUniqueError
from govern.observation.tables import SCHEMAS, ObservationTables

_PARTS: Final = tuple(name for name in SCHEMAS if name != "projects")


def _columns(name: str) -> dict[str, pl.DataType]:
    return {column: of for column, of in SCHEMAS[name].items() if column != "project"}


SCHEMA: Final[Mapping[str, pl.DataType]] = {
    **SCHEMAS["projects"],
    **{name: pl.List(pl.Struct(_columns(name))) for name in _PARTS},
}
"""The columns of the table `projects`, and a list of structs for each other table, of its columns but
`project`. A list has the order of the table's rows; where there are none it is empty."""


def nested(tables: ObservationTables) -> pl.DataFrame:
    """The tables as one row per project, sorted by id.

    Raises `NotUniqueError` for a project that is there twice, `BrokenReferenceError` for a row that is
    of none.
    """
    projects = tables.projects.sort("project")
    if (twice := projects.filter(pl.col("project").is_duplicated())).height:
        raise NotUniqueError("projects", f"project '{twice['project'][0]}' is there more than once")
    owners = {"kpi": tables.kpis, "deliverable": tables.deliverables}
    found = projects
    for name in _PARTS:
        rows: pl.DataFrame = getattr(tables, name)
        if "project" not in rows.columns:
            key = rows.columns[0]
            owner = owners[key].select(key, "project")
            rows = rows.join(owner, on=key, how="left", maintain_order="left")
        lost = rows.filter(~pl.col("project").is_in(projects["project"].implode()).fill_null(False))
        if lost.height:
            raise BrokenReferenceError(
                name, f"a row of '{lost[lost.columns[0]][0]}' has no project"
            )
        listed = rows.select("project", pl.struct(list(_columns(name))).alias(name))
        grouped = listed.group_by("project", maintain_order=True).agg(name)
        found = found.join(grouped, on="project", how="left", maintain_order="left")
    none = (pl.lit([], SCHEMA[name]).alias(name) for name in _PARTS)
    filled = (pl.coalesce(pl.col(name), each) for name, each in zip(_PARTS, none, strict=True))
    return found.with_columns(filled).select(list(SCHEMA)).cast(pl.Schema(SCHEMA))


def flat(rows: pl.DataFrame) -> ObservationTables:
    """The tables of rows as `nested` made them, whichever of them, in any order.

    Raises `WrongColumnsError` where they are none. What only carries the same values (as Arrow and Spark
    do with text and lists) is taken for the declared type.
    """
    ordered = rows.sort("project") if "project" in rows.columns else rows
    tables = {"projects": _typed("projects", ordered.select(_present("projects", ordered)))}
    for name in _PARTS:
        if name not in ordered.columns:
            tables[name] = pl.DataFrame()
            continue
        own = ordered.select("project", name).filter(pl.col(name).list.len() > 0)
        tables[name] = _typed(name, own.explode(name).unnest(name))
    return ObservationTables(**tables)


def _present(name: str, rows: pl.DataFrame) -> list[str]:
    return [column for column in SCHEMAS[name] if column in rows.columns]


def _typed(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    declared = SCHEMAS[name]
    extra = [column for column in rows.columns if column not in (*declared, "project")]
    own = rows.select(*_present(name, rows), *extra)
    return own.cast({column: declared[column] for column in _present(name, rows)})
