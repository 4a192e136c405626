"""Stored values keep their cadence: a sweep could not tell two values of one period apart."""

from datetime import date
from pathlib import Path

import pytest

from govern.domain.refusal import InvalidInput
from govern.services import kpis
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from tests.services.house import NOW, House, add_project

PROJECTS = "project_id,name\nQ1,Quarterly\n"
KPIS = "kpi_id,project_id,name,category,direction,cadence\n"
READINGS = "kpi_id,period_end,planned,actual\n"


def test_a_cadence_that_the_values_do_not_have_is_refused(house: House) -> None:
    add_project(house)
    with pytest.raises(InvalidInput) as refused:
        kpis.change_kpi(
            house.runtime, house.pia, "P1-K1", {"cadence": "quarterly"}, version=1, now=NOW
        )
    assert "2026-01-31" in refused.value.facts["errors"]["cadence"][0]
    sweep(house.runtime, OPERATOR, as_of=date(2026, 10, 31), now=NOW)


def _bring(house: House, folder: Path, kpi_rows: str, readings: str) -> list[tuple[str, str]]:
    folder.mkdir()
    (folder / "projects.csv").write_text(PROJECTS)
    (folder / "kpis.csv").write_text(kpi_rows)
    (folder / "readings.csv").write_text(READINGS + readings)
    report = import_folder(house.runtime, OPERATOR, folder, keep_good=True, now=NOW)
    sweep(house.runtime, OPERATOR, as_of=date(2026, 10, 31), now=NOW)
    return [(each.file, each.column) for each in report.refusals]


def test_an_import_changes_the_cadence_only_where_every_stored_value_fits_it(
    house: House, tmp_path: Path
) -> None:
    quarterly = KPIS + "QK,Q1,Sales,revenue,increase,quarterly\n"
    monthly = KPIS + "QK,Q1,Sales,revenue,increase,monthly\n"
    yearly = KPIS + "QK,Q1,Sales,revenue,increase,yearly\n"
    assert _bring(house, tmp_path / "a", quarterly, "QK,2026-03-31,10,9\n") == []
    assert _bring(house, tmp_path / "b", quarterly, "QK,2026-02-28,10,9\n") == [
        ("readings.csv", "period_end")
    ]
    assert _bring(house, tmp_path / "m", monthly, "QK,2026-02-28,10,9\n") == []
    assert kpis.get_kpi(house.runtime, house.aud, "QK")["cadence"] == "monthly"
    assert _bring(house, tmp_path / "c", yearly, "QK,2025-12-31,10,9\n") == [
        ("kpis.csv", "cadence")
    ]
