"""What evaluation needs of the observations; `govern.observation` provides it."""

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
