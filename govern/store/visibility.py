"""Which projects a person may see, as a condition on the project table."""

from sqlalchemy import ColumnElement, false, or_, true

from govern.domain.actor import Actor
from govern.store.tables import project


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Every project for a role on the installation; else those of the actor's portfolios and projects."""
    if actor.everywhere:
        return true()
    seen: list[ColumnElement[bool]] = []
    if actor.portfolios:
        seen.append(project.c.portfolio_id.in_(sorted(actor.portfolios)))
    if actor.projects:
        seen.append(project.c.id.in_(sorted(actor.projects)))
    return or_(*seen) if seen else false()
