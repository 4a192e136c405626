"""`govern schedules`: reports that are sent again and again, and what is due next."""

from datetime import datetime
from typing import Any

import click

from govern.cli.output import as_json, format_option, records, table
from govern.cli.past import as_of_option, seen
from govern.cli.portfolio import every
from govern.cli.rules.source import DAY, day
from govern.cli.session import session
from govern.domain.count import counted
from govern.domain.distribution import Channel, Every
from govern.domain.record import Record
from govern.services import report_schedules as use
from govern.services.as_of import When
from govern.services.next_due import due_next
from govern.services.people import OPERATOR
from govern.settings import clock
from govern.store.report_schedules import STATES

COLUMNS = {
    "id": "schedule",
    "report": "report",
    "of": "of",
    "every": "every",
    "channel": "by",
    "address": "to",
    "next": "next",
    "recorded_by_name": "for",
}


@click.group()
def schedules() -> None:
    """Have reports sent by mail or webhook; tell what is due next."""


@schedules.command()
@click.argument("report")
@click.option("--portfolio", metavar="ID", help="Of this portfolio; of all without it.")
@click.option("--project", metavar="ID", help="Of this project, for a report about one.")
@click.option(
    "--every", "often", type=click.Choice([*map(str, Every)]), required=True, help="How often."
)
@click.option("--email", metavar="ADDRESSES", help="To these addresses, with commas between them.")
@click.option("--webhook", metavar="URL", help="To this address, as a signed POST.")
@click.option("--currency", metavar="CODE", help="The currency of its sums, such as EUR.")
@click.option("--first", type=DAY, help="The first day; today unless said.")
@click.pass_context
def add(
    ctx: click.Context,
    often: str,
    email: str | None,
    webhook: str | None,
    first: datetime | None,
    **wanted: Any,
) -> None:
    """Have REPORT sent from a day on, again and again. `govern tick` sends it."""
    if (email is None) == (webhook is None):
        raise click.UsageError("Say where it goes: --email or --webhook, one of them.")
    channel = Channel.EMAIL if webhook is None else Channel.WEBHOOK
    with session(ctx) as ready:
        made = use.add(
            ready.runtime,
            OPERATOR,
            every=Every(often),
            channel=channel,
            address=email or webhook or "",
            first_on=day(first),
            now=clock(),
            **wanted,
        )
    click.echo(
        f"Schedule {made['id']}: {made['report']} {made['every']}, next on {made['next_on']}."
    )
    if made["secret"] is not None:
        click.echo(f"Its secret, told this once: {made['secret']}")


@schedules.command(name="list")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@as_of_option
@format_option
@click.pass_context
def list_(ctx: click.Context, state: str | None, form: str, as_of: When | None) -> None:
    """List what is sent to whom, and when next."""
    with session(ctx) as ready:
        at = seen(ready, as_of)
        found = every(
            lambda request: use.list_schedules(at.runtime, OPERATOR, request, state=state)
        )
    if form == "table":
        for each in found:
            each["of"] = each["project"] or each["portfolio"] or "everything"
            each["next"] = each["next_on"] or each["state"]
    records("Reports that are sent", COLUMNS, found, form, "No report is sent.")


@schedules.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Why; it stands in the ledger.")
@click.pass_context
def end(ctx: click.Context, number: int, reason: str) -> None:
    """Send no more reports of schedule NUMBER, nor what waits of it."""
    with session(ctx) as ready:
        use.end(ready.runtime, OPERATOR, number, reason=reason, version=None, now=clock())
    click.echo(f"Schedule {number} has ended.")


@schedules.command()
@click.option("--portfolio", metavar="ID", help="Only of this portfolio.")
@click.option("--project", metavar="ID", help="Only of this project.")
@click.option("--by", type=DAY, help="What is due by this day; in 14 days unless said.")
@as_of_option
@format_option
@click.pass_context
def due(
    ctx: click.Context, form: str, as_of: When | None, by: datetime | None, **wanted: Any
) -> None:
    """Tell what is overdue and what falls due next, as a letter with a report says it."""
    with session(ctx) as ready:
        at = seen(ready, as_of, project=wanted["project"])
        told = due_next(at.runtime, OPERATOR, by=day(by), now=at.now, **wanted)
    if form == "json":
        as_json(told)
    elif told["items"]:
        _show(told)
    else:
        click.echo(f"Nothing is due by {told['by']}.")


def _show(told: Record) -> None:
    overdue = sum(each["overdue"] for each in told["counts"])
    total = sum(each["due"] for each in told["counts"])
    late = f", {overdue} overdue" if overdue else ""
    table(
        f"Due by {told['by']}: {counted(total, 'thing')}{late}",
        ["on", "overdue", "what", "project", "id", "text"],
        [
            [each["on"], each["overdue"], each["what"], each["project"], each["id"], each["text"]]
            for each in told["items"]
        ],
    )
    if told["left_out"]:
        click.echo(f"and {told['left_out']} more.")
