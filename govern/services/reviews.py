"""Reviews of what came of projects: opened, written, answered, and signed off by who owns the benefit."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import Duplicate, IllegalMove, NotAllowed, ReviewSigned
from govern.domain.review import ReviewState, months_later
from govern.domain.role import Role
from govern.domain.stage import TERMINATED
from govern.process.definition import Reviews, Workflow
from govern.services import review_follow_up, review_survey, review_view
from govern.services.access import check_version, project_for, review_for
from govern.services.dossiers import dossier_of, rolled_out
from govern.services.ledger import record_event
from govern.services.rollup import check_currency
from govern.services.runtime import Runtime
from govern.services.working_days import days_of
from govern.store import kpis, reviews
from govern.store.paging import Page, PageRequest

OPENERS = frozenset({Role.PROJECT_MANAGER, Role.SPONSOR})
DRAFT = ("rating", "summary", "went_well", "went_badly")


def open_review(runtime: Runtime, actor: Actor, project_id: str, *, now: datetime) -> Record:
    """Opens a review by hand, earlier than the workflow would, from the rollout on.

    Raises NotFound, NotAllowed, IllegalMove for a project that is not rolled out, that was terminated or
    whose workflow asks for no review, Duplicate while one is open.
    """
    with runtime.store.writing() as connection:
        project = project_for(connection, actor, project_id, lock=True)
        require_role(actor, project, OPENERS)
        workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
        asked = asked_of(project, workflow)
        was_there, since = rolled_out(connection, project_id, workflow)
        if not was_there or project["stage"] == TERMINATED:
            raise IllegalMove(
                f"Project {project_id} stands in {project['stage']}: it is reviewed once it has entered "
                f"{asked.since}.",
                stage=project["stage"],
                legal=[],
            )
        made = reviews.of_project(connection, project_id)
        if made and made[-1]["state"] == ReviewState.OPEN:
            raise Duplicate(
                f"Review {made[-1]['id']} of project {project_id} is open: it is signed off first.",
                review=made[-1]["id"],
            )
        today = days_of(runtime, connection, workflow).today(now)
        due = due_on(asked, since, today, is_first=not made)
        number = add(connection, actor, project, since, due, now)
    return get_review(runtime, actor, number, now=now)


def due_on(asked: Reviews, since: date | None, today: date, *, is_first: bool) -> date | None:
    """The first review is due so long after the rollout, unknown where that is; others, so long after
    they open as the first one had."""
    if is_first:
        return None if since is None else months_later(since, asked.due)
    return months_later(today, asked.due - asked.after)


def add(
    connection: Connection,
    actor: Actor,
    project: Record,
    since: date | None,
    due: date | None,
    now: datetime,
) -> int:
    """Opens the next review of a project that the caller has locked; returns its id."""
    project_id = project["id"]
    number = len(reviews.of_project(connection, project_id)) + 1
    listed = [each["id"] for each in kpis.of_project(connection, project_id)]
    rows = review_follow_up.opening(connection, project_id, sorted(listed))
    values = {"number": number, "rolled_out_on": since, "due_on": due}
    review_id = reviews.add(
        connection,
        {
            **values,
            "project_id": project_id,
            "state": ReviewState.OPEN.value,
            "recorded_by": actor.person_id,
        },
        now,
    )
    put(connection, review_id, rows)
    told = {"review": review_id, **values, "kpis": rows}
    record_event(connection, project_id, actor, "review.opened", told, now)
    return review_id


def put(connection: Connection, review_id: int, rows: list[Record]) -> None:
    for each in rows:
        values = {name: each[name] for name in reviews.OF_A_KPI}
        reviews.put_kpi(connection, review_id, each["kpi"], values)


def change(
    runtime: Runtime,
    actor: Actor,
    review_id: int,
    fields: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Writes the fields of `DRAFT` that are named, and what becomes of the `kpis` that are.

    By the project's manager and those who may sign: whoever writes does not sign. Raises NotFound,
    NotAllowed, StaleVersion, ReviewSigned, InvalidInput.
    """
    with runtime.store.writing() as connection:
        found, project, asked = locked(runtime, connection, actor, review_id)
        require_role(actor, project, {Role.PROJECT_MANAGER, *asked.sign})
        require_open(found)
        check_version(found, version)
        values = {
            name: fields[name] for name in DRAFT if name in fields and fields[name] != found[name]
        }
        known = {each["id"] for each in kpis.of_project(connection, project["id"])}
        rows = review_follow_up.given(connection, review_id, known, fields.get("kpis") or ())
        if values or rows:
            put(connection, review_id, rows)
            reviews.change(connection, review_id, found["version"], values)
            told = {"review": review_id, **values, "kpis": rows}
            record_event(connection, project["id"], actor, "review.changed", told, now)
    return get_review(runtime, actor, review_id, now=now)


