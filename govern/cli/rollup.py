"""`govern rollup`: what was promised, planned, realised, and is forecast."""

import csv
import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import click

from govern.cli.days import day_option
from govern.cli.output import as_json, table
from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.domain.plain import plain, plain_decimal
from govern.domain.record import Record
from govern.services.as_of import When
from govern.services.people import OPERATOR
from govern.services.rollup import roll_up

MEASURES = ("promised", "planned", "realised", "forecast")
COLUMNS = (
    *("portfolio", "project", "category", "kpi", "name", "currency", "per", "period"),
    *(*MEASURES, "forecast_low", "forecast_high", "attainment", "at_completion", "weight"),
    *("cashable", "disbenefit", "attribution", "counted_in", "unknown"),
)


@click.command()
@click.option("--portfolio", help="Only this portfolio.")
@click.option("--project", help="Only this project, with its KPIs.")
@click.option("--currency", help="Every sum of money in this currency: EUR. Default: its own.")
@day_option
@click.option("--no-forecast", is_flag=True, help="Leave the forecasts out, which take longest.")
@as_of_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="A table for people, JSON for programs, or CSV, one row per KPI.",
)
@click.pass_context
def rollup(
    ctx: click.Context,
    portfolio: str | None,
    project: str | None,
    currency: str | None,
    at: datetime | None,
    no_forecast: bool,
    as_of: When | None,
    form: str,
) -> None:
    """Show what was promised, planned, realised and is forecast, by portfolio, project and category."""
    with session(ctx) as ready:
        past = seen(ready, as_of, project=project)
        found = roll_up(
            past.runtime,
            OPERATOR,
            portfolio=portfolio,
            project=project,
            currency=currency,
            at=at.date() if at else None,
            forecast=not no_forecast,
            now=past.now,
        )
    if form == "json":
        as_json(found)
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(map(_cells, _rows(found)))
    else:
        _show(found, with_kpis=project is not None)


def _rows(found: Record) -> Iterator[Record]:
    """Each KPI, under where it stands."""
    for portfolio in found["portfolios"]:
        for project in portfolio["projects"]:
            for category in project["categories"]:
                for each in category["kpis"]:
                    yield {
                        "portfolio": portfolio["portfolio"],
                        "project": project["project"],
                        "category": category["category"],
                        **each,
                    }


