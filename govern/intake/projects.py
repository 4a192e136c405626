"""projects.csv: row by row into projects."""

from collections.abc import Collection, Mapping

from govern.domain.project import Project
from govern.intake.cells import Cells
from govern.intake.log import Log
from govern.intake.problem import CellProblem
from govern.intake.register import Register
from govern.intake.rows import ProjectRow
from govern.intake.table import Table
from govern.intake.texts import NAME_LENGTH, TAG_LENGTH, TEXT_LENGTH, parse_choice, parse_text


def read_projects(
    table: Table,
    log: Log,
    register: Register[ProjectRow],
    stages: Collection[str] | None,
    workflows: Mapping[str, Collection[str]] | None,
) -> None:
    """Takes the file's rows into the register. A stage must be one of `stages`, a workflow one of
    `workflows`, where given; these are each with its own stages."""
    for line, row in table.rows():
        cells = Cells(log, ProjectRow.file, table.header, line, row)
        key = cells.identifier("project_id")
        project = _project(cells, key or "")
        workflow = cells.read("workflow", lambda text: _workflow(text, workflows))
        own = stages if workflow is None or workflows is None else workflows[workflow]
        stage = cells.read("stage", lambda text, own=own: _stage(text, own))
        since = cells.day("stage_since")
        if since and not cells.raw("stage"):
            cells.refuse("stage_since", "has no stage beside it", "fill in the stage as well")
        if key is None or cells.refused:
            register.refuse(key, line)
        else:
            register.take(key, ProjectRow(line, project, stage, since, cells.stated, workflow))


def _project(cells: Cells, key: str) -> Project:
    name = cells.needed("name", lambda text: parse_text(text, NAME_LENGTH))
    start, end = cells.day("start"), cells.day("end")
    if start and end and end < start:
        cells.refuse("end", f"is before the start, {start}", "correct one of the two days")
    return Project(
        id=key,
        name=name or "",
        owner=cells.text("owner"),
        department=cells.text("department"),
        start=start,
        end=end,
        budget=cells.amount("budget"),
        spent=cells.amount("spent"),
        status_text=cells.text("status", TEXT_LENGTH),
        objective=cells.text("objective", TEXT_LENGTH),
        tags=cells.read("tags", _tags) or (),
    )


def _stage(text: str, stages: Collection[str] | None) -> str:
    return parse_text(text, TAG_LENGTH) if stages is None else parse_choice(text, stages)


def _workflow(text: str, workflows: Mapping[str, Collection[str]] | None) -> str:
    return parse_text(text, TAG_LENGTH) if workflows is None else parse_choice(text, workflows)


def _tags(text: str) -> tuple[str, ...]:
    """In the order written, each once."""
    tags = [parse_text(tag.strip(), TAG_LENGTH) for tag in text.split(";")]
    if len(tags) > 50:
        raise CellProblem(f"holds {len(tags)} tags", "keep 50 or fewer")
    return tuple(dict.fromkeys(tag for tag in tags if tag))
