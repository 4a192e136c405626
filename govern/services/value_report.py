"""The portfolio value report: promised, realised, to be expected, and what stands in the way."""

from typing import Any

from govern.domain.record import Record
from govern.services import value_changes, value_totals
from govern.services.curves import realisation_curves
from govern.services.pipeline import pipeline
from govern.services.rating import rag_by_project
from govern.services.reports import About, Asking, ReportKind, section, source
from govern.services.rollup import roll_up
from govern.services.value_waterfall import waterfalls
from govern.store import portfolios


def _data(asking: Asking) -> Record:
    runtime, actor, now = asking.runtime, asking.actor, asking.now
    portfolio = None if asking.about is None else asking.named
    money: dict[str, Any] = {"portfolio": portfolio, "currency": asking.currency, "at": asking.day}
    rolled = roll_up(runtime, actor, **money, now=now)
    query = asking.query("/rollup", **money)
    way = pipeline(runtime, actor, portfolio=portfolio, now=now)
    return {
        "name": _name(asking, portfolio),
        "sections": [
            value_totals.total(rolled, query),
            value_totals.categories(rolled, query),
            waterfalls(rolled, query),
            section(
                "curves",
                "Realisation curves",
                realisation_curves(runtime, actor, **money, now=now),
                [source(asking.query("/rollup/curves", **money), {"": ""})],
                note="Each curve is about the KPIs whose plan and results are both known on the day; "
                "the others are named below it. Up to the day it is realised, from then on forecast.",
            ),
            section(
                "standing",
                "How projects stand",
                rag_by_project(runtime, actor, portfolio=portfolio, at=asking.day, now=now),
                [
                    source(
                        asking.query("/portfolio/rag", portfolio=portfolio, at=asking.day), {"": ""}
                    )
                ],
                note="How many KPIs of each project stand at each value of the rulebook's table kpi-rag, "
                "and the worst of them.",
            ),
            section(
                "pipeline",
                "Pipeline by gate",
                way,
                [source(asking.query("/portfolio/pipeline", portfolio=portfolio), {"": ""})],
                note="Stages as known when the report was made.",
            ),
            value_changes.overdue(asking, {each["project"] for each in way["projects"]}),
            value_changes.overrides(asking),
            value_changes.changed(asking, portfolio),
            value_totals.not_added(rolled, query),
        ],
    }


def _name(asking: Asking, portfolio: str | None) -> str:
    if portfolio is None:
        return "all portfolios"
    with asking.runtime.store.reading() as connection:
        found = portfolios.find(connection, portfolio)
    return portfolio if found is None else found["name"]


VALUE_REPORT = ReportKind("portfolio-value", "Portfolio value report", About.PORTFOLIO, _data)
