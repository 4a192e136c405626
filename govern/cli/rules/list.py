"""`govern rules list`."""

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.services.rulebooks import published


@click.command(name="list")
@format_option
@click.pass_context
def list_(ctx: click.Context, form: str) -> None:
    """List the rules of the rulebook in force."""
    with session(ctx) as ready:
        found = published(ready.runtime)
    if form == "json":
        as_json(found)
        return
    table(
        f"Rulebook {found['digest']}",
        ["rule", "title", "status", "severity", "on", "where"],
        [
            [
                each["id"],
                each["title"],
                each["status"],
                each["severity"],
                each["scope"],
                each["place"],
            ]
            for each in found["rules"]
        ],
    )
