"""`govern forecast`: what KPIs will have come to at completion."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import click

from govern.cli.days import day_option
from govern.cli.output import as_json, format_option, table
from govern.cli.past import as_of_option, seen
from govern.cli.rollup import percent, short, show_totals
from govern.cli.session import session
from govern.domain.count import counted
from govern.domain.record import Record
from govern.services.as_of import When
from govern.services.forecasts import forecasts, kpi_forecast
from govern.services.people import OPERATOR


@click.command()
@click.option("--project", help="Only the KPIs of this project.")
@click.option("--kpi", help="Only this KPI, with its error on the past and its path.")
@click.option("--currency", help="Sums of money in this currency: EUR.")
@day_option
@as_of_option
@format_option
@click.pass_context
def forecast(
    ctx: click.Context,
    project: str | None,
    kpi: str | None,
    currency: str | None,
    at: datetime | None,
    as_of: When | None,
    form: str,
) -> None:
    """Forecast what KPIs will have come to at completion, with an interval of 80 %."""
    if kpi is not None and project is not None:
        raise click.UsageError("--kpi names one KPI, whose project is known; leave --project out.")
    day = at.date() if at else None
    with session(ctx) as ready:
        past = seen(ready, as_of, kpi=kpi, project=project)
        found = (
            forecasts(
                past.runtime, OPERATOR, project=project, currency=currency, at=day, now=past.now
            )
            if kpi is None
            else kpi_forecast(past.runtime, OPERATOR, kpi, at=day, now=past.now)
        )
    if form == "json":
        as_json(found)
    elif kpi is not None:
        _show_one(found)
    else:
        _show_all(found)


def _show_all(found: Record) -> None:
    table(
        f"Forecasts as on {found['at']}",
        ["KPI", "name", "completes on", "value", "promised", "attainment", "80 %", "model or why"],
        [
            [
                each["kpi"],
                each["name"],
                each["completes_on"],
                short(each["value"]),
                short(each["promised"]),
                percent(each["attainment"]),
                _range(each["attainment_ranges"][:1], percent),
                each["why"] or each["model"] or "reported",
            ]
            for each in found["items"]
        ],
    )
    show_totals("Together", found["total"])


def _show_one(found: Record) -> None:
    name = f"{found['kpi']} {found['name']}"
    if found["why"] is not None:
        click.echo(f"{name}: unknown, {found['why']}.")
        return
    click.echo(
        f"{name} will have come to {short(found['value'])} on {found['completes_on']}; promised "
        f"{short(found['promised'])}, attainment "
        f"{percent(found['attainment'])}."
    )
    for each in found["ranges"]:
        click.echo(f"With {percent(each['level'])}: {_range([each], short)}")
    for each in found["estimated"]:
        click.echo(f"The figure of {each} is missing and was estimated.")
    error = found["error"]
    if error is None:
        click.echo("That is what was reported.")
        return
    click.echo(
        f"By the model '{found['model']}', which from {counted(error['origins'], 'past period')} was "
        f"off by {short(error['mean'])} a period; {percent(error['covered'])} of {error['held']} figures "
        "lay in its 80 % interval."
    )
    table(
        "The way there",
        ["period", "value", "from", "to"],
        [
            [each["period"], *(short(each[name]) for name in ("value", "low", "high"))]
            for each in found["path"]
        ],
    )


def _range(ranges: list[Record], write: Callable[[Decimal | None], str]) -> str:
    return "; ".join(f"{write(each['low'])} to {write(each['high'])}" for each in ranges)
