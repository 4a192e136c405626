"""What is due for somebody as a calendar (iCalendar, RFC 5545): whole days that take up no time."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.role import Permission
from govern.services.last_changes import (
    CONDITION,
    RECOMMENDATION,
    SUBMISSION,
    LastChange,
    Thing,
    last_changes,
)
from govern.services.last_changes import REVIEW as A_REVIEW
from govern.services.next_due import READING, REVIEW, due_next
from govern.services.runtime import Runtime
from govern.services.waiting import waiting_for
from govern.store import projects

AHEAD = timedelta(days=92)
"""Readings and reviews that are due by then are entered."""

REFRESH_EVERY = timedelta(hours=1)

_WHO = {READING: Permission.RECORD_READING, REVIEW: Permission.RECORD_LESSON}
"""To whom the things of `next_due` fall that name nobody."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`uid` is the same as long as the thing is due. `about`: what the ledger tells of it by its events;
    None for a reading, which is due without any. `changed`: when it was changed last, and how often."""

    uid: str
    on: date
    title: str
    text: str
    page: str
    project: str
    about: Thing | None = None
    changed: LastChange | None = None


def entries(runtime: Runtime, actor: Actor, *, now: datetime) -> list[Entry]:
    """By day: gates that wait for the actor, recommendations to answer, conditions that they owe,
    readings and reviews that are due of projects where that is theirs."""
    found = [*_waiting(runtime, actor, now), *_due(runtime, actor, now)]
    changes = last_changes(runtime, {each.project for each in found if each.about})
    found = [
        replace(each, changed=changes.get(each.about)) if each.about else each for each in found
    ]
    return sorted(found, key=lambda each: (each.on, each.uid))


def _waiting(runtime: Runtime, actor: Actor, now: datetime) -> Iterator[Entry]:
    waits = waiting_for(runtime, actor, now=now)
    for each in waits["gates"]:
        if each["decide_by"] is not None:
            number = each["submission"]
            yield Entry(
                f"gate-{number}",
                each["decide_by"],
                f"Decide: {each['title']}, {each['project_name']}",
                f"Gate {each['gate']} of {each['project']}, iteration {each['iteration']}; the "
                f"advice is {each['advice'].replace('_', ' ')}.",
                f"/gates/{number}",
                each["project"],
                (SUBMISSION, number),
            )
    for each in waits["recommendations"]:
        day = each["deferred_until"] or each["decide_by"]
        if day is not None:
            yield Entry(
                f"recommendation-{each['id']}",
                day,
                f"Answer: {each['title']}, {each['project']}",
                str(each["message"]),
                f"/recommendations/{each['id']}",
                each["project"],
                (RECOMMENDATION, each["id"]),
            )
    for each in waits["conditions"]:
        yield Entry(
            f"condition-{each['id']}",
            each["due"],
            f"Condition: {each['text']}",
            f"Owed after the conditional go of {each['project']}.",
            f"/gates/{each['submission']}",
            each["project"],
            (CONDITION, each["id"]),
        )


def _due(runtime: Runtime, actor: Actor, now: datetime) -> Iterator[Entry]:
    told = due_next(runtime, actor, by=now.date() + AHEAD, now=now)
    portfolios = _portfolios(runtime, {each["project"] for each in told["items"]})
    for each in told["items"]:
        permission = _WHO.get(each["what"])
        project = each["project"]
        if permission is None or not actor.may(permission, portfolios.get(project), project):
            continue
        if each["what"] == READING:
            yield Entry(
                f"reading-{quote(each['id'], safe='')}-{each['on'].isoformat()}",
                each["on"],
                f"Report: {each['text']}",
                f"KPI {each['id']} of {project} {each['project_name']}.",
                "/readings",
                project,
            )
        else:
            yield Entry(
                f"review-{each['id']}",
                each["on"],
                f"{each['text']}: {each['project_name']}",
                f"The review of {project} is to be signed by this day.",
                f"/projects/{quote(project, safe='')}",
                project,
                (A_REVIEW, int(each["id"])),
            )


def _portfolios(runtime: Runtime, ids: set[str]) -> Mapping[str, str]:
    with runtime.store.reading() as connection:
        return {name: each["portfolio"] for name, each in projects.some(connection, ids).items()}


def tag_of(found: list[Entry], public_url: str) -> str:
    """Changes with what the calendar says, and not with when it was asked for."""
    text = repr((public_url, ENGINE_VERSION, found))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def write(found: list[Entry], public_url: str, *, now: datetime) -> bytes:
    """The calendar's text."""
    import icalendar  # noqa: PLC0415 - it takes a while

    calendar: Any = icalendar.Calendar()
    calendar.add("PRODID", f"-//govern//govern {ENGINE_VERSION}//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", "govern: what is due for you")
    calendar.add("REFRESH-INTERVAL", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", REFRESH_EVERY)
    host = urlsplit(public_url).hostname or "govern"
    for each in found:
        event: Any = icalendar.Event()
        page = f"{public_url}{each.page}"
        event.add("UID", f"{each.uid}@{host}")
        event.add("DTSTAMP", now)
        if each.changed is not None:
            event.add("LAST-MODIFIED", each.changed.at)
            event.add("SEQUENCE", each.changed.times)
        event.add("DTSTART", each.on)
        event.add("DTEND", each.on + timedelta(days=1))
        event.add("SUMMARY", " ".join(each.title.split()))
        event.add("DESCRIPTION", f"{each.text}\n{page}")
        event.add("URL", page)
        event.add("TRANSP", "TRANSPARENT")
        event.add("CLASS", "CONFIDENTIAL")
        calendar.add_component(event)
    return calendar.to_ical()
