"""Asking for figures: a workbook to fill in for what is due."""

from datetime import date, datetime

from govern.documents.xlsx import write_form
from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.intake.template import form_of
from govern.services.readings import MOST_AT_ONCE
from govern.services.reporting import list_due
from govern.services.runtime import Runtime
from govern.store import readings
from govern.store.paging import PageRequest

_AT_ONCE = 500


def template(
    runtime: Runtime,
    actor: Actor,
    *,
    project: str | None = None,
    owner: str | None = None,
    by: date | None = None,
    now: datetime,
) -> tuple[bytes, int]:
    """The workbook (XLSX) and how many figures it asks for, one row for each: those that are due, or
    with `by` those that will be by that day, of one project or owner where named.

    It comes back by `services.reading_files`. Raises NotFound, and InvalidInput for too many figures.
    """
    owed = _owed(runtime, actor, project, owner, by, now)
    ids = [each["kpi"] for each in owed]
    with runtime.store.reading() as connection:
        planned = readings.planned_of(connection, ids)
        known = readings.newest(connection, ids, (date.min, date.max))
    last: dict[str, Record] = {}
    for (kpi, period), each in sorted(known.items()):
        if each["actual"] is not None:
            last[kpi] = {"last": each["actual"], "last_period": period}
    rows = [
        {
            **{name: kpi[name] for name in ("kpi", "project_name", "name", "unit")},
            **{name: period[name] for name in ("period", "due")},
            "planned": planned.get((kpi["kpi"], period["period"])),
            **last.get(kpi["kpi"], {"last": None, "last_period": None}),
        }
        for kpi in owed
        for period in kpi["periods"]
    ]
    if len(rows) > MOST_AT_ONCE:
        raise InvalidInput(
            f"{len(rows)} figures are due; a workbook asks for {MOST_AT_ONCE} at most.",
            errors={"project": ["name a project or an owner, and make a workbook for each"]},
        )
    return write_form(form_of(rows), "Readings that are due"), len(rows)


def _owed(
    runtime: Runtime,
    actor: Actor,
    project: str | None,
    owner: str | None,
    by: date | None,
    now: datetime,
) -> list[Record]:
    found: list[Record] = []
    cursor: str | None = None
    while True:
        request = PageRequest(limit=_AT_ONCE, cursor=cursor, sort="project")
        page = list_due(runtime, actor, request, project=project, owner=owner, by=by, now=now)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
