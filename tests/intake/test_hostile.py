"""One small mess per case: what is refused, at which line and column, and in which words."""

from pathlib import Path
from typing import NamedTuple

import pytest

from govern.domain.kpi import Kpi
from govern.intake.rows import Known, Refused
from tests.intake.folders import DELIVERABLES, KPIS, PROJECTS, READINGS, read


class Case(NamedTuple):
    file: str
    text: str | bytes | None
    line: int
    column: str | None
    value: str
    problem: str
    right: str


def reading(cell: str) -> str:
    """A readings file whose one row has this actual. KPI K-2 counts EUR, K-1 has the unit %."""
    return f"kpi_id,period_end,actual\nK-2,2026-09-30,{cell}\n"


def project(cell: str, column: str = "budget") -> str:
    return f"project_id,name,{column}\nP-1,Meters,{cell}\n"


def kpi(cell: str, column: str) -> str:
    return f"kpi_id,project_id,name,cadence,{column}\nK-1,P-1,Errors,monthly,{cell}\n"


def deliverable(cell: str, column: str) -> str:
    return f"deliverable_id,project_id,name,{column}\nD-1,P-1,Head end,{cell}\n"


NUMBERS = {
    "#REF!": ("is a spreadsheet's error, not a figure", "repair the formula"),
    "#N/A": ("is a spreadsheet's error, not a figure", "leave the cell blank"),
    "#DIV/0!": ("is a spreadsheet's error, not a figure", "repair the formula"),
    "NaN": ("is not a figure", "leave the cell blank where there is none"),
    "-inf": ("is not a figure", "leave the cell blank where there is none"),
    "1.35E+08": ("is written with an exponent", "write the figure out in full"),
    "80%": ("has a percent sign", "write 0.8, or the unit % and 80"),
    '"1,234"': ("may be a thousands separator or a decimal comma", "write 1234 or 1.234"),
    '"12,5"': ("has a decimal comma", "write 12.5"),
    '"1.234.567,89"': ("has a decimal comma", "write 1234567.89"),
    '"£12,131.50"': ("names a currency", "write 12131.5; the currency belongs in the unit"),
    "EUR 12": ("names a currency", "write 12; the currency belongs in the unit"),
    "12 €": ("names a currency", "write 12;"),
    '"(1,234.50)"': ("is not a plain figure", "write -1234.5 if it is below zero"),
    "12-": ("is not a plain figure", "write -12 if it is below zero"),
    "12 / 14": ("holds several figures", "write one: a plain decimal such as 1234.56"),
    "12;14": ("holds several figures", "write one"),
    "80 100": ("holds several figures", "write one"),
    "1.2.3": ("is not a number", "write a plain decimal"),
    "about 12": (
        "is not a number",
        "write a plain decimal such as 1234.56, or leave the cell blank",
    ),
    "12k": ("is not a number", "write a plain decimal"),
    "１２": ("is not a number", "write a plain decimal"),
    "1000000000000000.1": ("is larger than", "use a larger unit"),
    "-9999999999999999": ("is larger than", "use a larger unit"),
    "9" * 5000: ("is larger than", "use a larger unit"),
    "0.1234567891": ("has 10 decimal places", "round it to 9 decimal places or fewer"),
}

DATES = {
    "31/10/2026": ("is not written YEAR-MONTH-DAY", "write 2026-10-31"),
    "03/04/2026": ("is not written YEAR-MONTH-DAY", "write 2026-03-04 or 2026-04-03"),
    "2026/10/31": ("is not written YEAR-MONTH-DAY", "write 2026-10-31"),
    "2026-02-30": ("is not a day of the calendar", "write it as YEAR-MONTH-DAY"),
    "0202-10-31": ("is not a year from 1900 to 2200", "correct the year"),
    "46326": ("a spreadsheet may have stored one as a number", "write 2026-10-31 if"),
    "2026-10-31 00:00:00": ("holds a time as well", "write 2026-10-31"),
    "Oct 2026": ("is not a day", "write it as YEAR-MONTH-DAY, such as 2026-10-31"),
    "#VALUE!": ("is a spreadsheet's error, not a day", "repair the formula"),
    "٢٠٢٦-١٠-٣١": ("is not a day", "write it as YEAR-MONTH-DAY"),
}

