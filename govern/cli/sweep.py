"""`govern sweep`: the portfolio judged as of a date."""

from dataclasses import asdict
from datetime import datetime

import click

from govern.cli.output import as_json, counted, format_option, table
from govern.cli.session import session
from govern.services.people import OPERATOR
from govern.services.sweeps import SweepResult
from govern.services.sweeps import sweep as run_sweep
from govern.settings import clock


@click.command()
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Judge as things stood on this date. Default: today.",
)
@format_option
@click.pass_context
def sweep(ctx: click.Context, as_of: datetime | None, form: str) -> None:
    """Judge every project by the published rulebook; write findings and recommendations.

    Running it again on the same facts changes nothing.
    """
    now = clock()
    with session(ctx) as ready:
        result = run_sweep(
            ready.runtime, OPERATOR, as_of=as_of.date() if as_of else now.date(), now=now
        )
    if form == "json":
        as_json(asdict(result))
    else:
        show(result)


def show(result: SweepResult) -> None:
    table(
        f"Sweep as of {result.as_of}: {result.projects} projects, {result.readings} readings",
        ["findings", "count"],
        [[state, count] for state, count in result.counts.items()],
    )
    click.echo(f"Rulebook {result.rulebook_digest}")
    if result.unchanged:
        click.echo("Nothing has changed since the last sweep of this date.")
    elif result.historic:
        click.echo(
            "A later date has been swept: findings were written, recommendations left as they are."
        )
    else:
        click.echo(
            f"{counted(result.proposed, 'recommendation')} proposed, {result.cleared} cleared"
            + (f", {result.superseded} superseded." if result.superseded else ".")
        )
    if result.newest_reading is not None and (result.as_of - result.newest_reading).days > 120:
        click.echo(
            f"The newest reading is for {result.newest_reading}: to judge the portfolio as it stood "
            f"then, use --as-of {result.newest_reading}."
        )
