"""`govern webhooks`: events that are sent to other services as they happen."""

from datetime import datetime
from typing import Any

import click

from govern.cli.output import as_json, format_option, records, table
from govern.cli.portfolio import every
from govern.cli.session import session
from govern.cli.tick import Instant
from govern.domain.count import counted
from govern.domain.record import Record
from govern.services import news_replay as sent
from govern.services import webhooks as use
from govern.services.people import OPERATOR
from govern.settings import clock
from govern.store.news import STATES as DELIVERED
from govern.store.webhooks import STATES

COLUMNS = {
    "id": "webhook",
    "url": "to",
    "of": "of",
    "which": "kinds",
    "state": "state",
    "waiting": "waiting",
    "failures": "failures",
    "recorded_by_name": "for",
}
SENT = {
    "id": "delivery",
    "project": "project",
    "seq": "number",
    "kind": "kind",
    "state": "state",
    "tries": "tries",
    "answered": "answered",
    "why": "what went wrong",
}

NUMBER = click.IntRange(min=1)


@click.group()
def webhooks() -> None:
    """Have events sent to other services as they happen; tell what became of each."""


@webhooks.command()
@click.argument("url")
@click.option("--kind", "kinds", multiple=True, help="Only these: gate.decided, or gate.* for all.")
@click.option("--portfolio", metavar="ID", help="Only of this portfolio.")
@click.option("--project", metavar="ID", help="Only of this project.")
@click.option("--label", help="What it is for.")
@click.pass_context
def add(ctx: click.Context, url: str, kinds: tuple[str, ...], **given: Any) -> None:
    """Have events from now on sent to URL, signed. The secret is told this once."""
    with session(ctx) as ready:
        made = use.add(ready.runtime, OPERATOR, url=url, kinds=kinds, **given, now=clock())
    click.echo(f"Webhook {made['id']} sends to {made['url']} what happens from now on.")
    click.echo(f"Its secret, told this once: {made['secret']}")


@webhooks.command(name="list")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@format_option
@click.pass_context
def list_(ctx: click.Context, state: str | None, form: str) -> None:
    """List what is sent to whom, and how that goes."""
    with session(ctx) as ready:
        found = every(
            lambda request: use.list_webhooks(ready.runtime, OPERATOR, request, state=state)
        )
    if form == "table":
        for each in found:
            each["of"] = each["project"] or each["portfolio"] or "everything"
            each["which"] = ", ".join(each["kinds"]) or "all"
    records("Webhooks", COLUMNS, found, form, "There is no webhook.")


@webhooks.command()
@click.argument("number", type=NUMBER)
@click.pass_context
def pause(ctx: click.Context, number: int) -> None:
    """Send nothing to webhook NUMBER until it is resumed; what happens waits."""
    with session(ctx) as ready:
        use.pause(ready.runtime, OPERATOR, number, version=None, now=clock())
    click.echo(f"Webhook {number} waits.")


@webhooks.command()
@click.argument("number", type=NUMBER)
@click.option("--drop", is_flag=True, help="Leave out what waits.")
@click.pass_context
def resume(ctx: click.Context, number: int, drop: bool) -> None:
    """Go on with webhook NUMBER after a pause, or after it was disabled."""
    with session(ctx) as ready:
        found = use.resume(ready.runtime, OPERATOR, number, drop=drop, version=None, now=clock())
    click.echo(f"Webhook {number} goes on; {counted(found['waiting'], 'event')} waiting.")


@webhooks.command()
@click.argument("number", type=NUMBER)
@click.pass_context
def secret(ctx: click.Context, number: int) -> None:
    """Make the secret of webhook NUMBER anew. For a day the one before signs too."""
    with session(ctx) as ready:
        made = use.rotate(ready.runtime, OPERATOR, number, version=None, now=clock())
    click.echo(f"The secret of webhook {number}, told this once: {made['secret']}")


@webhooks.command()
@click.argument("number", type=NUMBER)
@click.option("--reason", required=True, help="Why; it stands in the ledger.")
@click.pass_context
def end(ctx: click.Context, number: int, reason: str) -> None:
    """Send nothing more to webhook NUMBER, nor what waits."""
    with session(ctx) as ready:
        use.end(ready.runtime, OPERATOR, number, reason=reason, version=None, now=clock())
    click.echo(f"Webhook {number} has ended.")


@webhooks.command()
@click.argument("number", type=NUMBER)
@click.pass_context
def ping(ctx: click.Context, number: int) -> None:
    """Send webhook NUMBER one event that tells of nothing. Exit code 1 where it is not taken."""
    with session(ctx) as ready:
        told = sent.ping(ready.runtime, OPERATOR, number, now=clock())
    if told["taken"]:
        click.echo(f"Taken: {told['status']} after {told['duration_ms']} ms.")
    else:
        click.echo(f"govern: not taken: {told['failure']} ({told['duration_ms']} ms).", err=True)
        ctx.exit(1)


@webhooks.command()
@click.argument("number", type=NUMBER)
@click.option("--state", type=click.Choice(DELIVERED), help="Only those in this state.")
@click.option("--project", metavar="ID", help="Only of this project.")
@format_option
@click.pass_context
def log(ctx: click.Context, number: int, form: str, **wanted: Any) -> None:
    """List what was sent to webhook NUMBER, waits to be, or was not taken; the newest first."""
    with session(ctx) as ready:
        found = every(
            lambda request: sent.list_deliveries(ready.runtime, OPERATOR, number, request, **wanted)
        )
    if form == "table":
        for each in found:
            each["answered"] = _answered(each)
            each["why"] = each["failure"] or ""
    records("Deliveries", SENT, found, form, "Nothing was to be sent.")


@webhooks.command()
@click.argument("delivery", type=NUMBER)
@format_option
@click.pass_context
def show(ctx: click.Context, delivery: int, form: str) -> None:
    """Show what became of one DELIVERY, with each try."""
    with session(ctx) as ready:
        found = sent.get_delivery(ready.runtime, OPERATOR, delivery)
    if form == "json":
        as_json(found)
        return
    table(
        f"{found['kind']}, number {found['seq']} of {found['project']}: {found['state']}",
        ["tried at", "answered", "what went wrong"],
        [
            [each["tried_at"].isoformat(timespec="seconds"), _answered(each), each["failure"] or ""]
            for each in found["attempts"]
        ],
    )


@webhooks.command()
@click.argument("number", type=NUMBER)
@click.option("--since", type=Instant(), help="Every event since this moment.")
@click.option("--delivery", is_flag=True, help="NUMBER is one delivery, not a webhook.")
@click.pass_context
def replay(ctx: click.Context, number: int, since: datetime | None, delivery: bool) -> None:
    """Send events of webhook NUMBER again, each under the id that it had."""
    if delivery == (since is not None):
        raise click.UsageError("Say which: --since a moment, or --delivery for one.")
    with session(ctx) as ready:
        if since is None:
            sent.replay(ready.runtime, OPERATOR, number, now=clock())
            click.echo(f"Delivery {number} is sent again.")
            return
        told = sent.replay_since(ready.runtime, OPERATOR, number, since=since, now=clock())
    click.echo(f"{counted(told['events'], 'event')} waiting to be sent again.")


def _answered(found: Record) -> str:
    if found["duration_ms"] is None:
        return ""
    return f"{found['status'] or 'nothing'} after {found['duration_ms']} ms"
