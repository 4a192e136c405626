"""A recommendation with all that somebody needs to answer it, and what they may do about it."""

from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.recommendation import ANSWERS, CHANGES_THE_PLAN, Action, RecommendationStatus
from govern.domain.record import Record
from govern.domain.role import ALLOWED, Permission, Role
from govern.services import gate_kpis
from govern.services.access import recommendation_for
from govern.services.recommendations import views
from govern.services.runtime import Runtime
from govern.store import people, submissions


def recommendation_page(
    runtime: Runtime, actor: Actor, recommendation_id: int, *, now: datetime
) -> Record:
    """`recommendation` as it is read, its `project`, the `kpi` it is about (None for the project as a
    whole), the open `submission` of the project if there is one, and `me`: which answers the actor may
    give, whether they may raise a scope change or report that it is done. Raises NotFound."""
    with runtime.store.reading() as connection:
        found, project = recommendation_for(connection, actor, recommendation_id)
        told = views(runtime, connection, [found], now)[0]
        by = {each for each in (found["answered_by"], found["implemented_by"]) if each}
        named = people.names(connection, by)
        listed = gate_kpis.kpis(connection, project, now.date()) if found["kpi"] else []
        held = actor.roles_on(project["portfolio"], project["id"])
        decider = Role(found["decided_by_role"])
        manages = not held.isdisjoint(ALLOWED[Permission.EDIT_PROJECT])
        accepted = found["status"] == RecommendationStatus.ACCEPTED and not found["scope_change"]
        status = RecommendationStatus(found["status"])
        answers = ANSWERS.get(status, frozenset[RecommendationStatus]())
        chosen = found["alternative"]["name"] if found["alternative"] else found["action"]
        return {
            "recommendation": {
                **told,
                "answered_by_name": named.get(found["answered_by"]),
                "implemented_by_name": named.get(found["implemented_by"]),
            },
            "project": project,
            "kpi": next((each for each in listed if each["id"] == found["kpi"]), None),
            "submission": submissions.open_one(connection, project["id"]),
            "chosen": chosen,
            "me": {
                "answers": sorted(each.value for each in answers) if decider in held else [],
                "may_raise": accepted and manages and Action(chosen) in CHANGES_THE_PLAN,
                "may_report": accepted and (manages or decider in held),
            },
        }
