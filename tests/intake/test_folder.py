"""Folders that can be read: what the rows become, and what is noted on the way."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from govern.domain.kpi import Aggregation, Direction, Kpi
from govern.domain.period import Cadence
from govern.domain.project import Deliverable, DeliverableState, Project
from govern.domain.reading import Confidence, PlannedValue, Reading
from govern.intake import columns
from govern.intake.folder import read_folder
from govern.intake.rows import (
    Count,
    DeliverableRow,
    Intake,
    Known,
    KpiRow,
    Note,
    ProjectRow,
    ReadingRow,
)
from tests.intake.folders import PROJECTS, folder, read


def notes(intake: Intake) -> list[tuple[str, int, str | None, str, int]]:
    return [(n.file, n.line, n.column, n.text, n.count) for n in intake.notes]


def test_every_column_lands_in_its_field(tmp_path: Path) -> None:
    intake = read(
        tmp_path,
        {
            "projects.csv": "project_id,name,owner,department,start,end,budget,spent,status,"
            "objective,tags,stage,stage_since,workflow\n"
            "P-1,Meters,Ada Roy,Grid,2025-01-01,2026-12-31,1000.50,10,On Track,Fewer errors,"
            "meters; billing ;meters,monitoring,2025-03-01,small-project\n",
            "kpis.csv": "kpi_id,project_id,name,category,unit,direction,baseline,baseline_on,"
            "target,target_on,tolerance,weight,cadence,owner,source,aggregation,cumulative,"
            "disbenefit,reporting_lag_days,description,currency,scale,baseline_source,tolerance_red,"
            "tolerance_in,department,calculation,cashable,attribution,template,formula,inputs,"
            "part_of,calendar\n"
            "K-1,P-1,Bills in error,satisfaction,%,decrease,4%,2024-12-31,1.5,2026-12-31,10%,2,"
            'monthly,Bo Lind,Billing,mean,no,yes,15,"For everybody\nwho pays",eur,1000,Ledger,20%,'
            "share,Finance,Bills sent back,yes,60%,bills,a / b,a=K-2; b=K-3,K-2,uk\n",
            "readings.csv": "kpi_id,period_end,planned,actual,reported_at,note,confidence,link,"
            "reason,origin,version\n"
            "K-1,2026-09-30,2.00,2.2,2026-10-05T08:30:00Z,'=so far,High,https://x.example/1,"
            "-,sales.xlsx:B2,1\n",
            "deliverables.csv": "deliverable_id,project_id,name,owner,state,due,done_on,cost,serves\n"
            "D-1,P-1,Head end,Cy Fox,done,2025-06-30,2025-07-04,200,K-1:40%\n",
        },
    )
    assert intake.refusals == ()
    assert intake.clean
    assert intake.projects == (
        ProjectRow(
            2,
            Project(
                id="P-1",
                name="Meters",
                owner="Ada Roy",
                department="Grid",
                start=date(2025, 1, 1),
                end=date(2026, 12, 31),
                budget=Decimal("1000.5"),
                spent=Decimal(10),
                status_text="On Track",
                objective="Fewer errors",
                tags=("meters", "billing"),
            ),
            "monitoring",
            date(2025, 3, 1),
            frozenset(columns.PROJECTS.names),
            "small-project",
        ),
    )
    assert intake.kpis == (
        KpiRow(
            2,
            Kpi(
                id="K-1",
                project_id="P-1",
                name="Bills in error",
                category="satisfaction",
                unit="%",
                direction=Direction.DECREASE,
                baseline=Decimal(4),
                baseline_on=date(2024, 12, 31),
                target=Decimal("1.5"),
                target_on=date(2026, 12, 31),
                tolerance=Decimal("0.1"),
                weight=Decimal(2),
                cadence=Cadence.MONTHLY,
                owner="Bo Lind",
                source="Billing",
                aggregation=Aggregation.MEAN,
                cumulative=False,
                disbenefit=True,
                reporting_lag_days=15,
                description="For everybody\nwho pays",
                currency="EUR",
                scale=Decimal(1000),
                baseline_source="Ledger",
                tolerance_red=Decimal("0.2"),
                department="Finance",
                calculation="Bills sent back",
                cashable=True,
                attribution=Decimal("0.6"),
                template="bills",
                formula="a / b",
                inputs={"a": "K-2", "b": "K-3"},
                part_of="K-2",
                calendar="uk",
            ),
            frozenset(columns.KPIS.names) - {"supports"},
        ),
    )
    assert tuple(intake.readings) == (
        ReadingRow(
            2,
            Reading(
                "K-1",
                date(2026, 9, 30),
                Decimal("2.2"),
                date(2026, 10, 5),
                note="=so far",
                confidence=Confidence.HIGH,
                link="https://x.example/1",
                origin="sales.xlsx:B2",
            ),
            PlannedValue("K-1", date(2026, 9, 30), Decimal(2)),
            1,
        ),
    )
    assert intake.deliverables == (
        DeliverableRow(
            2,
            Deliverable(
                id="D-1",
                project_id="P-1",
                name="Head end",
                owner="Cy Fox",
                state=DeliverableState.DONE,
                due=date(2025, 6, 30),
                done_on=date(2025, 7, 4),
                cost=Decimal(200),
                serves={"K-1": Decimal("0.4")},
            ),
            frozenset(columns.DELIVERABLES.names) - {"produces"},
        ),
    )
    assert [row.file for row in (*intake.projects, *intake.kpis)] == ["projects.csv", "kpis.csv"]
    assert intake.counts["readings.csv"] == Count(read=1, taken=1)


def test_what_is_blank_stays_missing(tmp_path: Path) -> None:
    intake = read(
        tmp_path,
        {
            "projects.csv": "project_id,name,start,budget\nP-1,Meters,,\n",
            "kpis.csv": "kpi_id,project_id,name,direction,baseline,target,cadence\n"
            "K-1,P-1,Errors,,,,monthly\n",
            "readings.csv": "kpi_id,period_end,planned,actual\n"
            "K-1,2026-07-31,5,\nK-1,2026-08-31,,\nK-1,2026-09-30,,0\n",
            "deliverables.csv": None,
        },
    )
    assert intake.clean
    assert intake.projects[0].project == Project("P-1", "Meters")
    assert intake.kpis[0].kpi == Kpi("K-1", "P-1", "Errors")
    assert [(row.reading, row.planned) for row in intake.readings] == [
        (None, PlannedValue("K-1", date(2026, 7, 31), Decimal(5))),
        (None, None),
        (Reading("K-1", date(2026, 9, 30), Decimal(0)), None),
    ]


def test_a_report_without_a_figure_is_a_reading(tmp_path: Path) -> None:
    text = "kpi_id,period_end,actual,reported_at\nK-1,2026-09-30,,2026-10-02\n"
    [row] = read(tmp_path, {"readings.csv": text}).readings
    assert row.reading == Reading("K-1", date(2026, 9, 30), None, date(2026, 10, 2))


def test_words_for_missing_are_taken_as_missing_and_counted(tmp_path: Path) -> None:
    text = (
        "kpi_id,period_end,planned,actual\n"
        "K-1,2026-07-31,1,N/A\nK-1,2026-08-31,1,.\nK-1,2026-09-30,1,n/a\nK-1,2026-10-31,1,N/A\n"
    )
    intake = read(tmp_path, {"readings.csv": text})
    assert intake.clean
    assert [row.reading for row in intake.readings] == [None] * 4
    assert notes(intake) == [
        ("readings.csv", 2, "actual", "'N/A' is taken as missing", 2),
        ("readings.csv", 3, "actual", "'.' is taken as missing", 1),
        ("readings.csv", 4, "actual", "'n/a' is taken as missing", 1),
    ]


def test_columns_and_files_that_are_not_read_are_noted(tmp_path: Path) -> None:
    intake = read(
        tmp_path,
        {
            "projects.csv": "project_id,name,bugdet,colour\nP-1,Meters,5,red\n",
            "reviews.csv": "project_id\n",
            "readings.csv": "kpi_id,period_end,actual\n",
            "Deliverables.csv": "",
            "deliverables.csv": None,
        },
    )
    assert intake.clean
    assert notes(intake) == [
        ("Deliverables.csv", 0, None, "this file is not read; did you mean 'deliverables.csv'?", 1),
        ("reviews.csv", 0, None, "this file is not read", 1),
        ("projects.csv", 1, "bugdet", "is not read; did you mean 'budget'?", 1),
        ("projects.csv", 1, "colour", "is not read", 1),
        ("readings.csv", 0, None, "the file has a header and no rows", 1),
    ]


def test_exact_repeats_are_taken_once_and_noted(tmp_path: Path) -> None:
    intake = read(
        tmp_path,
        {
            "projects.csv": PROJECTS + "P-1,Meters,2025-01-01,2026-12-31,1000.00\n",
            "readings.csv": "kpi_id,period_end,planned,actual\n"
            "K-1,2026-09-30,2,2.2\nK-1,2026-09-30,2.0,2.20\nK-1,2026-09-30,2,2.2\n",
        },
    )
    assert intake.clean
    assert len(intake.projects) == 1
    assert [row.line for row in intake.readings] == [2]
    assert intake.counts["readings.csv"] == Count(read=3, taken=1, repeated=2)
    assert notes(intake) == [
        ("projects.csv", 3, None, "an exact repeat of a row above is taken once", 1),
        ("readings.csv", 3, None, "an exact repeat of a row above is taken once", 2),
    ]


def test_two_series_of_one_name_are_two_kpis(tmp_path: Path) -> None:
    text = "kpi_id,project_id,name,cadence\nK-1,P-1,Same,monthly\nK-2,P-1,Same,monthly\n"
    intake = read(tmp_path, {"kpis.csv": text})
    assert [row.kpi.id for row in intake.kpis] == ["K-1", "K-2"]
    assert intake.notes == (
        Note(
            "kpis.csv",
            3,
            "name",
            "is the name of another KPI of the project too; the ids tell them apart",
            1,
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + PROJECTS,
        PROJECTS.replace("\n", "\r\n"),
        PROJECTS.replace("\n", "\r"),
        "\n\n" + PROJECTS + "\n,,,,\n \u00a0,,,,\n",
        PROJECTS.replace("P-1,", " \u00a0P-1\u00a0,"),
        PROJECTS.replace("project_id,name", '"Project_ID", NAME '),
        PROJECTS.rstrip("\n"),
    ],
    ids=["bom", "crlf", "cr", "blank-rows", "blanks-in-cells", "header-case", "no-last-line-end"],
)
def test_harmless_differences_of_form(tmp_path: Path, text: str) -> None:
    intake = read(tmp_path, {"projects.csv": text})
    assert intake.refusals == ()
    assert [row.project.id for row in intake.projects] == ["P-1"]
    assert intake.projects[0].project.budget == Decimal(1000)


def test_a_row_over_several_lines_is_named_by_its_first(tmp_path: Path) -> None:
    text = 'kpi_id,period_end,actual,note\nK-1,2026-08-31,1,"two\nlines"\nK-1,2026-09-30,x,\n'
    intake = read(tmp_path, {"readings.csv": text})
    assert [row.line for row in intake.readings] == [2]
    assert [refused.line for refused in intake.refusals] == [4]


def test_links_to_kpis_may_have_colons_in_their_ids_and_no_share(tmp_path: Path) -> None:
    intake = read(
        tmp_path,
        {
            "kpis.csv": "kpi_id,project_id,name,cadence\n"
            "K:1,P-1,One,monthly\nK:2,P-1,Two,monthly\nK-3,P-1,Three,monthly\n",
            "readings.csv": "kpi_id,period_end,actual\nK:1,2026-09-30,1\n",
            "deliverables.csv": "deliverable_id,project_id,name,serves\n"
            "D-1,P-1,Head end,K:1; K:2:0.25; K-3: 100% ;\n",
        },
    )
    assert intake.refusals == ()
    assert intake.deliverables[0].deliverable.serves == {
        "K:1": None,
        "K:2": Decimal("0.25"),
        "K-3": Decimal(1),
    }


KNOWN = Known(
    projects=frozenset({"P-1"}),
    kpis={
        "K-1": Kpi("K-1", "P-1", "Bills in error", unit="%"),
        "K-2": Kpi("K-2", "P-1", "Saving", cadence=Cadence.QUARTERLY),
    },
    deliverables={"D-1": "P-1"},
)


def test_a_folder_may_hold_only_what_is_new(tmp_path: Path) -> None:
    text = "kpi_id,period_end,actual\nK-1,2026-10-31,80%\nK-2,2026-09-30,7\nK-2,2026-10-31,7\n"
    (tmp_path / "readings.csv").write_text(text)
    intake = read_folder(tmp_path, KNOWN)
    assert [row.reading and row.reading.actual for row in intake.readings] == [80, 7]
    [refused] = intake.refusals
    assert str(refused) == (
        "readings.csv:4: period_end '2026-10-31' is not the last day of a quarterly period; "
        "the period it lies in ends on 2026-12-31"
    )


def test_an_empty_folder_is_refused_whatever_is_known(tmp_path: Path) -> None:
    refused = read_folder(tmp_path, KNOWN).refusals
    assert [r.file for r in refused] == ["projects.csv", "kpis.csv", "readings.csv"]


def test_what_is_not_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", folder(tmp_path, {}) / "kpis.csv"):
        [refused] = read_folder(path).refusals
        assert (refused.file, refused.problem) == (str(path), "is not a folder")


def test_a_stage_must_be_one_of_the_workflows(tmp_path: Path) -> None:
    text = "project_id,name,stage\nP-1,Meters,Monitoring\nP-2,Tariffs,monitorin\n"
    path = folder(tmp_path, {"projects.csv": text})
    intake = read_folder(path, stages=("draft", "monitoring"))
    assert [row.stage for row in intake.projects] == ["monitoring"]
    [refused] = intake.refusals
    assert (refused.line, refused.column, refused.right) == (
        3,
        "stage",
        "did you mean 'monitoring'? Write draft or monitoring",
    )
