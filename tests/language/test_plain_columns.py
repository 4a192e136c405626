"""Plain columns give every cell and link that the frames have."""

import polars as pl
import pytest
from hypothesis import given

from govern.language import plain_columns as module
from govern.language.frames import PlainRows, cell_of, frame_of, links_of
from govern.language.plain_columns import plain_columns
from govern.observation.frame import Observations, observe
from govern.observation.memberships import NONE
from govern.observation.tables import ObservationTables
from tests.observation.portfolios import AS_OF, any_tables, slow
from tests.rulebook.observed import observed

FRAMES = ("kpis", "projects", "deliverables", "conditions", "recommendations")
PARENTS = {"project": "projects", "kpi": "kpis", "deliverable": "deliverables"}


@given(tables=any_tables())
@slow
def test_cells_and_links_are_those_of_the_frames(tables: ObservationTables) -> None:
    frames = observe(tables, AS_OF)
    compare(frames, plain_columns(frames))


def test_a_block_is_read_again_when_it_was_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ROWS", 2)
    monkeypatch.setattr(module, "_BLOCKS", 1)
    actuals = [70.0, None, 90.0]
    frames = observed(
        {"k1": actuals, "k2": actuals, "k3": [1.0]},
        deliverables=[{"deliverable": f"d{n}", "state": "open"} for n in range(5)],
        serves=[{"deliverable": f"d{n}", "kpi": f"k{1 + n % 3}"} for n in range(5)],
    )
    compare(frames, plain_columns(frames))


def compare(frames: Observations, plain: PlainRows) -> None:
    for name in FRAMES:
        frame = frame_of(frames, name)
        for column in frame.columns:
            for row in range(frame.height):
                cell = cell_of(frames, name, column, row)
                expected = cell.to_list() if isinstance(cell, pl.Series) else cell
                assert cell_of(plain, name, column, row) == expected
    for name in NONE:
        for parent in range(frame_of(frames, PARENTS[name.partition("_")[0]]).height):
            assert list(links_of(plain, name, parent)) == list(links_of(frames, name, parent))