CASES = {
    **{
        f"number-{cell[:12]}": Case(
            "readings.csv", reading(cell), 2, "actual", cell.strip('"'), *words
        )
        for cell, words in NUMBERS.items()
    },
    **{
        f"day-{cell}": Case("projects.csv", project(cell, "end"), 2, "end", cell, *words)
        for cell, words in DATES.items()
    },
    # Files as a whole
    "missing-file": Case(
        "kpis.csv", None, 0, None, "", "is not in the folder", "with the columns kpi_id,project_id"
    ),
    "empty": Case("readings.csv", "", 0, None, "", "is empty", "begin with a line that names"),
    "blank-lines-only": Case("readings.csv", "\n \n\n", 0, None, "", "is empty", "begin with"),
    "no-header": Case(
        "readings.csv",
        "K-1,2026-09-30,2\n",
        1,
        None,
        "k-1,2026-09-30,2",
        "has no column 'kpi_id', 'period_end'",
        "the columns are: kpi_id,period_end,planned,actual,reported_at",
    ),
    "misspelt-column": Case(
        "readings.csv",
        "kpi,period_end,actual\n",
        1,
        None,
        "kpi,period_end,actual",
        "has no column 'kpi_id'",
        "rename 'kpi' to 'kpi_id'",
    ),
    "neither-column": Case(
        "readings.csv",
        "kpi_id,period_end\n",
        1,
        None,
        "kpi_id,period_end",
        "has neither of the columns planned and actual",
        "the columns are:",
    ),
    "column-twice": Case(
        "readings.csv",
        "kpi_id,period_end,actual,Actual\n",
        1,
        None,
        "",
        "names the column 'actual' more than once",
        "keep one of them",
    ),
    "semicolons": Case(
        "readings.csv",
        READINGS.replace(",", ";"),
        1,
        None,
        "kpi_id;period_end;planned;actual;reported_at",
        "separates its cells by semicolons",
        "separate them by commas, and write figures with a decimal point",
    ),
    "tabs": Case(
        "readings.csv",
        READINGS.replace(",", "\t"),
        1,
        None,
        "kpi_id\\tperiod_end\\tplanned\\tactual\\treported_at",
        "separates its cells by tabs",
        "separate them by commas",
    ),
    "sep-line": Case(
        "readings.csv",
        "sep=;\n" + READINGS.replace(",", ";"),
        1,
        None,
        "sep=;",
        "separates its cells by semicolons",
        "separate them by commas",
    ),
    "cp1252": Case(
        "projects.csv",
        PROJECTS.encode() + "P-2,Café,,,\n".encode("cp1252"),
        3,
        None,
        "",
        "is not UTF-8: byte 8 is 0xE9, which is 'é' in Windows-1252",
        "save it as CSV in UTF-8",
    ),
    "utf-16": Case(
        "projects.csv", PROJECTS.encode("utf-16"), 0, None, "", "is in UTF-16", "save it as CSV"
    ),
    "utf-16-without-mark": Case(
        "projects.csv", PROJECTS.encode("utf-16-le"), 1, None, "", "holds NUL bytes", "save it as"
    ),
    "open-quote": Case(
        "projects.csv",
        PROJECTS + 'P-2,"Tariffs,,,\nP-3,Bills,,,\n',
        3,
        None,
        "",
        "begins a row with a double quote that is never closed",
        "close the quote",
    ),
    "text-after-quote": Case(
        "projects.csv",
        PROJECTS + 'P-2,"Big" Tariffs,,,\n',
        3,
        None,
        "",
        "has text after a closing double quote",
        "put the whole cell in double quotes",
    ),
    "endless-cell": Case(
        "projects.csv",
        PROJECTS + "P-2," + "x" * 140_000 + ",,,\n",
        3,
        None,
        "",
        "begins a row with a cell of more than 131,072 characters",
        "shorten it",
    ),
    # Rows as a whole
    "too-few-cells": Case(
        "readings.csv",
        READINGS + "K-1,2026-10-31\n",
        3,
        None,
        "K-1,2026-10-31",
        "has 2 cells where the header has 5",
        "put a text that holds a comma in double quotes",
    ),
    "too-many-cells": Case(
        "readings.csv",
        READINGS + "K-1,2026-10-31,1,234.5,2,\n",
        3,
        None,
        "K-1,2026-10-31,1,234.5,2,",
        "has 6 cells where the header has 5",
        "put a text that holds a comma in double quotes",
    ),
    # Ids and references
    "no-id": Case(
        "projects.csv", PROJECTS + ",Bills,,,\n", 3, "project_id", "", "is missing", "fill it in"
    ),
    "missing-word-for-id": Case(
        "projects.csv", PROJECTS + "N/A,B,,,\n", 3, "project_id", "N/A", "is missing", "fill it in"
    ),
    "no-name": Case(
        "projects.csv", PROJECTS + "P-2,,,,\n", 3, "name", "", "is missing", "fill it in"
    ),
    "id-with-slash": Case(
        "projects.csv",
        PROJECTS + "P/2,Bills,,,\n",
        3,
        "project_id",
        "P/2",
        "cannot be an id",
        "use an id without /",
    ),
    "id-with-at": Case(
        "projects.csv",
        PROJECTS + "@service,Bills,,,\n",
        3,
        "project_id",
        "@service",
        "cannot be an id",
        "use an id that does not begin with @",
    ),
    "unknown-project": Case(
        "kpis.csv",
        KPIS + "K-3,P-9,Churn,,,,,monthly\n",
        4,
        "project_id",
        "P-9",
        "is neither in projects.csv nor known already",
        "did you mean 'P-1'?",
    ),
    "unknown-kpi": Case(
        "readings.csv",
        READINGS + "Other,2026-10-31,1,1,\n",
        3,
        "kpi_id",
        "Other",
        "is neither in kpis.csv nor known already",
        "add it to kpis.csv, or correct the id",
    ),
    "kpi-in-another-project": Case(
        "deliverables.csv",
        deliverable("K-9:40%", "serves"),
        2,
        "serves",
        "K-9:40%",
        "names the KPI 'K-9', which belongs to the project P-9",
        "name KPIs of the deliverable's own project",
    ),
    "kpi-moved": Case(
        "kpis.csv",
        KPIS + "K-9,P-1,Churn,,,,,monthly\n",
        4,
        "project_id",
        "P-1",
        "is not the project of this KPI, which is P-9",
        "give a KPI of another project an id of its own",
    ),
    "deliverable-moved": Case(
        "deliverables.csv",
        DELIVERABLES + "D-9,P-1,Portal,done,\n",
        3,
        "project_id",
        "P-1",
        "is not the project of this deliverable, which is P-9",
        "give a deliverable of another project",
    ),
    # Words, texts and amounts
    "direction": Case(
        "kpis.csv",
        kpi("increasing", "direction"),
        2,
        "direction",
        "increasing",
        "is not one of the words known here",
        "did you mean 'increase'? Write increase, decrease, at_least, at_most or milestone",
    ),
    "cadence": Case(
        "kpis.csv",
        "kpi_id,project_id,name,cadence\nK-1,P-1,Errors,daily\n",
        2,
        "cadence",
        "daily",
        "is not one of the words known here",
        "rite weekly, monthly, quarterly, half_yearly or yearly",
    ),
    "no-cadence": Case(
        "kpis.csv",
        "kpi_id,project_id,name,cadence\nK-1,P-1,Errors,\n",
        2,
        "cadence",
        "",
        "is missing",
        "fill it in",
    ),
    "flag": Case(
        "kpis.csv", kpi("maybe", "cumulative"), 2, "cumulative", "maybe", "is neither", "write yes"
    ),
    "tolerance": Case(
        "kpis.csv",
        kpi("10", "tolerance"),
        2,
        "tolerance",
        "10",
        "is not a share from 0 to 1",
        "write ten per cent as 0.1 or 10%",
    ),
    "lag": Case(
        "kpis.csv",
        kpi("-3", "reporting_lag_days"),
        2,
        "reporting_lag_days",
        "-3",
        "is not a number of days",
        "write a whole number from 0 to 3650",
    ),
    "negative-weight": Case(
        "kpis.csv", kpi("-1", "weight"), 2, "weight", "-1", "is below zero", "zero or more"
    ),
    "negative-budget": Case(
        "projects.csv", project("-5"), 2, "budget", "-5", "is below zero", "zero or more"
    ),
    "long-name": Case(
        "projects.csv",
        PROJECTS + f"P-2,{'x' * 301},,,\n",
        3,
        "name",
        "x" * 79 + "…",
        "is 301 characters long",
        "shorten it to 300 characters or fewer",
    ),
    "line-break": Case(
        "projects.csv",
        PROJECTS + 'P-2,"Bills\nand tariffs",,,\n',
        3,
        "name",
        "Bills\\nand tariffs",
        "holds a line break",
        "write it on one line",
    ),
    "nul": Case(
        "projects.csv",
        PROJECTS + "P-2,Bi\0lls,,,\n",
        3,
        "name",
        "Bi\\x00lls",
        "holds an invisible character (U+0000)",
        "remove that character",
    ),
    "right-to-left-override": Case(
        "projects.csv",
        PROJECTS + "P-2,Bi\u202ells,,,\n",
        3,
        "name",
        "Bi\\u202ells",
        "holds an invisible character (RIGHT-TO-LEFT OVERRIDE)",
        "remove that character",
    ),
    "end-before-start": Case(
        "projects.csv",
        PROJECTS + "P-2,Bills,2026-05-01,2026-04-30,\n",
        3,
        "end",
        "2026-04-30",
        "is before the start, 2026-05-01",
        "correct one of the two days",
    ),
    "stage-since-alone": Case(
        "projects.csv",
        project("2026-01-01", "stage_since"),
        2,
        "stage_since",
        "2026-01-01",
        "has no stage beside it",
        "fill in the stage as well",
    ),
    "state": Case(
        "deliverables.csv",
        deliverable("finished", "state"),
        2,
        "state",
        "finished",
        "is not one of the words known here",
        "rite planned, in_progress, done or dropped",
    ),
    "done-on-though-planned": Case(
        "deliverables.csv",
        deliverable("2026-01-01", "done_on"),
        2,
        "done_on",
        "2026-01-01",
        "is given, but the state is planned",
        "make the state done, or leave it blank",
    ),
    "share-above-one": Case(
        "deliverables.csv",
        deliverable("K-1:40", "serves"),
        2,
        "serves",
        "K-1:40",
        "gives the share '40'",
        "write a share above 0 and up to 1: 40% or 0.4",
    ),
    "share-of-nothing": Case(
        "deliverables.csv",
        deliverable("K-1:lots", "serves"),
        2,
        "serves",
        "K-1:lots",
        "gives the share 'lots'",
        "40% or 0.4",
    ),
    "kpi-twice": Case(
        "deliverables.csv",
        deliverable("K-1:40%; K-1", "serves"),
        2,
        "serves",
        "K-1:40%; K-1",
        "names the KPI 'K-1' twice",
        "name each KPI once",
    ),
    "serves-nothing-known": Case(
        "deliverables.csv",
        deliverable("K-11:40%", "serves"),
        2,
        "serves",
        "K-11:40%",
        "names the KPI 'K-11', which is neither in kpis.csv nor known already",
        "did you mean 'K-1'?",
    ),
    # Periods
    "not-a-period-end": Case(
        "readings.csv",
        READINGS + "K-1,2026-10-01,1,1,\n",
        3,
        "period_end",
        "2026-10-01",
        "is not the last day of a monthly period",
        "the period it lies in ends on 2026-10-31",
    ),
    "no-period": Case(
        "readings.csv", READINGS + "K-1,,1,1,\n", 3, "period_end", "", "is missing", "fill it in"
    ),
    "reported-at": Case(
        "readings.csv",
        READINGS + "K-1,2026-10-31,1,1,yesterday\n",
        3,
        "reported_at",
        "yesterday",
        "is not a day",
        "write it as YEAR-MONTH-DAY",
    ),
}

