"""What is due: which readings are to come, from whom, by when; and who reports in time.

A project reports from the first stage in which its workflow checks value (a gate that repeats) to the
last before its work ends; in a workflow without such a gate, in every stage but the first and the last.
A project on hold, terminated or closed owes no readings, but for the KPIs that its last signed review
keeps: those are owed by the owner that it names, for periods that end by the day that it names. A
composite KPI is worked out, never reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.calendar import Calendar
from govern.domain.period import Cadence
from govern.domain.record import Record
from govern.domain.refusal import BadConfiguration, InvalidInput
from govern.domain.reporting import (
    Due,
    DueState,
    Punctuality,
    Schedule,
    first_period,
    missing,
    reports,
)
from govern.process.definition import Workflow
from govern.rulebook.rule import Rulebook
from govern.services.access import kpi_for, project_for
from govern.services.runtime import Runtime
from govern.services.working_days import WorkingDays, calendar_named
from govern.store import projects, reporting, rulebooks
from govern.store.paging import Page, PageRequest

MOST_PERIODS = 120
"""Of a KPI's past reports, so many are told at most."""

FARTHEST = timedelta(days=366)
"""So far ahead can be asked what will be due."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What one KPI owes. `days` are the working days that its due days are counted in, `missing` its
    periods without a figure, the oldest first."""

    kpi: Record
    days: WorkingDays
    schedule: Schedule
    missing: tuple[Due, ...]


def reporting_stages(workflow: Workflow) -> frozenset[str]:
    """The stages in which a project under this workflow owes readings."""
    live = workflow.live
    checked = [live.index(each.source) for each in workflow.gates if each.repeats is not None]
    return frozenset(live[min(checked) :] if checked else live[1:])


def list_due(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    now: datetime,
    project: str | None = None,
    owner: str | None = None,
    overdue: bool | None = None,
    by: date | None = None,
) -> Page:
    """The KPIs with readings to come, page by page, each with its `periods` (`period`, `due`, `state`,
    `days_over`), oldest first.

    Of the periods that are over, or with `by` of those that are due by that day. `overdue`: only KPIs
    with a period that is; or only those without one. `sort` is by kpi, project or owner. Raises
    NotFound for a project that the actor may not see, InvalidInput, also for more than a year ahead.
    """
    if by is not None and by > now.date() + FARTHEST:
        last = (now.date() + FARTHEST).isoformat()
        raise InvalidInput("Nobody can say that yet.", errors={"by": [f"{last} or earlier"]})
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        stages = stages_that_report(runtime, connection)
        items: list[Record] = []
        cursor = request.cursor
        while True:
            # A KPI that owes nothing takes no place on the page: so many more are looked at.
            wanted = PageRequest(request.limit - len(items), cursor, request.sort)
            found = reporting.page(
                connection, actor, wanted, stages, project_id=project, owner=owner
            )
            for each in owed(runtime, connection, found.items, now, by=by):
                is_over = any(one.state is DueState.OVERDUE for one in each.missing)
                if each.missing and overdue in (None, is_over):
                    items.append(_told(each))
            cursor = found.next_cursor
            if cursor is None or len(items) == request.limit:
                return Page(items, cursor)


def punctuality(
    runtime: Runtime, actor: Actor, kpi_id: str, *, now: datetime, periods: int = 12
) -> Record:
    """How the last so many reports of a KPI came: `on_time`, `late`, `missing` and `due` are counts,
    `reports` has each period with the day it was due and `reported`.

    The first figure of a period counts, by the day that it says it was reported on, or else by when
    it was recorded. Raises NotFound, InvalidInput.
    """
    if not 1 <= periods <= MOST_PERIODS:
        raise InvalidInput(
            "So many periods cannot be told.", errors={"periods": [f"1 to {MOST_PERIODS}"]}
        )
    with runtime.store.reading() as connection:
        kpi_for(connection, actor, kpi_id)
        kpi = reporting.one(connection, kpi_id) or {}
        found: Sequence[Owed] = ()
        if kpi["formula"] is None:
            found = owed(runtime, connection, [kpi], now)
        told = []
        for each in found:
            calendar = each.days.calendar
            came = {
                period: on or calendar.today(at)
                for period, (on, at) in reporting.first_figures(connection, kpi_id).items()
            }
            # A figure that was taken back is missing, whenever it had come.
            lacking = {one.period for one in each.missing}
            in_force = {period: day for period, day in came.items() if period not in lacking}
            told = [*reports(each.schedule, in_force, calendar.today(now), periods)]
    counts = {state: sum(one.state is state for one in told) for state in Punctuality}
    return {
        "kpi": kpi_id,
        **{state.value: number for state, number in counts.items()},
        "reports": [
            {
                "period": one.period,
                "due": one.due,
                "reported": one.reported,
                "state": one.state.value,
                "days_late": one.days_late,
            }
            for one in told
        ],
    }


