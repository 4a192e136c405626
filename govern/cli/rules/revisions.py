"""`govern rules revisions`."""

import click

from govern.cli.output import format_option, records
from govern.cli.session import session
from govern.services.rulebooks import list_revisions
from govern.store.paging import LARGEST_PAGE, PageRequest


@click.command()
@format_option
@click.pass_context
def revisions(ctx: click.Context, form: str) -> None:
    """List every rulebook that was proposed, the newest first: who, when, why, and in force or not."""
    with session(ctx, take_rules=False) as ready:
        found = list_revisions(ready.runtime, PageRequest(limit=LARGEST_PAGE)).items
    if form == "table":
        for each in found:
            each["by"] = each["author_name"] or each["author"]
            each["put_in_force_by"] = each["publisher_name"] or each["publisher"] or "nobody"
            each["published_at"] = each["published_at"] or "never"
            each["note"] = each["note"] or ""
    columns = {
        "digest": "digest",
        "state": "state",
        "by": "author",
        "put_in_force_by": "publisher",
        "published_at": "published",
        "note": "note",
    }
    records("Revisions", columns, found, form, "No rulebook has been proposed.")
