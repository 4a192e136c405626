"""`govern workflow list`."""

import click

from govern.cli.output import format_option, records
from govern.cli.session import session
from govern.services.workflows import list_workflows


@click.command("list")
@format_option
@click.pass_context
def list_(ctx: click.Context, form: str) -> None:
    """List the workflows with their versions, and how many projects run under each."""
    with session(ctx, take_rules=False) as ready:
        found = list_workflows(ready.runtime)
    columns = {
        "id": "workflow",
        "version": "version",
        "title": "title",
        "newest": "newest",
        "projects": "projects",
        "digest": "digest",
    }
    records("Workflows", columns, found, form, "There is no workflow.")
