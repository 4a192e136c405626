"""What evaluation needs of the observations; `govern.observation` provides it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import polars as pl


class Frames(Protocol):
    """One frame of rows per scope, numbered 0, 1, 2, … in the Int64 column `row`, and the links.

    The KPI and project frames are sorted by subject and period, dense, and carry `is_first`. A link
    frame has the Int64 columns `parent` and `row`, sorted by both, and `contribution` (Float64)
    between KPIs and deliverables.
    """

    @property
    def kpis(self) -> pl.DataFrame: ...
    @property
    def projects(self) -> pl.DataFrame: ...
    @property
    def deliverables(self) -> pl.DataFrame: ...
    @property
    def conditions(self) -> pl.DataFrame: ...
    @property
    def recommendations(self) -> pl.DataFrame: ...
    @property
    def project_kpis(self) -> pl.DataFrame: ...
    @property
    def project_deliverables(self) -> pl.DataFrame: ...
    @property
    def project_conditions(self) -> pl.DataFrame: ...
    @property
    def project_recommendations(self) -> pl.DataFrame: ...
    @property
    def kpi_deliverables(self) -> pl.DataFrame: ...
    @property
    def deliverable_kpis(self) -> pl.DataFrame: ...


def frame_of(frames: Frames, name: str) -> pl.DataFrame:
    """The frame of rows or links with this name."""
    found = getattr(frames, name)
    if not isinstance(found, pl.DataFrame):
        raise TypeError(name)
    return found


@dataclass(frozen=True, slots=True)
class PlainRows:
    """The same, for the plain reading only, by who can tell a cell or a link without a frame.

    `cell`: of a frame, a column and a row. `links`: of a frame of links and a parent, each row with
    its contribution.
    """

    cell: Callable[[str, str, int], object]
    links: Callable[[str, int], Iterator[tuple[int, float | None]]]


def cell_of(frames: Frames | PlainRows, name: str, column: str, row: int) -> object:
    """What stands in a column of a row."""
    if isinstance(frames, PlainRows):
        return frames.cell(name, column, row)
    return frame_of(frames, name).get_column(column)[row]


def links_of(
    frames: Frames | PlainRows, name: str, parent: int
) -> Iterator[tuple[int, float | None]]:
    """The links of one parent, by which they are sorted: rows, each with its contribution."""
    if isinstance(frames, PlainRows):
        yield from frames.links(name, parent)
        return
    links = frame_of(frames, name)
    parents = links.get_column("parent")
    start = parents.search_sorted(parent, side="left")
    found = links.slice(start, parents.search_sorted(parent, side="right") - start)
    weights = found["contribution"] if "contribution" in found.columns else None
    for index, row in enumerate(found["row"]):
        yield row, None if weights is None else weights[index]