ELSEWHERE = Known(projects=frozenset({"P-9"}), kpis={"K-9": Kpi("K-9", "P-9", "Churn")},
                  deliverables={"D-9": "P-9"})  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_one_mess_one_refusal(tmp_path: Path, case: Case) -> None:
    known = ELSEWHERE if "9" in str(case.text) and "P-9" not in str(case.text) else Known()
    intake = read(tmp_path, {case.file: case.text}, known)
    refused = intake.refusals[0]
    value = case.value if len(case.value) <= 80 else case.value[:79] + "…"
    assert (refused.file, refused.line, refused.column) == (case.file, case.line, case.column)
    assert refused.value == value
    assert case.problem in refused.problem
    assert case.right in refused.right
    assert [r for r in intake.refusals if r.file == case.file] == [refused]
    assert not intake.clean


def of(file: str, refusals: tuple[Refused, ...]) -> list[tuple[int, str | None, str, str]]:
    return [(r.line, r.column, r.value, r.problem) for r in refusals if r.file == file]


def test_every_bad_cell_of_a_row_is_named(tmp_path: Path) -> None:
    text = "project_id,name,start,budget\n,,soon,much\n"
    intake = read(tmp_path, {"projects.csv": text})
    columns = [r.column for r in intake.refusals if r.file == "projects.csv"]
    assert columns == ["project_id", "name", "start", "budget"]
    assert intake.counts["projects.csv"].refused == 1


