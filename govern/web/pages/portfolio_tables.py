"""The tables of the portfolio: every number of it leads to the rows that it is made of."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from govern.domain.record import Record
from govern.reports import shown
from govern.services.value_totals import MEASURES
from govern.web.pages.project_shown import kpi_path, kpis_path
from govern.web.pages.table import Column, Kind, Table
from govern.web.pages.value_shown import TITLES


def rows_path(**narrowed: str | None) -> str:
    """The page of the KPIs, narrowed."""
    kept = {name: value for name, value in narrowed.items() if value}
    return "/portfolio/kpis" + (f"?{urlencode(kept)}" if kept else "")


def categories(rolled: Record, kept: Mapping[str, str]) -> Table:
    """What each category of each portfolio comes to, by currency and kind of amount."""
    rows: list[dict[str, Any]] = []
    for portfolio in rolled["portfolios"]:
        for each in portfolio["categories"]:
            place = {**kept, "portfolio": portfolio["portfolio"], "category": each["category"]}
            for money in each["money"]:
                rows.append(
                    {
                        **_place(portfolio, each, rows_path(**place)),
                        "currency": money["currency"],
                        "per": shown.per(money["per"]),
                        **_sums(money),
                        "attainment": money["attainment"],
                    }
                )
    return Table(
        "categories",
        "Value by category",
        (
            Column("category", "Category", Kind.WORDS, link="to", missing="no category"),
            Column("portfolio", "Portfolio"),
            Column("currency", "Currency"),
            Column("per", "Amounts"),
            *(Column(name, TITLES[name], Kind.NUMBER) for name in MEASURES),
            Column("unknown", "KPIs unknown", Kind.NUMBER),
            Column("attainment", "Realised of planned", Kind.SHARE),
        ),
        rows,
        none="No KPI is in money.",
    )


def shares(rolled: Record, kept: Mapping[str, str]) -> Table:
    """What was attained of each category's KPIs that are not in money: a mean by their weights."""
    rows: list[dict[str, Any]] = []
    for portfolio in rolled["portfolios"]:
        for each in portfolio["categories"]:
            place = {**kept, "portfolio": portfolio["portfolio"], "category": each["category"]}
            attained, ahead = each["attainment"], each["at_completion"]
            count = attained["known"] + len(attained["not_known"])
            if not count:
                continue
            rows.append(
                {
                    **_place(portfolio, each, rows_path(**place)),
                    "kpis": count,
                    "attainment": attained["value"],
                    "unknown": len(attained["not_known"]),
                    "at_completion": ahead["value"],
                    "unknown_ahead": len(ahead["not_known"]),
                }
            )
    return Table(
        "attained",
        "What is not in money: attained of plan",
        (
            Column("category", "Category", Kind.WORDS, link="to", missing="no category"),
            Column("portfolio", "Portfolio"),
            Column("kpis", "KPIs", Kind.NUMBER),
            Column("attainment", "Attained to date", Kind.SHARE),
            Column("unknown", "of them unknown", Kind.NUMBER),
            Column("at_completion", "At completion", Kind.SHARE),
            Column("unknown_ahead", "of them unknown", Kind.NUMBER),
        ),
        rows,
        none="Every KPI is in money.",
    )


def _place(portfolio: Record, category: Record, to: str) -> dict[str, Any]:
    return {"category": category["category"], "portfolio": portfolio["portfolio"], "to": to}


def _sums(money: Record) -> dict[str, Any]:
    lacks = {kpi for name in MEASURES for kpi in money[name]["not_known"]}
    return {
        **{name: money[name]["value"] if money[name]["known"] else None for name in MEASURES},
        "unknown": len(lacks),
    }


def kpis(rows: Sequence[Record]) -> Table:
    return Table(
        "kpis",
        "KPIs",
        (
            Column("name", "KPI", link="to"),
            Column("project", "Project", link="project_to"),
            Column("category", "Category", Kind.WORDS, missing="none"),
            Column("currency", "Currency", missing="not in money"),
            Column("per", "Amounts", Kind.WORDS),
            *(Column(name, TITLES[name], Kind.NUMBER) for name in MEASURES),
            Column("attainment", "Attained", Kind.SHARE),
            Column("at_completion", "At completion", Kind.SHARE),
            Column("lacks", "Why unknown", missing="–"),
            Column("within", "Counted in", missing="itself"),
        ),
        [
            {
                **each,
                "to": kpi_path(each["project"], each["kpi"]),
                "project_to": f"/projects/{each['project']}",
                "lacks": _lacks(each),
                "within": ", ".join(each["counted_in"]) or None,
            }
            for each in rows
        ],
        none="No KPI matches.",
    )


def _lacks(row: Record) -> str | None:
    names = MEASURES if row["currency"] is not None else ("attainment", "at_completion")
    told = [
        f"{shown.words(name)}: {row['why'][name]}" for name in names if row["why"][name] is not None
    ]
    return "; ".join(told) or None


