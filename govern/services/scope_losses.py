"""The value that is lost with what a scope change drops: no cut is proposed without it.

As `adjustments` reckons it: a deliverable takes its share of each KPI with it, of what was promised and
of what is forecast to be gained, of a sum of what is still to come; a share that is not agreed makes the
loss unknown, and says so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.adjustments.effect import Effect, scaled
from govern.adjustments.standing import Standing, Work
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.services.project_standing import standing_of

DROPPING = ("drop_deliverable", "terminate")
"""The kinds of change with which deliverables are given up."""

_ALL = Decimal(-1)


def lost(
    connection: Connection, project: Record, changes: Sequence[Mapping[str, Any]], now: datetime
) -> list[list[dict[str, Any]]]:
    """For each change what is lost with it, one entry for each deliverable and KPI that it reaches, as
    plain data. The project stands as it did before the changes."""
    if not any(each["kind"] in DROPPING for each in changes):
        return [[] for _ in changes]
    standing = standing_of(connection, project, None, {}, now)
    open_works = {each.id: each for each in standing.open_works}
    told: list[list[dict[str, Any]]] = []
    for change in changes:
        if change["kind"] == "terminate":
            dropped, open_works = open_works, {}
        elif change["kind"] == "drop_deliverable" and change["deliverable"] in open_works:
            dropped = {change["deliverable"]: open_works.pop(change["deliverable"])}
        else:
            dropped = {}
        told.append([each for work in dropped.values() for each in _with(standing, work)])
    return told


def _with(standing: Standing, work: Work) -> list[dict[str, Any]]:
    reached = standing.brings(work.id)
    return [
        _told(work, each, reached.get(each.benefit.id))
        for each in scaled(standing, [work], _ALL)
        if each.benefit.id in reached or each.follows
    ]


def _told(work: Work, effect: Effect, share: Decimal | None) -> dict[str, Any]:
    benefit = effect.benefit
    found: dict[str, Any] = {
        "deliverable": work.id,
        "kpi": benefit.id,
        "name": benefit.name,
        "unit": benefit.unit,
        "share": share,
        "promised": benefit.better_by(effect.left, benefit.forecast.promised),
        "forecast": benefit.better_by(effect.value, effect.without),
        "why": effect.why or effect.left_why,
    }
    return plain(found)