def stages_that_report(runtime: Runtime, connection: Connection) -> set[tuple[str, str]]:
    """Each workflow version (digest) with each stage in which its projects owe readings now.

    Of a workflow that this engine cannot read nobody can say which stages those are: it has none here,
    and the tick's other duties name its projects.
    """
    found: set[tuple[str, str]] = set()
    for digest, stage in projects.workflows_and_stages(connection):
        try:
            workflow = runtime.catalog.process(connection, digest).workflow
        except BadConfiguration:
            continue
        if stage in reporting_stages(workflow):
            found.add((digest, stage))
    return found


def owed(
    runtime: Runtime,
    connection: Connection,
    kpis: Sequence[Record],
    now: datetime,
    *,
    by: date | None = None,
) -> list[Owed]:
    """What these KPIs owe (as `store.reporting` has them), in the order given."""
    ids = {each["kpi"] for each in kpis}
    known = reporting.first_periods(connection, ids)
    reported = reporting.reported_periods(connection, ids)
    calendars = _Calendars(runtime, connection)
    found: list[Owed] = []
    for each in kpis:
        days = calendars.of(each)
        cadence = Cadence(each["cadence"])
        first = first_period(cadence, known.get(each["kpi"]), each["start"])
        schedule = Schedule(cadence, each["reporting_lag_days"], days.calendar, first)
        lacking = missing(schedule, reported[each["kpi"]], days.today(now), by)
        until = each.get("until")
        if until is not None:
            lacking = tuple(one for one in lacking if one.period <= until)
        found.append(Owed(each, days, schedule, lacking))
    return found


class _Calendars:
    """The working days of KPIs: by the calendar that they name, else by their workflow's."""

    def __init__(self, runtime: Runtime, connection: Connection) -> None:
        self._runtime, self._connection = runtime, connection
        self._known: dict[tuple[str | None, str], WorkingDays] = {}
        revision = rulebooks.in_force(connection)
        self._rulebook: Rulebook | None = (
            None if revision is None else runtime.catalog.rulebook(connection, revision["digest"])
        )

    def of(self, kpi: Record) -> WorkingDays:
        key = kpi["calendar"], kpi["workflow_digest"]
        if key not in self._known:
            self._known[key] = calendar_named(self._named(kpi), self._calendars)
        return self._known[key]

    @property
    def _calendars(self) -> Mapping[str, Calendar]:
        return {} if self._rulebook is None else self._rulebook.calendars

    def _named(self, kpi: Record) -> str | None:
        if kpi["calendar"] is not None:
            return kpi["calendar"]
        process = self._runtime.catalog.process(self._connection, kpi["workflow_digest"])
        return process.workflow.calendar


def _told(owed: Owed) -> Record:
    names = ("kpi", "name", "unit", "project", "project_name", "owner", "department", "source")
    return {
        **{name: owed.kpi[name] for name in names},
        "cadence": owed.kpi["cadence"],
        "reporting_lag_days": owed.kpi["reporting_lag_days"],
        **owed.days.told(),
        "calendar_missing": owed.days.missing,
        "overdue_days": max((each.days_over for each in owed.missing), default=0),
        "periods": [
            {
                "period": each.period,
                "due": each.due,
                "state": each.state.value,
                "days_over": each.days_over,
            }
            for each in owed.missing
        ],
    }
