"""The benefits map of a project, of some or of all, as it is stored."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, select

from govern.domain.benefits.map import BenefitsMap, Key, Kind, Link, Node, benefits_map
from govern.domain.benefits.paths import contributions
from govern.domain.project import DeliverableState
from govern.store.query import AnySelect, in_parts, within
from govern.store.tables import (
    deliverable,
    deliverable_kpi,
    deliverable_outcome,
    kpi,
    kpi_objective,
    objective,
    outcome,
    outcome_link,
)


def load_map(connection: Connection, project_ids: Collection[str] | None = None) -> BenefitsMap:
    """The map of these projects, of all where `None`. Of one, or some, it holds the objectives that
    their KPIs support; of all it holds every objective."""
    nodes: list[Node] = []
    links: list[Link] = []
    # A statement takes a bounded number of parameters.
    for part in [None] if project_ids is None else in_parts(project_ids):
        nodes += _nodes(connection, part)
        links += _links(connection, part)
    wanted = None
    if project_ids is not None:
        wanted = {link.target.id for link in links if link.target.kind is Kind.OBJECTIVE}
    nodes += _objectives(connection, wanted)
    return benefits_map(nodes, links)


def brought_through(
    connection: Connection, project_ids: Collection[str] | None
) -> Mapping[str, Mapping[str, Decimal | None]]:
    """Deliverable → KPI → the share that it brings directly and through outcomes together, for every
    deliverable that produces an outcome. Reads nothing more where none does."""
    query: AnySelect = select(deliverable.c.project_id).join(
        deliverable_outcome, deliverable_outcome.c.deliverable_id == deliverable.c.id
    )
    if project_ids is not None:
        query = query.where(within(connection, deliverable.c.project_id, project_ids))
    owners = set(connection.scalars(query.distinct()))
    if not owners:
        return {}
    drawn = load_map(connection, owners)
    brought = contributions(drawn)
    through = {
        link.source.id
        for link in drawn.links
        if link.source.kind is Kind.DELIVERABLE and link.target.kind is Kind.OUTCOME
    }
    return {each: brought[each] for each in through}


def _of(column: ColumnElement[str], part: list[str] | None) -> list[ColumnElement[bool]]:
    return [] if part is None else [column.in_(part)]


def _nodes(connection: Connection, part: list[str] | None) -> list[Node]:
    found: list[Node] = []
    made = deliverable.c
    for row in connection.execute(
        select(made.id, made.project_id, made.name, made.owner, made.state).where(
            *_of(made.project_id, part)
        )
    ):
        key = Key(Kind.DELIVERABLE, row.id)
        dropped = row.state == DeliverableState.DROPPED
        found.append(Node(key, row.name, row.project_id, row.owner, dropped=dropped))
    brought = outcome.c
    for row in connection.execute(
        select(brought.id, brought.project_id, brought.name, brought.owner).where(
            *_of(brought.project_id, part)
        )
    ):
        found.append(Node(Key(Kind.OUTCOME, row.id), row.name, row.project_id, row.owner))
    for row in connection.execute(select(kpi).where(*_of(kpi.c.project_id, part))):
        read: dict[str, str] = row.inputs if row.formula else {}
        found.append(
            Node(
                Key(Kind.KPI, row.id),
                row.name,
                row.project_id,
                row.owner,
                weight=row.weight,
                disbenefit=row.disbenefit,
                part_of=row.part_of,
                inputs=tuple(sorted(set(read.values()))),
            )
        )
    return found


def _links(connection: Connection, part: list[str] | None) -> list[Link]:
    found: list[Link] = []
    for table, kind, other, target in (
        (deliverable_kpi, Kind.DELIVERABLE, "kpi_id", Kind.KPI),
        (deliverable_outcome, Kind.DELIVERABLE, "outcome_id", Kind.OUTCOME),
        (kpi_objective, Kind.KPI, "objective_id", Kind.OBJECTIVE),
    ):
        parent = deliverable if kind is Kind.DELIVERABLE else kpi
        source = table.c[f"{kind.value}_id"]
        query = (
            select(source, table.c[other], table.c.contribution)
            .join(parent, parent.c.id == source)
            .where(*_of(parent.c.project_id, part))
        )
        found += [
            Link(Key(kind, row[0]), Key(target, row[1]), row[2])
            for row in connection.execute(query)
        ]
    onward = outcome_link.c
    query = (
        select(onward.outcome_id, onward.target_kind, onward.target_id, onward.contribution)
        .join(outcome, outcome.c.id == onward.outcome_id)
        .where(*_of(outcome.c.project_id, part))
    )
    found += [
        Link(Key(Kind.OUTCOME, row[0]), Key(Kind(row[1]), row[2]), row[3])
        for row in connection.execute(query)
    ]
    return found


def _objectives(connection: Connection, wanted: set[str] | None) -> list[Node]:
    found: list[Node] = []
    for part in [None] if wanted is None else in_parts(wanted):
        query = select(objective.c.id, objective.c.name, objective.c.owner)
        for row in connection.execute(query.where(*_of(objective.c.id, part))):
            found.append(Node(Key(Kind.OBJECTIVE, row.id), row.name, owner=row.owner))
    return found