def _cells(row: Record) -> list[Any]:
    """A row of the CSV: what is unknown is blank, and `unknown` says why."""
    whys = [f"{name}: {row[name]['why']}" for name in MEASURES if row[name]["why"]]
    low, high = row["range"] or (None, None)
    values = {
        **row,
        **{name: row[name]["value"] for name in (*MEASURES, "attainment", "at_completion")},
        "forecast_low": low,
        "forecast_high": high,
        "counted_in": " ".join(row["counted_in"]),
        "unknown": "; ".join(whys),
    }
    return [_cell(values[name]) for name in COLUMNS]


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    told = "" if value is None else plain(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return f"'{told}"
    return told


def _show(found: Record, *, with_kpis: bool) -> None:
    for portfolio in found["portfolios"]:
        for project in portfolio["projects"]:
            if with_kpis:
                _show_kpis(project)
        title = f"Portfolio {portfolio['portfolio']}, as on {found['at']}"
        _show_money(title, [(each["project"], each) for each in portfolio["projects"]])
        _show_categories(portfolio["categories"])
    show_totals("All together", found["total"])
    for rate in found["rates"][-3:]:
        click.echo(
            f"1 {rate['currency']} = {plain(rate['rate'])} {rate['to_currency']} "
            f"({rate['by']}, {rate['rate_on']})"
        )
    if len(found["rates"]) > 3:
        click.echo(f"… and {len(found['rates']) - 3} rates of other days; --format json has all.")
    for each in found["overclaimed"]:
        click.echo(f"The parts of {each['kpi']} claim {percent(each['attribution'])} of it.")
    if found["without_kpis"]:
        click.echo(f"Without a KPI: {', '.join(found['without_kpis'])}")


def _show_kpis(project: Record) -> None:
    table(
        f"{project['project']} {project['name']}",
        ["category", "KPI", "per", *MEASURES, "to date", "in the end", "counted in"],
        [
            [
                category["category"],
                f"{each['kpi']} {each['name']}",
                f"{each['currency'] or each['unit'] or ''} {each['per'].replace('_', ' ')}".strip(),
                *(short(each[name]["value"]) for name in MEASURES),
                percent(each["attainment"]["value"]),
                percent(each["at_completion"]["value"]),
                ", ".join(each["counted_in"]) or "itself",
            ]
            for category in project["categories"]
            for each in category["kpis"]
        ],
    )


def _show_categories(categories: list[Record]) -> None:
    """By category, over all projects: what is money as money, the rest by its attainment."""
    named = [(each["category"] or "(none)", each) for each in categories]
    _show_money("By category", named, of="category")
    rest = [
        [
            name,
            mean["known"],
            len(mean["not_known"]),
            *_middles(mean),
            *_middles(each["at_completion"]),
        ]
        for name, each in named
        for mean in (each["attainment"],)
        if mean["known"] or mean["not_known"]
    ]
    if rest:
        columns = [
            *("category", "KPIs known", "unknown", "attainment", "median"),
            *("in the end", "median in the end"),
        ]
        table("KPIs that are no money, by category", columns, rest)


def _middles(mean: Record) -> tuple[str, str]:
    """The mean, and the median beside it."""
    return percent(mean["value"]), percent(mean["median"])


def show_totals(title: str, totals: Record) -> None:
    """Sums of money, and the means of what is none."""
    _show_money(title, [("", totals)])
    for each in totals["money"]:
        if (
            each["bounds"] is not None
            and each["bounds"]["together"][0] < each["bounds"]["together"][1]
        ):
            low, high = each["bounds"]["independent"]
            lowest, highest = each["bounds"]["together"]
            click.echo(
                f"{each['currency']} {each['per'].replace('_', ' ')}: with 80 % the forecast lies "
                f"from {_amount(low)} to {_amount(high)} if errors are independent, from "
                f"{_amount(lowest)} to {_amount(highest)} if all go together."
            )
    for name, what in (("attainment", "to date"), ("at_completion", "at completion")):
        mean = totals[name]
        unknown = len(mean["not_known"])
        click.echo(
            f"Attainment {what} of KPIs that are no money: {percent(mean['value'])}, by weight (median "
            f"{percent(mean['median'])}), of {mean['known']}; {unknown} unknown."
        )
    if totals["not_counted"]:
        click.echo(f"{totals['not_counted']} KPIs are counted in others.")


def _show_money(title: str, nodes: list[tuple[str, Record]], of: str = "project") -> None:
    rows = [
        [
            name or "all",
            each["currency"],
            each["per"].replace("_", " "),
            *(_sum(each[measure]) for measure in MEASURES),
            percent(each["attainment"]),
            _sum(each["cashable"]["forecast"]),
        ]
        for name, node in nodes
        for each in node["money"]
    ]
    columns = [of, "currency", "per", *MEASURES, "attainment", "cashable forecast"]
    if rows:
        table(title, columns, rows)


def _sum(found: Record) -> str:
    """The known part, and how many are unknown."""
    if not found["known"] and not found["not_known"]:
        return "none"
    unknown = f" ({len(found['not_known'])} unknown)" if found["not_known"] else ""
    return (_amount(found["value"]) if found["known"] else "unknown") + unknown


def _amount(value: Decimal) -> str:
    return f"{value:,.0f}"


def short(value: Decimal | None) -> str:
    """To six significant digits: no forecast is better known."""
    return "unknown" if value is None else plain_decimal(Decimal(f"{value:.6g}"))


def percent(value: Decimal | None) -> str:
    return "unknown" if value is None else f"{100 * value:.0f} %"
