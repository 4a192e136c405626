"""kpis.csv: row by row into KPIs."""

from decimal import Decimal

from govern.domain.kpi import Aggregation, Direction, Kpi
from govern.domain.period import Cadence
from govern.intake.cells import Cells
from govern.intake.log import Log
from govern.intake.numbers import Percent, percent_of
from govern.intake.problem import CellProblem
from govern.intake.register import Register
from govern.intake.rows import Known, KpiRow, ProjectRow
from govern.intake.table import Table
from govern.intake.texts import NAME_LENGTH, parse_choice, parse_text

LONGEST_LAG = 3650


def read_kpis(
    table: Table, log: Log, register: Register[KpiRow], projects: Register[ProjectRow], known: Known
) -> None:
    """Takes the file's rows into the register; each must belong to a project taken or known."""
    named: dict[tuple[str, str], int] = {}
    for line, row in table.rows():
        cells = Cells(log, KpiRow.file, table.header, line, row)
        key = cells.identifier("kpi_id")
        project = project_of(cells, projects, known)
        stored = known.kpis.get(key or "")
        if stored is not None and project and stored.project_id != project:
            cells.refuse(
                "project_id",
                f"is not the project of this KPI, which is {stored.project_id}",
                "give a KPI of another project an id of its own",
            )
        kpi = _kpi(cells, key or "", project or "")
        if key is None or cells.refused:
            register.refuse(key, line)
            continue
        if key not in register:
            before = named.setdefault((kpi.project_id, kpi.name), line)
            if before != line:
                cells.note(
                    "name", "is the name of another KPI of the project too; the ids tell them apart"
                )
        register.take(key, KpiRow(line, kpi, cells.stated))


def project_of(cells: Cells, projects: Register[ProjectRow], known: Known) -> str | None:
    """The id in `project_id`, refused unless such a project is taken or known."""
    project = cells.identifier("project_id")
    if project is None or not projects.whole or project in projects:
        return project
    if project in known.projects and not projects.has_refused(project):
        return project
    cells.refuse("project_id", *projects.why_not(project, known.projects))
    return None


def _kpi(cells: Cells, key: str, project: str) -> Kpi:
    name = cells.needed("name", lambda text: parse_text(text, NAME_LENGTH))
    cadence = cells.needed("cadence", lambda text: Cadence(parse_choice(text, Cadence)))
    direction = cells.choice("direction", Direction)
    aggregation = cells.choice("aggregation", Aggregation)
    unit = cells.text("unit")
    percent = percent_of(unit)
    weight = cells.amount("weight")
    return Kpi(
        id=key,
        project_id=project,
        name=name or "",
        category=cells.text("category"),
        unit=unit,
        direction=Direction(direction) if direction else None,
        baseline=cells.number("baseline", percent),
        baseline_on=cells.day("baseline_on"),
        target=cells.number("target", percent),
        target_on=cells.day("target_on"),
        tolerance=_tolerance(cells),
        weight=Decimal(1) if weight is None else weight,
        cadence=cadence or Cadence.MONTHLY,
        owner=cells.text("owner"),
        source=cells.text("source"),
        aggregation=Aggregation(aggregation) if aggregation else Aggregation.LAST,
        cumulative=cells.flag("cumulative"),
        disbenefit=cells.flag("disbenefit"),
        reporting_lag_days=cells.read("reporting_lag_days", _days) or 0,
    )


def _tolerance(cells: Cells) -> Decimal | None:
    value = cells.number("tolerance", Percent.SHARE)
    if value is not None and not 0 <= value <= 1:
        cells.refuse(
            "tolerance",
            "is not a share from 0 to 1",
            "write ten per cent as 0.1 or 10%",
        )
        return None
    return value


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= LONGEST_LAG):
        raise CellProblem(
            "is not a number of days", f"write a whole number from 0 to {LONGEST_LAG}"
        )
    return int(text)
