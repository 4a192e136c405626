"""What the value report tells of sums: in all, by category, and what is in none of them."""

from collections.abc import Iterator

from govern.domain.record import Record
from govern.services.reports import section, source

MEASURES = ("promised", "planned", "realised", "forecast")


def rows_of(rolled: Record) -> Iterator[tuple[str, Record, Record]]:
    """Each KPI of a roll-up: the pointer to it, it, and its project and category."""
    for a, portfolio in enumerate(rolled["portfolios"]):
        for b, project in enumerate(portfolio["projects"]):
            for c, category in enumerate(project["categories"]):
                for d, row in enumerate(category["kpis"]):
                    place = {"project": project["project"], "category": category["category"]}
                    pointer = f"/portfolios/{a}/projects/{b}/categories/{c}/kpis/{d}"
                    yield pointer, row, place


def total(rolled: Record, query: str) -> Record:
    content = {name: rolled[name] for name in ("total", "rates")}
    return section(
        "total",
        "Value in all",
        content,
        [source(query, {"/total": "/total", "/rates": "/rates"})],
        note="Promised: from baseline to target. Planned and realised: to date. Forecast: at "
        "completion. Amounts of one period are not added to amounts of all, nor one currency to "
        "another.",
    )


def categories(rolled: Record, query: str) -> Record:
    portfolios = [
        {"portfolio": each["portfolio"], "categories": each["categories"], "money": each["money"]}
        for each in rolled["portfolios"]
    ]
    figures = {
        f"/portfolios/{at}/{name}": f"/portfolios/{at}/{name}"
        for at in range(len(portfolios))
        for name in ("categories", "money")
    }
    return section(
        "categories",
        "By category",
        {"portfolios": portfolios},
        [source(query, figures)],
        note="The categories of a currency and kind of amount add up to its total. KPIs that are no "
        "money are told by their attainment, as a mean and a median by weight.",
    )


def not_added(rolled: Record, query: str) -> Record:
    """What is in no sum, each with why."""
    counted: list[Record] = []
    unknown: list[Record] = []
    figures = {"/overclaimed": "/overclaimed"}
    for pointer, row, place in rows_of(rolled):
        told = {"kpi": row["kpi"], "name": row["name"], "project": place["project"]}
        if row["counted_in"]:
            counted.append({**told, "counted_in": row["counted_in"]})
            continue
        measures = MEASURES if row["currency"] is not None else ("attainment", "at_completion")
        for name in measures:
            if row[name]["value"] is None:
                figures[f"/unknown/{len(unknown)}/why"] = f"{pointer}/{name}/why"
                unknown.append({**told, "measure": name, "why": row[name]["why"]})
    content = {
        "counted_in_others": counted,
        "unknown": unknown,
        "without_kpis": rolled["without_kpis"],
        "overclaimed": rolled["overclaimed"],
    }
    return section(
        "not_added",
        "What is in no sum",
        content,
        [source(query, figures)],
        note="A KPI that is part of another, or made of others, is counted there. What is unknown is "
        "no part of a sum.",
    )
