"""`govern audit timestamp`: a time that is not ours."""

from dataclasses import asdict

import click

from govern.cli.output import as_json, format_option
from govern.cli.session import session
from govern.cli.settings import settings_of
from govern.services.timestamping import authority_of
from govern.services.timestamping import timestamp as stamp
from govern.settings import clock


@click.command()
@format_option
@click.pass_context
def timestamp(ctx: click.Context, form: str) -> None:
    """Have a timestamp authority state when the last checkpoint existed; once a day."""
    settings = settings_of(ctx)
    authority = authority_of(settings.tsa_url, settings.tsa_roots)
    with session(ctx, take_rules=False) as ready:
        done = stamp(ready.runtime, authority, now=clock())
    if form == "json":
        as_json(asdict(done))
        return
    at = done.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    kept = "" if done.new else " (kept earlier today)"
    click.echo(f"{done.size} events existed at {at}, says {done.authority}{kept}.")
