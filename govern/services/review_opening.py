"""Reviews as time brings them: opened when they are due after the rollout, and again while value is owed.

A project that was terminated has no review any more; one that has closed has. What is unknown, such as
the day of the rollout, opens nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Refusal
from govern.domain.review import OWED, ReviewState, months_later
from govern.domain.role import Role
from govern.domain.stage import TERMINATED
from govern.process.definition import Reviews, Workflow
from govern.services import notices
from govern.services import reviews as use
from govern.services.dossiers import rolled_out
from govern.services.due import Candidate, Done, Duty, those
from govern.services.runtime import Runtime
from govern.services.working_days import days_of
from govern.store import notices as told
from govern.store import projects, reviews

REMINDED_BEFORE = 1
"""So many months before a review is due, those who write and sign it are reminded."""


@dataclass(frozen=True, slots=True)
class _Due:
    """What is due about a project: a notice, and a review to be opened with it where `opens`."""

    kind: str
    key: str
    review: Record | None
    since: date | None = None
    due: date | None = None

    @property
    def opens(self) -> bool:
        return self.kind == notices.REVIEW_OPENED


def _find(runtime: Runtime, connection: Connection, now: datetime) -> list[Candidate]:
    keys: dict[str, Candidate] = {}
    for project in projects.every(connection):
        try:
            found = _due(runtime, connection, project, now)
        except Refusal:
            # It is told when its turn comes, and keeps no other project from its review.
            keys[f"unread:{project['id']}"] = Candidate(project["id"])
            continue
        if found is not None:
            keys[found.key] = Candidate(project["id"])
    known = told.told(connection, keys)
    return [each for key, each in keys.items() if key not in known]


def _do(
    runtime: Runtime, connection: Connection, actor: Actor, candidate: Candidate, now: datetime
) -> tuple[Done, ...]:
    project = projects.locked(connection, candidate.project)
    found = _due(runtime, connection, project, now)
    if found is None or told.told(connection, [found.key]):
        return ()
    asked = _asked(runtime, connection, project).reviews
    assert asked is not None  # noqa: S101 - something is due by it
    if found.opens:
        use.add(connection, actor, project, found.since, found.due, now)
    return those(
        notices.send(
            connection,
            actor,
            found.kind,
            project,
            _text(project, found, asked),
            notices.holding(connection, project, {Role.PROJECT_MANAGER, *asked.sign}, now),
            key=found.key,
            now=now,
        )
    )


def _due(runtime: Runtime, connection: Connection, project: Record, now: datetime) -> _Due | None:
    workflow = _asked(runtime, connection, project)
    asked = workflow.reviews
    if asked is None or project["stage"] == TERMINATED:
        return None
    was_there, since = rolled_out(connection, project["id"], workflow)
    if not was_there:
        return None
    today = days_of(runtime, connection, workflow).today(now)
    made = reviews.of_project(connection, project["id"])
    if made and made[-1]["state"] == ReviewState.OPEN:
        return _waits(made[-1], today)
    opens = _opens_on(connection, asked, since, made)
    if opens is None or today < opens:
        return None
    key = f"review-opened:{project['id']}:{len(made) + 1}"
    due = use.due_on(asked, since, today, is_first=not made)
    return _Due(notices.REVIEW_OPENED, key, None, since, due)


def _opens_on(
    connection: Connection, asked: Reviews, since: date | None, made: Sequence[Record]
) -> date | None:
    if not made:
        return None if since is None else months_later(since, asked.after)
    last = made[-1]
    if asked.repeat is None or not _is_owed(connection, last):
        return None
    return months_later(last["signed_at"].date(), asked.repeat)


def _is_owed(connection: Connection, signed: Record) -> bool:
    return any(
        each["follow_up"] in OWED for each in reviews.kpis(connection, signed["id"]).values()
    )


def _waits(open_one: Record, today: date) -> _Due | None:
    due = open_one["due_on"]
    if due is None:
        return None
    if today > due:
        key = f"review-overdue:{open_one['id']}"
        return _Due(notices.REVIEW_OVERDUE, key, open_one, due=due)
    if today >= months_later(due, -REMINDED_BEFORE):
        return _Due(notices.REVIEW_DUE, f"review-due:{open_one['id']}", open_one, due=due)
    return None


def _asked(runtime: Runtime, connection: Connection, project: Record) -> Workflow:
    return runtime.catalog.process(connection, project["workflow_digest"]).workflow


def _text(project: Record, found: _Due, asked: Reviews) -> str:
    due = "" if found.due is None else found.due.isoformat()
    signs = " or ".join(asked.sign)
    if found.review is None:
        by = f" It is due by {due}." if due else ""
        since = f" since {found.since.isoformat()}" if found.since else ""
        return (
            f"The review of {project['id']} '{project['name']}', rolled out{since}, is open: to be "
            f"written, and signed off by {signs}.{by}"
        )
    number = f"Review {found.review['number']} of {project['id']} '{project['name']}'"
    if found.kind == notices.REVIEW_OVERDUE:
        return f"{number} was due by {due} and is not signed off by {signs}."
    return f"{number} is due by {due}, to be signed off by {signs}."


REVIEW_OPENING = Duty(_find, _do)
