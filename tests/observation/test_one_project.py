"""Plain rows of one project tell what its frames do: every cell, every link, every fact."""

import json
import math
from dataclasses import fields, replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.observation.errors import (
    BrokenReferenceError,
    NotUniqueError,
    UnknownCadenceError,
)
from govern.observation.facts import facts_of
from govern.observation.frame import Observations, observe
from govern.observation.one_project import OneProject
from govern.observation.plain_rows import plain_rows
from govern.observation.tables import SCHEMAS, ObservationTables
from tests.observation.portfolios import AS_OF, DAYS, any_tables, kpi, slow, tables, values

LARGE_RATIO = 2.0**53 / 10**9
LINKS = (
    *("project_kpis", "project_deliverables", "project_conditions", "project_recommendations"),
    *("kpi_deliverables", "deliverable_kpis"),
)
FIGURES = st.none() | st.decimals(-10_000, 10_000, places=2).map(float)
FURTHER = {
    "kpis": {
        "weight": FIGURES,
        "tolerance": FIGURES,
        "tolerance_red": FIGURES,
        "tolerance_in": st.sampled_from([None, "unit", "share"]),
        "original_baseline": FIGURES,
        "formula": st.sampled_from([None, None, "a + b"]),
        "currency": st.sampled_from([None, "EUR"]),
        "disbenefit": st.sampled_from([None, True]),
        "objectives": st.lists(st.sampled_from(["O", "P"]), max_size=2),
        "target": FIGURES | st.sampled_from([float("nan"), float("inf"), 1e301]),
    },
    "values": {
        "validated": st.sampled_from([None, True, False]),
        "confidence": st.sampled_from([None, "high"]),
        "original_planned": FIGURES,
        "actual": FIGURES | st.sampled_from([float("nan"), 1e200, -0.0]),
    },
    "projects": {"lessons": st.sampled_from([0.0, 2.0]), "spent": FIGURES},
}


@st.composite
def fuller_tables(draw: st.DrawFn) -> ObservationTables:
    """As `any_tables`, with the columns that those leave empty."""
    drawn = draw(any_tables())
    frames: dict[str, pl.DataFrame] = {}
    for name, columns in FURTHER.items():
        frame: pl.DataFrame = getattr(drawn, name)
        frames[name] = frame.with_columns(
            pl.Series(column, [draw(each) for _ in range(frame.height)], SCHEMAS[name][column])
            for column, each in columns.items()
        )
    return replace(drawn, **frames)


@slow
@given(fuller_tables(), DAYS)
def test_every_cell_and_link_and_fact(drawn: ObservationTables, as_of: date) -> None:
    for project in drawn.projects["project"]:
        own = drawn.of_project(project)
        frames, plain = observe(own, as_of), OneProject(plain_rows(own), as_of)
        assert plain.last == frames.projects.height - 1
        for member in fields(Observations):
            if member.name == "as_of":
                continue
            frame: pl.DataFrame = getattr(frames, member.name)
            if member.name in LINKS:
                assert linked(plain, frames, member.name) == _rows(frame), member.name
            else:
                pairs = zip(told(plain, member.name, frame), frame.to_dicts(), strict=True)
                for one, other in pairs:
                    assert one.keys() == other.keys()
                    assert all(alike(one[name], other[name]) for name in other), (one, other)
        assert json.dumps(plain.facts()) == json.dumps(facts_of(own, project, as_of))


def alike(one: Any, other: Any) -> bool:
    """The same; of ratios for which Float64 has no 9 places, the same to 14 digits."""
    if isinstance(other, float) and isinstance(one, float) and abs(other) > LARGE_RATIO:
        return math.isclose(one, other, rel_tol=1e-14)
    return one == other


def told(plain: OneProject, name: str, frame: pl.DataFrame) -> list[dict[str, Any]]:
    columns = [column for column in frame.columns if column != "row"]
    return [
        {**{column: plain.cell(name, column, row) for column in columns}, "row": row}
        for row in range(frame.height)
    ]


def linked(plain: OneProject, frames: Observations, name: str) -> list[tuple[Any, ...]]:
    parents: pl.DataFrame = getattr(frames, f"{name.partition('_')[0]}s")
    return [
        (parent, *link) for parent in range(parents.height) for link in plain.links(name, parent)
    ]


def _rows(links: pl.DataFrame) -> list[tuple[Any, ...]]:
    if "contribution" not in links.columns:
        links = links.with_columns(contribution=pl.lit(None))
    return links.select("parent", "row", "contribution").rows()


OCTOBER = date(2026, 10, 31)
CONTRADICTIONS = {
    "a period twice": (
        NotUniqueError,
        {"kpis": [kpi("K")], "values": values("K", OCTOBER, [1]) + values("K", OCTOBER, [2])},
    ),
    "a KPI twice": (NotUniqueError, {"kpis": [kpi("K"), kpi("K")]}),
    "an unknown cadence": (UnknownCadenceError, {"kpis": [kpi("K", cadence="daily")]}),
    "a value of no KPI": (
        BrokenReferenceError,
        {"kpis": [kpi("K")], "values": values("L", OCTOBER, [1])},
    ),
    "a link to no KPI": (
        BrokenReferenceError,
        {
            "deliverables": [{"project": "P", "deliverable": "D"}],
            "serves": [{"deliverable": "D", "kpi": "K"}],
        },
    ),
    "a link twice": (
        NotUniqueError,
        {
            "kpis": [kpi("K")],
            "deliverables": [{"project": "P", "deliverable": "D"}],
            "serves": [{"deliverable": "D", "kpi": "K"}] * 2,
        },
    ),
}


@pytest.mark.parametrize("of", CONTRADICTIONS)
def test_a_contradiction_is_told_as_the_frames_tell_it(of: str) -> None:
    kind, rows = CONTRADICTIONS[of]
    contradicting = tables(**rows)
    with pytest.raises(kind) as by_frames:
        observe(contradicting, AS_OF)
    with pytest.raises(kind) as by_rows:
        OneProject(plain_rows(contradicting), AS_OF)
    assert str(by_rows.value) == str(by_frames.value)


def test_it_takes_one_project() -> None:
    two = tables(projects=[{"project": "P"}, {"project": "Q"}])
    with pytest.raises(ValueError, match="one project, not 2"):
        OneProject(plain_rows(two), AS_OF)
