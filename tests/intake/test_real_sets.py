"""The published portfolios come in without one refusal, where they are at hand."""

import os
from pathlib import Path

import pytest

from govern.intake.folder import read_folder

SETS = Path(
    os.environ.get("GOVERN_SHARED_DATA") or Path(__file__).parents[2].parent / "shared" / "data"
)


@pytest.mark.parametrize(
    ("name", "projects", "kpis", "readings", "figures"),
    [("apg_fy22", 90, 231, 737, 573), ("mta_perf", 6, 147, 5922, 4742)],
)
def test_a_real_set_is_read_whole(
    name: str, projects: int, kpis: int, readings: int, figures: int
) -> None:
    folder = SETS / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there; set GOVERN_SHARED_DATA to the folder of the real sets")
    intake = read_folder(folder)
    assert intake.refusals == ()
    assert len(intake.projects) == projects
    assert len(intake.kpis) == kpis
    assert len(intake.readings) == readings
    assert sum(row.reading is not None for row in intake.readings) == figures
