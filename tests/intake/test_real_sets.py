"""The published portfolios come in without one refusal, where they are at hand."""

import pytest

from govern.intake.folder import read_folder
from tests.published import published


@pytest.mark.parametrize(
    ("name", "projects", "kpis", "readings", "figures"),
    [("apg_fy22", 90, 231, 737, 573), ("mta_perf", 6, 147, 5922, 4742)],
)
def test_a_real_set_is_read_whole(
    name: str, projects: int, kpis: int, readings: int, figures: int
) -> None:
    intake = read_folder(published(name))
    assert intake.refusals == ()
    assert len(intake.projects) == projects
    assert len(intake.kpis) == kpis
    assert len(intake.readings) == readings
    assert sum(row.reading is not None for row in intake.readings) == figures
