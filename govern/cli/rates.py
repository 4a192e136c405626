"""`govern rates`: what currencies are worth in each other, day by day."""

from pathlib import Path
from typing import Any

import click

from govern.cli.output import as_json, format_option, records
from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.domain.count import counted
from govern.domain.refusal import InvalidInput
from govern.services import exchange_rates
from govern.services.as_of import When
from govern.services.people import OPERATOR
from govern.services.rate_files import import_rates
from govern.settings import clock
from govern.store.paging import LARGEST_PAGE, PageRequest


@click.group()
def rates() -> None:
    """List exchange rates and bring them in."""


@rates.command(name="list")
@click.option("--currency", help="Only rates of this currency.")
@click.option("--to", "to_currency", help="Only rates in this currency.")
@click.option("--history", is_flag=True, help="Also rates that were corrected since.")
@as_of_option
@format_option
@click.pass_context
def list_(ctx: click.Context, form: str, as_of: When | None, **wanted: Any) -> None:
    """List the exchange rates in force, the newest first."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    with session(ctx) as ready:
        at = seen(ready, as_of)
        while True:
            request = PageRequest(limit=LARGEST_PAGE, cursor=cursor, sort="-rate_on")
            page = exchange_rates.list_rates(at.runtime, request, **wanted)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
    columns = {
        "currency": "one",
        "to_currency": "in",
        "rate_on": "from",
        "rate": "rate",
        "origin": "taken from",
    }
    records("Exchange rates", columns, found, form, "There are no such exchange rates.")


@rates.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would happen and write nothing.")
@click.option("--confirm", is_flag=True, help="Rates that are far off their neighbours are meant.")
@format_option
@click.pass_context
def import_(ctx: click.Context, file: Path, dry_run: bool, confirm: bool, form: str) -> None:
    """Bring in FILE, a CSV of the columns currency, to_currency, rate_on, rate and origin.

    Bringing it in again changes nothing; another rate for the same pair and day corrects the one before.
    """
    with session(ctx) as ready:
        report = import_rates(
            ready.runtime, OPERATOR, file, confirm=confirm, dry_run=dry_run, now=clock()
        )
    if report["refusals"]:
        if form == "json":
            as_json(report)
            ctx.exit(1)
        raise InvalidInput(
            f"No rate was recorded: {counted(len(report['refusals']), 'cell')} cannot be taken.",
            errors={each["place"]: [each["problem"]] for each in report["refusals"]},
        )
    if form == "json":
        as_json(report)
        return
    told = ", ".join(f"{report[word]} {word}" for word in ("recorded", "corrected", "unchanged"))
    click.echo(f"{counted(report['rates'], 'rate')}: {told}.")
    for note in report["notes"]:
        click.echo(f"note: {note}")
    if dry_run:
        click.echo("Dry run: nothing was written.")
