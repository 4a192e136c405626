"""The portfolio: value promised and realised, how projects stand, what waits and what is late."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request

from govern.domain.record import Record
from govern.reports.page import POLICY, to_html
from govern.services import portfolio_overview as use
from govern.services.pipeline import pipeline
from govern.services.rating import rag_by_project
from govern.services.report_kinds import kind_named
from govern.services.reports import Asking, build
from govern.services.rollup import roll_up
from govern.services.value_report import VALUE_REPORT
from govern.services.value_totals import MEASURES
from govern.services.value_waterfall import waterfalls
from govern.web.pages import portfolio_tables as tables
from govern.web.pages import value_shown
from govern.web.pages.drawn import drawn
from govern.web.pages.page import Pages
from govern.web.pages.paged import paged
from govern.web.pages.render import render
from govern.web.pages.table import Table
from govern.web.site import actor, now, runtime

pages = Pages("portfolio")

WITHIN = 1.5
"""Seconds that the page waits for forecasts; those that take longer are there on the next look."""

FIRST = 10
"""So many rows of a long table stand on the first page, which leads to all of them."""


def _asked() -> dict[str, Any]:
    """What the address narrows every page of the portfolio to."""
    found = {name: request.args.get(name, "").strip() for name in ("portfolio", "currency")}
    return {name: value for name, value in found.items() if value}


def _render(template: str, tab: str, title: str, **values: Any) -> Response:
    asked = _asked()
    return render(
        template,
        title=title,
        tab=tab,
        asked={"portfolio": "", "currency": "", **asked},
        portfolios=use.portfolio_names(runtime(), actor()),
        currencies=use.known_currencies(runtime()),
        kept=asked,
        **values,
    )


@pages.page("/portfolio")
def overview() -> Any:
    asked = _asked()
    found = use.portfolio_overview(runtime(), actor(), **asked, within=WITHIN, now=now())
    rolled = found["rolled"]
    pending = value_shown.pending(rolled)
    attention = tables.attention(found["attention"])
    if request.args.get("csv") != attention.name:
        attention = _first(attention)
    return _render(
        "portfolio.html",
        "",
        _title("Portfolio", asked),
        found=found,
        tiles=value_shown.tiles(rolled["total"]),
        names=value_shown.names(rolled),
        pending=pending,
        counts=_counts(found["matrix"]),
        charts=[] if pending else _waterfalls(rolled),
        bars=_bars(rolled),
        rows_path=tables.rows_path,
        categories=tables.categories(rolled, asked),
        shares=tables.shares(rolled, asked),
        attention=attention,
        attention_total=len(found["attention"]),
        gates=tables.gates(found["gates"]),
    )


@pages.page("/portfolio/kpis")
def kpis() -> Any:
    """Every KPI that a sum is made of, or one part of them."""
    asked = _asked()
    rolled = roll_up(runtime(), actor(), **asked, within=WITHIN, now=now())
    narrowed = {name: request.args.get(name, "") for name in ("category", "per", "unknown")}
    rows = [each for each in use.kpi_rows(rolled) if _is_wanted(each, narrowed)]
    shown, part_of = paged(tables.kpis(rows), request.args)
    return _render(
        "portfolio-kpis.html",
        "kpis",
        _title("KPIs of the portfolio", asked),
        kpis=shown,
        part_of=part_of,
        narrowed=narrowed,
        pending=value_shown.pending(rolled),
        category_choices=sorted({each["category"] or "" for each in use.kpi_rows(rolled)} - {""}),
        measures=MEASURES,
        without_kpis=rolled["without_kpis"],
        rates=rolled["rates"],
    )


@pages.page("/portfolio/rag")
def rag() -> Any:
    portfolio = _asked().get("portfolio")
    rolled = roll_up(runtime(), actor(), portfolio=portfolio, forecast=False, now=now())
    rated = rag_by_project(runtime(), actor(), portfolio=portfolio, now=now())
    way = pipeline(runtime(), actor(), portfolio=portfolio, now=now())
    found = use.rag_matrix(rated, use.kpi_rows(rolled), way["projects"])
    shown, part_of = paged(tables.matrix(found), request.args)
    return _render(
        "portfolio-rag.html",
        "rag",
        _title("RAG of the portfolio", _asked()),
        counts=_counts(found),
        rag=shown,
        part_of=part_of,
    )


@pages.page("/portfolio/pipeline")
def by_gate() -> Any:
    portfolio = _asked().get("portfolio")
    rolled = roll_up(runtime(), actor(), portfolio=portfolio, forecast=False, now=now())
    way = pipeline(runtime(), actor(), portfolio=portfolio, now=now())
    gate = request.args.get("gate", "")
    waiting = [each for each in way["waiting"] if gate in ("", each["gate"])]
    return _render(
        "portfolio-pipeline.html",
        "pipeline",
        _title("Pipeline by gate", _asked()),
        gate=gate,
        chart=drawn("counted_bars", "Projects by stage", _stages(way), "projects"),
        gates=tables.gates(use.at_gates(way, use.kpi_rows(rolled))),
        waiting=tables.waiting(waiting),
        stages=tables.stages(way),
    )


@pages.page("/portfolio/overdue")
def overdue() -> Any:
    portfolio = _asked().get("portfolio")
    found = use.overdue_readings(runtime(), actor(), portfolio=portfolio, now=now())
    shown, part_of = paged(tables.overdue(found), request.args)
    return _render(
        "portfolio-overdue.html",
        "overdue",
        _title("Overdue readings", _asked()),
        total=len(found),
        overdue=shown,
        part_of=part_of,
    )


@pages.page("/portfolio/report")
def report() -> Any:
    """The value report, as it is sent: one page that holds all it needs."""
    asked = _asked()
    asking = Asking(
        runtime(), actor(), asked.get("portfolio"), now(), currency=asked.get("currency")
    )
    record = build(kind_named(VALUE_REPORT.name), asking)
    page = Response(to_html(VALUE_REPORT.name, record), mimetype="text/html")
    page.headers["Content-Security-Policy"] = POLICY
    return page


def _title(what: str, asked: Mapping[str, str]) -> str:
    return f"{what}: {asked['portfolio']}" if "portfolio" in asked else what


def _first(table: Table) -> Table:
    ordered = table.ordered(request.args)
    return replace(ordered, rows=[*ordered.rows][:FIRST])


def _counts(matrix: Record) -> list[Record]:
    """How many projects stand at each colour, by the worst of their KPIs."""
    worst = [each["worst"] for each in matrix["projects"]]
    return [
        {
            "rag": colour,
            "projects": worst.count(colour),
            "to": f"/projects?rag={colour or 'not_rated'}",
        }
        for colour in use.WORST_FIRST
        if colour in worst
    ]


def _waterfalls(rolled: Record) -> list[Any]:
    told = waterfalls(rolled, "")["content"]["waterfalls"]
    return [
        drawn(
            "waterfall",
            f"From promise to forecast, {each['currency']} {each['per'].replace('_', ' ')}",
            each["steps"],
            each["currency"],
        )
        for each in told
    ]


def _bars(rolled: Record) -> list[Any]:
    """A chart for each currency and kind of amount: the measures of each category."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for portfolio in rolled["portfolios"]:
        for category in portfolio["categories"]:
            for money in category["money"]:
                row = {"label": category["category"], **{name: money[name] for name in MEASURES}}
                groups.setdefault((money["currency"], money["per"]), []).append(row)
    return [
        drawn(
            "grouped_bars",
            f"By category, {currency} {per.replace('_', ' ')}",
            value_shown.bars(rows, "label"),
            currency,
        )
        for (currency, per), rows in groups.items()
        if len(rows) > 1
    ]


def _stages(way: Record) -> list[Record]:
    return [
        {
            "label": each["stage"].replace("_", " "),
            "value": each["projects"],
            "waiting": each["waiting"],
            "outside": each["outside"],
        }
        for each in way["stages"]
    ]


def _is_wanted(row: Record, narrowed: Mapping[str, str]) -> bool:
    lacks = narrowed["unknown"]
    return (
        narrowed["category"] in ("", row["category"])
        and narrowed["per"] in ("", row["per"])
        and (not lacks or (lacks in row["why"] and row["why"][lacks] is not None))
    )
