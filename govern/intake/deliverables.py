"""deliverables.csv: row by row into deliverables and the KPIs they serve."""

from decimal import Decimal

from govern.domain.project import Deliverable, DeliverableState
from govern.intake.cells import Cells
from govern.intake.kpis import project_of
from govern.intake.log import Log, shown
from govern.intake.numbers import Percent, parse_number
from govern.intake.problem import CellProblem
from govern.intake.register import Register
from govern.intake.rows import DeliverableRow, Known, KpiRow, ProjectRow
from govern.intake.table import Table
from govern.intake.texts import NAME_LENGTH, parse_text, trimmed


def read_deliverables(
    table: Table,
    log: Log,
    register: Register[DeliverableRow],
    projects: Register[ProjectRow],
    kpis: Register[KpiRow],
    *,
    known: Known,
) -> None:
    """Takes the file's rows into the register; projects and KPIs must be taken or known."""
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
        links = _Links(project, kpis, known)
        deliverable = _deliverable(cells, key or "", project or "", links)
        if key is None or cells.refused:
            register.refuse(key, line)
        else:
            register.take(key, DeliverableRow(line, deliverable, cells.stated))


def _deliverable(cells: Cells, key: str, project: str, links: "_Links") -> Deliverable:
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
        serves=cells.read("serves", links.parse) or {},
    )


class _Links:
    """Reads `KPI-1:40%; KPI-2` for one project. A share is 40% or 0.4, or not agreed yet."""

    def __init__(self, project: str | None, kpis: Register[KpiRow], known: Known) -> None:
        self._project = project
        self._kpis = kpis
        self._known = known

    def parse(self, text: str) -> dict[str, Decimal | None]:
        serves: dict[str, Decimal | None] = {}
        for part in filter(None, map(trimmed, text.split(";"))):
            kpi, share = self._link(part)
            if kpi in serves:
                raise CellProblem(f"names the KPI '{shown(kpi)}' twice", "name each KPI once")
            serves[kpi] = share
        return serves

    def _link(self, part: str) -> tuple[str, Decimal | None]:
        if ":" not in part or self._exists(part):
            return self._checked(part), None
        kpi, _, share = part.rpartition(":")
        return self._checked(trimmed(kpi)), _share(trimmed(share))

    def _owner(self, kpi: str) -> str | None:
        row = self._kpis.get(kpi)
        if row is not None:
            return row.kpi.project_id
        stored = None if self._kpis.has_refused(kpi) else self._known.kpis.get(kpi)
        return stored.project_id if stored else None

    def _exists(self, kpi: str) -> bool:
        return self._owner(kpi) is not None

    def _checked(self, kpi: str) -> str:
        if not self._kpis.whole:
            return kpi
        owner = self._owner(kpi)
        if owner is None:
            problem, right = self._kpis.why_not(kpi, self._known.kpis)
            raise CellProblem(f"names the KPI '{shown(kpi)}', which {problem}", right)
        if self._project and owner != self._project:
            raise CellProblem(
                f"names the KPI '{shown(kpi)}', which belongs to the project {owner}",
                "name KPIs of the deliverable's own project",
            )
        return kpi


def _share(text: str) -> Decimal:
    try:
        share = parse_number(text, Percent.SHARE)
    except CellProblem:
        share = None
    if share is None or not 0 < share <= 1:
        raise CellProblem(
            f"gives the share '{text[:20]}'", "write a share above 0 and up to 1: 40% or 0.4"
        )
    return share
