"""`govern rules revisions`."""

import click

from govern.cli.output import as_json, format_option
from govern.cli.session import session
from govern.domain.record import Record
from govern.services.rulebooks import list_revisions
from govern.store.paging import LARGEST_PAGE, PageRequest


@click.command()
@format_option
@click.pass_context
def revisions(ctx: click.Context, form: str) -> None:
    """List every rulebook that was proposed, the newest first: who, when, why, and in force or not."""
    with session(ctx, take_rules=False) as ready:
        found = list_revisions(ready.runtime, PageRequest(limit=LARGEST_PAGE)).items
    if form == "json":
        as_json(list(found))
    elif not found:
        click.echo("No rulebook has been proposed.")
    for each in found if form == "table" else ():
        _show(each)


def _show(revision: Record) -> None:
    """On a line of its own the digest can be taken whole, for `publish`."""
    state = revision["state"].replace("_", " ")
    click.echo(f"{click.style(revision['digest'], bold=True)} {state}")
    click.echo(f"    proposed by {revision['author_name'] or revision['author']}")
    if revision["published_at"]:
        publisher = revision["publisher_name"] or revision["publisher"]
        click.echo(
            f"    put in force by {publisher}, {revision['published_at']:%Y-%m-%d %H:%M} UTC"
        )
    if revision["note"]:
        click.echo(f"    {revision['note']}")
