"""Recommendations as time passes: put off until a day, to be answered by one, open for too long.

A day is told once. One that was told on its last day, and then as overdue, ends by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.calendar import MONDAY_TO_FRIDAY, Calendar
from govern.domain.recommendation import RecommendationStatus
from govern.domain.record import Record
from govern.domain.role import Role
from govern.domain.workdays import add_working_days, is_working_day
from govern.rulebook.rule import Recommend, Rulebook
from govern.services import notices
from govern.services.due import Candidate, Done, Duty, those
from govern.services.recommendation_ends import find, move
from govern.services.recommendations import in_force
from govern.services.runtime import Runtime
from govern.store import notices as told
from govern.store import projects, recommendations

EXPIRES_AFTER = 20
"""Working days after the day to decide, until a recommendation that nobody answers ends by itself."""

ANSWERING = (Role.PROJECT_MANAGER, Role.GATEKEEPER)
"""Who is told, beside those who answer it, that the day has passed."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Due:
    """What is due about a recommendation. `key` is that of its notice."""

    found: Record
    given: Recommend | None
    calendar: Calendar
    step: "Callable[[Connection, Actor, Record, _Due, datetime], Done | None]"
    key: str


def _find(runtime: Runtime, connection: Connection, now: datetime) -> list[Candidate]:
    due = _all_due(runtime, connection, None, now)
    known = told.told(connection, {each.key for each in due})
    return [
        Candidate(each)
        for each in sorted({each.found["project"] for each in due if each.key not in known})
    ]


def _do(
    runtime: Runtime, connection: Connection, actor: Actor, candidate: Candidate, now: datetime
) -> tuple[Done, ...]:
    project = projects.locked(connection, candidate.project)
    due = _all_due(runtime, connection, project["id"], now)
    known = told.told(connection, {each.key for each in due})
    for each in due:
        if each.key not in known:
            return those(each.step(connection, actor, project, each, now))
    return ()


def _all_due(
    runtime: Runtime, connection: Connection, project: str | None, now: datetime
) -> list[_Due]:
    # East of UTC it is tomorrow already.
    open_ones = recommendations.due_by(connection, now.date() + _DAY, project)
    rulebook = in_force(runtime, connection) if open_ones else None
    found = (_due(each, rulebook, now) for each in open_ones)
    return [each for each in found if each is not None]


def _due(found: Record, rulebook: Rulebook | None, now: datetime) -> _Due | None:
    rule = None if rulebook is None else rulebook.rule(found["rule"])
    given = None if rule is None else rule.within(found["portfolio"]).recommend
    calendar = MONDAY_TO_FRIDAY if given is None else given.calendar
    today = calendar.today(now)
    if found["status"] == RecommendationStatus.DEFERRED:
        until: date = found["deferred_until"]
        if until > today:
            return None
        return _Due(found, given, calendar, _resume, _key("resumed", found, until))
    by: date = found["decide_by"]
    if by > today:
        return None
    if add_working_days(by, EXPIRES_AFTER, calendar.holidays, calendar.weekend) < today:
        return _Due(found, given, calendar, _expire, _key("expired", found, by))
    if by < today:
        return _Due(found, given, calendar, _tell_overdue, _key("overdue", found, by))
    return _Due(found, given, calendar, _tell_last_day, _key("due", found, by))


def _resume(
    connection: Connection, actor: Actor, project: Record, due: _Due, now: datetime
) -> Done | None:
    found = find(connection, due.found["id"])
    days = _days_to_decide(found) if due.given is None else due.given.decide_by_working_days
    decide_by = None if days is None else due.calendar.deadline(now, days)
    values = {"decide_by": decide_by, "deferred_until": None}
    move(connection, actor, found, RecommendationStatus.PROPOSED, values, now=now)
    by = f" It is to be answered by {decide_by.isoformat()}." if decide_by else ""
    text = f"{_named(found)} was put off until {found['deferred_until'].isoformat()}.{by}"
    return _send(connection, actor, notices.RECOMMENDATION_RESUMED, project, due, text, (), now)


def _tell_last_day(
    connection: Connection, actor: Actor, project: Record, due: _Due, now: datetime
) -> Done | None:
    text = f"{_named(due.found)} is to be answered today, {due.found['decide_by'].isoformat()}."
    return _send(connection, actor, notices.RECOMMENDATION_DUE, project, due, text, (), now)


def _tell_overdue(
    connection: Connection, actor: Actor, project: Record, due: _Due, now: datetime
) -> Done | None:
    text = f"{_named(due.found)} was to be answered by {due.found['decide_by'].isoformat()}."
    kind = notices.RECOMMENDATION_OVERDUE
    return _send(connection, actor, kind, project, due, text, ANSWERING, now)


def _expire(
    connection: Connection, actor: Actor, project: Record, due: _Due, now: datetime
) -> Done | None:
    found = find(connection, due.found["id"])
    move(connection, actor, found, RecommendationStatus.EXPIRED, {"closed_at": now}, now=now)
    text = (
        f"{_named(found)} was to be answered by {found['decide_by'].isoformat()}, and nobody did within "
        f"{EXPIRES_AFTER} working days more: it has expired."
    )
    kind = notices.RECOMMENDATION_EXPIRED
    return _send(connection, actor, kind, project, due, text, ANSWERING, now)


def _send(
    connection: Connection,
    actor: Actor,
    kind: str,
    project: Record,
    due: _Due,
    text: str,
    also: tuple[Role, ...],
    now: datetime,
) -> Done | None:
    return notices.send(
        connection,
        actor,
        kind,
        project,
        text,
        notices.holding(connection, project, also, now),
        key=due.key,
        role=Role(due.found["decided_by_role"]),
        now=now,
    )


def _named(found: Record) -> str:
    about = f"{found['project']}, KPI {found['kpi']}" if found["kpi"] else found["project"]
    action = found["action"].replace("_", " ")
    return f"Recommendation {found['id']} for {about} ({action}, rule {found['rule']})"


def _days_to_decide(found: Record) -> int | None:
    """How many days from Monday to Friday there were at first, where its rule is gone."""
    if found["decide_by"] is None:
        return None
    day, days = found["recorded_at"].date(), 0
    while day < found["decide_by"]:
        day += _DAY
        days += is_working_day(day)
    return days


def _key(what: str, found: Record, day: date) -> str:
    return f"recommendation-{what}:{found['id']}:{day.isoformat()}"


RECOMMENDATION_DEADLINES = Duty(_find, _do)