def test_one_id_with_two_contents_refuses_both(tmp_path: Path) -> None:
    text = PROJECTS + "P-2,Bills,,,\nP-1,Meters,,,7\nP-1,Meters,,,8\n"
    intake = read(tmp_path, {"projects.csv": text})
    assert of("projects.csv", intake.refusals) == [
        (2, "project_id", "P-1", "is also on line 4, with other content"),
        (4, "project_id", "P-1", "is also on line 2, with other content"),
        (5, "project_id", "P-1", "is also on line 2, with other content"),
    ]
    assert [row.project.id for row in intake.projects] == ["P-2"]
    count = intake.counts["projects.csv"]
    assert (count.read, count.taken, count.refused) == (4, 1, 3)


def test_a_refused_row_takes_along_what_hangs_on_it(tmp_path: Path) -> None:
    text = PROJECTS.replace("1000", "much") + "P-2,Bills,,,\n"
    kpis = KPIS + "K-3,P-2,Churn,,,,,monthly\n"
    readings = READINGS + "K-3,2026-09-30,1,1,\n"
    intake = read(tmp_path, {"projects.csv": text, "kpis.csv": kpis, "readings.csv": readings})
    assert of("kpis.csv", intake.refusals) == [
        (2, "project_id", "P-1", "is refused on line 2 of projects.csv"),
        (3, "project_id", "P-1", "is refused on line 2 of projects.csv"),
    ]
    assert of("readings.csv", intake.refusals) == [
        (2, "kpi_id", "K-1", "is refused on line 2 of kpis.csv")
    ]
    assert of("deliverables.csv", intake.refusals) == [
        (2, "project_id", "P-1", "is refused on line 2 of projects.csv"),
        (2, "serves", "K-1:40%", "names the KPI 'K-1', which is refused on line 2 of kpis.csv"),
    ]
    assert [row.kpi.id for row in intake.kpis] == ["K-3"]
    assert [row.line for row in intake.readings] == [3]


