"""`govern sweep`: the portfolio judged as of a date."""

from dataclasses import asdict
from datetime import datetime

import click

from govern.cli.engine import Asked, engine_of, engine_option
from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.domain.count import counted
from govern.services.looking import Why
from govern.services.people import OPERATOR
from govern.services.sweeps import SweepResult
from govern.services.sweeps import sweep as run_sweep
from govern.settings import clock

WHY = {
    Why.ALL: "because all were asked for",
    Why.FIRST: "for the first time",
    Why.EARLIER_DATE: "for an earlier date",
    Why.RULES: "by other rules than before",
    Why.ENGINE: "by another version of govern",
    Why.ERASURE: "since somebody was erased",
    Why.DATE: "on another day, which rules read",
    Why.CHANGED: "changed",
    Why.READS: "with figures of those",
    Why.PERIOD: "of which a period has ended or become due",
    Why.SNOOZE: "of which a snooze has begun or ended",
}
"""After how many projects they were."""


@click.command()
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Judge as things stood on this date. Default: today.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Look at every project, not only at those that may have changed.",
)
@engine_option
@format_option
@click.pass_context
def sweep(
    ctx: click.Context, as_of: datetime | None, everything: bool, engine: Asked, form: str
) -> None:
    """Judge the projects by the published rulebook; write findings and recommendations.

    Looks at the projects that may have changed since the last sweep. Running it again on the same
    facts changes nothing.
    """
    now = clock()
    day = as_of.date() if as_of else now.date()
    with session(ctx) as ready, engine_of(engine) as judging:
        result = run_sweep(
            ready.runtime, OPERATOR, as_of=day, everything=everything, engine=judging, now=now
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
    reasons = "; ".join(f"{count} {WHY[Why(why)]}" for why, count in result.why.items())
    because = f": {reasons}." if reasons else "."
    click.echo(f"Looked at {result.looked_at} of {counted(result.projects, 'project')}{because}")
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
