"""One project on a page: where it stands, what it was to bring and what came, and what waits for whom."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.role import Role
from govern.services import (
    conditions,
    gates,
    next_due,
    recommendations,
    scope_changes,
    workflows,
)
from govern.services.everything import everything
from govern.services.projects import view_project
from govern.services.rating import rag_by_project
from govern.services.role_holders import role_holders
from govern.services.rollup import roll_up
from govern.services.runtime import Runtime
from govern.services.value_totals import rows_of
from govern.store import scope_changes as stored_changes

AHEAD = timedelta(days=92)
"""So far ahead the next days of the project are looked for."""

_ROLES = (Role.PROJECT_MANAGER, Role.SPONSOR, Role.FINANCE)


def project_head(runtime: Runtime, actor: Actor, project_id: str, *, now: datetime) -> Record:
    """`project`, its `way` (each stage: `is_now`, `passed`, and the `gate` that leads out of it), the
    `rag` of today and the one `before` (at the end of the last month but one), each KPI's colour by its
    id (`colours`), and who holds its roles. Raises NotFound."""
    project = view_project(runtime, actor, project_id, now=now)
    workflow = workflows.workflow_of(runtime, actor, project_id)
    today = now.date()
    before = (today.replace(day=1) - timedelta(days=1)).replace(day=1) - timedelta(days=1)
    rated = [
        rag_by_project(runtime, actor, project=project_id, at=each, now=now)
        for each in (today, before)
    ]
    with runtime.store.reading() as connection:
        held = role_holders(connection, [project], _ROLES, now)[project_id]
    return {
        "project": project,
        "workflow": workflow,
        "way": _way(project, workflow),
        "rag": _worst(rated[0]),
        "before": {"at": before, "rag": _worst(rated[1])},
        "colours": {
            each["kpi"]: each["value"] for one in rated[0]["projects"] for each in one["kpis"]
        },
        "counts": rated[0]["projects"][0]["counts"] if rated[0]["projects"] else {},
        "held": {role.value: [*names] for role, names in held.items()},
    }


def project_overview(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    currency: str | None = None,
    within: float | None = None,
    now: datetime,
) -> Record:
    """What a project promised and what came (`rolled`, and `kpis`, the rows of it), its open
    `submissions` with whose votes are missing, open `recommendations`, `scope_changes` and `conditions`,
    and what is `due` next. `within` as in a roll-up. Raises NotFound, InvalidInput."""
    rolled = roll_up(runtime, actor, project=project_id, currency=currency, within=within, now=now)
    open_gates = everything(
        lambda request: gates.list_submissions(
            runtime, actor, request, project=project_id, state="open"
        )
    )
    return {
        "rolled": rolled,
        "kpis": [{**row, "category": place["category"]} for _, row, place in rows_of(rolled)],
        "submissions": [
            gates.get_submission(runtime, actor, each["id"], now=now) for each in open_gates
        ],
        "recommendations": everything(
            lambda request: recommendations.list_recommendations(
                runtime, actor, request, project=project_id, open=True, now=now
            )
        ),
        "scope_changes": everything(
            lambda request: scope_changes.list_scope_changes(
                runtime, actor, request, project=project_id, state=stored_changes.OPEN
            )
        ),
        "conditions": everything(
            lambda request: conditions.list_conditions(
                runtime, actor, request, project=project_id, state="open"
            )
        ),
        "due": next_due.due_next(
            runtime, actor, project=project_id, by=now.date() + AHEAD, now=now
        ),
    }


def _worst(rated: Record) -> str | None:
    return rated["projects"][0]["worst"] if rated["projects"] else None


def _way(project: Record, workflow: Record) -> list[Record]:
    """The stages in order; one that stands beside the way shows where the project left it."""
    stages: Sequence[str] = workflow["stages"]
    here = project["held_from"] or project["stage"]
    at = stages.index(here) if here in stages else None
    out = {each["from"]: each for each in workflow["gates"] if each["from"] != each["to"]}
    return [
        {
            "stage": stage,
            "is_now": at == number,
            "passed": at is not None and number < at,
            "gate": out[stage]["title"] if stage in out else None,
        }
        for number, stage in enumerate(stages)
    ]


def next_gate(head: Record, overview: Record) -> Record:
    """The gate that is next, by when, and its submission where it is open; None where none is ahead."""
    for each in overview["submissions"]:
        return {"title": each["title"], "on": each["decide_by"], "submission": each["id"]}
    dated: dict[str, date] = {
        each["id"]: each["on"]
        for each in overview["due"]["items"]
        if each["what"] == next_due.VALUE_CHECK
    }
    titles = {each["id"]: each["title"] for each in head["workflow"]["gates"]}
    ahead = dict.fromkeys(
        each["gate"] for each in head["project"]["legal"] if each["gate"] is not None
    )
    for gate in sorted(ahead, key=lambda each: (each not in dated, dated.get(each))):
        return {"title": titles.get(gate, gate), "on": dated.get(gate), "submission": None}
    return {"title": None, "on": None, "submission": None}