def matrix(found: Record) -> Table:
    names = {each: f"in_{number}" for number, each in enumerate(found["categories"])}
    return Table(
        "rag",
        "RAG by project and category",
        (
            Column("project", "Project", link="to"),
            Column("name", "Name", link="to"),
            Column("stage", "Stage", Kind.WORDS),
            Column("worst", "Worst", Kind.RAG, missing="not rated"),
            *(
                Column(
                    names[each],
                    shown.words(each) if each else "no category",
                    Kind.RAG,
                    link=f"{names[each]}_to",
                    missing="–",
                )
                for each in found["categories"]
            ),
        ),
        [
            {
                **{name: each[name] for name in ("project", "name", "stage", "worst")},
                "to": f"/projects/{each['project']}/kpis",
                **{
                    column: each["cells"][category] or "not rated"
                    if category in each["cells"]
                    else None
                    for category, column in names.items()
                },
                **{
                    f"{column}_to": kpis_path(each["project"], category)
                    if category in each["cells"]
                    else None
                    for category, column in names.items()
                },
            }
            for each in found["projects"]
        ],
        none="There is no project that you may see.",
    )


def gates(found: Sequence[Record]) -> Table:
    return Table(
        "gates",
        "Pipeline by gate",
        (
            Column("title", "Gate", link="to"),
            Column("waiting", "Projects waiting", Kind.NUMBER, link="to"),
            Column("oldest", "Longest wait, days", Kind.NUMBER),
            Column("late", "Past their day", Kind.NUMBER),
            Column("stake", "Value at stake (promised)"),
            Column("unknown", "KPIs that promise nothing known", Kind.NUMBER),
        ),
        [
            {
                **each,
                "to": f"/portfolio/pipeline?{urlencode({'gate': each['gate']})}",
                "stake": "; ".join(
                    f"{shown.number(value)} {currency} {shown.per(per)}"
                    for (currency, per), value in sorted(each["stake"].items())
                )
                or None,
            }
            for each in found
        ],
        none="No project waits at a gate.",
    )


def waiting(found: Sequence[Record]) -> Table:
    return Table(
        "waiting",
        "Waiting for a decision, the longest first",
        (
            Column("project", "Project", link="project_to"),
            Column("project_name", "Name", link="project_to"),
            Column("title", "Gate", link="to"),
            Column("iteration", "Iteration", Kind.NUMBER),
            Column("advice", "Advice", Kind.WORDS),
            Column("submitted_on", "Submitted", Kind.DAY),
            Column("days_waiting", "Days waiting", Kind.NUMBER),
            Column("decide_by", "Decide by", Kind.DAY, missing="no day"),
            Column("days_over", "Days past it", Kind.NUMBER, missing="–"),
        ),
        [
            {
                **each,
                "to": f"/gates/{each['submission']}",
                "project_to": f"/projects/{each['project']}",
            }
            for each in found
        ],
        none="No project waits at a gate.",
    )


def stages(way: Record) -> Table:
    return Table(
        "stages",
        "Projects by stage",
        (
            Column("stage", "Stage", Kind.WORDS, link="to"),
            Column("projects", "Projects", Kind.NUMBER, link="to"),
            Column("waiting", "Waiting at a gate", Kind.NUMBER),
        ),
        [
            {**each, "to": f"/projects?{urlencode({'stage': each['stage']})}"}
            for each in way["stages"]
        ],
        none="There is no project that you may see.",
    )


def overdue(found: Sequence[Record]) -> Table:
    return Table(
        "overdue",
        "Overdue readings, the longest first",
        (
            Column("name", "KPI", link="to"),
            Column("project", "Project", link="project_to"),
            Column("project_name", "Name", link="project_to"),
            Column("owner", "Owner", missing="nobody"),
            Column("source", "Source", missing="unknown"),
            Column("since", "Oldest period", Kind.DAY),
            Column("periods_overdue", "Periods", Kind.NUMBER),
            Column("overdue_days", "Days overdue", Kind.NUMBER),
        ),
        [
            {
                **each,
                "to": kpi_path(each["project"], each["kpi"]),
                "project_to": f"/projects/{each['project']}",
                "since": each["periods"][0]["period"],
                "periods_overdue": sum(one["state"] == "overdue" for one in each["periods"]),
            }
            for each in found
        ],
        none="No reading is overdue.",
    )


def attention(found: Sequence[Record]) -> Table:
    return Table(
        "attention",
        "Projects that need attention first",
        (
            Column("project", "Project", link="to"),
            Column("name", "Name", link="to"),
            Column("worst", "RAG", Kind.RAG, missing="not rated"),
            Column("stage", "Stage", Kind.WORDS),
            Column("because", "Because"),
        ),
        [
            {**each, "to": f"/projects/{each['project']}", "because": "; ".join(each["because"])}
            for each in found
        ],
        none="None: nothing is red, late or waiting.",
    )
