"""The value that is lost with what a scope change cuts: no cut is proposed without it.

As `adjustments` reckons it: a deliverable takes its share of each KPI with it, of what was promised and
of what is forecast to be gained, of a sum of what is still to come; a share that is not agreed makes the
loss unknown, and says so. A hold shows the worst, that what is not begun is never begun; a deliverable
that is to bring a smaller share loses the difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.adjustments.effect import Effect, scaled
from govern.adjustments.standing import Standing, Work
from govern.domain.benefits.map import BenefitsMap, Key, Kind, Link, benefits_map
from govern.domain.benefits.paths import DIGITS, Brought, contributions
from govern.domain.plain import plain
from govern.domain.project import DeliverableState
from govern.domain.record import Record
from govern.services.project_standing import standing_of
from govern.store.benefits import load_map

CUTTING = ("drop_deliverable", "terminate", "hold")
"""The kinds of change with which deliverables are given up, or may be."""

_LINKS = {"serves": Kind.KPI, "produces": Kind.OUTCOME}

_ALL = Decimal(-1)


def may_cut(change: Mapping[str, Any]) -> bool:
    """Whether something may be lost with a change as it is kept."""
    return change["kind"] in CUTTING or (
        change["kind"] == "deliverable" and not _LINKS.keys().isdisjoint(change["fields"])
    )


def lost(
    connection: Connection, project: Record, changes: Sequence[Mapping[str, Any]], now: datetime
) -> list[list[dict[str, Any]]]:
    """For each change what is lost with it, one entry for each deliverable and KPI that it reaches, as
    plain data. The project stands as it did before the changes."""
    if not any(may_cut(each) for each in changes):
        return [[] for _ in changes]
    standing = standing_of(connection, project, None, {}, now)
    left = _Left(standing, load_map(connection, [project["id"]]))
    return [left.without(each) if may_cut(each) else [] for each in changes]


class _Left:
    """What is still to be made, and what it brings, after each change in turn."""

    def __init__(self, standing: Standing, drawn: BenefitsMap) -> None:
        self.standing = standing
        self.drawn = drawn
        self.open_works = {each.id: each for each in standing.open_works}

    def without(self, change: Mapping[str, Any]) -> list[dict[str, Any]]:
        match change["kind"]:
            case "deliverable":
                return self._brings_less(change)
            case "hold":
                cut = [each for each in self.open_works.values() if not each.is_begun]
            case "terminate":
                cut, self.open_works = list(self.open_works.values()), {}
            case _:
                dropped = self.open_works.pop(change["deliverable"], None)
                cut = [] if dropped is None else [dropped]
        return [each for work in cut for each in _with(self.standing, work)]

    def _brings_less(self, change: Mapping[str, Any]) -> list[dict[str, Any]]:
        work = self.standing.by_id.get(change["deliverable"])
        if work is None or not self._is_made(work):
            return []
        before = self.standing.brings(work.id)
        self.drawn = _relinked(self.drawn, work.id, change["fields"])
        self.standing = replace(self.standing, shares=contributions(self.drawn))
        fewer = _fewer(before, self.standing.brings(work.id))
        return _with(replace(self.standing, shares={work.id: fewer}), work) if fewer else []

    def _is_made(self, work: Work) -> bool:
        return work.id in self.open_works or work.state is DeliverableState.DONE


def _relinked(drawn: BenefitsMap, work: str, fields: Mapping[str, Any]) -> BenefitsMap:
    """The map with other links from a deliverable, where the fields name them."""
    source = Key(Kind.DELIVERABLE, work)
    links = list(drawn.links)
    for field, kind in _LINKS.items():
        if field in fields:
            links = [each for each in links if (each.source, each.target.kind) != (source, kind)]
            links += [
                Link(source, Key(kind, target), None if share is None else Decimal(share))
                for target, share in fields[field].items()
            ]
    return benefits_map(drawn.nodes, links)


def _fewer(before: Brought, after: Brought) -> dict[str, Decimal | None]:
    """By how much less of each KPI is brought; `None` where that is not agreed any more."""
    found: dict[str, Decimal | None] = {}
    for kpi, share in before.items():
        left = after.get(kpi, Decimal(0))
        if share is None and left is None:
            continue
        if share is None or left is None:
            found[kpi] = None
        elif left < share:
            found[kpi] = DIGITS.subtract(share, left)
    return found


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
