"""What one person owes: the readings of KPIs whose owner they are, or of the projects they report for."""

from datetime import date, datetime, timedelta

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.role import Permission
from govern.services.reporting import list_due
from govern.services.runtime import Runtime
from govern.store import projects
from govern.store.paging import LARGEST_PAGE, PageRequest

MINE, ALL = "mine", "all"


def owed_by(
    runtime: Runtime, actor: Actor, *, whose: str = MINE, by: date | None = None, now: datetime
) -> list[Record]:
    """The KPIs with readings due by a day (the end of this month unless named), each with its `periods`,
    those of them first that are the longest overdue.

    `mine`: of KPIs that name the actor as owner; where there is none of those, and with `all`, of every
    KPI that the actor may report on.
    """
    until = by or month_end(now.date())
    due = [each for each in _due(runtime, actor, until, now) if each["may_report"]]
    own = [each for each in due if each["owner"] == actor.name]
    found = own if own and whose == MINE else due
    return sorted(found, key=lambda each: (-each["overdue_days"], each["kpi"]))


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _due(runtime: Runtime, actor: Actor, by: date, now: datetime) -> list[Record]:
    found: list[Record] = []
    cursor: str | None = None
    while True:
        page = list_due(runtime, actor, PageRequest(LARGEST_PAGE, cursor), now=now, by=by)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    with runtime.store.reading() as connection:
        owners = projects.some(connection, {each["project"] for each in found})
    return [
        {
            **each,
            "may_report": actor.may(
                Permission.RECORD_READING, owners[each["project"]]["portfolio"], each["project"]
            ),
        }
        for each in found
    ]
