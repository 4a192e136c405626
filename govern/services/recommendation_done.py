"""What was accepted is done, and somebody reports it: without a scope change, or outside of govern."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import NotAllowed, RecommendationNotReady
from govern.domain.role import ALLOWED, Permission, Role
from govern.services.access import check_version, recommendation_for
from govern.services.effects import begin, name_effects
from govern.services.receipts import receipt
from govern.services.recommendation_ends import mark_implemented, refuse_unless_accepted
from govern.services.recommendations import get_recommendation
from govern.services.runtime import Runtime


def report_done(
    runtime: Runtime,
    actor: Actor,
    recommendation_id: int,
    *,
    note: str,
    link: str | None = None,
    effects: Sequence[Mapping[str, Any]] = (),
    version: int | None,
    now: datetime,
) -> Record:
    """For whoever may change the project, and whoever answers the recommendation. `effects` say what
    it is to bring: each `kpi`, `size` and `by`.

    Raises NotFound, NotAllowed, StaleVersion, InvalidInput for an effect, and RecommendationNotReady
    unless it is accepted, and where a scope change is to do it.
    """
    with runtime.store.writing() as connection:
        found, project = recommendation_for(connection, actor, recommendation_id, lock=True)
        may = ALLOWED[Permission.EDIT_PROJECT] | {Role(found["decided_by_role"])}
        held = actor.roles_on(project["portfolio"], project["id"])
        if may.isdisjoint(held):
            needed = sorted(role.value for role in may)
            raise NotAllowed(
                f"This takes one of the roles {', '.join(needed)} on project {project['id']}.",
                needed=needed,
                held=sorted(role.value for role in held),
            )
        refuse_unless_accepted(found)
        change = found["scope_change"]
        if change is not None:
            raise RecommendationNotReady(
                f"Scope change {change} is to do it: it is done when that is applied.",
                state=found["status"],
                scope_change=change,
            )
        check_version(found, version)
        if effects:
            name_effects(
                connection, actor, project, effects, recommendation=recommendation_id, now=now
            )
            begin(runtime, connection, actor, project, recommendation=recommendation_id, now=now)
        mark_implemented(connection, actor, recommendation_id, note=note, link=link, now=now)
        signed = receipt(runtime, connection, project["id"])
    told = get_recommendation(runtime, actor, recommendation_id, now=now)
    return {**told, "receipt": signed}
