"""Whatever stands in the files, the reader answers; it never raises."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from govern.intake.columns import LAYOUTS
from govern.intake.folder import read_folder
from govern.intake.rows import Intake

CELLS = st.one_of(
    st.sampled_from(
        ["", "P-1", "K-1", "K-2", "D-1", "monthly", "2026-09-30", "2026-10-31", "1,2", "80%", "."]
    ),
    st.sampled_from(["K-1:40%", "N/A", "#REF!", "yes", "increase", "\u00a0", '"', "\0", "\r"]),
    st.text(max_size=8),
)
HEADS = {layout.file: ",".join(layout.names) for layout in LAYOUTS}


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@st.composite
def tables(draw: st.DrawFn, file: str) -> str:
    width = len(HEADS[file].split(","))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=5))
    return "\n".join([HEADS[file], *(",".join(map(quoted, row)) for row in rows)])


def content(file: str) -> st.SearchStrategy[bytes]:
    return st.one_of(
        tables(file).map(str.encode),
        st.text(max_size=60).map(lambda text: text.encode()),
        st.text(max_size=60).map(lambda text: f"{HEADS[file]}\n{text}".encode()),
        st.binary(max_size=60).map(lambda data: HEADS[file].encode() + b"\n" + data),
        st.binary(max_size=40),
    )


def check(intake: Intake) -> None:
    for refused in intake.refusals:
        assert refused.problem
        assert refused.right
        assert refused.line >= 0
        if refused.file in HEADS:
            assert str(refused).isprintable()
    for file, count in intake.counts.items():
        assert file in HEADS
        assert count.read == count.taken + count.refused + count.repeated
    taken = {
        "projects.csv": intake.projects,
        "kpis.csv": intake.kpis,
        "readings.csv": intake.readings,
        "deliverables.csv": intake.deliverables,
        "objectives.csv": intake.objectives,
        "outcomes.csv": intake.outcomes,
    }
    assert {file: len(rows) for file, rows in taken.items() if file in intake.counts} == {
        file: count.taken for file, count in intake.counts.items()
    }
    projects = {row.project.id for row in intake.projects}
    kpis = {row.kpi.id for row in intake.kpis}
    assert {row.kpi.project_id for row in intake.kpis} <= projects
    assert {row.reading.kpi_id for row in intake.readings if row.reading} <= kpis
    assert {kpi for row in intake.deliverables for kpi in row.deliverable.serves} <= kpis


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional={file: content(file) for file in HEADS}))
def test_any_files_are_answered(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        check(read_folder(Path(folder)))
