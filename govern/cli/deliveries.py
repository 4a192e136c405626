"""`govern deliveries`: what became of each report that was to be sent."""

import click

from govern.cli.output import format_option, records
from govern.cli.portfolio import every
from govern.cli.session import session
from govern.services import deliveries as use
from govern.services.people import OPERATOR
from govern.store.deliveries import STATES

COLUMNS = {
    "id": "delivery",
    "schedule": "schedule",
    "due_on": "of",
    "channel": "by",
    "address": "to",
    "state": "state",
    "tries": "tries",
    "next": "next try",
    "why": "what went wrong",
}


@click.group()
def deliveries() -> None:
    """List reports that were sent, wait to be sent, or could not be."""


@deliveries.command(name="list")
@click.option("--schedule", type=click.IntRange(min=1), help="Only those of this schedule.")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@format_option
@click.pass_context
def list_(ctx: click.Context, schedule: int | None, state: str | None, form: str) -> None:
    """List the deliveries, the newest first, each with what went wrong with its last try."""
    with session(ctx) as ready:
        found = every(
            lambda request: use.list_deliveries(
                ready.runtime, OPERATOR, request, schedule=schedule, state=state
            )
        )
    if form == "table":
        for each in found:
            each["next"] = each["next_try_at"] or ""
            each["why"] = each["failure"] or ""
    records("Deliveries", COLUMNS, found, form, "No report was to be sent.")
