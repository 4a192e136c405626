"""deliverables.csv: row by row into deliverables, the KPIs they serve, the outcomes they produce."""

from govern.domain.project import Deliverable, DeliverableState
from govern.intake.cells import Cells
from govern.intake.kpis import project_of
from govern.intake.links import Links, kpi_targets, outcome_targets
from govern.intake.log import Log
from govern.intake.register import Register
from govern.intake.rows import DeliverableRow, Known, KpiRow, OutcomeRow, ProjectRow
from govern.intake.table import Table
from govern.intake.texts import NAME_LENGTH, parse_text


def read_deliverables(
    table: Table,
    log: Log,
    register: Register[DeliverableRow],
    projects: Register[ProjectRow],
    kpis: Register[KpiRow],
    outcomes: Register[OutcomeRow],
    *,
    known: Known,
) -> None:
    """Takes the file's rows into the register; projects, KPIs and outcomes must be taken or known."""
    served, produced = kpi_targets(kpis, known), outcome_targets(outcomes, known)
    for line, row in table.rows():
        cells = Cells(log, DeliverableRow.file, table.header, line, row)
        key = cells.identifier("deliverable_id")
        project = project_of(cells, projects, known)
        stored = known.deliverables.get(key or "")
        if stored is not None and project and stored != project:
            cells.refuse(
                "project_id",
                f"is not the project of this deliverable, which is {stored}",
                "give a deliverable of another project an id of its own",
            )
        whose = "the deliverable's"
        serves, produces = Links(served, project, whose), Links(produced, project, whose)
        deliverable = _deliverable(cells, key or "", project or "", serves, produces)
        if key is None or cells.refused:
            register.refuse(key, line)
        else:
            register.take(key, DeliverableRow(line, deliverable, cells.stated))


def _deliverable(
    cells: Cells, key: str, project: str, serves: Links, produces: Links
) -> Deliverable:
    name = cells.needed("name", lambda text: parse_text(text, NAME_LENGTH))
    word = cells.choice("state", DeliverableState)
    state = DeliverableState(word) if word else DeliverableState.PLANNED
    done_on = cells.day("done_on")
    if done_on and state is not DeliverableState.DONE:
        cells.refuse(
            "done_on",
            f"is given, but the state is {state}",
            "make the state done, or leave it blank",
        )
    return Deliverable(
        id=key,
        project_id=project,
        name=name or "",
        owner=cells.text("owner"),
        state=state,
        due=cells.day("due"),
        done_on=done_on,
        cost=cells.amount("cost"),
        serves=cells.read("serves", serves.parse) or {},
        produces=cells.read("produces", produces.parse) or {},
    )
