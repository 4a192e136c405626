"""The dossier of a project: what was promised, what came, what it cost, and what was decided on the way.

A read at any time. A review freezes it with its signature. What is not known is unknown in it, with a
`why` where there is one.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.measures import CONTEXT
from govern.domain.plain import plain
from govern.domain.project import DeliverableState
from govern.domain.recommendation import RecommendationStatus
from govern.domain.record import Record
from govern.process.definition import Workflow
from govern.services import gate_record
from govern.services.access import project_for
from govern.services.courses import day_of
from govern.services.dossier_values import Values, values_of
from govern.services.effects import effects_of
from govern.services.plan_content import Plan
from govern.services.rollup import check_currency
from govern.services.runtime import Runtime
from govern.store import conditions, deliverables, projects, recommendations, scope_changes

_VOTE = ("roles", "decision", "reason", "override_reason", "recorded_at")
_DECISION = (
    *("submission", "iteration", "state", "advice", "advice_because", "decision", "became"),
    *("decided_at", "override"),
)
_CONDITION = ("text", "owner", "due", "state", "closed_at")
_RECOMMENDATION = (
    *("id", "rule", "kpi", "action", "severity", "status", "reason", "answered_at"),
    *("scope_change", "implemented_at", "implemented_note", "closed_at"),
)
_SCOPE_CHANGE = ("id", "title", "reason", "state", "decided_at", "baseline_number")


def dossier(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    *,
    currency: str | None = None,
    at: date | None = None,
    now: datetime,
) -> Record:
    """What came of a project, by its figures to a day, as plain data: numbers, days and moments are text.

    `value` (`kpis`, `money`, `rates`), `cost`, `timeline`, `gates`, `recommendations`, `scope_changes`,
    `effects`. With `currency` money is in it, else in the currency of each KPI. Raises NotFound,
    InvalidInput.
    """
    check_currency(currency)
    with runtime.store.reading() as connection:
        project = project_for(connection, actor, project_id)
        return dossier_of(runtime, connection, project, day_of(at, now), currency, now)


def dossier_of(
    runtime: Runtime,
    connection: Connection,
    project: Record,
    day: date,
    currency: str | None,
    now: datetime,
) -> Record:
    """As `dossier`, of a project that the caller has read."""
    workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
    values = values_of(connection, project, day, currency)
    delivered = deliverables.of_project(connection, project["id"])
    told: dict[str, Any] = {
        "project": project["id"],
        "name": project["name"],
        "objective": project["objective"],
        "stage": project["stage"],
        "at": day,
        "currency": currency,
        "value": {
            "baselines": [
                {
                    "number": each["number"],
                    "recorded_at": each["recorded_at"],
                    "scope_change": each["scope_change"],
                }
                for each in values.versions
            ],
            "kpis": values.kpis,
            "money": values.money,
            "rates": values.rates,
        },
        "cost": _cost(project, values, delivered),
        "timeline": _timeline(connection, project, workflow, values, delivered, day),
        "gates": _gates(connection, project, workflow, now),
        "recommendations": [
            {name: each[name] for name in _RECOMMENDATION}
            for each in recommendations.of_project(
                connection, project["id"], tuple(RecommendationStatus)
            )
        ],
        "scope_changes": [
            {
                **{name: each[name] for name in _SCOPE_CHANGE},
                "effects": _effects(effects_of(connection, scope_change=each["id"])),
            }
            for each in scope_changes.of_project(connection, project["id"])
        ],
        "effects": _effects(
            each
            for each in effects_of(connection, project=project["id"])
            if each["scope_change"] is None
        ),
    }
    return plain(told)


def rolled_out(
    connection: Connection, project_id: str, workflow: Workflow
) -> tuple[bool, date | None]:
    """Whether a project has entered the stage that its workflow counts reviews from, and the first day
    that it did; unknown where nobody said, as of one that was brought in when it was further on."""
    if workflow.reviews is None:
        return False, None
    stage = workflow.reviews.since
    further = workflow.stages[workflow.stages.index(stage) :]
    moves = projects.moves_of(connection, project_id)
    days = [each["since"] for each in moves if each["to_stage"] == stage]
    return any(each["to_stage"] in further for each in moves), days[0] if days else None


def _cost(project: Record, values: Values, delivered: Sequence[Record]) -> Record:
    dropped = [each for each in delivered if each["state"] == DeliverableState.DROPPED]
    costs = [each["cost"] for each in dropped]
    terms = None if values.first is None else values.first.project
    total: Decimal | None = Decimal(0)
    for each in costs:
        total = None if total is None or each is None else CONTEXT.add(total, each)
    return {
        "budget_first": None if terms is None else terms.get("budget"),
        "budget": project["budget"],
        "spent": project["spent"],
        "dropped": total,
        "why": _why_no_first(values.first),
    }


def _why_no_first(first: Plan | None) -> str | None:
    if first is None:
        return "no gate has frozen a plan"
    return "the first plan was kept without the budget" if first.project is None else None


def _timeline(
    connection: Connection,
    project: Record,
    workflow: Workflow,
    values: Values,
    delivered: Sequence[Record],
    day: date,
) -> Record:
    moves = projects.moves_of(connection, project["id"])
    terms = None if values.first is None else values.first.project
    since = rolled_out(connection, project["id"], workflow)[1]
    ended = [each["since"] for each in moves if each["to_stage"] == workflow.final]
    return {
        "stages": [
            {name: each[name] for name in ("stage", "since", "until", "days")}
            for each in gate_record.visits_of(moves, day)
        ],
        "planned_end_first": None if terms is None else terms.get("end"),
        "planned_end": project["end"],
        "rolled_out_on": since,
        "ended_on": ended[-1] if ended and project["stage"] == workflow.final else None,
        "deliverables": [
            {
                "deliverable": each["id"],
                "name": each["name"],
                "state": each["state"],
                "due": each["due"],
                "done_on": each["done_on"],
                "cost": each["cost"],
                "days_late": _days_late(each, day),
            }
            for each in delivered
        ],
    }


def _days_late(deliverable: Record, day: date) -> int | None:
    """How late it was done, or is by now; negative where it was early. Unknown without a date, and of
    what was dropped."""
    state, due, done = (deliverable[name] for name in ("state", "due", "done_on"))
    if due is None or state == DeliverableState.DROPPED:
        return None
    if state == DeliverableState.DONE:
        return None if done is None else (done - due).days
    return max((day - due).days, 0)


def _gates(
    connection: Connection, project: Record, workflow: Workflow, now: datetime
) -> list[Record]:
    titles = {gate.id: gate.title for gate in workflow.gates}
    return [
        {
            "gate": gate,
            "title": titles.get(gate),
            "decisions": [_decision(connection, each) for each in tried],
        }
        for gate, tried in gate_record.iterations(connection, project["id"], now).items()
    ]


def _decision(connection: Connection, tried: Record) -> Record:
    owed = conditions.of_submission(connection, tried["submission"])
    return {
        **{name: tried[name] for name in _DECISION},
        "votes": [
            {"person_name": each["person"], **{name: each[name] for name in _VOTE}}
            for each in tried["votes"]
            if each["counts"]
        ],
        "conditions": [{name: each[name] for name in _CONDITION} for each in owed],
    }


def _effects(found: Any) -> list[Record]:
    names = (
        *("kpi", "name", "unit", "size", "by", "state", "counterfactual", "actual", "effect"),
        *("beyond_noise", "why", "recommendation"),
    )
    return [{name: each[name] for name in names} for each in found]
