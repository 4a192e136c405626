"""What changes are expected to bring: one row each, changed under a version."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, insert, or_, select, update

from govern.domain.effect import MEASURED, VERDICTS, EffectState
from govern.domain.recommendation import RecommendationStatus
from govern.domain.record import Record
from govern.store.query import AnySelect
from govern.store.tables import expected_effect, kpi, reading, recommendation

_RENAMED = {
    "project_id": "project",
    "kpi_id": "kpi",
    "by_period": "by",
    "scope_change_id": "scope_change",
    "recommendation_id": "recommendation",
}

_FIELDS = tuple(
    column.label(_RENAMED.get(column.name, column.name)) for column in expected_effect.c
)


def add(connection: Connection, values: Mapping[str, Any], at: datetime) -> int:
    return connection.execute(
        insert(expected_effect)
        .values(**values, state=EffectState.NAMED.value, version=1, recorded_at=at)
        .returning(expected_effect.c.id)
    ).scalar_one()


def change(connection: Connection, effect_id: int, version: int, values: Mapping[str, Any]) -> None:
    connection.execute(
        update(expected_effect)
        .where(expected_effect.c.id == effect_id)
        .values(**values, version=version + 1)
    )


def of(
    connection: Connection,
    *,
    project: str | None = None,
    scope_change: int | None = None,
    recommendation: int | None = None,
    states: Collection[EffectState] | None = None,
) -> list[Record]:
    """Those of all that is given, in the order in which they were named."""
    query: AnySelect = select(*_FIELDS).order_by(expected_effect.c.id)
    wanted = {
        expected_effect.c.project_id: project,
        expected_effect.c.scope_change_id: scope_change,
        expected_effect.c.recommendation_id: recommendation,
    }
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    if states is not None:
        query = query.where(expected_effect.c.state.in_(sorted(states)))
    return [dict(row) for row in connection.execute(query).mappings()]


def may_be_due(connection: Connection, today: date) -> list[str]:
    """The projects with an effect whose period has ended, or was measured before figures that came
    since. A composite KPI may read figures of any other."""
    columns = expected_effect.c
    own = and_(reading.c.kpi_id == columns.kpi_id, reading.c.period <= columns.by_period)
    newer = exists().where(
        reading.c.recorded_at >= columns.measured_at, or_(own, kpi.c.formula.is_not(None))
    )
    running = and_(columns.state == EffectState.RUNNING.value, columns.by_period <= today)
    again = and_(columns.state.in_(sorted(MEASURED)), newer)
    query = (
        select(columns.project_id)
        .join(kpi, kpi.c.id == columns.kpi_id)
        .where(or_(running, again))
        .distinct()
    )
    return sorted(connection.scalars(query))


def may_be_verified(connection: Connection) -> list[str]:
    """The projects where something recommended is done, and an effect of it was measured."""
    columns = expected_effect.c
    query = (
        select(recommendation.c.project_id)
        .join(
            expected_effect,
            or_(
                columns.recommendation_id == recommendation.c.id,
                columns.scope_change_id == recommendation.c.scope_change_id,
            ),
        )
        .where(
            recommendation.c.status == RecommendationStatus.IMPLEMENTED.value,
            columns.state.in_(sorted(VERDICTS)),
        )
        .distinct()
    )
    return sorted(connection.scalars(query))
