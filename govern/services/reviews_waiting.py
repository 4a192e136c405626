"""Reviews that wait for a person's signature."""

from datetime import datetime

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.review import ReviewState
from govern.services import review_view
from govern.services.runtime import Runtime
from govern.store import projects, reviews
from govern.store.paging import LARGEST_PAGE, PageRequest


def reviews_to_sign(runtime: Runtime, actor: Actor, *, now: datetime) -> list[Record]:
    """Open reviews that lack nothing but a signature that the actor may give: in a role that the workflow
    names, and not of what they opened or wrote themselves."""
    waits: list[Record] = []
    with runtime.store.reading() as connection:
        listed = reviews.page(
            connection, actor, PageRequest(limit=LARGEST_PAGE), state=ReviewState.OPEN.value
        ).items
        for found in listed:
            project = projects.find(connection, found["project"])
            if project is None:
                continue
            asked = runtime.catalog.process(connection, project["workflow_digest"]).workflow.reviews
            held = actor.roles_on(project["portfolio"], project["id"])
            if asked is None or held.isdisjoint(asked.sign):
                continue
            if actor.person_id in review_view.writers(connection, found):
                continue
            told = review_view.view(runtime, connection, found, project, now)
            if not told["missing"]:
                waits.append(
                    {
                        "review": found["id"],
                        "project": project["id"],
                        "project_name": project["name"],
                        "due_on": found["due_on"],
                        "overdue": told["overdue"],
                    }
                )
    return waits
