"""What events say of reports that are sent again and again."""

from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.report_schedules import ACTIVE, ENDED
from govern.store.tables import report_schedule


def schedule_added(rows: Rows, fact: Fact) -> None:
    values = dict(fact.data)
    rows.add(
        report_schedule,
        id=values.pop("schedule"),
        **values,
        state=ACTIVE,
        recorded_by=fact.actor,
        version=1,
        recorded_at=fact.at,
    )


def schedule_moved_on(rows: Rows, fact: Fact) -> None:
    rows.change(report_schedule, fact.data["schedule"], next_on=fact.data["next_on"])


def schedule_ended(rows: Rows, fact: Fact) -> None:
    rows.change(report_schedule, fact.data["schedule"], state=ENDED, next_on=None)
