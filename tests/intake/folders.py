"""Small folders to read: a good one, with single files replaced."""

from pathlib import Path

from govern.intake.folder import NOTHING_KNOWN, read_folder
from govern.intake.rows import Intake, Known

PROJECTS = "project_id,name,start,end,budget\nP-1,Meters,2025-01-01,2026-12-31,1000\n"
KPIS = (
    "kpi_id,project_id,name,unit,direction,baseline,target,cadence\n"
    "K-1,P-1,Bills in error,%,decrease,4.0,1.5,monthly\n"
    "K-2,P-1,Saving,EUR,increase,0,900,quarterly\n"
)
READINGS = "kpi_id,period_end,planned,actual,reported_at\nK-1,2026-09-30,2,2.2,2026-10-05\n"
DELIVERABLES = "deliverable_id,project_id,name,state,serves\nD-1,P-1,Head end,done,K-1:40%\n"

GOOD = {
    "projects.csv": PROJECTS,
    "kpis.csv": KPIS,
    "readings.csv": READINGS,
    "deliverables.csv": DELIVERABLES,
}


def folder(path: Path, files: dict[str, str | bytes | None]) -> Path:
    """The good folder at `path`, with `files` in place of its own; `None` leaves a file out."""
    path.mkdir(parents=True, exist_ok=True)
    for name, content in {**GOOD, **files}.items():
        if content is None:
            (path / name).unlink(missing_ok=True)
        else:
            data = content if isinstance(content, bytes) else content.encode()
            (path / name).write_bytes(data)
    return path


def read(path: Path, files: dict[str, str | bytes | None], known: Known = NOTHING_KNOWN) -> Intake:
    return read_folder(folder(path, files), known)
