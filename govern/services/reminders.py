"""Readings that are due: who answers for them is told when a period is over, on the day its readings
are due and when that day has passed; later the project's manager is told, too.

What is due on one day of one project is told in one notice. A notice names all that is missing by then,
so that after a standstill there is one, not one for each day that went by.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.reporting import DueState
from govern.domain.role import Role
from govern.domain.workdays import add_working_days
from govern.services import notices
from govern.services.due import Candidate, Done, Duty, those
from govern.services.reporting import Owed, owed, stages_that_report
from govern.services.runtime import Runtime
from govern.store import notices as told
from govern.store import people, projects, reporting

ESCALATED_AFTER = 5
"""Working days after the due day, until the project's manager is told."""

NAMED = 5
"""So many KPIs are named in a notice; the others are counted."""

REPORTERS = (Role.DATA_OWNER, Role.BENEFIT_OWNER)
"""Who is told where nobody on the project is called what the KPI's owner is called."""


@dataclass(frozen=True, slots=True)
class _Missing:
    """A figure that is not there. `escalates` is the first day on which the manager is told."""

    kpi: Record
    period: date
    due: date
    state: DueState
    escalates: date
    today: date

    @property
    def steps(self) -> tuple[str, ...]:
        if self.state is DueState.DUE:
            return (_LAST_DAY if self.today == self.due else _OVER,)
        return (_OVERDUE, _ESCALATED) if self.today >= self.escalates else (_OVERDUE,)


_OVER, _LAST_DAY, _OVERDUE, _ESCALATED = "over", "last-day", "overdue", "escalated"
_ALL_IN_ONE = (_OVERDUE, _ESCALATED)
_KIND = {
    _OVER: notices.READING_DUE,
    _LAST_DAY: notices.READING_DUE,
    _OVERDUE: notices.READING_OVERDUE,
    _ESCALATED: notices.READING_ESCALATED,
}


@dataclass(frozen=True, slots=True)
class _Notice:
    """`due` is the day that it is told for, the last one where it names what was due on several."""

    step: str
    due: date
    missing: Sequence[_Missing]

    def key(self, project: str, due: date | None = None) -> str:
        return f"reading-{self.step}:{project}:{(due or self.due).isoformat()}"

    def told_by(self, project: str) -> set[str]:
        """The keys of the notices that named this: its own, or one for a later day, that named what
        had been due before it."""
        later = (self.missing[0].today - self.due).days if self.step in _ALL_IN_ONE else 0
        return {self.key(project, self.due + timedelta(days=each)) for each in range(later + 1)}


def _find(runtime: Runtime, connection: Connection, now: datetime) -> list[Candidate]:
    stages = stages_that_report(runtime, connection)
    kpis = reporting.of_projects(connection, stages)
    keys: dict[str, list[str]] = {}
    owing = owed(runtime, connection, kpis, now)
    for project, those_of in groupby(owing, key=lambda each: each.kpi["project"]):
        wanted = [each.key(project) for each in _notices([*_missing(those_of, now)])]
        if wanted:
            keys[project] = wanted
    known = told.told(connection, {key for each in keys.values() for key in each})
    return [Candidate(project) for project, each in keys.items() if set(each) - known]


def _do(
    runtime: Runtime, connection: Connection, actor: Actor, candidate: Candidate, now: datetime
) -> tuple[Done, ...]:
    project = projects.locked(connection, candidate.project)
    stages = stages_that_report(runtime, connection)
    kpis = reporting.of_projects(connection, stages, {project["id"]})
    for each in _notices([*_missing(owed(runtime, connection, kpis, now), now)]):
        if not told.told(connection, each.told_by(project["id"])):
            return those(_send(connection, actor, project, each, now))
    return ()


