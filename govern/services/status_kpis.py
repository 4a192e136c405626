"""What a project status report tells of the KPIs: how they stand, what they come to, their last figures."""

from collections.abc import Iterable
from datetime import date

from govern.domain.period import Cadence, last_completed, numbered_end, period_number
from govern.domain.record import Record
from govern.services.composing import list_computed
from govern.services.everything import everything
from govern.services.forecasts import forecasts
from govern.services.kpis import get_kpi
from govern.services.rating import rag_by_project
from govern.services.readings import list_plan, list_readings
from govern.services.reports import Asking, section, source
from govern.services.rollup import roll_up
from govern.services.value_totals import rows_of
from govern.store.paging import LARGEST_PAGE

SHOWN = 12
"""So many periods of a KPI are drawn: the last that have ended."""

_AHEAD = ("completes_on", "promised", "value", "ranges", "attainment", "model", "why")


def kpis(asking: Asking) -> Record:
    """The KPIs, each in its own unit, those that stand worst first."""
    about = {"project": asking.named, "at": asking.day}
    rolled = roll_up(
        asking.runtime,
        asking.actor,
        project=asking.named,
        at=asking.day,
        forecast=False,
        now=asking.now,
    )
    ahead = {
        each["kpi"]: (f"/items/{nth}", each)
        for nth, each in enumerate(
            forecasts(
                asking.runtime, asking.actor, project=asking.named, at=asking.day, now=asking.now
            )["items"]
        )
    }
    colours, pointers = _colours(asking)
    found = sorted(rows_of(rolled), key=lambda each: _rank(colours.get(each[1]["kpi"]), each[1]))
    items: list[Record] = []
    figures: dict[str, str] = {}
    ahead_at: dict[str, str] = {}
    colours_at: dict[str, str] = {}
    sources: list[Record] = []
    for nth, (pointer, row, _) in enumerate(found):
        figures[f"/items/{nth}/stands"] = pointer
        ahead_at[f"/items/{nth}/ahead"], forecast = ahead[row["kpi"]]
        if row["kpi"] in pointers:
            colours_at[f"/items/{nth}/rag"] = pointers[row["kpi"]]
        points, more = _points(asking, row["kpi"], f"/items/{nth}")
        sources += more
        items.append(
            {
                "kpi": row["kpi"],
                "name": row["name"],
                "rag": colours.get(row["kpi"]),
                "stands": {
                    name: row[name] for name in ("unit", "currency", "period", "attainment")
                },
                "ahead": {name: forecast[name] for name in _AHEAD},
                "points": points,
            }
        )
    read = [
        source(asking.query("/rollup", **about, forecast=False), figures),
        source(
            asking.query(f"/projects/{asking.named}/forecast", at=asking.day),
            ahead_at,
        ),
        source(asking.query("/portfolio/rag", **about), colours_at),
    ]
    return section(
        "kpis",
        "KPIs",
        {"items": items},
        [*(read if items else []), *sources],
        note="Attainment is realised of planned to date; at completion it is that of the forecast.",
    )


def _colours(asking: Asking) -> tuple[dict[str, str | None], dict[str, str]]:
    """KPI → its colour; and KPI → where that stands in the answer."""
    found = rag_by_project(
        asking.runtime, asking.actor, project=asking.named, at=asking.day, now=asking.now
    )
    rated = [
        (each["kpi"], each["value"], f"/projects/{a}/kpis/{b}/value")
        for a, project in enumerate(found["projects"])
        for b, each in enumerate(project["kpis"])
    ]
    return {kpi: value for kpi, value, _ in rated}, {kpi: pointer for kpi, _, pointer in rated}


def _rank(colour: str | None, row: Record) -> tuple[int, str]:
    order = ("red", "amber", "green")
    return (order.index(colour) if colour in order else len(order), row["kpi"])


def _points(asking: Asking, kpi_id: str, place: str) -> tuple[list[Record], list[Record]]:
    """Planned and actual of the last periods, and the reads that they are from."""
    kpi = get_kpi(asking.runtime, asking.actor, kpi_id)
    days = _last(Cadence(kpi["cadence"]), asking.day)
    if kpi["formula"] is not None:
        rows = list_computed(asking.runtime, asking.actor, kpi_id)["items"]
        read = {f"/kpis/{kpi_id}/computed": (rows, "items", ("planned", "actual"))}
    else:
        plan = list_plan(asking.runtime, asking.actor, kpi_id)
        reported = everything(
            lambda request: list_readings(asking.runtime, asking.actor, kpi_id, request)
        )
        read = {
            f"/kpis/{kpi_id}/plan": (plan, "planned", ("planned",)),
            f"/kpis/{kpi_id}/readings": (reported, "items", ("actual",)),
        }
    points: dict[date, Record] = {day: {"planned": None, "actual": None} for day in days}
    places = {day: nth for nth, day in enumerate(days)}
    sources: list[Record] = []
    for path, (listed, name, columns) in read.items():
        figures: dict[str, str] = {}
        for nth, each in enumerate(listed):
            for column in columns:
                if each["period"] in points and each[column] is not None:
                    points[each["period"]][column] = each[column]
                    where = f"{place}/points/{places[each['period']]}/{column}"
                    figures[where] = f"/{name}/{nth}/{column}"
        if figures:
            paged = path.endswith("/readings")
            query = asking.query(path, limit=LARGEST_PAGE if paged else None)
            sources.append(source(query, figures, every_page=paged))
    return [{"day": day, **points[day]} for day in days], sources


def _last(cadence: Cadence, today: date) -> list[date]:
    last = period_number(cadence, last_completed(cadence, today))
    numbers: Iterable[int] = range(last - SHOWN + 1, last + 1)
    return [numbered_end(cadence, each) for each in numbers]
