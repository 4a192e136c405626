"""Sweeps and the findings each one wrote."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, insert, select

from govern.domain.actor import Actor
from govern.domain.finding import FindingState
from govern.domain.record import Record
from govern.store.paging import Page, PageRequest, page_of
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


def add_sweep(connection: Connection, values: dict[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(sweep).values(**values, recorded_at=at).returning(sweep.c.id)
    ).scalar_one()


def add(connection: Connection, rows: Iterable[dict[str, Any]]) -> list[int]:
    """Adds findings; returns their ids in order."""
    found = list(rows)
    if not found:
        return []
    added = insert(finding).returning(finding.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(added, found))


def subjects_in(
    connection: Connection, sweep_id: int, states: Iterable[str]
) -> set[tuple[str, str, str | None]]:
    """(rule, project, KPI) of the findings of a sweep that are in one of the states."""
    return _subjects(
        connection, finding.c.sweep_id == sweep_id, finding.c.state.in_(sorted(states))
    )


def withheld_in(connection: Connection, sweep_id: int) -> set[tuple[str, str, str | None]]:
    """(rule, project, KPI) for which a sweep would have proposed something, but for a snooze."""
    return _subjects(connection, finding.c.sweep_id == sweep_id, finding.c.withheld.is_(True))


def _subjects(
    connection: Connection, *conditions: ColumnElement[bool]
) -> set[tuple[str, str, str | None]]:
    rows = connection.execute(
        select(finding.c.rule_id, finding.c.project_id, finding.c.kpi_id).where(*conditions)
    )
    return {(row.rule_id, row.project_id, row.kpi_id) for row in rows}


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
        .where(visible_to(actor), finding.c.sweep_id == sweep_id)
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
    now = case((finding.c.sweep_id == current, 1), else_=0)
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