def test_a_refused_file_takes_along_the_others_with_one_line_each(tmp_path: Path) -> None:
    readings = READINGS + "K-1,2026-10-31,x,1,\n"
    intake = read(tmp_path, {"projects.csv": "", "readings.csv": readings})
    assert [(r.file, r.line, r.problem) for r in intake.refusals] == [
        ("projects.csv", 0, "is empty"),
        ("kpis.csv", 0, "cannot be held against projects.csv, of which nothing can be taken"),
        ("readings.csv", 0, "cannot be held against kpis.csv, of which nothing can be taken"),
        ("readings.csv", 3, "is not a number"),
        (
            "deliverables.csv",
            0,
            "cannot be held against projects.csv, of which nothing can be taken",
        ),
    ]
    assert (intake.projects, intake.kpis, intake.deliverables) == ((), (), ())
    assert tuple(intake.readings) == ()


def test_what_is_known_does_not_stand_in_for_a_refused_row(tmp_path: Path) -> None:
    known = Known(projects=frozenset({"P-1"}), kpis={"K-1": Kpi("K-1", "P-1", "Errors")})
    intake = read(tmp_path, {"projects.csv": PROJECTS.replace("1000", "much")}, known)
    assert intake.kpis == ()
    assert tuple(intake.readings) == ()


def test_two_readings_of_one_period_refuse_both(tmp_path: Path) -> None:
    text = (
        "kpi_id,period_end,planned,actual\nK-1,2026-09-30,2,2.2\nK-1,2026-10-31,2,2.3\n"
        "K-1,2026-09-30,2,2.4\nK-1,2026-08-31,2,x\nK-1,2026-08-31,2,3\nK-1,2026-10-31,x,\n"
    )
    intake = read(tmp_path, {"readings.csv": text})
    assert of("readings.csv", intake.refusals) == [
        (2, "period_end", "2026-09-30", "of KPI K-1 is also on line 4, with other content"),
        (3, "period_end", "2026-10-31", "of KPI K-1 is also on line 7, with other content"),
        (4, "period_end", "2026-09-30", "of KPI K-1 is also on line 2, with other content"),
        (5, "actual", "x", "is not a number"),
        (6, "period_end", "2026-08-31", "of KPI K-1 is also on line 5, with other content"),
        (7, "planned", "x", "is not a number"),
    ]
    assert tuple(intake.readings) == ()
    assert intake.counts["readings.csv"].refused == 6


def test_a_refusal_reads_as_one_line(tmp_path: Path) -> None:
    intake = read(tmp_path, {"readings.csv": reading("#REF!")})
    assert str(intake.refusals[0]) == (
        "readings.csv:2: actual '#REF!' is a spreadsheet's error, not a figure; "
        "repair the formula, or leave the cell blank"
    )