def _missing(owing: Iterable[Owed], now: datetime) -> Iterator[_Missing]:
    for each in owing:
        calendar = each.days.calendar
        for one in each.missing:
            last = add_working_days(one.due, ESCALATED_AFTER, calendar.holidays, calendar.weekend)
            yield _Missing(
                each.kpi,
                one.period,
                one.due,
                one.state,
                last + timedelta(days=1),
                each.days.today(now),
            )


def _notices(missing: Sequence[_Missing]) -> list[_Notice]:
    """What there is to tell of today: what is to come, by its day; what is overdue, all in one."""
    found: list[_Notice] = []
    for step in (_OVER, _LAST_DAY, _OVERDUE, _ESCALATED):
        of_step = [each for each in missing if step in each.steps]
        if step in _ALL_IN_ONE and of_step:
            found.append(_Notice(step, max(each.due for each in of_step), of_step))
        elif of_step:
            found += [
                _Notice(step, due, [each for each in of_step if each.due == due])
                for due in sorted({each.due for each in of_step})
            ]
    return found


def _send(
    connection: Connection, actor: Actor, project: Record, notice: _Notice, now: datetime
) -> Done | None:
    if notice.step == _ESCALATED:
        to = notices.holding(connection, project, (Role.PROJECT_MANAGER,), now)
    else:
        to = _answering(connection, project, notice.missing, now)
    return notices.send(
        connection,
        actor,
        _KIND[notice.step],
        project,
        _text(project, notice.step, notice.missing),
        to,
        key=notice.key(project["id"]),
        now=now,
    )


def _answering(
    connection: Connection, project: Record, missing: Sequence[_Missing], now: datetime
) -> list[str]:
    """The owners of the KPIs, by name or address, as far as they are people on the project; for the
    others who reports. The manager where nobody does."""
    here = {
        each["id"]: {each["name"].casefold(), each["email"].casefold()}
        for role in Role
        for each in people.holders(connection, role, project["portfolio"], project["id"], now)
    }
    to: set[str] = set()
    for each in missing:
        owner = (each.kpi["owner"] or "").strip().casefold()
        own = {person for person, called in here.items() if owner in called}
        to |= own or set(notices.holding(connection, project, REPORTERS, now))
    return sorted(to) or notices.holding(connection, project, (Role.PROJECT_MANAGER,), now)


def _text(project: Record, step: str, missing: Sequence[_Missing]) -> str:
    ordered = sorted(missing, key=lambda each: (each.due, each.kpi["kpi"], each.period))
    number = f"{len(ordered)} reading{'s' if len(ordered) > 1 else ''} of {project['id']}"
    are = "are" if len(ordered) > 1 else "is"
    last = max(each.due for each in ordered).isoformat()
    first = ordered[0].due.isoformat()
    what = {
        _OVER: f"{number} {are} to come, due by {last}",
        _LAST_DAY: f"{number} {are} due today, {last}",
        _OVERDUE: f"{number} {are} overdue, the oldest since {first}",
        _ESCALATED: f"{number} {are} overdue by more than {ESCALATED_AFTER} working days, the oldest "
        f"since {first}",
    }[step]
    by_kpi: dict[str, list[_Missing]] = {}
    for each in ordered:
        by_kpi.setdefault(each.kpi["kpi"], []).append(each)
    shown = "; ".join(_named(each) for each in [*by_kpi.values()][:NAMED])
    more = len(by_kpi) - NAMED
    others = f"; and {more} more KPI{'s' if more > 1 else ''}" if more > 0 else ""
    return f"{what}: {shown}{others}."


def _named(missing: Sequence[_Missing]) -> str:
    kpi = missing[0].kpi
    ends = [each.period.isoformat() for each in missing]
    several = f" and {len(ends) - 1} more" if len(ends) > 1 else ""
    source = ", ".join(filter(None, (kpi["department"], kpi["source"])))
    return f"{kpi['kpi']} '{kpi['name']}' for {ends[0]}{several}" + (
        f" (from {source})" if source else ""
    )


REMINDERS = Duty(_find, _do)
