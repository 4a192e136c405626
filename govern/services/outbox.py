"""Reports whose day has come: made, put among what is to be sent, and the next day set.

All of that is one transaction, and what is sent is sent after it. After a standstill one report is
made, for the last of the days that were missed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.distribution import Every, last_day_by, next_day_after
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.domain.refusal import Busy, Refusal
from govern.reports.page import to_html
from govern.services import notices, report_schedules, sending
from govern.services.due import Done
from govern.services.ledger import SERVICE, record_event
from govern.services.next_due import due_next
from govern.services.report_kinds import kind_named
from govern.services.reports import Asking, build
from govern.services.runtime import Runtime
from govern.store import deliveries
from govern.store import report_schedules as stored

DUE = "report.due"
SENT = "report.sent"
NOBODYS = "whoever had it sent holds no role any more"


@dataclass(frozen=True, slots=True)
class Made:
    subject: str
    text: str


class NotMade(Exception):  # noqa: N818 - an answer
    """Says why there is no report; `ends`: and why there will be none."""

    def __init__(self, why: str, *, ends: bool = False) -> None:
        super().__init__(why)
        self.ends = ends


def put_due(runtime: Runtime, actor: Actor, *, now: datetime) -> tuple[list[Done], list[str]]:
    """Every report that is due: what was done, and what could not be. Any number of these may run
    together; what fails is due still."""
    done: list[Done] = []
    failed: list[str] = []
    with runtime.store.reading() as connection:
        due = stored.due(connection, now.date())
    for schedule in due:
        try:
            put = _put(runtime, actor, schedule, now)
        except Refusal as refused:
            failed.append(f"Report schedule {schedule['id']}: {refused.detail}")
        except Exception as error:  # one report's fault is no reason to leave the others
            why = f"{type(error).__name__}: {error}"
            failed.append(f"Report schedule {schedule['id']}: {why}")
        else:
            done += put
    return done, failed


def make(runtime: Runtime, schedule: Record, day: date, now: datetime) -> Made:
    """The report of a day, with the rights of whoever has it sent. Raises NotMade."""
    with runtime.store.reading() as connection:
        whose = report_schedules.whoever_added(connection, schedule, now)
    if whose is None:
        raise NotMade(NOBODYS, ends=True)
    about = schedule["project"] or schedule["portfolio"]
    asking = Asking(runtime, whose, about, now, schedule["currency"], day)
    try:
        kind = kind_named(schedule["report"])
        data = build(kind, asking)
        due = due_next(
            runtime,
            whose,
            portfolio=schedule["portfolio"],
            project=schedule["project"],
            now=now,
        )
    except Busy:
        raise
    except Refusal as refused:
        raise NotMade(
            f"whoever has it sent may not read it any more: {refused.detail}"
        ) from refused
    following = next_day_after(schedule["first_on"], Every(schedule["every"]), now.date())
    kept: Mapping[str, Any] = {
        "data": data,
        "html": to_html(kind.name, data),
        "due_next": plain(due),
        "next_on": following.isoformat(),
    }
    return Made(sending.subject(data), json.dumps(kept, ensure_ascii=False))


def _put(runtime: Runtime, actor: Actor, schedule: Record, now: datetime) -> list[Done]:
    every, today = Every(schedule["every"]), now.date()
    day = last_day_by(schedule["first_on"], every, today)
    if day is None or not _is_still(runtime, schedule):
        return []
    made: Made | NotMade
    try:
        made = make(runtime, schedule, day, now)
    except NotMade as why:
        made = why
    with runtime.store.writing() as connection:
        found = stored.find(connection, schedule["id"], lock=True)
        if found is None or found["version"] != schedule["version"]:
            return []  # somebody else was quicker, or it has ended
        if isinstance(made, NotMade):
            return _not_made(connection, actor, found, day, made, now)
        number = deliveries.add(
            connection,
            {
                "key": f"{found['id']}:{day.isoformat()}",
                "schedule_id": found["id"],
                "due_on": day,
                "channel": found["channel"],
                "address": found["address"],
                "subject": made.subject,
                "text": made.text,
                "state": deliveries.WAITING,
                "next_try_at": now,
            },
            now,
        )
        _move_on(connection, actor, found, now)
    text = f"{made.subject} (schedule {found['id']}, delivery {number})"
    return [Done(DUE, found["project"] or SERVICE, None, text)]


def _is_still(runtime: Runtime, schedule: Record) -> bool:
    """Whether nobody was quicker: a look before a report is made, as that takes a while."""
    with runtime.store.reading() as connection:
        found = stored.find(connection, schedule["id"])
    return found is not None and found["version"] == schedule["version"]


def _move_on(connection: Connection, actor: Actor, found: Record, now: datetime) -> None:
    following = next_day_after(found["first_on"], Every(found["every"]), now.date())
    stored.change(connection, found, {"next_on": following})
    event = {"schedule": found["id"], "next_on": following}
    record_event(connection, SERVICE, actor, "report_schedule.moved_on", event, now)


def _not_made(
    connection: Connection, actor: Actor, found: Record, day: date, why: NotMade, now: datetime
) -> list[Done]:
    if why.ends:
        report_schedules.write_end(connection, actor, found, str(why), now)
    else:
        _move_on(connection, actor, found, now)
    what = {"delivery": None, "due_on": day, "tries": 0}
    return tell_not_sent(connection, actor, found, what, str(why), now)


def tell_not_sent(
    connection: Connection,
    actor: Actor,
    schedule: Record,
    what: Mapping[str, Any],
    why: str,
    now: datetime,
) -> list[Done]:
    """The event and the notice of a report that does not come. `what` has `delivery`, `due_on` and
    `tries`."""
    event = {"schedule": schedule["id"], "report": schedule["report"], **what, "because": why}
    record_event(connection, SERVICE, actor, notices.REPORT_NOT_SENT, event, now)
    day = what["due_on"].isoformat()
    return tell(
        connection,
        actor,
        schedule,
        f"The report {schedule['report']} of {day} was not sent (schedule {schedule['id']}): {why}.",
        f"{notices.REPORT_NOT_SENT}:{schedule['id']}:{day}",
        now,
    )


def tell(
    connection: Connection, actor: Actor, schedule: Record, text: str, key: str, now: datetime
) -> list[Done]:
    """A notice to whoever has the report sent."""
    sent = notices.send(
        connection,
        actor,
        notices.REPORT_NOT_SENT,
        None,
        text,
        [schedule["recorded_by"]],
        key=key,
        now=now,
    )
    return [] if sent is None else [sent]
