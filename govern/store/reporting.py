"""The KPIs that report, and what has been planned and reported of them by period."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, or_, select

from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.review import OWED
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.store.paging import Page, PageRequest, page_of
from govern.store.query import AnySelect, in_parts
from govern.store.reviews import newest_signed
from govern.store.tables import kpi, planned_value, project, reading, review, review_kpi
from govern.store.visibility import visible_to

_NEWEST = newest_signed().subquery()
_KEPT = (
    select(review_kpi.c.kpi_id, review_kpi.c.owner, review_kpi.c.until)
    .join(review, review.c.id == review_kpi.c.review_id)
    .join(
        _NEWEST,
        and_(_NEWEST.c.project_id == review.c.project_id, _NEWEST.c.number == review.c.number),
    )
    .where(review_kpi.c.follow_up.in_(sorted(OWED)))
    .subquery()
)
"""The KPIs whose figures the review that was signed last keeps, by whom and until when."""

_OWNER: ColumnElement[Any] = func.coalesce(_KEPT.c.owner, kpi.c.owner)

_FIELDS = (
    kpi.c.id.label("kpi"),
    kpi.c.name,
    kpi.c.unit,
    kpi.c.project_id.label("project"),
    project.c.name.label("project_name"),
    project.c.portfolio_id.label("portfolio"),
    project.c.starts_on.label("start"),
    project.c.workflow_digest,
    _OWNER.label("owner"),
    kpi.c.department,
    kpi.c.source,
    kpi.c.cadence,
    kpi.c.reporting_lag_days,
    kpi.c.calendar,
)

SORTABLE = {"kpi": kpi.c.id, "project": kpi.c.project_id, "owner": _OWNER}


def _reporting(stages: Collection[tuple[str, str]]) -> AnySelect:
    """KPIs whose figures somebody reports: of projects in one of these (workflow digest, stage), and
    those that a review keeps of projects that have ended otherwise than by a kill; these `until` a day.
    """
    standing = or_(
        false(),
        *(
            and_(project.c.workflow_digest == digest, project.c.stage == stage)
            for digest, stage in sorted(stages)
        ),
    )
    kept = and_(_KEPT.c.kpi_id.is_not(None), project.c.stage.not_in((ON_HOLD, TERMINATED)))
    return (
        select(*_FIELDS, case((standing, None), else_=_KEPT.c.until).label("until"))
        .join(project, project.c.id == kpi.c.project_id)
        .outerjoin(_KEPT, _KEPT.c.kpi_id == kpi.c.id)
        .where(kpi.c.formula.is_(None), or_(standing, kept))
    )


def page(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    stages: Collection[tuple[str, str]],
    *,
    project_id: str | None = None,
    owner: str | None = None,
) -> Page:
    """The KPIs that a person may see and that report, page by page."""
    query = _reporting(stages).where(visible_to(actor))
    if project_id is not None:
        query = query.where(kpi.c.project_id == project_id)
    if owner is not None:
        query = query.where(_OWNER.in_((owner,)))
    return page_of(connection, query, request, SORTABLE, kpi.c.id, "kpi")


def of_projects(
    connection: Connection,
    stages: Collection[tuple[str, str]],
    project_ids: Collection[str] | None = None,
) -> list[Record]:
    """The KPIs that report, of these projects or of all, by project and id."""
    query = _reporting(stages).order_by(kpi.c.project_id, kpi.c.id)
    if project_ids is not None:
        query = query.where(kpi.c.project_id.in_(sorted(project_ids)))
    return [dict(row) for row in connection.execute(query).mappings()]


def first_periods(connection: Connection, kpi_ids: Collection[str]) -> dict[str, date]:
    """KPI → the first period that was planned or reported; none where nothing was."""
    found: dict[str, date] = {}
    for table in (planned_value, reading):
        for part in in_parts(kpi_ids):
            query = (
                select(table.c.kpi_id, func.min(table.c.period))
                .where(table.c.kpi_id.in_(part))
                .group_by(table.c.kpi_id)
            )
            for kpi_id, period in connection.execute(query):
                found[kpi_id] = min(period, found.get(kpi_id, period))
    return found


def reported_periods(connection: Connection, kpi_ids: Collection[str]) -> dict[str, set[date]]:
    """KPI → the periods whose reading in force has a figure."""
    found: dict[str, set[date]] = {each: set() for each in kpi_ids}
    for part in in_parts(kpi_ids):
        newest = (
            select(func.max(reading.c.id))
            .where(reading.c.kpi_id.in_(part))
            .group_by(reading.c.kpi_id, reading.c.period)
            .scalar_subquery()
        )
        query = select(reading.c.kpi_id, reading.c.period).where(
            reading.c.id.in_(newest), reading.c.actual.is_not(None)
        )
        for kpi_id, period in connection.execute(query):
            found[kpi_id].add(period)
    return found


def first_figures(connection: Connection, kpi_id: str) -> dict[date, tuple[date | None, datetime]]:
    """Period → the day that its first figure says it was reported on, and when it was recorded."""
    query = (
        select(reading.c.period, reading.c.reported_on, reading.c.recorded_at)
        .where(reading.c.kpi_id == kpi_id, reading.c.actual.is_not(None))
        .order_by(reading.c.id)
    )
    first: dict[date, tuple[date | None, datetime]] = {}
    for period, reported_on, recorded_at in connection.execute(query):
        first.setdefault(period, (reported_on, recorded_at))
    return first


def one(connection: Connection, kpi_id: str) -> dict[str, Any] | None:
    """A KPI in the fields of this module, whether or not it reports now."""
    query = (
        select(*_FIELDS, kpi.c.formula, project.c.stage)
        .join(project, project.c.id == kpi.c.project_id)
        .outerjoin(_KEPT, _KEPT.c.kpi_id == kpi.c.id)
        .where(kpi.c.id == kpi_id)
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None
