"""Sweeps and what they found.

A sweep writes the findings of a project only where they are others than those that stand. So a finding is
of every sweep from the one that wrote it up to the one that ended it.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from govern.domain.actor import Actor
from govern.domain.finding import FindingState
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import in_parts
from govern.store.tables import finding, project, sweep
from govern.store.visibility import visible_to

_FIELDS = (
    finding.c.id,
    finding.c.rule_id.label("rule"),
    finding.c.project_id.label("project"),
    finding.c.kpi_id.label("kpi"),
    finding.c.period,
    finding.c.as_of,
    finding.c.state,
    finding.c.streak,
    finding.c.severity,
    finding.c.message,
    finding.c.observed,
    finding.c.rulebook_digest,
    finding.c.facts_digest,
    finding.c.snoozed,
    finding.c.sweep_id.label("sweep"),
)

SORTABLE = {
    "id": finding.c.id,
    "project": finding.c.project_id,
    "rule": finding.c.rule_id,
    "state": finding.c.state,
    "severity": finding.c.severity,
}


def latest_sweep(connection: Connection, as_of: date | None = None) -> Record | None:
    """The sweep that ran last, of all or for a date."""
    query = select(sweep).order_by(sweep.c.id.desc()).limit(1)
    if as_of is not None:
        query = query.where(sweep.c.as_of == as_of)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def newest_as_of(connection: Connection) -> date | None:
    """The latest date that any sweep judged."""
    return connection.execute(select(func.max(sweep.c.as_of))).scalar_one()


def current_sweep_id(connection: Connection) -> int | None:
    """The sweep that stands for today: the last to run for the latest date judged."""
    newest = newest_as_of(connection)
    if newest is None:
        return None
    return connection.execute(
        select(func.max(sweep.c.id)).where(sweep.c.as_of == newest)
    ).scalar_one()


def begin_sweep(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    """Adds a sweep whose findings are about to be written; `finish_sweep` says what it came to."""
    nothing: dict[str, Any] = {"facts_digest": "", "outcome_digest": "", "counts": {}}
    return connection.execute(
        insert(sweep).values(**nothing, **values, recorded_at=at).returning(sweep.c.id)
    ).scalar_one()


def finish_sweep(connection: Connection, sweep_id: int, values: dict[str, Any]) -> None:
    connection.execute(update(sweep).where(sweep.c.id == sweep_id).values(**values))


def add(connection: Connection, rows: Iterable[dict[str, Any]]) -> list[int]:
    """Adds findings; returns their ids in order."""
    found = list(rows)
    if not found:
        return []
    added = insert(finding).returning(finding.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(added, found))


def end(connection: Connection, project_ids: Collection[str], sweep_id: int) -> None:
    """What stands of these projects stands no longer: a sweep found otherwise."""
    stands = finding.c.ended_by.is_(None)
    for part in in_parts(project_ids):
        of_projects = finding.c.project_id.in_(part)
        connection.execute(update(finding).where(of_projects, stands).values(ended_by=sweep_id))


def of_sweep(
    connection: Connection, sweep_id: int, project_ids: Collection[str]
) -> dict[str, list[Record]]:
    """Project → the rows of its findings that are of a sweep, in the order in which they were written."""
    found: dict[str, list[Record]] = {}
    for part in in_parts(project_ids):
        query = select(finding).where(finding.c.project_id.in_(part), _is_of(connection, sweep_id))
        rows = connection.execute(query.order_by(finding.c.id))
        names = tuple(rows.keys())
        for row in rows:
            told = dict(zip(names, row, strict=True))
            found.setdefault(told["project_id"], []).append(told)
    return found


def _is_of(connection: Connection, sweep_id: int) -> ColumnElement[bool]:
    """Whether a finding is of a sweep. One as of a date before one that was swept already has its own
    alone."""
    own, before = finding.c.sweep_id == sweep_id, finding.c.sweep_id < sweep_id
    as_of = select(sweep.c.as_of).where(sweep.c.id == sweep_id).scalar_subquery()
    later = select(sweep.c.id).where(sweep.c.id < sweep_id, sweep.c.as_of > as_of).limit(1)
    if connection.execute(later).first() is not None:
        return own
    # Three terms that have an index each.
    stands, stood = finding.c.ended_by.is_(None), finding.c.ended_by > sweep_id
    return or_(own, and_(stands, before), and_(stood, before))


def page(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    sweep_id: int,
    project_id: str | None = None,
    kpi_id: str | None = None,
    rule: str | None = None,
    state: str | None = None,
    severity: str | None = None,
) -> Page:
    """The findings of one sweep. Silent ones are counted in the sweep, not kept."""
    query = (
        select(*_FIELDS)
        .join(project, project.c.id == finding.c.project_id)
        .where(visible_to(actor), _is_of(connection, sweep_id))
    )
    wanted = {
        finding.c.project_id: project_id,
        finding.c.kpi_id: kpi_id,
        finding.c.rule_id: rule,
        finding.c.state: state,
        finding.c.severity: severity,
    }
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    return page_of(connection, query, request, SORTABLE, finding.c.id, "id")


def firing_of(connection: Connection, actor: Actor) -> list[Record]:
    """Of each rule that ever fired on what the actor may see: `rule`, the `last` period that it fired in,
    and of how many it fires in the sweep that stands for today (`now`)."""
    current = current_sweep_id(connection)
    is_current = false() if current is None else _is_of(connection, current)
    now = case((is_current, 1), else_=0)
    query = (
        select(
            finding.c.rule_id.label("rule"),
            func.max(finding.c.period).label("last"),
            func.sum(now).label("now"),
        )
        .join(project, project.c.id == finding.c.project_id)
        .where(finding.c.state == FindingState.FIRES.value, visible_to(actor))
        .group_by(finding.c.rule_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
