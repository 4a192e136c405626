"""`govern keys`: the key that signs the log."""

from dataclasses import asdict

import click

from govern.cli.output import as_json, format_option
from govern.cli.session import session
from govern.services.log_keys import LogKey, new_key, shown
from govern.services.log_keys import rotate as rotate_key
from govern.services.people import OPERATOR
from govern.settings import clock


@click.group()
def keys() -> None:
    """Make, show and replace the key that signs the log."""


@keys.command()
@click.option("--origin", required=True, help="The log's name, such as govern.example.org/log.")
@click.option(
    "--after-loss",
    metavar="REASON",
    help="Give up a log that lost events, and begin one with this other name over what is there.",
)
@format_option
@click.pass_context
def new(ctx: click.Context, origin: str, after_loss: str | None, form: str) -> None:
    """Make the key of a log. From then on events are sealed and decisions acknowledged."""
    with session(ctx, take_rules=False) as ready:
        made = new_key(ready.runtime, OPERATOR, origin, now=clock(), after_loss=after_loss)
    _show(made, form)


@keys.command()
@format_option
@click.pass_context
def show(ctx: click.Context, form: str) -> None:
    """Show the public key, which auditors pin."""
    with session(ctx, take_rules=False) as ready:
        found = shown(ready.runtime)
    _show(found, form)


@keys.command()
@format_option
@click.pass_context
def rotate(ctx: click.Context, form: str) -> None:
    """Replace the key: both keys sign that the new one follows, and the old one is destroyed."""
    with session(ctx, take_rules=False) as ready:
        made = rotate_key(ready.runtime, OPERATOR, now=clock())
    _show(made, form)


def _show(key: LogKey, form: str) -> None:
    if form == "json":
        as_json(asdict(key))
        return
    click.echo(f"log {key.key}")
    click.echo(f"The private key is in {key.folder}; keep it apart from the database's backups.")
    for each in key.retired:
        click.echo(f"before it {each}")