def answer(
    runtime: Runtime,
    actor: Actor,
    review_id: int,
    *,
    question: str,
    score: int | None = None,
    said: str | None = None,
    now: datetime,
) -> Record:
    """Answers a question of the survey, from 1 to 5 or in words, in a role that is asked; again to
    answer otherwise. Raises NotFound, NotAllowed, ReviewSigned, InvalidInput."""
    with runtime.store.writing() as connection:
        found, project, asked = locked(runtime, connection, actor, review_id)
        require_open(found)
        review_survey.answer(
            connection,
            actor,
            project,
            found,
            asked,
            question=question,
            score=score,
            said=said,
            now=now,
        )
    return get_review(runtime, actor, review_id, now=now)


def get_review(runtime: Runtime, actor: Actor, review_id: int, *, now: datetime) -> Record:
    """A review with its survey, what becomes of each KPI, the `suggested` rating, who may sign it
    (`signers`), and what is `missing` before that. Raises NotFound."""
    with runtime.store.reading() as connection:
        found, project = review_for(connection, actor, review_id)
        return review_view.view(runtime, connection, found, project, now)


def get_dossier(
    runtime: Runtime, actor: Actor, review_id: int, *, currency: str | None = None, now: datetime
) -> Record:
    """The dossier that a review rests on: as it is now, or as it was when it was signed. Raises
    NotFound, InvalidInput."""
    check_currency(currency)
    with runtime.store.reading() as connection:
        found, project = review_for(connection, actor, review_id)
        frozen = review_view.content_of(connection, found)
        if frozen is not None:
            return frozen["dossier"]
        return dossier_of(runtime, connection, project, now.date(), currency, now)


def list_reviews(
    runtime: Runtime,
    actor: Actor,
    request: PageRequest,
    *,
    project: str | None = None,
    state: str | None = None,
) -> Page:
    """The reviews of the projects that somebody may see, or of one project, the newest first."""
    with runtime.store.reading() as connection:
        if project is not None:
            project_for(connection, actor, project)
        return reviews.page(connection, actor, request, project_id=project, state=state)


def locked(
    runtime: Runtime, connection: Connection, actor: Actor, review_id: int
) -> tuple[Record, Record, Reviews]:
    """The review and its project, locked, and what the workflow says of reviews."""
    found, project = review_for(connection, actor, review_id, lock=True)
    workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
    return found, project, asked_of(project, workflow)


def asked_of(project: Record, workflow: Workflow) -> Reviews:
    if workflow.reviews is None:
        raise IllegalMove(
            f"Project {project['id']} runs under {workflow.id} version {workflow.version}, which asks "
            "for no review.",
            stage=project["stage"],
            legal=[],
        )
    return workflow.reviews


def require_role(actor: Actor, project: Record, roles: frozenset[Role] | set[Role]) -> None:
    held = actor.roles_on(project["portfolio"], project["id"])
    if held.isdisjoint(roles):
        needed = sorted(role.value for role in roles)
        raise NotAllowed(
            f"This takes one of the roles {', '.join(needed)} on project {project['id']}.",
            needed=needed,
            held=sorted(role.value for role in held),
        )


def require_open(found: Record) -> None:
    """Raises ReviewSigned for one that was signed off."""
    if found["state"] == ReviewState.SIGNED:
        raise ReviewSigned(
            f"Review {found['id']} was signed off.",
            review=found["id"],
            signed_at=found["signed_at"],
        )
