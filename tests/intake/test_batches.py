"""readings.csv in batches of any size, against reading it row by row and keeping every row."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from govern.domain.period import Cadence
from govern.intake import readings
from govern.intake.cells import Cells
from govern.intake.columns import READINGS
from govern.intake.dates import parse_date
from govern.intake.guard import guard, unguard
from govern.intake.log import Log
from govern.intake.numbers import Percent
from govern.intake.reading_cells import end_parser
from govern.intake.rows import Intake
from govern.intake.table import Table
from govern.intake.texts import trimmed
from tests.intake.folders import read

HEADER = "kpi_id,period_end,planned,actual,reported_at\n"
CADENCES = {"K-1": Cadence.MONTHLY, "K-2": Cadence.QUARTERLY}
PERCENTS = {"K-1": Percent.POINTS, "K-2": Percent.NOT_SAID}
FIGURES = [
    "", "1", "1.0", "-0", "-0.00", "0.5", "007", "+5", "1e3", "80%", "1,234,567.50", " 12 ",
    "x", "N/A", "999999999999999.999999999", "1000000000000001", "1.1234567891", ".5", "5.", "-1.50",
]  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["K-1", " K-1", "K-2", "K-3", "", "n/a"]),
        st.sampled_from(["2026-09-30", "2026-06-30", "2026-08-31", "2026-09-29", "2026-13-01", ""]),
        st.sampled_from(FIGURES),
        st.sampled_from(FIGURES),
        st.sampled_from(["", "2026-10-05", "2026-10-05T10:00Z", "soon", "-"]),
    ),
    max_size=14,
)


def row_by_row(path: Path) -> tuple[list[Any], list[tuple[int, str | None]], int]:
    """What is taken, the lines and columns that are refused, and how many rows repeat another."""
    log = Log()
    taken: dict[tuple[str, Any], tuple[int, Any]] = {}
    refused: dict[tuple[str, Any], int] = {}
    repeated = 0
    conflicts: list[tuple[int, str | None]] = []
    with Table(path, READINGS, log) as table:
        for line, row in table.rows():
            cells = Cells(log, READINGS.file, table.header, line, row)
            key = cells.identifier("kpi_id")
            if key is not None and key not in CADENCES:
                cells.refuse("kpi_id", "is neither there", "")
                key = None
            cadence = CADENCES.get(key or "")
            parse = end_parser(cadence) if cadence else parse_date
            end = cells.needed("period_end", parse)
            percent = PERCENTS.get(key or "", Percent.POINTS)
            said = (
                cells.number("planned", percent),
                cells.number("actual", percent),
                cells.day_of("reported_at"),
            )
            about = (key or "", end)
            if cells.refused:
                if key and end:
                    refused.setdefault(about, line)
                    if about in taken:
                        conflicts.append((taken.pop(about)[0], "period_end"))
            elif about in refused:
                conflicts.append((line, "period_end"))
            elif about not in taken:
                taken[about] = line, said
            elif taken[about][1] == said:
                repeated += 1
            else:
                before, _ = taken.pop(about)
                refused[about] = before
                conflicts += [(before, "period_end"), (line, "period_end")]
    of_cells = [(each.line, each.column) for each in log.refusals]
    found = sorted((line, *about, *said) for about, (line, said) in taken.items())
    return found, sorted([*of_cells, *conflicts], key=repr), repeated


def as_found(intake: Intake) -> tuple[list[Any], list[tuple[int, str | None]], int]:
    found: list[Any] = []
    for row in intake.readings:
        reading, planned = row.reading, row.planned
        about = reading or planned
        found.append(
            (
                row.line,
                None if about is None else (about.kpi_id, about.period),
                planned and planned.planned,
                reading and reading.actual,
                reading and reading.reported_on,
            )
        )
    refused = [(each.line, each.column) for each in intake.refusals if each.file == READINGS.file]
    return found, sorted(refused, key=repr), intake.counts[READINGS.file].repeated


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, size=st.sampled_from([1, 2, 5, 50_000]))
@example(
    rows=[
        ("K-1", "2026-09-30", "1", "2", ""),
        ("K-1", "2026-09-30", "1.0", "2.00", ""),
        ("K-1", "2026-09-30", "1", "3", ""),
        ("K-1", "2026-09-30", "1", "3", ""),
    ],
    size=1,
)
def test_any_size_of_batch_reads_what_row_by_row_reads(
    rows: list[tuple[str, ...]], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "ROWS", size)
    text = HEADER + "".join(
        ",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\n" for row in rows
    )
    with TemporaryDirectory() as place:
        intake = read(Path(place), {"readings.csv": text, "deliverables.csv": None})
        taken, refused, repeated = row_by_row(Path(place) / "readings.csv")
    expected = [
        (line, None if said == (None, None, None) else (kpi, end), *said)
        for line, kpi, end, *said in taken
        for said in [tuple(said)]
    ]
    assert as_found(intake) == (expected, refused, repeated)


@given(st.text() | st.sampled_from(["=1", "'=1", "''-", "n/a", "'n/a", "'", "''", "-", "\u2013"]))
def test_a_guarded_text_is_the_text_again_and_begins_no_formula(text: str) -> None:
    cell = guard(text)
    assert unguard(cell) == text
    assert not cell.startswith(("=", "+", "-", "@"))


def test_very_many_refusals_are_counted_and_the_first_are_kept(tmp_path: Path) -> None:
    rows = "".join(f"K-1,2026-09-{1 + at % 28:02d},1,x,\n" for at in range(12_000))
    intake = read(tmp_path, {"readings.csv": HEADER + rows})
    assert intake.counts["readings.csv"].refused == 12_000
    assert (len(intake.refusals), intake.refused) == (10_000, 24_000)


def test_what_is_said_of_no_figure_is_noted(tmp_path: Path) -> None:
    text = (
        "kpi_id,period_end,planned,actual,note\n"
        "K-1,2026-09-30,2,,later\nK-1,2026-08-31,2,unknown,nobody counted\n"
    )
    intake = read(tmp_path, {"readings.csv": text})
    assert [row.reading and (row.reading.actual, row.reading.note) for row in intake.readings] == [
        None,
        (None, "nobody counted"),
    ]
    [note] = intake.notes
    assert (note.line, note.text, note.count) == (
        2,
        "what is said of a figure is not taken where the row reports none",
        1,
    )


def test_rows_of_a_period_all_say_which_version_they_are_or_none_does(tmp_path: Path) -> None:
    text = (
        "kpi_id,period_end,actual,version\nK-1,2026-09-30,1,\nK-1,2026-09-30,2,2\n"
        "K-1,2026-08-31,1,1\nK-1,2026-08-31,2,2\nK-1,2026-08-31,3,2\nK-1,2026-07-31,1,x\n"
    )
    intake = read(tmp_path, {"readings.csv": text})
    assert [(row.line, row.version) for row in intake.readings] == [(3, 2), (4, 1)]
    assert [str(each) for each in intake.refusals] == [
        "readings.csv:2: period_end '2026-09-30' of KPI K-1 is also on line 3, with other content; "
        "say of each row which version it is",
        "readings.csv:5: period_end '2026-08-31' of KPI K-1 is also on line 6, with other content; "
        "keep the row that is right",
        "readings.csv:6: period_end '2026-08-31' of KPI K-1 is also on line 5, with other content; "
        "keep the row that is right",
        "readings.csv:7: version 'x' is no version; write a whole number from 1 to 999",
    ]


def test_blanks_around_a_cell_are_as_harmless_in_columns(tmp_path: Path) -> None:
    text = HEADER + " K-1\u00a0,2026-09-30 , 2.50, -1 ,\n"
    [row] = read(tmp_path, {"readings.csv": text}).readings
    assert trimmed(" K-1\u00a0") == "K-1"
    assert row.planned is not None
    assert row.reading is not None
    assert (str(row.planned.planned), str(row.reading.actual)) == ("2.5", "-1")
