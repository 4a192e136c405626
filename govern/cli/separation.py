"""`govern separation`: which two things nobody does alone here."""

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.domain.record import Record
from govern.domain.separation import KeptIn
from govern.services.people import OPERATOR
from govern.services.separation import list_pairs, switch
from govern.settings import clock


@click.group()
def separation() -> None:
    """Show which duties are separated; switch a pair off, or on again."""


@separation.command(name="list")
@format_option
@click.pass_context
def list_(ctx: click.Context, form: str) -> None:
    """List the pairs, and who has switched one, when and why."""
    with session(ctx) as ready:
        found = list_pairs(ready.runtime)
    if form == "json":
        as_json(found)
    else:
        show(found)


@separation.command()
@click.argument("pair")
@click.option("--reason", required=True, help="Why; it stands in the ledger.")
@click.pass_context
def off(ctx: click.Context, pair: str, reason: str) -> None:
    """Let one person do both of PAIR, from now on. submitter/decider cannot be switched off."""
    _switch(ctx, pair, reason, separated=False)


@separation.command()
@click.argument("pair")
@click.option("--reason", required=True, help="Why; it stands in the ledger.")
@click.pass_context
def on(ctx: click.Context, pair: str, reason: str) -> None:
    """Separate PAIR again, from now on."""
    _switch(ctx, pair, reason, separated=True)


def _switch(ctx: click.Context, pair: str, reason: str, *, separated: bool) -> None:
    with session(ctx) as ready:
        done = switch(
            ready.runtime, OPERATOR, pair, separated=separated, reason=reason, now=clock()
        )
    click.echo(
        f"{pair}: {'separated' if separated else 'NOT separated'}{'' if done else ' already'}."
    )


def show(found: list[Record]) -> None:
    table(
        "Separation of duties",
        ["pair", "separated", "says", "switched"],
        [[each["pair"], _state(each), each["says"], _switched(each)] for each in found],
    )


def _state(pair: Record) -> str:
    if pair["kept_in"] is KeptIn.WORKFLOW:
        return "at gates that say so"
    if pair["kept_in"] is KeptIn.ALWAYS:
        return "always"
    return "yes" if pair["separated"] else "NO"


def _switched(pair: Record) -> str:
    if pair["switched_at"] is None:
        return ""
    return f"{pair['switched_at']:%Y-%m-%d} by {pair['switched_by']}: {pair['reason']}"
