"""KPIs out of a file: templates, formulas and parts whose KPIs may stand further down."""

from pathlib import Path

import pytest

from govern.domain.record import Record
from govern.services import kpis
from govern.services.import_report import ImportReport
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from tests.services.house import NOW, House, report

HEAD = (
    "kpi_id,project_id,name,cadence,template,unit,tolerance,tolerance_red,formula,inputs,part_of\n"
)


def bring(
    house: House, folder: Path, rows: str, readings: str = "", keep_good: bool = False
) -> ImportReport:
    (folder / "projects.csv").write_text("project_id,name\nP1,One\n")
    (folder / "kpis.csv").write_text(HEAD + rows)
    head = "kpi_id,period_end,planned,actual\n"
    (folder / "readings.csv").write_text(head + readings)
    return import_folder(house.runtime, OPERATOR, folder, keep_good=keep_good, now=NOW)


def told(report: ImportReport) -> list[tuple[int, str | None]]:
    return [(each.line, each.column) for each in report.refusals]


def stored(house: House, kpi_id: str) -> Record:
    return kpis.get_kpi(house.runtime, OPERATOR, kpi_id)


def test_names_may_stand_further_down(house: House, tmp_path: Path) -> None:
    rows = (
        "ROI,P1,Return,monthly,,,,,(b - COST) / COST,b=BENEFIT,BENEFIT\n"
        "BENEFIT,P1,Benefit,monthly,,EUR,,,,,\n"
        "COST,P1,Cost,weekly,,EUR,,,,,\n"
    )
    done = bring(house, tmp_path, rows, "ROI,2026-01-31,0.5,\nBENEFIT,2026-01-31,4,5\n")
    assert (done.refusals, done.written) == ([], True)
    assert stored(house, "ROI")["inputs"] == {"b": "BENEFIT", "COST": "COST"}
    again = bring(house, tmp_path, rows)
    assert (again.changed, again.unchanged["kpis"]) == ({}, 3)
    assert audit_state(house.runtime, OPERATOR).differences == ()


def test_a_template_says_what_is_blank(house: House, tmp_path: Path) -> None:
    done = bring(house, tmp_path, "C,P1,Cost of a case,,unit-cost,EUR,2%,,,,\n")
    assert done.refusals == []
    made = stored(house, "C")
    assert (made["cadence"], made["direction"], made["unit"]) == ("monthly", "decrease", "EUR")
    assert (str(made["tolerance"]), str(made["tolerance_red"])) == ("0.02", "0.1")


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ("A,P1,A,,unit-csot,,,,,,\n", [(2, "template")]),
        ("A,P1,A,monthly,,,10%,5%,,,\n", [(2, "tolerance_red")]),
        ("A,P1,A,monthly,,,,,A * 2,,\n", [(2, "inputs")]),
        ("A,P1,A,monthly,,,,,B * 2,,\n", [(2, "formula")]),
        ("A,P1,A,monthly,,,,,b * 2,b=B,\n", [(2, "inputs")]),
        ("A,P1,A,monthly,,,,,,,B\n", [(2, "part_of")]),
        ("A,P1,A,monthly,,,,,B,,\nB,P1,B,yearly,,,,,,,\n", [(2, "inputs"), (3, "cadence")]),
        ("A,P1,A,monthly,,,,,B,,\nB,P1,B,monthly,,,,,A,,\n", [(2, "inputs"), (3, "inputs")]),
    ],
)
def test_what_cannot_be_so_is_refused_with_its_cell(
    house: House, tmp_path: Path, rows: str, refused: list[tuple[int, str]]
) -> None:
    done = bring(house, tmp_path, rows)
    assert told(done) == refused
    assert not done.written


def test_what_names_a_kpi_that_is_refused_is_refused_too(house: House, tmp_path: Path) -> None:
    rows = "A,P1,A,monthly,,,,,B * 2,,\nB,P1,B,monthly,,,10%,5%,,,\nC,P1,C,monthly,,,,,,,\n"
    done = bring(house, tmp_path, rows, keep_good=True)
    assert sorted(told(done)) == [(2, "inputs"), (3, "tolerance_red")]
    assert done.added["kpis"] == 1


def test_what_is_computed_is_not_reported(house: House, tmp_path: Path) -> None:
    rows = "A,P1,A,monthly,,,,,B * 2,,\nB,P1,B,monthly,,,,,,,\n"
    done = bring(house, tmp_path, rows, "A,2026-01-31,,3\n")
    (refused,) = done.refusals
    assert (refused.file, refused.line, refused.column) == ("readings.csv", 2, "kpi_id")
    assert "is computed from others, by B * 2" in refused.problem


def test_a_kpi_with_readings_does_not_become_a_composite(house: House, tmp_path: Path) -> None:
    plain = "A,P1,A,monthly,,,,,,,\nB,P1,B,monthly,,,,,,,\n"
    assert bring(house, tmp_path, plain).written
    report(house, "A", {"2026-01-31": 3})
    done = bring(house, tmp_path, plain.replace("A,P1,A,monthly,,,,,", "A,P1,A,monthly,,,,,B * 2"))
    assert told(done) == [(2, "formula")]


def test_a_change_is_checked_against_what_is_stored(house: House, tmp_path: Path) -> None:
    assert bring(house, tmp_path, "A,P1,A,monthly,,,10%,,,,\n").written
    assert told(bring(house, tmp_path, "A,P1,A,monthly,,,,5%,,,\n")) == [(2, "tolerance_red")]
    assert bring(house, tmp_path, "A,P1,A,monthly,,,2%,5%,,,\n").written
