"""What conditions can see of one project: the rows and links of `observe`, from plain rows."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate, pairwise
from typing import Any

from govern.domain.period import Cadence, numbered_end, period_number
from govern.observation.errors import BrokenReferenceError, NotUniqueError
from govern.observation.kpi_rows import OF_PROJECT
from govern.observation.plain_calendar import completed_by, fineness
from govern.observation.plain_facts import facts_of_one
from govern.observation.plain_kpi import PlainKpi
from govern.observation.plain_rows import PlainTables, Row, finite

_ELEMENTS = {
    "deliverables": "deliverable",
    "conditions": "condition",
    "recommendations": "recommendation",
}


class OneProject:
    """Rows are numbered as those of the frames of `observe`, and so are the links between them.

    Raises ValueError for rows of no project or several, and what `observe` raises where the tables
    contradict themselves.
    """

    def __init__(self, tables: PlainTables, as_of: date) -> None:
        projects = tables["projects"]
        if len(projects) != 1:
            raise ValueError(f"this takes one project, not {len(projects)}")
        self._tables = tables
        self._project = projects[0]
        self._as_of = as_of
        self._moves = _moves(tables["stages"])
        self._elements = {
            name: self._sorted(name, tables[name], key) for name, key in _ELEMENTS.items()
        }
        rows = self._sorted("kpis", tables["kpis"], "kpi")
        numbers = {row["kpi"]: number for number, row in enumerate(rows)}
        values: list[list[Row]] = [[] for _ in rows]
        for each in tables["values"]:
            if each["kpi"] not in numbers:
                raise BrokenReferenceError("values", f"no KPI '{each['kpi']}'")
            values[numbers[each["kpi"]]].append(each)
        self._kpis = [PlainKpi(*each, as_of) for each in zip(rows, values, strict=True)]
        self._first_rows = [0, *accumulate(map(len, self._kpis))]
        self._cadence, self._first, self._last = self._span()
        self._links = self._linked(tables["serves"], numbers)

    def facts(self) -> dict[str, Any]:
        """What was looked at; see `facts_of`."""
        return facts_of_one(self._tables, self._kpis, self._as_of)

    @property
    def last(self) -> int:
        """The row that criteria are judged on."""
        return self._last - self._first

    def cell(self, frame: str, column: str, row: int) -> Any:
        """What stands in a column of a row of `kpis`, `projects`, `deliverables`, …"""
        if frame == "kpis":
            return self._of_kpi(column, row)
        if frame == "projects":
            return self._of_project(column, row)
        value = self._elements[frame][row][column]
        return finite(value) if isinstance(value, float) else value

    def links(self, membership: str, parent: int) -> Iterator[tuple[int, float | None]]:
        """The rows that belong to a row, with the contribution where the benefits map has one."""
        if membership == "project_kpis":
            return self._kpis_at(parent)
        if membership == "kpi_deliverables":
            kpi = bisect_right(self._first_rows, parent) - 1
            return ((at, share) for at, of, share in self._links if of == kpi)
        if membership == "deliverable_kpis":
            return (
                (self._first_rows[kpi + 1] - 1, share)
                for at, kpi, share in self._links
                if at == parent
            )
        elements = self._elements[membership.removeprefix("project_")]
        return ((at, None) for at in range(len(elements)))

    def _of_kpi(self, column: str, row: int) -> Any:
        at = bisect_right(self._first_rows, row) - 1
        kpi, back = self._kpis[at], row - self._first_rows[at]
        if column in ("stage", "days_in_stage"):
            return self._stage(column, kpi.seen_on(kpi.first + back))
        if column in OF_PROJECT:
            return self._own(OF_PROJECT[column])
        return kpi.cell(column, back)

    def _of_project(self, column: str, row: int) -> Any:
        number = self._first + row
        if column == "is_first":
            return row == 0
        if column == "is_last":
            return number == self._last
        period = numbered_end(self._cadence, number)
        if column == "period":
            return period
        seen_on = self._as_of if number == self._last else period
        if column in ("seen_on", "as_of"):
            return seen_on
        if column in ("stage", "days_in_stage"):
            return self._stage(column, seen_on)
        return self._own(column)

    def _own(self, column: str) -> Any:
        value = self._project[column]
        return finite(value) if isinstance(value, float) else value

    def _stage(self, column: str, day: date) -> Any:
        """The stage on a day: the first reaches back, of two moves on one day the later one holds."""
        at = bisect_right(self._moves, day, key=lambda each: each["since"] or date.min) - 1
        if not self._moves:
            return None
        move = self._moves[max(at, 0)]
        if column == "stage":
            return move["stage"]
        days = None if move["since"] is None else (day - move["since"]).days
        return days if days is not None and days >= 0 else None

    def _kpis_at(self, parent: int) -> Iterator[tuple[int, float | None]]:
        number = self._first + parent
        period = numbered_end(self._cadence, number)
        for first_row, kpi in zip(self._first_rows, self._kpis, strict=False):
            latest = kpi.last
            if number != self._last:
                latest = min(completed_by(kpi.cadence, period), kpi.last)
            if latest >= kpi.first:
                yield first_row + latest - kpi.first, None

    def _span(self) -> tuple[Cadence, int, int]:
        """The finest cadence among the KPIs, and the numbers of its first and last period."""
        if not self._kpis:
            month = completed_by(Cadence.MONTHLY, self._as_of)
            return Cadence.MONTHLY, month, month
        finest = min((each.cadence for each in self._kpis), key=fineness)
        first = min(period_number(finest, each.end(each.first)) for each in self._kpis)
        last = max(completed_by(finest, each.end(each.last)) for each in self._kpis)
        return finest, min(first, last), last

    def _sorted(self, name: str, rows: Sequence[Row], key: str) -> list[Row]:
        found = sorted(rows, key=lambda each: each[key])
        for one, other in pairwise(found):
            if one[key] == other[key]:
                what = f"KPI '{one[key]}'" if name == "kpis" else f"'{one[key]}'"
                raise NotUniqueError(name, f"{what} is there more than once")
        lost = [each for each in found if each["project"] != self._project["project"]]
        if lost:
            message = f"'{lost[0][key]}' is of project '{lost[0]['project']}', which is not there"
            raise BrokenReferenceError(name, message)
        return found

    def _linked(
        self, serves: Sequence[Row], kpis: dict[str, int]
    ) -> list[tuple[int, int, float | None]]:
        """The benefits map: row of the deliverable, number of the KPI, contribution; sorted."""
        places = {each["deliverable"]: at for at, each in enumerate(self._elements["deliverables"])}
        found: dict[tuple[int, int], float | None] = {}
        for each in serves:
            deliverable, kpi = each["deliverable"], each["kpi"]
            if deliverable not in places or kpi not in kpis:
                message = f"deliverable '{deliverable}' and KPI '{kpi}' are not two of one project"
                raise BrokenReferenceError("serves", message)
            pair = places[deliverable], kpis[kpi]
            if pair in found:
                message = f"deliverable '{deliverable}' serves KPI '{kpi}' twice"
                raise NotUniqueError("serves", message)
            found[pair] = finite(each["contribution"])
        return [(at, kpi, found[at, kpi]) for at, kpi in sorted(found)]


def _moves(stages: Sequence[Row]) -> list[Row]:
    return sorted(stages, key=lambda each: each["since"] or date.min)
