"""`govern due`: which readings are to come, from whom, by when."""

from datetime import datetime
from typing import Any

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.past import as_of_option, seen
from govern.cli.portfolio import every
from govern.cli.rules.source import DAY, day
from govern.cli.session import session
from govern.domain.count import counted
from govern.domain.record import Record
from govern.services.as_of import When
from govern.services.people import OPERATOR
from govern.services.reporting import list_due

SHOWN = 3
"""So many periods of a KPI stand in the table; JSON has all of them."""


@click.command()
@click.option("--project", metavar="ID", help="Only KPIs of this project.")
@click.option("--owner", metavar="NAME", help="Only KPIs of this owner.")
@click.option("--by", type=DAY, help="Also what will be due by this day, and nothing later.")
@click.option("--overdue", is_flag=True, help="Only KPIs with an overdue reading.")
@as_of_option
@format_option
@click.pass_context
def due(
    ctx: click.Context,
    form: str,
    as_of: When | None,
    by: datetime | None,
    overdue: bool,
    **wanted: Any,
) -> None:
    """List the readings that are to come, from whom, by when."""
    with session(ctx) as ready:
        at = seen(ready, as_of, project=wanted["project"])
        found = every(
            lambda request: list_due(
                at.runtime,
                OPERATOR,
                request,
                now=at.now,
                overdue=overdue or None,
                by=day(by),
                **wanted,
            )
        )
    if form == "json":
        as_json(found)
    elif found:
        _show(found)
    else:
        click.echo("No reading is due.")


def _show(found: list[Record]) -> None:
    periods = [period for each in found for period in each["periods"]]
    overdue = sum(each["state"] == "overdue" for each in periods)
    owed = f"{counted(len(periods), 'reading')} of {counted(len(found), 'KPI')}"
    table(
        f"Owed: {owed}; {overdue} overdue" if overdue else f"Owed: {owed}",
        ["project", "KPI", "name", "from", "periods", "due", "overdue"],
        [
            [
                each["project"],
                each["kpi"],
                each["name"],
                _from(each),
                _periods(each["periods"]),
                each["periods"][0]["due"],
                counted(each["overdue_days"], "day") if each["overdue_days"] else "no",
            ]
            for each in found
        ],
    )


def _from(kpi: Record) -> str | None:
    known = (kpi[name] for name in ("owner", "department", "source"))
    return "\n".join(filter(None, known)) or None


def _periods(periods: list[Record]) -> str:
    shown = [each["period"].isoformat() for each in periods[:SHOWN]]
    more = len(periods) - SHOWN
    return "\n".join([*shown, *([f"and {more} more"] if more > 0 else [])])
