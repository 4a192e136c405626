"""The portfolio at a glance: projects by stage, gates waiting, recommendations waiting."""

from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.services import gates, scope_waiting, waiver_list
from govern.services.runtime import Runtime
from govern.services.separation import list_pairs
from govern.store import projects, recommendations, submissions

_URGENCY = {"red": 0, "amber": 1, "green": 2}


def portfolio_status(runtime: Runtime, actor: Actor, *, now: datetime) -> Record:
    """`stages` (stage → projects, in the order a project passes them), `gates` and `scope_changes` that
    wait for a decision, `recommendations`,
    every one of the `waivers`, those that ended too, and the duties that are `not_separated`."""
    with runtime.store.reading() as connection:
        counted = projects.count_by_stage(connection, actor)
        waiting: list[Record] = []
        order: list[str] = []
        for digest in projects.workflow_digests(connection, actor):
            for stage in runtime.catalog.process(connection, digest).workflow.stages:
                if stage not in order:
                    order.append(stage)
        for found in submissions.all_open(connection, actor):
            project = projects.find(connection, found["project"])
            if project is None:
                continue
            seen = gates.view(runtime, connection, found, project, now)
            waiting.append(
                {
                    "submission": seen["id"],
                    "project": seen["project"],
                    "project_name": project["name"],
                    "gate": seen["gate"],
                    "iteration": seen["iteration"],
                    "advice": seen["advice"],
                    "missing": seen["missing"],
                    "decide_by": seen["decide_by"],
                }
            )
        to_rescope = scope_waiting.in_all(runtime, connection, actor, now)
        to_answer = recommendations.all_open(connection, actor)
        waived = waiver_list.all_visible(connection, actor, now.date())
    to_answer.sort(
        key=lambda each: (_URGENCY.get(each["severity"], 3), each["project"], each["id"])
    )
    stages = {stage: counted.pop(stage) for stage in order if stage in counted}
    return {
        "stages": {**stages, **counted},
        "gates": waiting,
        "scope_changes": to_rescope,
        "recommendations": to_answer,
        "waivers": waived,
        "not_separated": [each for each in list_pairs(runtime) if each["separated"] is False],
    }
