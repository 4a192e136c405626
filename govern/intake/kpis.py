"""kpis.csv: row by row into KPIs."""

from decimal import Decimal

from govern.domain.kpi import Aggregation, Direction, Kpi, ToleranceIn
from govern.domain.period import Cadence
from govern.intake.cells import Cells
from govern.intake.links import Links, objective_targets
from govern.intake.log import Log
from govern.intake.numbers import Percent, percent_of
from govern.intake.problem import CellProblem
from govern.intake.register import Register
from govern.intake.rows import Known, KpiRow, ObjectiveRow, ProjectRow
from govern.intake.table import Table
from govern.intake.texts import (
    NAME_LENGTH,
    TEXT_LENGTH,
    parse_choice,
    parse_currency,
    parse_flag,
    parse_id,
    parse_text,
)

LONGEST_LAG = 3650


def read_kpis(
    table: Table,
    log: Log,
    register: Register[KpiRow],
    projects: Register[ProjectRow],
    objectives: Register[ObjectiveRow],
    *,
    known: Known,
) -> None:
    """Takes the file's rows into the register; each must belong to a project taken or known."""
    supported = Links(objective_targets(objectives, known), None, "the KPI's")
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
        kpi = _kpi(cells, key or "", project or "", stored, supported)
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


def _kpi(cells: Cells, key: str, project: str, stored: Kpi | None, supported: Links) -> Kpi:
    name = cells.needed("name", lambda text: parse_text(text, NAME_LENGTH))
    # A template can say it.
    reading = cells.read if cells.raw("template") else cells.needed
    cadence = reading("cadence", lambda text: Cadence(parse_choice(text, Cadence)))
    direction = cells.choice("direction", Direction)
    aggregation = cells.choice("aggregation", Aggregation)
    unit = cells.text("unit")
    percent = percent_of(unit)
    weight = cells.amount("weight")
    within = ToleranceIn.SHARE if stored is None else stored.tolerance_in
    tolerance_in = ToleranceIn(cells.choice("tolerance_in", ToleranceIn) or within)
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
        weight=Decimal(1) if weight is None else weight,
        cadence=cadence or Cadence.MONTHLY,
        owner=cells.text("owner"),
        source=cells.text("source"),
        aggregation=Aggregation(aggregation) if aggregation else Aggregation.LAST,
        cumulative=cells.flag("cumulative"),
        disbenefit=cells.flag("disbenefit"),
        reporting_lag_days=cells.read("reporting_lag_days", _days) or 0,
        description=cells.lines("description"),
        currency=cells.read("currency", parse_currency),
        scale=_scale(cells),
        baseline_source=cells.text("baseline_source"),
        tolerance=_tolerance(cells, "tolerance", tolerance_in),
        tolerance_red=_tolerance(cells, "tolerance_red", tolerance_in),
        tolerance_in=tolerance_in,
        department=cells.text("department"),
        calculation=cells.lines("calculation"),
        cashable=cells.read("cashable", parse_flag),
        attribution=_share(cells, "attribution"),
        template=cells.read("template", parse_id),
        formula=cells.text("formula", TEXT_LENGTH),
        inputs=cells.read("inputs", _inputs) or {},
        part_of=cells.read("part_of", parse_id),
        calendar=cells.read("calendar", parse_id),
        supports=cells.read("supports", supported.parse_parts) or {},
    )


def _tolerance(cells: Cells, column: str, within: ToleranceIn) -> Decimal | None:
    return _share(cells, column) if within is ToleranceIn.SHARE else cells.amount(column)


def _share(cells: Cells, column: str) -> Decimal | None:
    value = cells.number(column, Percent.SHARE)
    if value is not None and not 0 <= value <= 1:
        cells.refuse(column, "is not a share from 0 to 1", "write ten per cent as 0.1 or 10%")
        return None
    return value


def _scale(cells: Cells) -> Decimal:
    value = cells.amount("scale")
    if value == 0:
        cells.refuse("scale", "is zero", "write 1000000 where the figures are in millions")
    return value or Decimal(1)


def _inputs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, equals, kpi = (each.strip() for each in part.partition("="))
        if not equals or not name or not kpi:
            raise CellProblem(
                "is no list of names with their KPIs", "write benefit=KPI-1; cost=KPI-2"
            )
        if name in found:
            raise CellProblem(f"says twice what `{name}` is", "name each once")
        found[name] = parse_id(kpi)
    return found


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= LONGEST_LAG):
        raise CellProblem(
            "is not a number of days", f"write a whole number from 0 to {LONGEST_LAG}"
        )
    return int(text)
