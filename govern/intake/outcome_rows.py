"""outcomes.csv: row by row into outcomes, the KPIs they serve and the outcomes they lead to."""

from govern.domain.project import Outcome
from govern.intake.cells import Cells
from govern.intake.kpis import project_of
from govern.intake.links import Links, Targets, kpi_targets
from govern.intake.log import Log
from govern.intake.register import Register
from govern.intake.rows import Known, KpiRow, OutcomeRow, ProjectRow
from govern.intake.table import Table
from govern.intake.texts import NAME_LENGTH, TEXT_LENGTH, parse_text


def read_outcome_rows(
    table: Table,
    log: Log,
    register: Register[OutcomeRow],
    projects: Register[ProjectRow],
    kpis: Register[KpiRow],
    *,
    known: Known,
) -> None:
    """Takes the file's rows into the register. A row may lead to an outcome further down."""
    rows = [
        Cells(log, OutcomeRow.file, table.header, line, list(row)) for line, row in table.rows()
    ]
    named = {cells.raw("outcome_id"): cells.raw("project_id") for cells in rows}
    others = Targets(
        "outcome",
        lambda key: named.get(key) or known.outcomes.get(key),
        lambda key: register.why_not(key, {**known.outcomes, **named}),
        register.whole,
    )
    moved = kpi_targets(kpis, known)
    for cells in rows:
        key = cells.identifier("outcome_id")
        project = project_of(cells, projects, known)
        stored = known.outcomes.get(key or "")
        if stored is not None and project and stored != project:
            cells.refuse(
                "project_id",
                f"is not the project of this outcome, which is {stored}",
                "give an outcome of another project an id of its own",
            )
        outcome = _outcome(cells, key or "", project, moved, others)
        if key and key in outcome.leads_to:
            cells.refuse("leads_to", "names the outcome itself", "name what it leads to")
        if key is None or cells.refused:
            register.refuse(key, cells.line)
        else:
            register.take(key, OutcomeRow(cells.line, outcome, cells.stated))
    _withdraw_dangling(log, register, known)


def _outcome(
    cells: Cells, key: str, project: str | None, moved: Targets, others: Targets
) -> Outcome:
    name = cells.needed("name", lambda text: parse_text(text, NAME_LENGTH))
    whose = "the outcome's"
    return Outcome(
        id=key,
        project_id=project or "",
        name=name or "",
        description=cells.text("description", TEXT_LENGTH),
        owner=cells.text("owner"),
        serves=cells.read("serves", Links(moved, project, whose).parse) or {},
        leads_to=cells.read("leads_to", Links(others, project, whose).parse) or {},
    )


def _withdraw_dangling(log: Log, register: Register[OutcomeRow], known: Known) -> None:
    """Refuses the rows that lead to a row which was refused in the end, and so on."""
    waiting = True
    while waiting:
        waiting = False
        for row in register.rows:
            for target in row.outcome.leads_to:
                stored = target in known.outcomes and not register.has_refused(target)
                if target in register or stored:
                    continue
                problem, right = register.why_not(target, known.outcomes)
                told = f"names the outcome '{target}', which {problem}"
                log.refuse(row.file, row.line, "leads_to", target, problem=told, right=right)
                register.withdraw(row.outcome.id)
                waiting = True
                break
