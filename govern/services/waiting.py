"""What waits for a person: gates and scope changes to decide, criteria to score, recommendations,
conditions."""

from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.recommendation import CHANGES_THE_PLAN, Action
from govern.domain.record import Record
from govern.domain.role import ALLOWED, Permission, Role
from govern.services import deciders, gates, scope_waiting, scorecards
from govern.services.recommendations import views
from govern.services.runtime import Runtime
from govern.store import conditions, projects, recommendations, submissions
from govern.store.paging import LARGEST_PAGE, PageRequest

RAISE = "raise_scope_change"
REPORT = "report_implementation"


def waiting_for(runtime: Runtime, actor: Actor, *, now: datetime) -> Record:
    """`gates`, `scope_changes`, `scores`, `recommendations`, `to_do` and `conditions` on which this
    person can act now, most urgent first."""
    with runtime.store.reading() as connection:
        seen: dict[str, Record] = {}

        def roles(project_id: str) -> frozenset[Role]:
            project = seen.get(project_id)
            if project is None:
                project = projects.find(connection, project_id) or {"portfolio": None}
                seen[project_id] = project
            return actor.roles_on(project["portfolio"], project_id)

        to_decide: list[Record] = []
        to_score: list[Record] = []
        for found in submissions.all_open(connection, actor):
            process = runtime.catalog.process(connection, found["workflow_digest"])
            gate = gates.gate_of(process, found["gate"])
            cast = submissions.votes(connection, found["id"])
            roles(found["project"])
            to_score += [
                {
                    **_gate(found, seen[found["project"]], gate.title, now),
                    "criterion": criterion.id,
                    "criterion_title": criterion.title,
                    "as": sorted(role.value for role in in_roles),
                }
                for criterion, in_roles in scorecards.waiting(
                    connection, actor, found, seen[found["project"]], gate
                )
            ]
            able = deciders.can_help(
                connection, actor, found, seen[found["project"]], gate, cast, now
            )
            if not able:
                continue
            to_decide.append(
                {
                    **_gate(found, seen[found["project"]], gate.title, now),
                    "advice": found["advice"],
                    "as": sorted(role.value for role in able),
                }
            )
        to_rescope = scope_waiting.for_person(runtime, connection, actor, now)
        to_answer = views(
            runtime,
            connection,
            (
                each
                for each in recommendations.all_open(connection, actor)
                if Role(each["decided_by_role"]) in roles(each["project"])
                and (each["deferred_until"] is None or each["deferred_until"] <= now.date())
            ),
            now,
        )
        to_do = [
            {"what": _what(each), **each}
            for each in views(
                runtime,
                connection,
                (
                    each
                    for each in recommendations.to_do(connection, actor)
                    if not ALLOWED[Permission.EDIT_PROJECT].isdisjoint(roles(each["project"]))
                ),
                now,
            )
        ]
        owed = [
            each
            for each in conditions.page(
                connection, actor, PageRequest(limit=LARGEST_PAGE), state=conditions.OPEN
            ).items
            if each["owner"] == actor.name
        ]
    return {
        "gates": to_decide,
        "scope_changes": to_rescope,
        "scores": to_score,
        "recommendations": to_answer,
        "to_do": to_do,
        "conditions": owed,
    }


def _what(recommendation: Record) -> str:
    """What is to be done about an accepted recommendation, as it was accepted."""
    chosen = recommendation["alternative"]
    action = Action(chosen["name"] if chosen else recommendation["action"])
    return RAISE if action in CHANGES_THE_PLAN else REPORT


def _gate(found: Record, project: Record, title: str, now: datetime) -> Record:
    return {
        "submission": found["id"],
        "project": found["project"],
        "project_name": project["name"],
        "gate": found["gate"],
        "title": title,
        "iteration": found["iteration"],
        "decide_by": found["decide_by"],
        "overdue": found["decide_by"] is not None and found["decide_by"] < now.date(),
    }
