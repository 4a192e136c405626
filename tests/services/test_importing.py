"""Importing again: what a row says is taken, what it leaves blank stays."""

from pathlib import Path

from govern.services import kpis, projects
from govern.services.import_report import ImportReport
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from tests.services.house import NOW, House

PROJECTS = "project_id,name,owner\nP9,Nine,Ola\n"
READINGS = "kpi_id,period_end,planned,actual\n"


def bring_in(house: House, folder: Path, kpi_file: str) -> ImportReport:
    (folder / "projects.csv").write_text(PROJECTS)
    (folder / "readings.csv").write_text(READINGS)
    (folder / "kpis.csv").write_text(kpi_file)
    return import_folder(house.runtime, OPERATOR, folder, now=NOW)


def test_a_value_can_be_set_back_to_what_a_blank_would_mean(house: House, tmp_path: Path) -> None:
    header = "kpi_id,project_id,name,cadence,weight,cumulative\n"
    bring_in(house, tmp_path, header + "K9,P9,Calls,quarterly,3,yes\n")
    again = bring_in(house, tmp_path, header + "K9,P9,Calls,monthly,1,no\n")
    assert again.changed == {"kpis": 1}
    found = kpis.get_kpi(house.runtime, house.aud, "K9")
    assert (found["cadence"], found["weight"], found["cumulative"]) == ("monthly", 1, False)


def test_a_blank_or_a_column_that_is_not_there_leaves_what_is_stored(
    house: House, tmp_path: Path
) -> None:
    header = "kpi_id,project_id,name,cadence,weight,owner\n"
    bring_in(house, tmp_path, header + "K9,P9,Calls,quarterly,3,Ola\n")
    again = bring_in(
        house, tmp_path, "kpi_id,project_id,name,cadence,owner\nK9,P9,Calls,quarterly,\n"
    )
    assert (again.changed, again.unchanged["kpis"]) == ({}, 1)
    found = kpis.get_kpi(house.runtime, house.aud, "K9")
    assert (found["weight"], found["owner"]) == (3, "Ola")


def test_a_row_names_the_workflow_that_its_project_runs_under(house: House, tmp_path: Path) -> None:
    header = "project_id,name,workflow,stage\n"
    (tmp_path / "kpis.csv").write_text("kpi_id,project_id,name,cadence\n")
    (tmp_path / "readings.csv").write_text(READINGS)
    (tmp_path / "projects.csv").write_text(
        header + "P7,Seven,small-project,monitoring\nP8,Eight,,planned\n"
    )
    report = import_folder(house.runtime, OPERATOR, tmp_path, now=NOW)
    assert report.refusals == []
    seven, eight = (projects.get_project(house.runtime, OPERATOR, p) for p in ("P7", "P8"))
    assert (seven["workflow"], seven["stage"]) == ("small-project", "monitoring")
    assert (eight["workflow"], eight["stage"]) == ("value-realization", "planned")

    (tmp_path / "projects.csv").write_text(header + "P7,Seven,gateway-reviews,\n")
    again = import_folder(house.runtime, OPERATOR, tmp_path, now=NOW)
    assert [note.text for note in again.notes if note.column == "workflow"] == [
        "P7 stays in the workflow small-project: only a migration takes it to another"
    ]
    assert projects.get_project(house.runtime, OPERATOR, "P7")["workflow"] == "small-project"


def test_a_workflow_or_a_stage_of_it_that_is_not_there_is_refused(
    house: House, tmp_path: Path
) -> None:
    (tmp_path / "kpis.csv").write_text("kpi_id,project_id,name,cadence\n")
    (tmp_path / "readings.csv").write_text(READINGS)
    (tmp_path / "projects.csv").write_text(
        "project_id,name,workflow,stage\nP7,Seven,small-projekt,\nP8,Eight,small-project,planned\n"
    )
    report = import_folder(house.runtime, OPERATOR, tmp_path, now=NOW)
    assert [(each.line, each.column) for each in report.refusals] == [(2, "workflow"), (3, "stage")]
    assert "small-project" in report.refusals[0].right
    assert "draft, monitoring, closed" in report.refusals[1].right
