"""The KPIs that a gate is decided on: how each stands, its figures beside its plan, and which criteria
read them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from govern.domain.measures import CONTEXT
from govern.domain.record import Record
from govern.domain.worth import attained, judged_periods
from govern.language.tree import Call, Member, Name, Node, children
from govern.process.definition import Criterion, Gate
from govern.services.courses import Course, courses

SHOWN = 18
"""So many periods are drawn."""

_FIGURES = frozenset(
    {
        *("actual", "previous_actual", "planned", "attainment", "progress", "variance", "rag"),
        *("staleness_days",),
    }
)
"""What a condition reads of a KPI that its readings or its plan say."""

_HISTORY = frozenset({"trend", "change", "previous", "forecast", "streak", "average", "volatility"})
_KPI = (
    *("id", "name", "unit", "direction", "baseline", "target", "target_on", "cumulative", "owner"),
    "disbenefit",
)


def kpis(connection: Connection, project: Record, day: date) -> list[Record]:
    """Every KPI of the project, in order of its id.

    `period` is the last one that is judged by that day, `actual` and `planned` are its values (of a
    cumulative KPI the sums to date), `attainment` is None with `why` where it is unknown; `reported` is
    the last period that anybody reported; `points` are the single periods to draw.
    """
    return [_told(each, day) for each in courses(connection, [project], day)]


def read_by(gate: Gate, results: Iterable[Record], kpi_ids: Sequence[str]) -> dict[str, list[str]]:
    """Criterion → the KPIs whose figures its condition reads: those that the values of its result name,
    else all of the project."""
    reading = {each.id for each in gate.criteria if reads_figures(each)}
    told: dict[str, list[str]] = {}
    for each in results:
        if each["id"] in reading:
            named = {name.partition(":")[0] for name in each["values"] if ":" in name}
            told[each["id"]] = [one for one in kpi_ids if one in named] or list(kpi_ids)
    return told


def reads_figures(criterion: Criterion) -> bool:
    if criterion.condition is None:
        return False
    return any(
        (isinstance(node, Name | Member) and node.name in _FIGURES)
        or (isinstance(node, Call) and node.name in _HISTORY)
        for node in _nodes(criterion.condition.expression.tree)
    )


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for each in children(node):
        yield from _nodes(each)


def _told(course: Course, day: date) -> Record:
    measured = course.measured
    periods = judged_periods(measured, day)
    found = attained(measured, day)
    days = sorted({*measured.planned, *measured.actual})
    return {
        **{name: course.kpi[name] for name in _KPI},
        "period": periods[-1],
        "actual": _sum(measured.actual, periods),
        "planned": _sum(measured.planned, periods),
        "attainment": found.value,
        "why": found.why,
        "reported": max(measured.actual, default=None),
        "points": [
            {
                "day": each,
                "planned": measured.planned.get(each),
                "actual": measured.actual.get(each),
            }
            for each in _shown(days, max(measured.actual, default=None))
        ],
    }


def _sum(values: Mapping[date, Decimal], periods: Sequence[date]) -> Decimal | None:
    """The sum over all the periods; None where one is not known."""
    total = Decimal(0)
    for each in periods:
        value = values.get(each)
        if value is None:
            return None
        total = CONTEXT.add(total, value)
    return total


def _shown(days: Sequence[date], reported: date | None) -> Sequence[date]:
    """As many as are drawn: from the beginning, or so that the last reported one stands at two thirds."""
    at = 0 if reported is None else days.index(reported)
    first = max(0, min(at - SHOWN * 2 // 3, len(days) - SHOWN))
    return days[first : first + SHOWN]
