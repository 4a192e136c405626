"""A project's rows are the same whatever else is observed with it, and in whatever order it came."""

from dataclasses import fields
from datetime import date

import polars as pl
from hypothesis import given
from polars.testing import assert_frame_equal

from govern.observation.frame import Observations, observe
from govern.observation.tables import ObservationTables
from tests.observation.portfolios import DAYS, any_tables, slow

FRAMES = ("kpis", "projects", "deliverables", "conditions", "recommendations")
ENDS = {
    "project_kpis": ("projects", "kpis"),
    "project_deliverables": ("projects", "deliverables"),
    "project_conditions": ("projects", "conditions"),
    "project_recommendations": ("projects", "recommendations"),
    "kpi_deliverables": ("kpis", "deliverables"),
    "deliverable_kpis": ("deliverables", "kpis"),
}


def joined(parts: list[Observations]) -> dict[str, pl.DataFrame]:
    """The parts' frames one after the other, with row numbers moved to where the rows come to be."""
    found: dict[str, list[pl.DataFrame]] = {
        member.name: [] for member in fields(Observations) if member.name != "as_of"
    }
    before = dict.fromkeys(FRAMES, 0)
    for part in parts:
        for name in FRAMES:
            found[name].append(getattr(part, name).with_columns(pl.col("row") + before[name]))
        for name, (parent, child) in ENDS.items():
            moved = (pl.col("parent") + before[parent], pl.col("row") + before[child])
            found[name].append(getattr(part, name).with_columns(moved))
        for name in FRAMES:
            before[name] += getattr(part, name).height
    return {name: pl.concat(frames) for name, frames in found.items()}


@slow
@given(any_tables(), DAYS)
def test_chunks_of_one_project_are_the_whole(known: ObservationTables, as_of: date) -> None:
    whole = observe(known, as_of)
    projects = known.projects["project"].sort().to_list()
    parts = [observe(known.of_project(project), as_of) for project in projects]
    for name, frame in joined(parts).items():
        assert_frame_equal(getattr(whole, name), frame, check_exact=True)


@slow
@given(any_tables(), DAYS)
def test_every_kpi_is_on_its_projects_last_row(known: ObservationTables, as_of: date) -> None:
    observed = observe(known, as_of)
    last_kpis = observed.kpis.filter("is_last")
    assert last_kpis["kpi"].sort().to_list() == known.kpis["kpi"].sort().to_list()
    last_projects = observed.projects.filter("is_last").select(parent="row")
    seen = observed.project_kpis.join(last_projects, on="parent")["row"].sort().to_list()
    assert seen == last_kpis["row"].to_list()
    assert observed.kpis["period"].max() is None or observed.kpis["period"].max() <= as_of
    assert observed.kpis["row"].to_list() == list(range(observed.kpis.height))
